"""Slack's messenger: posts, corrects and looks back, within Slack's limits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog

from digestbot.domain.place import MessageRef, Place
from digestbot.domain.subscription import Look
from digestbot.errors import Busy, DeliveryError, Unknown
from digestbot.platforms.slack.api import PATIENCE, Api
from digestbot.platforms.slack.budget import Budget
from digestbot.platforms.slack.faults import NOT_IN_CHANNEL, SOON, Limited, code_of
from digestbot.platforms.slack.lookback import LookBack
from digestbot.platforms.slack.pages import bodies
from digestbot.platforms.slack.targets import Target, Targets, in_thread
from digestbot.platforms.slack.workspaces import PLATFORM
from digestbot.ports import Outgoing, Sighting

THREAD: Final = "thread"
"""The look's style that gathers what comes later about an event in the thread of its first message."""

_LANDING: Final = timedelta(seconds=30)
_log = structlog.get_logger("slack")


class SlackMessenger:
    """`ports.Messenger`. Slack has no key that makes a second send harmless: every doubt is settled by looking back."""

    platform = PLATFORM
    grace = PATIENCE + _LANDING

    def __init__(self, api: Api, targets: Targets, look_back: LookBack, budget: Budget) -> None:
        self._api = api
        self._targets = targets
        self._look_back = look_back
        self._budget = budget

    def sorts(self, place: Place, look: Look) -> bool:
        return look.style == THREAD and not place.direct

    def repeatable(self, place: Place, age: timedelta) -> bool:
        _ = place, age
        return False

    async def send(self, outgoing: Outgoing) -> MessageRef:
        place = outgoing.place
        self._api.installed(place.tenant)
        self._budget.post(place.tenant, place.channel, outgoing.delivery)
        target = _within(self._targets.to_post(place), outgoing)
        body = bodies(outgoing.card, mention=outgoing.look.mention, delivery=outgoing.delivery)[0]
        try:
            answer = await self._posted(outgoing, target, body)
        except DeliveryError as fault:
            if code_of(fault) != NOT_IN_CHANNEL:
                raise
            await self._targets.join(place, target)
            answer = await self._posted(outgoing, target, body)
        conversation = str(answer.get("channel") or target.channel)
        self._targets.learn(place, conversation)
        return _ref(outgoing, Target(conversation, target.thread), answer)

    async def edit(self, ref: MessageRef, outgoing: Outgoing) -> MessageRef:
        tenant = outgoing.place.tenant
        self._api.installed(tenant)
        self._budget.edit(tenant, outgoing.delivery)
        body = bodies(outgoing.card, delivery=outgoing.delivery, edit=True)[0]
        try:
            await self._api.call(tenant, "chat.update", channel=in_thread(ref).channel, ts=ref.message, **body)
        except Limited as fault:
            wait = _told(tenant, fault)
            self._budget.limited_edit(tenant, outgoing.delivery, wait)
            raise Busy(str(fault), wait) from fault
        return ref

    async def find(self, outgoing: Outgoing) -> Sighting:
        return await self._look_back.find(outgoing, await self._targets.of(outgoing.place))

    async def _posted(self, outgoing: Outgoing, target: Target, body: Mapping[str, Any]) -> Mapping[str, Any]:
        place = outgoing.place
        try:
            answer = await self._api.call(
                place.tenant, "chat.postMessage", channel=target.channel, thread_ts=target.thread, **body
            )
        except Limited as fault:
            wait = _told(place.tenant, fault)
            self._budget.limited_post(place.tenant, place.channel, outgoing.delivery, wait)
            raise Busy(str(fault), wait) from fault
        if not isinstance(answer.get("ts"), str):
            raise Unknown("Slack's answer names no message")
        return answer


def _told(tenant: str, fault: Limited) -> timedelta:
    """How long to wait. It is no failure of the message's, however often it happens: its turn comes then."""
    wait = fault.after or SOON
    _log.warning("slack.limited", tenant=tenant, wait=str(wait))
    return wait


def _within(target: Target, outgoing: Outgoing) -> Target:
    """In the thread that the event has already, where its messages are gathered."""
    known = outgoing.subject.thread if outgoing.subject else None
    there = known.partition(":")[2] if known else ""
    return Target(target.channel, there) if there and not target.thread else target


def _ref(outgoing: Outgoing, target: Target, answer: Mapping[str, Any]) -> MessageRef:
    """A message that is the first of its event opens a thread, and its reference says so."""
    stamp = str(answer["ts"])
    opens = outgoing.subject is not None and not target.thread
    return MessageRef(Target(target.channel, stamp).name if opens else target.name, stamp)
