"""Answers: a reply as a message to whoever asked, by acknowledgement or by `response_url`."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_sdk.webhook.async_client import AsyncWebhookClient

from digestbot.domain.card import Card, Notice, Text
from digestbot.domain.command import Reply
from digestbot.errors import DeliveryError, TryLater
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.asking import Asker
from digestbot.platforms.slack.attachments import Attachments
from digestbot.platforms.slack.faults import translated
from digestbot.platforms.slack.pages import bodies

_OK: Final = 200
_log = structlog.get_logger("slack")


def body_of(reply: Reply) -> dict[str, Any]:
    """To the person alone, unless the reply is for everybody; never in place of the message that was pressed."""
    pages = bodies(reply.card)
    kind = "ephemeral" if reply.private else "in_channel"
    return {**pages[min(reply.page, len(pages)) - 1], "response_type": kind, "replace_original": False}


def sentence(words: str) -> Reply:
    """A mistake that the commands did not get to see."""
    return Reply(card=Card(blocks=(Notice(((Text(words),),)),)), mistake=True)


class Answers:
    """One use of a `response_url` for each question: Slack allows five in half an hour."""

    def __init__(self, api: Api, attachments: Attachments) -> None:
        self._api = api
        self._attachments = attachments

    async def give(self, reply: Reply, url: str, asker: Asker, thread: str | None = None) -> None:
        """Never raises: that an answer did not arrive is for the log."""
        body = {**body_of(reply), **({"thread_ts": thread} if thread else {})}
        try:
            await self._sent(url, body)
        except DeliveryError as fault:
            _log.warning("slack.unanswered", tenant=asker.tenant, reason=str(fault))
            return
        await self.attach(reply, url, asker)

    async def attach(self, reply: Reply, url: str, asker: Asker) -> None:
        """A file goes by direct message: no ephemeral message can hold one. Never raises."""
        if reply.file is None:
            return
        try:
            await self._attachments.send(asker.tenant, asker.user, reply.file)
        except DeliveryError as fault:
            _log.warning("slack.unattached", tenant=asker.tenant, reason=str(fault))
            await self.give(sentence(f"The file could not be sent to you: {fault}. Try again in a while."), url, asker)

    async def _sent(self, url: str, body: Mapping[str, Any]) -> None:
        with translated():
            client = AsyncWebhookClient(url, session=self._api.session, retry_handlers=[])
            answer = await client.send_dict(dict(body))
            if answer.status_code != _OK:
                raise TryLater(f"Slack refused the answer ({answer.status_code})")
