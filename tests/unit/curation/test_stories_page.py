import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from digestbot.curation import schema
from digestbot.curation.parse import read_folder
from digestbot.curation.story_file import parse_events, parse_story
from digestbot.domain.story import AwardStatus, Importance, Result, Status
from tests.unit.curation.pages import page, put

PAGE = (Path(__file__).parents[3] / "docs" / "stories.md").read_text(encoding="utf-8")
MODELS = [schema.StoryKeys, schema.QuoteKeys, schema.WinnerKeys, schema.AwardKeys, schema.EventKeys]


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def table_after(heading: str) -> dict[str, str]:
    """Rows of the first table below some text: the keys of the first cell, each with the rest of the row."""
    rows = PAGE[PAGE.index(heading) :].split("\n\n| ", 1)[1].split("\n\n")[0].splitlines()[2:]
    return {key: row for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])}


def test_the_story_in_ten_lines_is_a_good_story_of_ten_lines() -> None:
    (text,) = blocks("markdown")
    assert len(text.splitlines()) == 10
    assert parse_story("x.md", "harbour-prize-2026", text.encode()).problems == ()


def test_the_examples_are_good() -> None:
    events, *keys = blocks("yaml")
    assert parse_events("events.yaml", events.encode()).problems == ()
    assert [parse_story("x.md", "x", page(text).encode()).problems for text in keys] == [(), ()]


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## Keys", schema.StoryKeys),
        ("### Quotes", schema.QuoteKeys),
        ("### Winners", schema.WinnerKeys),
        ("An award that needs more", schema.AwardKeys),
    ],
)
def test_every_key_has_a_row(heading: str, model: type[BaseModel]) -> None:
    assert sorted(table_after(heading)) == sorted(model.model_fields)


def test_every_key_of_an_event_has_a_row() -> None:
    rows = table_after("The file is a list")
    assert sorted([*rows, "date"]) == sorted(schema.EventKeys.model_fields)
    assert "`date` means the same" in rows["starts"]


@pytest.mark.parametrize(
    ("heading", "key", "values"),
    [
        ("## Keys", "status", Status),
        ("## Keys", "importance", Importance),
        ("## Keys", "result", Result),
        ("An award that needs more", "status", AwardStatus),
    ],
)
def test_every_word_that_can_be_chosen_is_listed(heading: str, key: str, values: type[Status]) -> None:
    assert re.findall(r"`(\w+)`", table_after(heading)[key])[1:] == [str(value) for value in values]


@pytest.mark.parametrize(
    ("heading", "model"),
    [("## Keys", schema.StoryKeys), ("### Quotes", schema.QuoteKeys), ("An award that needs more", schema.AwardKeys)],
)
def test_limits_are_those_of_the_schema(heading: str, model: type[BaseModel]) -> None:
    for key, row in table_after(heading).items():
        limits = [item.max_length for item in model.model_fields[key].metadata if getattr(item, "max_length", None)]
        written = row.split("|")[3].replace(",", "").split()
        assert not limits or written[0] == str(limits[0]), key


def test_what_check_says_is_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = blocks("text")
    (story,), (events, *_) = blocks("markdown"), blocks("yaml")
    inline = re.compile(r"event: .*")
    wrong = inline.sub("event: harbor-prize-2026", story)
    naive = story.replace("21:30:00+02:00", "21:30:00").replace("speaker", "speeker")
    monkeypatch.chdir(tmp_path)
    put(Path("stories"), {"harbour-prize-2026.md": wrong, "events.yaml": events, "Low Tide.md": story})
    found = [str(problem) for problem in read_folder(Path("stories")).problems]
    put(Path("stories"), {"harbour-prize-2026.md": naive})
    found += [str(problem) for problem in read_folder(Path("stories")).problems]
    assert set(told.splitlines()) == set(found)
