"""Arguments: the texts given for a verb's options, read as what each option is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.verbs import option_of
from digestbot.domain.command import Option, Verb
from digestbot.errors import UserMistake

T = TypeVar("T")

LONGEST = 500
LARGEST_FILE = 64 * 1024
"""Bytes of a file's text."""

_YES = frozenset({"yes", "true", "on", "1", "y"})
_NO = frozenset({"no", "false", "off", "0", "n"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """Platforms may send anything, so each reading checks; all raise `UserMistake`."""

    verb: Verb
    texts: Mapping[str, str]

    def check(self) -> None:
        """Refuse options that the verb does not have, overlong values and choices that there are not."""
        for name, text in self.texts.items():
            option = option_of(self.verb, name)
            if option is None:
                hint = did_you_mean(name, [option.name for option in self.verb.options])
                raise UserMistake(f"`{self.verb.name}` has no option ‘{shortened(name)}’.{hint}")
            check_length(option, text)
            check_choice(option, text)

    def text(self, name: str) -> str | None:
        """Without surrounding blanks; None if not given or blank."""
        return self.texts.get(name, "").strip() or None

    def required(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            option = option_of(self.verb, name)
            summary = option.summary[0].lower() + option.summary[1:] if option else name
            raise UserMistake(f"`{self.verb.name}` needs its `{name}`: {summary}.")
        return text

    def choice(self, name: str) -> str | None:
        text = self.text(name)
        return text.casefold() if text else None

    def given(self, name: str, read: Callable[[str], T], default: T) -> T:
        """What `read` makes of the text; `default` if there is none."""
        text = self.text(name)
        return default if text is None else read(text)

    def integer(self, name: str, default: int) -> int:
        """Within the bounds that the option names."""
        text, option = self.text(name), option_of(self.verb, name)
        if text is None or option is None or option.low is None or option.high is None:
            return default
        number = int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < LONGEST else None
        if number is None or not option.low <= number <= option.high:
            bounds = f"from {option.low} to {option.high}"
            raise UserMistake(f"`{name}` is a whole number {bounds}, not ‘{shortened(text)}’.")
        return number

    def flag(self, name: str, *, default: bool = False) -> bool:
        text = (self.text(name) or "").casefold()
        if text and text not in _YES | _NO:
            raise UserMistake(f"`{name}` is yes or no, not ‘{shortened(text)}’.")
        return text in _YES if text else default

    @property
    def page(self) -> int:
        return self.integer("page", 1)


def check_length(option: Option, text: str) -> None:
    """A file has its own limit. Raises `UserMistake`."""
    if option.kind == "file":
        if len(text.encode(errors="surrogatepass")) > LARGEST_FILE:
            raise UserMistake(f"`{option.name}` is too large: it has at most {LARGEST_FILE // 1024} KiB.")
    elif len(text) > LONGEST:
        raise UserMistake(f"`{option.name}` is too long: it has at most {LONGEST} characters.")


def check_choice(option: Option, text: str) -> None:
    """Raises `UserMistake` unless the text is blank or one of the option's choices, if it has any."""
    if option.choices and text.strip() and text.strip().casefold() not in option.choices:
        raise UserMistake(f"`{option.name}` is one of {', '.join(option.choices)}, not ‘{shortened(text)}’.")
