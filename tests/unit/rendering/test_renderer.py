"""The renderer: one rendering for equal cards, another for anything that differs."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digestbot.domain.card import Card, Heading, Paragraph, Text
from digestbot.domain.story import Event, Status, Story
from digestbot.errors import BrokenFiles
from digestbot.ports import Renderer as Port
from digestbot.ports import Setting
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.templates import Templates

AT = datetime(2026, 5, 24, 9, 0, tzinfo=UTC)
EVENT = Event(id="gala", name="The Gala")
STORY = Story(
    id="first", headline="First", published=AT, status=Status.PUBLISHED, topics=("film", "awards"), event=EVENT
)

SOURCES = {
    "card": "# {{ story.headline }}\n\n{{ locale }} {{ zone }}",
    "digest": "{% for story in stories %}{{ story.headline }} {% endfor %}",
    "compact": "compact",
    "event": "# {{ event.name }}",
    "winners": "winners",
    "replies/hello": "Hello {{ name }}",
}


def renderer(tmp_path: Path, size: int = 100, **changed: str) -> Renderer:
    return Renderer(templates(tmp_path, **changed), size)


def templates(tmp_path: Path, **changed: str) -> Templates:
    for name, source in (SOURCES | changed).items():
        file = tmp_path / f"{name}.md.j2"
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return Templates(tmp_path)


def test_it_is_the_port(tmp_path: Path) -> None:
    port: Port = renderer(tmp_path)
    assert port.stories("card", [STORY], Setting()).title == "First"


def test_ten_thousand_equal_requests_are_one_rendering(tmp_path: Path) -> None:
    made = renderer(tmp_path)
    cards = {id(made.stories("card", [replace(STORY)], Setting(command="story first"))) for _ in range(10_000)}
    assert (len(cards), made.renders) == (1, 1)


def test_whatever_a_card_depends_on_makes_another(tmp_path: Path) -> None:
    made = renderer(tmp_path)
    other = replace(STORY, headline="Corrected")
    for stories, setting in [
        ([STORY], Setting()),
        ([other], Setting()),
        ([STORY, other], Setting()),
        ([other, STORY], Setting()),
        ([STORY], Setting(locale="fr")),
        ([STORY], Setting(zone="Asia/Tokyo")),
        ([STORY], Setting(hidden=frozenset({"first"}))),
        ([STORY], Setting(pictures=False)),
        ([STORY], Setting(edited_at=AT)),
        ([STORY], Setting(command="story first")),
    ]:
        made.stories("card", stories, setting)
    made.stories("digest", [STORY], Setting())
    made.event("event", EVENT, [STORY], Setting())
    made.event("event", replace(EVENT, name="Renamed"), [STORY], Setting())
    assert made.renders == 13


def test_the_cache_forgets_what_was_not_asked_for_longest(tmp_path: Path) -> None:
    made = renderer(tmp_path, size=2)
    for locale in ("en", "fr", "en", "de", "en", "fr"):
        made.stories("card", [STORY], Setting(locale=locale))
    assert made.renders == 4


def test_a_card_has_the_settings_command_and_locale_and_the_first_topic(tmp_path: Path) -> None:
    assert renderer(tmp_path).stories("card", [STORY], Setting(locale="fr", command="story first")) == Card(
        blocks=(Heading((Text("First"),)), Paragraph((Text("fr UTC"),))),
        command="story first",
        accent="film",
        locale="fr",
    )


def test_a_reply_is_rendered_each_time(tmp_path: Path) -> None:
    made = renderer(tmp_path)
    for name in ("you", "me"):
        card = made.reply("hello", {"name": name}, Setting(command="hello"))
        assert card == Card(blocks=(Paragraph((Text(f"Hello {name}"),)),), command="hello")
    assert made.renders == 0


def test_an_unknown_template_is_a_broken_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenFiles, match=r"there is no template ‘nothing.md.j2’"):
        renderer(tmp_path).stories("nothing", [STORY], Setting())


def test_new_files_come_into_service_only_if_they_are_good(tmp_path: Path) -> None:
    made = renderer(tmp_path / "a")
    assert made.stories("card", [STORY], Setting()).title == "First"
    with pytest.raises(BrokenFiles):
        made.replace(templates(tmp_path / "b", compact="{{ nonsense }}"))
    assert made.stories("card", [STORY], Setting()).title == "First"
    made.replace(templates(tmp_path / "c", card="# New {{ stories | length }}", mine="mine"))
    assert made.stories("card", [STORY], Setting()).title == "New 1"
    assert "mine" in made.templates
