"""How often Slack lets itself be asked: per method and workspace, per channel for posts, and the restricted history."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.servers.slack.refusal import Limited

TIERS: Mapping[int, int] = {1: 10, 2: 20, 3: 50, 4: 100, 5: 600}
"""Calls a minute. Slack writes `1+` for the first tier and does not number the special one, here the fifth."""

TIER_OF: Mapping[str, int] = {
    "apps.connections.open": 1,
    "auth.test": 5,
    "auth.revoke": 3,
    "chat.postMessage": 5,
    "chat.update": 3,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.getPermalink": 5,
    "conversations.info": 3,
    "conversations.list": 2,
    "conversations.join": 3,
    "conversations.open": 3,
    "conversations.history": 3,
    "users.info": 4,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
    "oauth.v2.access": 4,
    "files.info": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
}


@dataclass(slots=True)
class Limits:
    """Rates, all of them changeable. `enforced` false lets everything through but the restricted history.

    `burst` is how many posts a channel takes at once before one a second holds. `restricted` is the mode of
    commercially distributed apps outside the Marketplace: history once a minute, 15 objects.
    """

    enforced: bool = True
    channel_interval: float = 1.0
    burst: int = 5
    scale: float = 1.0
    restricted: bool = False
    _arrivals: dict[tuple[str, ...], float] = field(default_factory=dict)

    def spend(self, method: str, workspace: str, channel: str | None, now: float) -> None:
        """Raises Limited, and then nothing is spent."""
        if self.restricted and method == "conversations.history":
            self._take((method, workspace), 60.0, 1, now)
            return
        if not self.enforced:
            return
        if method == "chat.postMessage" and channel is not None:
            self._take((method, workspace, channel), self.channel_interval, self.burst, now)
        rate = TIERS[TIER_OF.get(method, 3)] * self.scale
        self._take((method, workspace), 60 / rate, max(1, int(rate)), now)

    def _take(self, key: tuple[str, ...], interval: float, burst: int, now: float) -> None:
        """The generic cell rate: `burst` at once, then one an `interval`."""
        arrival = max(self._arrivals.get(key, now), now)
        early = arrival - now - interval * (burst - 1)
        if early > 1e-9:
            raise Limited(math.ceil(early))
        self._arrivals[key] = arrival + interval
