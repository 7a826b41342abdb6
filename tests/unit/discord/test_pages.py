"""Bodies: exactly what is sent, and how a message is known again."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from digestbot.domain.card import Actions, Button, Card, Heading, List, Paragraph, Spoiler
from digestbot.platforms.discord.accents import NEUTRAL
from digestbot.platforms.discord.pages import Layout, bodies, carries
from tests.unit.cards import cards, words
from tests.unit.discord.body import buttons, embed, faults, letters, parts, reads
from tests.unit.discord.shipped import LAYOUTS
from tests.unit.discord.texts import HOSTILE, TEXTS

CARD = Card(blocks=(Heading(words("Ada wins")), Actions((Button("Event", command="event x"),))), command="story ada")
SILENT: dict[str, Any] = {"parse": []}
MARKER = "abcdefghijklmnopqrstuvwx"
OTHER = "abcdefghijklmnopqrstuvwy"
ROW = {"type": 1, "components": [{"type": 2, "style": 2, "label": "Event", "custom_id": "news:event x"}]}
CONTAINER = {"type": 17, "accent_color": NEUTRAL, "components": [{"type": 10, "content": "# Ada wins"}, ROW]}
HIDDEN = Card(blocks=(Spoiler((Paragraph(words("Bo")),)),))
LONG = Card(blocks=(Heading(words("T")), List(tuple(words(f"{n} " + "a" * 200) for n in range(50)))), command="story x")


def test_a_new_message_of_components() -> None:
    assert bodies(CARD, "components") == [
        {"flags": 32768, "components": [CONTAINER], "allowed_mentions": SILENT},
    ]
    assert bodies(CARD, "components", edit=True) == bodies(CARD, "components")


def test_a_new_message_with_an_embed() -> None:
    shown = {"title": "Ada wins", "color": NEUTRAL}
    assert bodies(CARD, "embed") == [{"embeds": [shown], "components": [ROW], "allowed_mentions": SILENT}]
    assert bodies(CARD, "embed", edit=True) == [
        {"content": "", "embeds": [shown], "components": [ROW], "allowed_mentions": SILENT}
    ]


def test_the_admins_mention_pings_once_and_stays_in_sight() -> None:
    (new,) = bodies(CARD, "components", mention="<@&12>")
    assert new["components"] == [{"type": 10, "content": "<@&12>"}, CONTAINER]
    assert new["allowed_mentions"] == {"parse": [], "roles": ["12"]}
    (edited,) = bodies(CARD, "components", mention="<@&12>", edit=True)
    assert edited == {**new, "allowed_mentions": SILENT}
    (new,) = bodies(CARD, "embed", mention="<@&12>")
    assert (new["content"], new["allowed_mentions"]) == ("<@&12>", {"parse": [], "roles": ["12"]})
    (edited,) = bodies(CARD, "embed", mention="<@&12>", edit=True)
    assert edited == {**new, "allowed_mentions": SILENT}


@pytest.mark.parametrize(
    "mention", ["", "@everyone", "<@12>", "<@&12> @everyone", " <@&12>", "<@&12>\n", "<@&>", "<@&１２>", "<@&a>"]
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_else_is_a_mention(layout: Layout, mention: str) -> None:
    assert bodies(CARD, layout, mention=mention) == bodies(CARD, layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_the_first_page_mentions(layout: Layout) -> None:
    first, *others = bodies(LONG, layout, mention="<@&12>")
    assert "<@&12>" in json.dumps(first)
    assert others
    assert "<@&" not in json.dumps(others)
    assert all(body["allowed_mentions"] == SILENT for body in others)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_page_but_the_last_leads_to_the_next(layout: Layout) -> None:
    pages = bodies(LONG, layout)
    more = [[(button["label"], button["custom_id"]) for button in buttons(body)] for body in pages]
    count = len(pages)
    assert count >= 3
    assert more == [
        *([(f"More ({page}/{count})", f"news:story x page:{page}")] for page in range(2, count + 1)),
        [],
    ]


def test_a_command_too_long_for_a_button_is_a_line_on_every_page() -> None:
    command = "search " + "*" * 100
    pages = bodies(Card(blocks=LONG.blocks, command=command), "components")
    assert "More (2/" in letters([pages[0]])
    assert f"/news {command} page:2" in letters([pages[0]])
    assert all(faults(body) == [] for body in pages)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("blocks", [(), (Spoiler(()),), (Paragraph(words("\u200b ")),)])
def test_a_card_of_nothing_is_still_a_message(layout: Layout, blocks: Any) -> None:  # noqa: ANN401  # blocks of all kinds
    (body,) = bodies(Card(blocks=blocks), layout, marker=MARKER)
    assert faults(body) == []
    assert letters([body]) == "…"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("mention", [None, "<@&12>"])
@pytest.mark.parametrize(
    "card", [CARD, LONG, Card(blocks=(Spoiler((Paragraph(words("Bo")),)),)), Card(blocks=CARD.blocks[:1])]
)
def test_a_marker_survives_and_is_nobody_elses(
    layout: Layout,
    edit: bool,  # noqa: FBT001  # parametrized
    mention: str | None,
    card: Card,
) -> None:
    for body in bodies(card, layout, mention=mention, marker=MARKER, edit=edit):
        message = {"id": "1", **read_back(body)}
        assert carries(message, MARKER)
        assert not carries(message, OTHER)
        assert faults(body) == []
    assert not any(carries(read_back(body), MARKER) for body in bodies(card, layout))


def read_back(body: dict[str, Any]) -> dict[str, Any]:
    """As Discord returns it: every component has an id, those that came without one from 1 upward."""
    copy: dict[str, Any] = json.loads(json.dumps(body))
    for number, part in enumerate(parts(copy), start=1):
        part.setdefault("id", number)  # type: ignore[attr-defined]  # a dict of the copy
    return copy


def test_messages_of_others_carry_nothing() -> None:
    assert not carries({}, MARKER)
    assert not carries({"components": [], "embeds": [{"title": "x"}, {"footer": {"text": ""}}]}, MARKER)
    assert not carries({"components": [{"type": 1, "id": 1, "components": None}], "embeds": None}, MARKER)


def test_a_marker_is_nothing_that_readers_see_where_there_are_components() -> None:
    for layout in LAYOUTS:
        assert letters(bodies(CARD, layout, marker=MARKER)) == letters(bodies(CARD, layout))
    assert embed(bodies(Card(blocks=CARD.blocks[:1]), "embed", marker=MARKER)[0])["footer"]["text"].isalnum()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_stamps_do_not_stay_on_what_is_remembered(layout: Layout) -> None:
    before = json.dumps(bodies(LONG, layout))
    bodies(LONG, layout, mention="<@&12>", marker=MARKER, edit=True)
    assert json.dumps(bodies(LONG, layout)) == before


def test_equal_cards_are_laid_out_once() -> None:
    first, again = bodies(LONG, "components"), bodies(Card(blocks=LONG.blocks, command="story x"), "components")
    assert first[0]["components"] is again[0]["components"]


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@given(card=cards(TEXTS))
def test_whatever_a_card_holds_no_limit_is_broken_and_nothing_is_mentioned(
    layout: Layout,
    edit: bool,  # noqa: FBT001  # parametrized
    card: Card,
) -> None:
    for body in bodies(card, layout, marker=MARKER, edit=edit):
        assert faults(body) == []
        assert body["allowed_mentions"] == SILENT
        for each in reads(body):
            assert {kind for kind, _ in each.objects} <= {"link", "time"}


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("layout", LAYOUTS)
@given(text=TEXTS)
def test_a_paragraph_reads_back_letter_by_letter(layout: Layout, edit: bool, text: str) -> None:  # noqa: FBT001
    card = Card(blocks=(Paragraph(words(f"<{text}>")),))
    (body,) = bodies(card, layout, edit=edit)
    (found,) = reads(body)
    assert (found.objects, found.marks) == ((), frozenset())
    assert found.text[0] + found.text[-1] == "<>"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_hostile_texts_are_letters_wherever_they_stand(layout: Layout, text: str) -> None:
    rows = (words(text),)
    for block in (Heading(rows[0]), Paragraph(rows[0]), List(rows), Spoiler((List(rows),))):
        for body in bodies(Card(blocks=(block,)), layout):
            assert all(found.objects == () for found in reads(body))


def test_layouts_need_no_library() -> None:
    modules = "digestbot.platforms.discord.pages, digestbot.platforms.discord.preview"
    code = f"import sys, {modules}; print('discord' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
