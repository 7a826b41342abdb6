"""One question to the Web API: which method, from which workspace's bot, with which parameters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.slack.refusal import Refusal
from tests.servers.slack.world import Workspace

JSON_FIELDS = {"blocks", "attachments", "metadata", "view", "files"}


@dataclass(frozen=True, slots=True)
class Asked:
    """`now` is in seconds since 1970."""

    method: str
    workspace: Workspace
    params: Mapping[str, Any]
    now: float

    def text(self, key: str) -> str:
        """A parameter that Slack insists on."""
        value = self.params.get(key)
        if not value:
            raise Refusal(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] missing required field: {key}"]},
            )
        return str(value)

    def maybe(self, key: str) -> str | None:
        value = self.params.get(key)
        return None if value in (None, "") else str(value)

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.params.get(key)
        return default if value is None else value in (True, "1", "true", "True")

    def number(self, key: str, default: int) -> int:
        value = self.params.get(key)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError as error:
            raise Refusal("invalid_arguments") from error

    def needs(self, *scopes: str) -> None:
        """Any one of them."""
        if not self.workspace.scopes & set(scopes):
            raise Refusal("missing_scope", needed=scopes[0], provided=",".join(sorted(self.workspace.scopes)))


def unfold(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a form hold JSON as text; those of a JSON body may."""
    return {key: _unfolded(key, value) for key, value in params.items()}


def _unfolded(key: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if key not in JSON_FIELDS or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
