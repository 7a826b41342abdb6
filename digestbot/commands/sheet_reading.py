"""Reading a sheet: its texts by name, and every fault of its form with line and column."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from digestbot.commands.arguments import LARGEST_FILE
from digestbot.commands.mistakes import did_you_mean, shortened
from digestbot.commands.sheet import NAME
from digestbot.commands.verbs import BY_NAME
from digestbot.errors import BrokenFiles, Problem
from digestbot.notation.yaml_loader import Steps, Tree
from digestbot.notation.yaml_text import YamlText

LONGEST = 2_000
"""Characters of a value: what somebody typed in 500 may be longer once it is spelled out."""

OPTIONS = tuple(option.name for option in BY_NAME["edit"].options if option.name != "subscription")
SETTINGS = tuple(option.name for option in BY_NAME["settings"].options)
_KEYS = ("id", *OPTIONS, "state")
_NEEDED = {
    "channel": "say where its stories go, by the channel's id",
    "what": "say which stories it gets, such as `all` or `topic:music`",
}
_LINES = "must be lines of “key: value”"


@dataclass(frozen=True, slots=True)
class Entry:
    """A subscription as it is written: its texts by name, where it stands, and whether all of it could be read."""

    steps: Steps
    texts: Mapping[str, str]
    whole: bool = True


@dataclass(slots=True)
class Sheet:
    """`problems` grows while it is looked at; a sheet with problems is not to be followed."""

    text: YamlText
    settings: Mapping[str, str]
    entries: tuple[Entry, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    def fault(self, steps: Steps, message: str, *, key: bool = False) -> None:
        self.problems.append(self.text.at(steps, message, key=key))

    def check(self) -> None:
        """Raises `BrokenFiles` with all problems, in the order of their places."""
        if self.problems:
            raise BrokenFiles(sorted(set(self.problems)))


def read_sheet(text: str, path: str = NAME) -> Sheet:
    """Raises `BrokenFiles` for what is no YAML; faults of what it says are among the sheet's `problems`."""
    if len(text.encode(errors="surrogatepass")) > LARGEST_FILE:
        raise BrokenFiles(
            [Problem(path, 0, 0, f"The file is larger than {LARGEST_FILE // 1024} KiB: make it shorter.")]
        )
    yaml = YamlText(path, text)
    tree = yaml.tree()
    sheet = Sheet(yaml, {})
    whole = _mapping(sheet, (), tree, ("settings", "subscriptions"), "The file")
    sheet.settings = (
        _texts(sheet, ("settings",), whole["settings"], SETTINGS, "“settings”") if "settings" in whole else {}
    )
    sheet.entries = _entries(sheet, whole)
    return sheet


def _entries(sheet: Sheet, whole: Mapping[str, Tree]) -> tuple[Entry, ...]:
    listed = whole.get("subscriptions")
    if isinstance(listed, list):
        return tuple(_entry(sheet, ("subscriptions", number), item) for number, item in enumerate(listed))
    if "subscriptions" in whole:
        sheet.fault(
            ("subscriptions",), "“subscriptions” must be a list, each beginning with “- ”; “[]” if there are none."
        )
    elif not sheet.problems:
        sheet.fault((), "“subscriptions” is missing: add it, with “[]” if there are none.")
    return ()


def _entry(sheet: Sheet, steps: Steps, item: Tree) -> Entry:
    before = len(sheet.problems)
    texts = _texts(sheet, steps, item, _KEYS, "A subscription")
    if isinstance(item, dict):
        for name in _NEEDED.keys() - item.keys():
            sheet.fault(steps, f"“{name}” is missing: {_NEEDED[name]}.")
    return Entry(steps, texts, whole=len(sheet.problems) == before)


def _texts(sheet: Sheet, steps: Steps, tree: Tree, names: Collection[str], what: str) -> dict[str, str]:
    """Those values that are texts, without their surrounding blanks."""
    texts = {}
    for name, value in _mapping(sheet, steps, tree, names, what).items():
        here = (*steps, name)
        if value is None or value == "" or (isinstance(value, str) and not value.strip()):
            sheet.fault(here, f"“{name}” is empty: write it, or take it out.")
        elif not isinstance(value, str):
            sheet.fault(here, f"“{name}” must be one text: put it in quotes if it begins with a bracket or a brace.")
        elif len(value) > LONGEST:
            sheet.fault(here, f"“{name}” is too long: it has at most {LONGEST:,} characters.")
        else:
            texts[name] = value.strip()
    return texts


def _mapping(sheet: Sheet, steps: Steps, tree: Tree, names: Collection[str], what: str) -> dict[str, Tree]:
    """Its known keys."""
    if not isinstance(tree, dict):
        sheet.fault(steps, f"{what} {_LINES}.")
        return {}
    for name in tree.keys() - set(names):
        hint = did_you_mean(name, names, f"The keys are {', '.join(names)}.")
        sheet.fault((*steps, name), f"There is no key “{shortened(name)}” here.{hint}", key=True)
    return {name: value for name, value in tree.items() if name in names}
