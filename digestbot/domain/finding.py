"""A finding: one line of what the doctor says."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`note` is good to know and nothing to do; where something is `wrong`, `text` says what to do about it."""

    state: Literal["ok", "note", "wrong"]
    subject: str
    text: str
