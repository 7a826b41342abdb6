"""docs/commands.md says everything that the table of verbs says."""

import re
from pathlib import Path

import pytest

from digestbot.commands.examples import LINES, VALUES
from digestbot.commands.line import read_line
from digestbot.commands.verbs import BY_NAME, VERBS
from digestbot.domain.command import Verb

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
SECTIONS = {
    section.split("\n", 1)[0]: re.split(r"^## ", section, flags=re.MULTILINE)[0]
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
}
TYPED = [verb for verb in VERBS if not verb.hidden]


def test_every_verb_has_its_section_in_the_order_of_the_help_and_no_other_has() -> None:
    assert list(SECTIONS) == [verb.name for verb in TYPED]


@pytest.mark.parametrize("verb", TYPED, ids=lambda verb: verb.name)
def test_every_option_of_a_verb_is_listed_in_its_section_and_no_other_is(verb: Verb) -> None:
    items = re.findall(r"^- (.*(?:\n  .*)*)", SECTIONS[verb.name], flags=re.MULTILINE)
    listed = {name for item in items for name in re.findall(r"`([a-z]+)`", item.split(": ")[0])}
    assert listed == {option.name for option in verb.options}


@pytest.mark.parametrize("verb", TYPED, ids=lambda verb: verb.name)
def test_main_and_needed_options_are_marked(verb: Verb) -> None:
    for option in verb.options:
        marks = [word for word, is_so in (("main", option.main), ("needed", option.required)) if is_so]
        if marks:
            assert f"- `{option.name}` ({', '.join(marks)}): " in SECTIONS[verb.name]


@pytest.mark.parametrize("verb", TYPED, ids=lambda verb: verb.name)
def test_every_verb_shows_the_examples_of_the_help(verb: Verb) -> None:
    shown = re.findall(r"`/news (.*?)`", SECTIONS[verb.name])
    assert set(LINES[verb.name]) <= set(shown)
    assert {read_line(line, BY_NAME)[0].name for line in shown} == {verb.name}


def test_every_option_has_its_example_on_the_page() -> None:
    names = {option.name for verb in TYPED for option in verb.options}
    assert [name for name in sorted(names) if f"Example: `{VALUES[name]}`" not in PAGE] == []


def test_who_may_use_what_is_on_the_page() -> None:
    rows = {
        row.split("|")[1].strip(): set(re.findall(r"`([a-z]+)`", row))
        for row in re.findall(r"^\|.*$", PAGE, re.MULTILINE)
    }
    assert rows["everybody"] == {verb.name for verb in TYPED if not verb.admin}
    assert rows["those who manage the place"] == {verb.name for verb in TYPED if verb.admin}
