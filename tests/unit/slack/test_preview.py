"""The preview of a body in a terminal."""

from digestbot.domain.card import (
    Actions,
    Button,
    Card,
    Divider,
    Heading,
    Image,
    Link,
    List,
    Paragraph,
    Quote,
    Small,
    Spoiler,
    Text,
    Time,
)
from digestbot.platforms.slack.pages import bodies
from digestbot.platforms.slack.preview import readable
from tests.unit.cards import AT, URL, words


def test_every_block_in_order() -> None:
    blocks = (
        Heading(words("Ada*")),
        Paragraph((Text("a "), Link("b", URL), Text(" "), Time(AT, "May 24"))),
        Divider(),
        Quote((words("c"), words("d"))),
        List((words("e"), words("f"))),
        List((words("g"), words("h")), ordered=True, start=3),
        Image(URL, "A dog"),
        Spoiler((Paragraph(words("SECRET")),)),
        Actions((Button("Event", command="event x"), Button("Open", url=URL))),
        Small((words("R&D"), words("i"))),
    )
    (body,) = bodies(Card(blocks=blocks, command="story ada"), mention="<!subteam^S1>")
    assert readable(body).split("\n") == [
        "@S1",
        "",
        "# Ada*",
        "",
        f"a b (example.org) <{URL}> May 24",
        "",
        "─" * 40,
        "",
        "> c",
        "> d",
        "",
        "- e",
        "- f",
        "",
        "3. g",
        "4. h",
        "",
        f"[picture] A dog {URL}",
        "",
        "[ Show ] /news story ada spoilers:show",
        "[ Event ] /news event x",
        f"[ Open ] {URL}",
        "",
        "-# R&D",
        "-# i",
        "",
    ]
