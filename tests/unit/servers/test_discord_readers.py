"""What readers make of whole messages: texts, buttons, pictures, spoilers, links."""

from typing import Any

from tests.servers.discord.bodies import Body, created
from tests.servers.discord.message import Message
from tests.servers.discord.world import Channel, User


def posted(body: dict[str, Any]) -> Message:
    return Message(1, Channel(2, "news", 0), User(3, "bot"), body, created(Body(body)), 0.0)


def test_an_embed_is_read_from_top_to_bottom() -> None:
    message = posted(
        {
            "content": "**New**",
            "embeds": [
                {
                    "author": {"name": "Awards *desk*", "url": "https://a.example/author"},
                    "title": "Winners",
                    "url": "https://a.example/story",
                    "description": "> Thank you\nBest: ||Khalid||",
                    "fields": [{"name": "Top Artist", "value": "Post [Malone](https://a.example/post)"}],
                    "footer": {"text": "small *print*"},
                }
            ],
        }
    )
    assert message.reads == ("New\nAwards *desk*\nWinners\nThank you\nBest:\nTop Artist\nPost Malone\nsmall *print*")
    assert message.hidden == "Khalid"
    assert message.links == ["https://a.example/post", "https://a.example/story", "https://a.example/author"]


def test_a_spoiler_container_hides_all_that_it_holds() -> None:
    text = {"type": 10, "content": "# Khalid wins\nhttps://a.example/khalid"}
    picture = {"media": {"url": "https://a.example/p.png"}, "description": "Khalid on stage"}
    more = {"type": 2, "style": 5, "label": "Story", "url": "https://a.example/story"}
    parts = [text, {"type": 12, "items": [picture]}, {"type": 1, "components": [more]}]
    message = posted(
        {
            "flags": 1 << 15,
            "components": [
                {"type": 10, "content": "Top Artist"},
                {"type": 17, "spoiler": True, "components": parts},
                {"type": 12, "items": [{**picture, "spoiler": True}, {**picture, "description": "The hall"}]},
                {"type": 9, "components": [text], "accessory": {"type": 11, **picture}},
            ],
        }
    )
    assert message.reads == "Top Artist\nThe hall\nKhalid wins\nhttps://a.example/khalid\nKhalid on stage"
    assert message.hidden == ("Khalid wins\nhttps://a.example/khalid\nKhalid on stage\nStory\nKhalid on stage")
    assert message.links == ["https://a.example/khalid", "https://a.example/story"]
    assert [button["label"] for button in message.buttons] == ["Story"]
