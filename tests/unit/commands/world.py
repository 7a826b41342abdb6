"""A small made-up world to ask `/news` in: two tenants, some stories out, some held back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from digestbot.commands.desk import Desk
from digestbot.commands.news import News
from digestbot.domain.card import Actions, Block, Card, Spoiler, lines_of, plain_text
from digestbot.domain.command import Choice, Reply, Request
from digestbot.domain.delivery import Carried, Delivery, DeliveryState, delivery_id
from digestbot.domain.filter import parse_filter
from digestbot.domain.place import Channel, Member, MessageRef, Place
from digestbot.domain.schedule import Cadence, Weekly
from digestbot.domain.story import (
    Award,
    Category,
    Correction,
    Event,
    Importance,
    Quote,
    Status,
    Story,
    Winner,
)
from digestbot.domain.subscription import Look, Subscription
from digestbot.errors import Problem
from digestbot.ports import Renderer
from digestbot.rendering.renderer import Renderer as RealRenderer
from digestbot.rendering.templates import Templates
from tests.fakes import (
    FakeChannels,
    FakeClock,
    FakeLedger,
    FakeQuarantines,
    FakeStories,
    FakeSubscriptions,
    FakeTenants,
)

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

NEWS = Place("sandbox", "here", "c1")
MUSIC = Place("sandbox", "here", "c2")
ELSEWHERE = Place("sandbox", "there", "c9")

ADMIN = Member(id="u1", name="Ada", admin=True)
MEMBER = Member(id="u2", name="Ben")

GALA = Event(
    id="gala-2026",
    name="Example Gala 2026",
    kind="award show",
    starts=date(2026, 5, 23),
    city="Paris",
    categories=(Category(name="Best Film"), Category(name="Best Choir")),
)
FESTIVAL = Event(
    id="festival-2099",
    name="Example Festival 2099",
    starts=datetime(2099, 5, 13, 17, 0, tzinfo=UTC),
    timezone="Europe/Paris",
    venue="Palace of Examples",
    url="https://example.org/",
)
FAIR = Event(id="fair-2098", name="Example Fair 2098", starts=date(2098, 10, 8), ends=date(2098, 10, 12))
SECRET_EVENT = Event(id="hushprize-2027", name="Hushprize 2027", starts=date(2027, 1, 1), city="Hushtown")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


WINNERS = Story(
    id="gala-winners",
    headline="The Umbrella Accountants wins three prizes",
    published=at("2026-05-24T01:15"),
    status=Status.PUBLISHED,
    event=GALA,
    topics=("film", "awards"),
    importance=Importance.HIGH,
    quotes=(
        Quote(text="We counted them twice", speaker="Ottoline Vancejoy", when="on stage", key=True),
        Quote(text="The speech about the exits", speaker="Clementina Spotlight", verbatim=False),
    ),
    winners=(
        Winner(
            name="The Umbrella Accountants",
            total=3,
            awards=(Award(category="Best Film"), Award(category="Best Ensemble")),
        ),
        Winner(name="Chœur des Exemples", awards=(Award(category="Best Choir"),)),
        Winner(name="Ludo Tindersnap", awards=(Award(category="Best First Film", work="Forty Spoons"),)),
    ),
)
SPEECH = Story(
    id="gala-speech",
    headline="A speech dedicated to a trombone",
    published=at("2026-05-25T09:00"),
    status=Status.PUBLISHED,
    event=GALA,
    topics=("music", "awards"),
    quotes=(
        Quote(text="This is for the trombone", speaker="Ottoline Vancejoy", when="before playing", key=True),
        Quote(text="I heard nothing", speaker="Bram Vancejoy"),
    ),
)
NIGHTLY = Story(
    id="late-vote",
    headline="Votes are found in a hat",
    published=at("2026-05-31T02:40"),
    status=Status.PUBLISHED,
    topics=("politics",),
    importance=Importance.URGENT,
)

EMBARGOED = Story(
    id="hush-opened",
    headline="Hushtown opens its box",
    published=at("2026-05-20T09:00"),
    embargo=at("2099-01-01T00:00"),
    status=Status.PUBLISHED,
    event=SECRET_EVENT,
    topics=("hushtopic",),
    quotes=(Quote(text="Hushwords were kept", speaker="Hushabella Keeper", key=True),),
    winners=(Winner(name="Hushabella Keeper", awards=(Award(category="Hushcategory"),)),),
)
FUTURE = replace(EMBARGOED, id="hush-tomorrow", published=at("2026-06-02T09:00"), embargo=None)
DRAFT = replace(EMBARGOED, id="hush-draft", embargo=None, status=Status.DRAFT)
REVIEWED = replace(EMBARGOED, id="hush-review", embargo=None, status=Status.REVIEW)
WITHDRAWN = replace(
    EMBARGOED,
    id="hush-withdrawn",
    embargo=None,
    status=Status.RETRACTED,
    corrections=(Correction(at=at("2026-05-21T09:00"), note="Hushnote"),),
)
GALA_SECRET = replace(EMBARGOED, id="hush-gala", event=GALA)

UNSEEN = (EMBARGOED, FUTURE, DRAFT, REVIEWED, WITHDRAWN, GALA_SECRET)
"""Whatever tells of them has `hush` in it."""

DAILY = Subscription(
    id="daily2",
    place=NEWS,
    filter=parse_filter("all"),
    cadence=Cadence((Weekly(time(9)),)),
    since=at("2026-05-01T00:00"),
    zone="Europe/Paris",
    look=Look(zone="Europe/Paris"),
    next_due=at("2026-06-02T07:00"),
    created_by="u1",
)
INSTANT = Subscription(
    id="music3",
    place=MUSIC,
    filter=parse_filter("topic:music"),
    cadence=Cadence(),
    since=at("2026-05-02T00:00"),
    created_by="u1",
)
THEIRS = replace(DAILY, id="their4", place=ELSEWHERE, since=at("2026-05-03T00:00"))

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


def real_renderer() -> RealRenderer:
    return RealRenderer(Templates(TEMPLATES))


def delivery(
    subscription: Subscription, occasion: str, *stories: Story, state: DeliveryState = DeliveryState.POSTED
) -> Delivery:
    posted = state in {DeliveryState.POSTED, DeliveryState.CORRECTING}
    return Delivery(
        id=delivery_id(subscription.id, occasion),
        subscription=subscription.id,
        place=subscription.place,
        occasion=occasion,
        state=state,
        due=NOW - timedelta(hours=1),
        look=subscription.look,
        stories=tuple(Carried(story.id, story.revision if posted else "") for story in stories),
        posted_at=NOW - timedelta(hours=1) if posted else None,
        ref=MessageRef(subscription.place.channel, "m1") if posted else None,
    )


@dataclass(kw_only=True)
class World:
    """`ask` types a line as an admin in #news; `changes` counts the calls that wake the planner."""

    renderer: Renderer
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    stories: FakeStories = field(
        default_factory=lambda: FakeStories([WINNERS, SPEECH, NIGHTLY, *UNSEEN], [GALA, FESTIVAL, FAIR])
    )
    subscriptions: FakeSubscriptions = field(default_factory=lambda: FakeSubscriptions(DAILY, INSTANT, THEIRS))
    ledger: FakeLedger = field(init=False)
    channels: FakeChannels = field(
        default_factory=lambda: FakeChannels({"here": [Channel("c1", "news"), Channel("c2", "music")]})
    )
    quarantines: FakeQuarantines = field(default_factory=FakeQuarantines)
    outages: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    quota: int = 50
    changes: int = 0

    def __post_init__(self) -> None:
        self.ledger = FakeLedger(subscriptions=self.subscriptions)
        ids = (f"new{number}" for number in count(1))
        self.desk = Desk(
            stories=self.stories,
            subscriptions=self.subscriptions,
            ledger=self.ledger,
            renderer=self.renderer,
            clock=self.clock,
            channels={"sandbox": self.channels},
            tenants=FakeTenants(self.subscriptions, self.ledger),
            quarantines=self.quarantines,
            outage=self.outages.get,
            templates=("card", "compact", "digest", "event", "winners"),
            new_id=lambda: next(ids),
            changed=self._changed,
            problems=lambda: self.problems,
            quota=self.quota,
        )
        self.news = News(self.desk, incident=lambda: "1nc1dent")

    def _changed(self) -> None:
        self.changes += 1

    async def ask(self, line: str, member: Member = ADMIN, place: Place = NEWS) -> Reply:
        verb, options = self.news.read(line)
        return await self.news.run(Request(place=place, member=member, verb=verb, options=options))

    async def told(self, line: str, member: Member = ADMIN, place: Place = NEWS) -> str:
        return text_of((await self.ask(line, member, place)).card)

    async def complete(
        self, verb: str, option: str, typed: str = "", member: Member = ADMIN, **options: str
    ) -> Sequence[Choice]:
        request = Request(place=NEWS, member=member, verb=verb, options=options)
        return await self.news.complete(request, option, typed)

    async def suggest(self, line: str, member: Member = ADMIN) -> list[str]:
        request = Request(place=NEWS, member=member, verb="help")
        return [choice.value for choice in await self.news.suggest(request, line)]


def text_of(card: Card) -> str:
    """Everything on a card, one block a line; `|` before what is hidden, buttons as [label: command].

    The narrow blanks that some languages put into times and dates become plain ones.
    """
    return "\n".join(_block_lines(card.blocks, "")).replace("\u202f", " ").replace("\u2009", " ")


def _block_lines(blocks: Sequence[Block], mark: str) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Spoiler):
            yield from _block_lines(block.blocks, "|")
        elif isinstance(block, Actions):
            yield mark + " ".join(f"[{button.label}: {button.command or button.url}]" for button in block.buttons)
        else:
            yield from (mark + plain_text(line) for line in lines_of(block))
