"""Something a person did with the app, and all that came of it."""

from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack.ack import Ack
from tests.servers.slack.record import Message, Record
from tests.servers.slack.refusal import Refusal
from tests.servers.slack.triggers import Trigger
from tests.servers.slack.views import View, Views
from tests.servers.slack.world import Channel, Workspace

USES = 5
LIFE = 30 * 60.0


@dataclass(slots=True)
class ResponseUrl:
    """Slack: response_url. Five uses within thirty minutes; `original` is the message that was acted on."""

    workspace: Workspace
    channel: Channel
    user: str
    made: float
    original: Message | None = None
    uses: int = 0
    answers: list[Message] = field(default_factory=list)

    def use(self, now: float) -> None:
        if now - self.made > LIFE:
            raise Refusal("expired_url")
        if self.uses >= USES:
            raise Refusal("used_url")
        self.uses += 1


@dataclass(slots=True)
class Interaction:
    """`payload` as the app got it. `errors` is what an app says about the inputs of a submitted view, by block_id."""

    payload: dict[str, Any]
    ack: Ack
    record: Record
    views: Views
    trigger: Trigger | None = None
    response_url: ResponseUrl | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def failure(self) -> str | None:
        """What the person is told has gone wrong: nobody there, too late, or an error."""
        return self.ack.failure

    @property
    def answers(self) -> list[Message]:
        """Messages by acknowledgement and response_url, oldest first."""
        return self.response_url.answers if self.response_url else []

    @property
    def reads(self) -> str:
        """What the person reads now in answer; empty if nothing."""
        return "\n".join(message.reads for message in self.answers if not message.deleted)

    @property
    def opened(self) -> list[View]:
        """Views that its trigger id opened."""
        return [self.views.known[view_id] for view_id in self.trigger.opened] if self.trigger else []

    async def answered(self, times: int = 1) -> Message:
        """Wait for that many answers; the newest of them."""
        await self.record.changed(lambda: len(self.answers) >= times)
        return self.answers[-1]

    async def view(self) -> View:
        """Wait for the view that it opens."""
        await self.record.changed(lambda: bool(self.opened))
        return self.opened[-1]
