"""How an app took a delivery."""

import json
from dataclasses import dataclass
from typing import Any

DEADLINE = 3.0


@dataclass(frozen=True, slots=True)
class Ack:
    """`failure` is None, or why Slack counts it as not taken; `body` is JSON where it is JSON, else text.

    `seconds` is real time until the answer; `no_retry` is the wish of an HTTP app not to be asked again.
    """

    failure: str | None = None
    seconds: float = 0.0
    status: int | None = None
    body: Any = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.failure is None


def read(text: str) -> Any:  # noqa: ANN401 - JSON or text
    """What an answer over HTTP holds; None if nothing."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
