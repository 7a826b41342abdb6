"""A command: what a person asks with `/news` and what they get back, on any platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from digestbot.domain.card import Card
from digestbot.domain.place import Member, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One named argument. The first unnamed words of a typed line go to the verb's `main` option.

    `completes` says that values are offered while typing; they are suggestions only, any text may arrive. A `role` is
    one, or a user group, that is mentioned; a `file` is the text of one. `low` and `high` bound an integer.
    """

    name: str
    summary: str
    kind: Literal["text", "integer", "boolean", "channel", "role", "file"] = "text"
    required: bool = False
    main: bool = False
    choices: tuple[str, ...] = ()
    completes: bool = False
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """`hidden` ones are pressed, not typed: they stay out of help and of the platforms' command lists."""

    name: str
    summary: str
    options: tuple[Option, ...] = ()
    admin: bool = False
    hidden: bool = False

    @property
    def main(self) -> Option | None:
        return next((option for option in self.options if option.main), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`options` are raw texts by name; `page` (from 1) is one of them and means the same for every verb."""

    place: Place
    member: Member
    verb: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A text to be saved, under a name with its ending."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`card` is whole: the platform lays it out and shows page `page`. Only `private` False may be seen by others."""

    card: Card
    private: bool = True
    page: int = 1
    mistake: bool = False
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """`label` is what people read, `value` what is sent; both at most 100 characters."""

    label: str
    value: str
