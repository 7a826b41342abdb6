"""Events: what happens in workspaces, told at once, again, or late."""

from itertools import count
from typing import Any

from tests.servers.slack import payloads
from tests.servers.slack.ack import Ack
from tests.servers.slack.courier import Courier, Via
from tests.servers.slack.state import State
from tests.servers.slack.world import User, Workspace


class Events:
    """`held` are those that a test delays: they keep the id and the time at which they happened."""

    def __init__(self, state: State, courier: Courier) -> None:
        self._state = state
        self._courier = courier
        self._numbers = count(1)
        self.told: list[dict[str, Any]] = []
        self.held: list[dict[str, Any]] = []

    def happened(self, workspace: Workspace, body: dict[str, Any], *, again: bool = False) -> dict[str, Any]:
        """`again` gives the newest event of the same body, with its id and its time."""
        if again:
            told = [one for one in self.told if self._same(one, workspace, body)]
            if told:
                return told[-1]
        payload = payloads.event(workspace, body, next(self._numbers), self._state.now())
        self.told.append(payload)
        return payload

    async def tell(self, payload: dict[str, Any], via: Via, retry: int = 0) -> Ack:
        return await self._courier.event(payload, via, retry)

    async def release(self, via: Via) -> list[Ack]:
        """Bring the delayed ones now, in order."""
        acks = [await self.tell(payload, via) for payload in self.held]
        self.held.clear()
        return acks

    async def home(self, workspace: Workspace, user: User, via: Via) -> Ack:
        """Slack: app_home_opened. It carries the view only where one was published."""
        view = self._state.views.homes.get((workspace.id, user.id))
        body = {"type": "app_home_opened", "user": user.id, "channel": workspace.dm(user).id, "tab": "home"}
        return await self.tell(self.happened(workspace, {**body, **({"view": view.shown()} if view else {})}), via)

    async def end(self, workspace: Workspace, kinds: tuple[str, ...], via: Via, *, later: bool) -> list[Ack]:
        """The token is dead at once; the app hears of it in the order of `kinds`, or only when released."""
        workspace.token_state = "account_inactive" if "app_uninstalled" in kinds else "token_revoked"
        self.held += [self.happened(workspace, self._ended(workspace, kind)) for kind in kinds]
        return [] if later else await self.release(via)

    @staticmethod
    def _ended(workspace: Workspace, kind: str) -> dict[str, Any]:
        if kind == "tokens_revoked":
            return {"type": kind, "tokens": {"oauth": [], "bot": [workspace.bot_user]}}
        return {"type": kind}

    @staticmethod
    def _same(told: dict[str, Any], workspace: Workspace, body: dict[str, Any]) -> bool:
        return bool(told["team_id"] == workspace.id and body.items() <= told["event"].items())
