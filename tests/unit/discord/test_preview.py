"""The preview of a body in a terminal."""

from digestbot.domain.card import Actions, Button, Card, Divider, Heading, Image, Paragraph, Spoiler
from digestbot.platforms.discord.pages import bodies
from digestbot.platforms.discord.preview import readable
from tests.unit.cards import URL, words

CARD = Card(
    blocks=(
        Heading(words("Ada*")),
        Divider(),
        Image(URL, "A dog"),
        Spoiler((Paragraph(words("secret\ntwo")), Image(URL, "Bo"))),
        Actions((Button("Event", command="event x"), Button("Open", url=URL))),
    )
)
RULE = "─" * 40


def test_components_with_a_rule_between_containers() -> None:
    (body,) = bodies(CARD, "components", mention="<@&1>")
    assert readable(body).split("\n") == [
        "<@&1>",
        RULE,
        "# Ada\\*",
        "",
        "─" * 20,
        "",
        f"[picture] A dog {URL}",
        RULE,
        "▒ secret",
        "▒ two",
        "▒",
        f"▒ [picture] Bo {URL}",
        RULE,
        "[ Event ] /news event x",
        f"[ Open ] {URL}",
        "",
    ]


def test_an_embed_with_its_buttons_below() -> None:
    (body,) = bodies(CARD, "embed", mention="<@&1>")
    assert readable(body).split("\n") == [
        "<@&1>",
        RULE,
        "Ada\\*",
        "",
        "||secret||",
        "||two||",
        "",
        f"||[Bo \\(example\\.org)](<{URL}>)||",
        "",
        f"[picture] A dog {URL}",
        RULE,
        "[ Event ] /news event x",
        f"[ Open ] {URL}",
        "",
    ]


def test_a_picture_without_a_description() -> None:
    (body,) = bodies(Card(blocks=(Image(URL, " "),)), "components")
    assert readable(body) == f"[picture] {URL}\n"
