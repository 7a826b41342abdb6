"""Replies: a page of one as a modal and as the App Home."""

from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.domain.card import Actions, Button, Card, Heading, Paragraph, Text
from digestbot.domain.command import File, Reply
from digestbot.platforms.slack.memo import Memo, memo_of
from digestbot.platforms.slack.replies import answer, home_view, page_of, said, waiting
from tests.servers.slack.views import check
from tests.unit.cards import cards
from tests.unit.slack.test_inputs import TEXTS

LONG = Card(
    blocks=(
        Heading((Text("Many"),)),
        *(
            block
            for number in range(40)
            for block in (
                Paragraph((Text(f"Subscription {number}"),)),
                Actions((Button("End", command=f"unsubscribe s{number}"),)),
            )
        ),
    ),
    command="home",
)


@settings(max_examples=50)
@given(cards(TEXTS), st.integers(-1, 9), st.none() | st.builds(File, TEXTS, TEXTS), TEXTS)
def test_slack_takes_every_answer(card: Card, page: int, file: File | None, title: str) -> None:
    reply = Reply(card=card, page=page, file=file)
    check(answer(title, reply, Memo(verb="export", channel="C1")), "modal")
    check(home_view(reply), "home")


@given(TEXTS, TEXTS)
def test_slack_takes_whatever_stands_there_until_then(title: str, sentence: str) -> None:
    check(waiting(title, Memo(), "x" * 32), "modal")
    check(said(title, sentence, Memo()), "modal")


def test_every_page_but_the_first_leads_back() -> None:
    def labels(page: int) -> list[str]:
        return [
            each["text"]["text"]
            for block in page_of(Reply(card=LONG, page=page))
            for each in block.get("elements", ())
            if each["type"] == "button" and each["text"]["text"] != "End"
        ]

    assert [labels(page) for page in (1, 2, 3)] == [["More (2/2)"], ["Back (1/2)"], ["Back (1/2)"]]


def test_a_page_s_action_ids_differ() -> None:
    for page in (1, 2):
        check(home_view(Reply(card=LONG, page=page)), "home")


def test_only_what_cannot_be_taken_back_is_asked_once_more() -> None:
    card = Card(blocks=(Actions((Button("End", command="unsubscribe x"), Button("Pause", command="pause x"))),))
    (block,) = page_of(Reply(card=card))
    assert ["confirm" in element for element in block["elements"]] == [True, False]
    (again,) = page_of(Reply(card=card))
    assert again == block


def test_an_answer_remembers_where_it_was_asked_and_no_form() -> None:
    memo = Memo(verb="edit", channel="C1", home=True, more=True, fixed={"subscription": "x"}, url="https://x.example")
    view = answer("/news edit", Reply(card=LONG), memo)
    assert memo_of(view) == Memo(verb="edit", channel="C1", home=True, url="https://x.example")
    assert (view["title"]["text"], view["close"]["text"], "submit" in view) == ("/news edit", "Done", False)


def test_a_file_is_shown_as_far_as_it_fits() -> None:
    reply = Reply(card=LONG, page=2, file=File("subscriptions.yaml", "a" * 3001))
    preformatted, told = answer("x", reply, Memo(verb="export"))["blocks"][-2:]
    assert preformatted["elements"][0]["elements"][0]["text"] == "a" * 2999 + "…"
    assert told["text"]["text"] == (
        "subscriptions.yaml, as far as it fits here. Type /news export to get it as a file."
    )
    told = answer("x", reply, Memo(verb="import"))["blocks"][-1]
    assert told["text"]["text"] == "subscriptions.yaml, as far as it fits here."
