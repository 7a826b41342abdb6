"""Trigger ids: the three seconds in which an app may open a view for a person, once."""

from dataclasses import dataclass, field
from itertools import count

from tests.servers.slack.refusal import Refusal

LIFE = 3.0


@dataclass(slots=True)
class Trigger:
    """`opened` holds ids of the views that it opened."""

    id: str
    team: str
    user: str
    made: float
    spent: bool = False
    opened: list[str] = field(default_factory=list)


class Triggers:
    def __init__(self) -> None:
        self._made: dict[str, Trigger] = {}
        self._numbers = count(1)

    def make(self, team: str, user: str, now: float) -> Trigger:
        number = next(self._numbers)
        trigger = Trigger(f"{number}.{number * 7}.{team.lower()}", team, user, now)
        self._made[trigger.id] = trigger
        return trigger

    def owner(self, trigger_id: str) -> str | None:
        trigger = self._made.get(trigger_id)
        return trigger.user if trigger else None

    def good(self, trigger_id: str, team: str, now: float) -> Trigger:
        """Slack: views.open. Refuses the unknown, the used and the late."""
        trigger = self._made.get(trigger_id)
        if trigger is None or trigger.team != team:
            raise Refusal("invalid_trigger_id")
        if trigger.spent:
            raise Refusal("exchanged_trigger_id")
        if now - trigger.made > LIFE:
            raise Refusal("expired_trigger_id")
        return trigger
