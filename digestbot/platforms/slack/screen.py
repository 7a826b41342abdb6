"""A screen: one open modal of somebody, and what it shows next."""

from enum import StrEnum
from typing import Any, Final, Self

import structlog

from digestbot.errors import DeliveryError, Refused
from digestbot.platforms.slack.api import Api
from digestbot.platforms.slack.faults import code_of
from digestbot.platforms.slack.memo import memo_of
from digestbot.platforms.slack.replies import said

_NOT_THERE: Final = "not_found"
_BROKEN: Final = "Something is broken on our side: Slack does not take the answer. Tell whoever runs this bot."
_log = structlog.get_logger("slack")


class Shown(StrEnum):
    """What became of a view: `missing` where Slack knows no such modal, not yet or no more."""

    THERE = "there"
    MISSING = "missing"
    REFUSED = "refused"


class Screen:
    """Found by its id or by an `external_id` of ours. With a `hash_` it gives way to whatever was shown meanwhile."""

    def __init__(
        self,
        api: Api,
        tenant: str,
        view: str | None = None,
        *,
        hash_: str | None = None,
        external_id: str | None = None,
    ) -> None:
        self._api = api
        self._tenant = tenant
        self._view = view
        self._hash = hash_
        self._external_id = external_id

    @classmethod
    async def opened(cls, api: Api, tenant: str, trigger_id: str, view: dict[str, Any]) -> Self | None:
        """None if Slack does not open it: a trigger lives three seconds, once (Slack: views.open)."""
        try:
            told = (await api.call(tenant, "views.open", trigger_id=trigger_id, view=view))["view"]
        except DeliveryError as fault:
            _log.warning("slack.unopened", tenant=tenant, reason=str(fault))
            return None
        return cls(api, tenant, told["id"], hash_=told["hash"])

    async def show(self, view: dict[str, Any]) -> Shown:
        """Never raises a `DeliveryError`: a modal that is closed or moved on needs nothing any more."""
        try:
            return await self._update(view)
        except Refused as fault:
            _log.error("slack.bad_view", tenant=self._tenant, reason=str(fault), title=view["title"]["text"])
        except DeliveryError as fault:
            return self._failed(fault)
        try:
            await self._update(said(view["title"]["text"], _BROKEN, memo_of(view)))
        except DeliveryError as fault:
            return self._failed(fault)
        return Shown.REFUSED

    async def _update(self, view: dict[str, Any]) -> Shown:
        where = {"view_id": self._view, "hash": self._hash} if self._view else {"external_id": self._external_id}
        told = (await self._api.call(self._tenant, "views.update", **where, view=view))["view"]
        self._view, self._hash = told["id"], told["hash"]
        return Shown.THERE

    def _failed(self, fault: DeliveryError) -> Shown:
        code = code_of(fault)
        _log.info("slack.unshown", tenant=self._tenant, reason=code or str(fault))
        return Shown.MISSING if code == _NOT_THERE else Shown.REFUSED
