"""The server's own record: every message it accepted, every request it heard, everything that shards told it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.servers.discord.message import Message
from tests.servers.discord.refusals import Json
from tests.servers.discord.world import Channel


@dataclass(frozen=True, slots=True)
class Request:
    """`at` is when it was judged, by the server's clock; `status` 0 means that no answer was given.

    `scope` is that of a 429 (user, global, shared, or cloudflare), `fault` the kind that was committed on it.
    """

    route: str
    method: str
    path: str
    at: float
    body: Json
    status: int
    code: int = 0
    scope: str | None = None
    fault: str | None = None
    channel: int | None = None

    @property
    def refused(self) -> bool:
        return self.status >= 400


@dataclass
class Record:
    """`messages` holds all that was ever accepted, deleted and ephemeral ones included, oldest first.

    `times` are those of accepted requests that count to the global limit; `nonce_hits` the messages that were
    answered again instead of posted; `identifies` the payloads of op 2, `resumes` those of op 6, both accepted.
    `crashes` are faults of this server's own, which it answered with 500: leaving it raises the first.
    """

    messages: list[Message] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    nonce_hits: list[Message] = field(default_factory=list)
    identifies: list[Json] = field(default_factory=list)
    resumes: list[Json] = field(default_factory=list)
    crashes: list[Exception] = field(default_factory=list)
    too_many: Counter[str] = field(default_factory=Counter)
    invalid: int = 0

    def of(self, channel: Channel) -> list[Message]:
        """What everybody in the channel was shown, deleted messages included, oldest first."""
        return [message for message in self.messages if message.channel is channel and not message.ephemeral]

    def to(self, route: str) -> list[Request]:
        return [request for request in self.requests if request.route == route]

    @property
    def refusals(self) -> Sequence[Request]:
        return [request for request in self.requests if request.refused]

    @property
    def global_429s(self) -> int:
        return self.too_many["global"]

    @property
    def route_429s(self) -> int:
        return self.too_many["user"] + self.too_many["shared"]

    def add(self, request: Request, *, counted: bool) -> None:
        """`counted`: the request counts to the global limit. 429s of scope shared are no invalid requests."""
        self.requests.append(request)
        if counted and not request.refused:
            self.times.append(request.at)
        if request.scope is not None:
            self.too_many[request.scope] += 1
        if request.status in {401, 403, 429} and request.scope != "shared":
            self.invalid += 1
