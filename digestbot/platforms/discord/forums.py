"""Forums: a post for each event, in which its stories follow one another."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from digestbot.domain.card import Text, plain_text
from digestbot.domain.line import shortened
from digestbot.domain.place import MessageRef
from digestbot.errors import Gone, TryLater
from digestbot.platforms.discord.connection import Connection
from digestbot.platforms.discord.faults import UNKNOWN_CHANNEL, code_of
from digestbot.platforms.discord.targets import Target
from digestbot.ports import Outgoing, Subject

_LONGEST_NAME: Final = 100
_MOST_TAGS: Final = 5
_AGAIN: Final = timedelta(seconds=1)
_UNNAMED: Final = "News"


class Forums:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def post(self, target: Target, outgoing: Outgoing, body: Mapping[str, Any], nonce: str) -> MessageRef:
        """Into the post that the event has already, else as the first message of a new one. Raises `DeliveryError`s.

        Only the former takes the nonce: opening a post twice gives two.
        """
        subject = outgoing.subject
        if subject is None:
            raise TryLater("the channel was not known to be a forum yet", _AGAIN)
        if subject.thread:
            try:
                return await create(self._connection, int(subject.thread), body, nonce)
            except Gone as fault:  # somebody deleted the post: its event gets a new one
                if code_of(fault) != UNKNOWN_CHANNEL:
                    raise
        opened = await self._connection.request(
            "POST",
            "/channels/{channel_id}/threads",
            body={"name": title(subject.name), "message": body, "applied_tags": _tags(target, subject)},
            channel_id=target.id,
        )
        return MessageRef(str(opened["id"]), str(opened["message"]["id"]))


async def create(connection: Connection, channel: int, body: Mapping[str, Any], nonce: str) -> MessageRef:
    """A message where the nonce counts: sent again within minutes it is the same message."""
    message = await connection.request(
        "POST",
        "/channels/{channel_id}/messages",
        body={**body, "nonce": nonce, "enforce_nonce": True},
        channel_id=channel,
    )
    return MessageRef(str(message["channel_id"]), str(message["id"]))


def title(name: str) -> str:
    """A name as a post may have it: one line of at most 100 characters, counted as UTF-16 does."""
    words = " ".join(name.split()) or _UNNAMED
    if _length(words) <= _LONGEST_NAME:
        return words
    return plain_text(shortened((Text(words),), lambda line: _length(plain_text(line)) <= _LONGEST_NAME))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _tags(target: Target, subject: Subject) -> list[str]:
    """The forum's own tags that are named like a topic of the story."""
    found = (target.tags.get(topic.casefold()) for topic in subject.topics)
    return [str(tag) for tag in found if tag is not None][:_MOST_TAGS]
