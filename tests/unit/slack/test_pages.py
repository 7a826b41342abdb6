"""Bodies: exactly what is sent, and how a message is known again."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from digestbot.domain.card import Actions, Button, Card, Heading, Link, List, Notice, Paragraph, Quote, Small, Spoiler
from digestbot.platforms.slack.pages import bodies, carries
from tests.contract.test_messenger import HOSTILE as CORPUS
from tests.unit.cards import cards, words
from tests.unit.slack.body import buttons, faults
from tests.unit.slack.client import notified, shown
from tests.unit.slack.texts import DELIVERY, HOSTILE, MENTION, TEXTS

CARD = Card(blocks=(Heading(words("Ada wins")), Actions((Button("Event", command="event x"),))), command="story ada")
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Ada wins", "emoji": False}}
ROW = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": "Event", "emoji": False},
            "value": "event x",
            "action_id": "news:1",
        }
    ],
}
GROUP = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "usergroup", "usergroup_id": "S0123ABCDEF"}]}],
}
METADATA = {"event_type": "digestbot_delivery", "event_payload": {"delivery_id": DELIVERY}}
LONG = Card(
    blocks=(Heading(words("T")), List(tuple(words(f"{n} " + "a" * 200) for n in range(150)))), command="story x"
)


def test_a_new_message() -> None:
    assert bodies(CARD) == [
        {
            "blocks": [HEADER, ROW],
            "text": "Ada wins",
            "parse": "none",
            "mrkdwn": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]


def test_an_edit_takes_no_arguments_of_new_messages() -> None:
    assert bodies(CARD, edit=True) == [{"blocks": [HEADER, ROW], "text": "Ada wins", "parse": "none"}]


def test_the_admins_mention_pings_once_and_an_edit_leaves_it_out() -> None:
    (new,) = bodies(CARD, mention=MENTION)
    assert new["blocks"] == [GROUP, HEADER, ROW]
    assert new["text"] == "Ada wins"
    assert bodies(CARD, mention=MENTION, edit=True) == bodies(CARD, edit=True)


@pytest.mark.parametrize(
    "mention",
    [
        "",
        "@everyone",
        "<!here>",
        "<!channel>",
        "<!everyone>",
        "<@U123>",
        "<#C123>",
        "<!subteam^S1|@fans>",
        "<!subteam^S1> <!here>",
        " <!subteam^S1>",
        "<!subteam^S1>\n",
        "<!subteam^>",
        "<!subteam^s1>",
        "<!subteam^S１>",
        "S0123ABCDEF",
    ],
)
def test_nothing_else_is_a_mention(mention: str) -> None:
    assert bodies(CARD, mention=mention) == bodies(CARD)


def test_only_the_first_page_mentions() -> None:
    first, *others = bodies(LONG, mention=MENTION)
    assert shown(first).objects == (("ping", "S0123ABCDEF"),)
    assert others
    assert all(shown(body).objects == () for body in others)


def test_every_page_but_the_last_leads_to_the_next() -> None:
    pages = bodies(LONG)
    more = [[(button["text"]["text"], button["value"]) for button in buttons(body)] for body in pages]
    count = len(pages)
    assert count >= 3
    assert more == [*([(f"More ({page}/{count})", f"story x page:{page}")] for page in range(2, count + 1)), []]


def test_a_command_too_long_for_a_button_is_a_line_on_every_page() -> None:
    command = "search " + "*" * 2000
    pages = bodies(Card(blocks=LONG.blocks, command=command))
    assert f"More (2/{len(pages)}): /news {command} page:2" in shown(pages[0]).text
    assert all(faults(body) == [] for body in pages)


@pytest.mark.parametrize("blocks", [(), (Spoiler(()),), (Paragraph(words("\u200b ")),), (Notice((words(" "),)),)])
def test_a_card_of_nothing_is_still_a_message(blocks: Any) -> None:  # noqa: ANN401  # blocks of all kinds
    (body,) = bodies(Card(blocks=blocks))
    assert faults(body) == []
    assert (shown(body).text, body["text"]) == ("…", "…")


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("card", [CARD, LONG])
def test_a_delivery_is_known_again_and_nobody_elses(edit: bool, card: Card) -> None:  # noqa: FBT001  # parametrized
    for body in bodies(card, mention=MENTION, delivery=DELIVERY, edit=edit):
        assert body["metadata"] == METADATA
        assert carries({"ts": "1.2", **body}, DELIVERY)
        assert not carries({"ts": "1.2", **body}, "another")
    assert not any("metadata" in body for body in bodies(card, edit=edit))


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"metadata": None},
        {"metadata": {"event_type": "digestbot_delivery", "event_payload": None}},
        {"metadata": {"event_type": "another", "event_payload": {"delivery_id": DELIVERY}}},
    ],
)
def test_messages_of_others_carry_nothing(message: dict[str, Any]) -> None:
    assert not carries(message, DELIVERY)


def test_stamps_do_not_stay_on_what_is_remembered() -> None:
    before = json.dumps(bodies(LONG))
    bodies(LONG, mention=MENTION, delivery=DELIVERY, edit=True)
    assert json.dumps(bodies(LONG)) == before


def test_equal_cards_are_laid_out_once() -> None:
    first, again = bodies(LONG), bodies(Card(blocks=LONG.blocks, command="story x"))
    assert first[0]["blocks"] is again[0]["blocks"]


@pytest.mark.parametrize("edit", [False, True])
@given(card=cards(TEXTS))
def test_whatever_a_card_holds_no_limit_is_broken_and_nobody_is_called(edit: bool, card: Card) -> None:  # noqa: FBT001
    for body in bodies(card, delivery=DELIVERY, edit=edit):
        assert faults(body) == []
        assert shown(body).kinds <= {"link", "date"}
        assert shown(body).marks <= {"bold", "italic", "strike"}
        assert notified(body).objects == ()
        assert edit or notified(body).marks == frozenset()


@pytest.mark.parametrize("edit", [False, True])
@given(text=TEXTS)
def test_a_paragraph_reads_back_letter_by_letter(edit: bool, text: str) -> None:  # noqa: FBT001  # parametrized
    (body,) = bodies(Card(blocks=(Paragraph(words(f"<{text}>")),)), edit=edit)
    found = shown(body)
    assert (found.objects, found.marks) == ((), frozenset())
    assert found.text[0] + found.text[-1] == "<>"


@pytest.mark.parametrize("edit", [False, True])
@pytest.mark.parametrize("text", CORPUS)
def test_the_hostile_corpus_arrives_as_letters(text: str, edit: bool) -> None:  # noqa: FBT001  # parametrized
    rows = (words(text),)
    for block in (Paragraph(rows[0]), Quote(rows), List(rows), Notice(rows), Small(rows), Heading(rows[0], level=2)):
        (body,) = bodies(Card(blocks=(block,)), edit=edit)
        expected = text.replace("\n", " ") if isinstance(block, Heading) else text
        assert expected in shown(body).text
        assert expected in notified(body).text.replace("\n", " " if isinstance(block, Heading) else "\n")
        assert (shown(body).objects, notified(body).objects) == ((), ())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_letters_wherever_they_stand(text: str) -> None:
    line = words(text)
    button, opens = Button(text, command=text), Button(text, url="https://example.org/")
    label = Paragraph((Link(text, "https://example.org/"),))
    for block in (Heading(line), Paragraph(line), List((line,)), Small((line,)), Actions((button, opens)), label):
        (body,) = bodies(Card(blocks=(block,), command=text))
        assert shown(body).kinds <= {"link"}
        assert all(name == "https://example.org/" for _, name in shown(body).objects)
        assert notified(body).objects == ()
        assert faults(body) == []


def test_layouts_need_no_library() -> None:
    modules = "digestbot.platforms.slack.pages, digestbot.platforms.slack.preview"
    code = f"import sys, {modules}; print([name for name in ('slack_sdk', 'slack_bolt') if name in sys.modules])"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
