"""User groups: those that a subscription may mention, and the one whose members manage digestbot."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Final

from digestbot.domain.command import Choice, Verb
from digestbot.errors import DeliveryError, UserMistake
from digestbot.platforms.slack.api import Api
from digestbot.ports import Clock

_NONE: Final = "none"
_MOST: Final = 25
_LONGEST: Final = 75
_KNOWN_FOR: Final = timedelta(minutes=1)
_MENTION: Final = re.compile(r"<!subteam\^(S[A-Z0-9]{1,30})(?:\|[^>]*)?>")
_LEFT_TO_COMMANDS: Final = frozenset({_NONE, "default", "off", "no", "everyone", "here", "channel"})


class Groups:
    """Handles to ids, by workspace; asked for at most once a minute (usergroups.list is of the second tier)."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[str, tuple[datetime, Mapping[str, str]]] = {}

    async def offered(self, tenant: str, typed: str) -> Sequence[Choice]:
        """`none`, and the groups whose handle holds the letters. Raises `DeliveryError`s."""
        letters = typed.strip().removeprefix("@").casefold()
        names = [Choice(_NONE, _NONE)] if _NONE.startswith(letters) else []
        found = [(handle, id_) for handle, id_ in (await self._all(tenant)).items() if letters in handle.casefold()]
        found.sort(key=lambda pair: (not pair[0].casefold().startswith(letters), pair[0].casefold()))
        return [*names, *(Choice(f"@{handle}"[:_LONGEST], mention_of(id_)) for handle, id_ in found)][:_MOST]

    async def resolved(self, tenant: str, verb: Verb, texts: Mapping[str, str]) -> dict[str, str]:
        """The texts with every group as `<!subteam^…>`. Raises `UserMistake` for one that is not there."""
        named = [option.name for option in verb.options if option.kind == "role" and texts.get(option.name, "").strip()]
        return {**texts, **{name: await self._mention(tenant, texts[name].strip()) for name in named}}

    async def holds(self, tenant: str, handle: str, user: str) -> bool:
        """Whether somebody is in a group. Raises `DeliveryError`s."""
        id_ = (await self._all(tenant)).get(handle.removeprefix("@"))
        if id_ is None:
            return False
        answer = await self._api.call(tenant, "usergroups.users.list", usergroup=id_)
        return user in answer["users"]

    async def _mention(self, tenant: str, text: str) -> str:
        """What commands refuse or understand by themselves (`none`, everyone) stays as it is."""
        match, name = _MENTION.fullmatch(text), text.removeprefix("@")
        if not match and name.removeprefix("<!").removesuffix(">").casefold() in _LEFT_TO_COMMANDS:
            return text
        try:
            known = await self._all(tenant)
        except DeliveryError as fault:
            raise UserMistake(f"The user groups cannot be looked up now ({fault}): try again in a minute.") from fault
        id_ = match[1] if match else next((known[each] for each in known if each.casefold() == name.casefold()), None)
        if id_ is None or id_ not in known.values():
            raise UserMistake(f"There is no user group ‘{text}’ here.{_hint(name, list(known))}")
        return mention_of(id_)

    async def _all(self, tenant: str) -> Mapping[str, str]:
        """Ids by handle."""
        at, known = self._known.get(tenant, (None, {}))
        if at is None or self._clock.now() - at >= _KNOWN_FOR:
            answer = await self._api.call(tenant, "usergroups.list")
            known = {group["handle"]: group["id"] for group in answer["usergroups"] if not group.get("date_delete")}
            self._known[tenant] = (self._clock.now(), known)
        return known


def mention_of(group: str) -> str:
    return f"<!subteam^{group}>"


def _hint(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.casefold(), known, n=1)
    return f" Did you mean ‘@{near[0]}’?" if near else " Pick one from the list, or write `none`."
