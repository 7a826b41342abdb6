"""The one place that knows every concrete class: settings become a wired bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from digestbot import content
from digestbot.app import App
from digestbot.bootstrap.delivery import make_circuits, make_courier
from digestbot.bootstrap.platforms import Parts, Platforms, make_platforms
from digestbot.commands.desk import Desk
from digestbot.commands.news import News
from digestbot.curation.library import Library
from digestbot.curation.watch import watch
from digestbot.delivery.circuit import Circuits
from digestbot.delivery.corrections import Corrections
from digestbot.delivery.dispatcher import Bell, EmbeddedDispatcher
from digestbot.domain.card import Card
from digestbot.domain.paging import paginate
from digestbot.domain.subscription import TenantSettings
from digestbot.errors import StartupError
from digestbot.platforms.sandbox.channels import TENANT, SandboxChannels
from digestbot.platforms.sandbox.messenger import SandboxMessenger
from digestbot.platforms.sandbox.page import SandboxPage
from digestbot.platforms.sandbox.record import Record
from digestbot.platforms.unconnected import UnconnectedChannels
from digestbot.ports import Channels, Ledger, Messenger, Platform, Quarantines, Subscriptions
from digestbot.rendering.check import check_templates
from digestbot.rendering.html import HtmlMeasure, html
from digestbot.rendering.renderer import Renderer
from digestbot.rendering.templates import Templates
from digestbot.runtime.clock import SystemClock
from digestbot.runtime.metrics import Metrics
from digestbot.scheduling.planner import Planner
from digestbot.scheduling.purge import Purge
from digestbot.settings import Settings
from digestbot.storage.database import Database
from digestbot.storage.ledger import SqlLedger
from digestbot.storage.notebook import SqlNotebook
from digestbot.storage.quarantines import SqlQuarantines
from digestbot.storage.retention import SqlRetention
from digestbot.storage.subscriptions import SqlSubscriptions
from digestbot.storage.tenants import SqlTenants
from digestbot.web.assets import assets
from digestbot.web.health import PATHS, Check, Health
from digestbot.web.server import Server

_STYLES = ("publish", "thread")
"""How messages may stand in a channel: published to the servers that follow it (Discord's announcements), or what
comes later about an event in the thread of its first message (Slack)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A wired bot whose database, web server and sandbox are open; `app` is yet to run."""

    app: App
    library: Library
    renderer: Renderer
    subscriptions: Subscriptions
    ledger: Ledger
    quarantines: Quarantines
    clock: SystemClock
    url: str
    platforms: tuple[str, ...]


def make_renderer(settings: Settings) -> Renderer:
    """Ours with the user's templates over them, all of them checked. Raises `BrokenFiles`."""
    templates = Templates(content.templates(), _users_templates(settings))
    check_templates(templates)
    return Renderer(templates)


@asynccontextmanager
async def make_bot(
    settings: Settings, reach: Callable[[str], None] = lambda _point: None, *, sandbox: bool = False
) -> AsyncIterator[Bot]:
    """Everything, opened in order and closed in reverse. Raises `StartupError` or `BrokenFiles`.

    With `sandbox`, or without any token, the bot runs on the sandbox alone.
    """
    clock, metrics = SystemClock(), Metrics()
    renderer = make_renderer(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(settings.database_url, upgrade=True, exclusive=True))
        library = await stack.enter_async_context(Library(settings.stories_folder or content.stories()))
        bell = Bell()
        ledger = SqlLedger(database, bell.publish)
        subscriptions = _subscriptions(settings, database)
        planner = Planner(subscriptions, ledger, library, clock, reach=reach, reserved=metrics.reserved)
        tenants, quarantines = SqlTenants(database), SqlQuarantines(database)
        circuits = make_circuits(clock, metrics)
        corrections = Corrections(ledger, library, clock)
        parts = Parts(
            database=database,
            tenants=tenants,
            notebook=SqlNotebook(database),
            clock=clock,
            caught_up=corrections.wake,
            templates=_templates(settings),
        )
        platforms = Platforms() if sandbox else await make_platforms(settings, parts)
        local = SandboxChannels(settings.sandbox.channels)
        channels: dict[str, Channels] = {platform.name: platform.channels for platform in platforms.each}
        desk = Desk(
            stories=library,
            subscriptions=subscriptions,
            ledger=ledger,
            renderer=renderer,
            clock=clock,
            channels=channels or {TENANT: local},
            tenants=tenants,
            quarantines=quarantines,
            outage=circuits.trouble,
            grace_days=settings.privacy.grace_days,
            keep_days=settings.privacy.keep_days,
            templates=renderer.templates,
            styles=_STYLES,
            changed=planner.wake,
            problems=lambda: library.problems,
        )
        commands = News(desk)
        checks = {platform.name: _platform_check(platform, circuits) for platform in platforms.each}
        health = Health({"database": _database_check(database), **checks}, metrics.registry)
        messengers: dict[str, Messenger] = {platform.name: platform.messenger for platform in platforms.each}
        page = None
        if not platforms.each:
            record = await stack.enter_async_context(Record(settings.data / "sandbox.db", clock))
            messengers = {TENANT: SandboxMessenger(record, local, clock)}
            page = _page(settings, record, local, commands, clock)
        server = await stack.enter_async_context(_server(settings, page, platforms, health))
        courier = make_courier(settings, desk, messengers, circuits, metrics, reach=reach)
        metrics.watch("stories", "Stories in service", lambda: len(library.all()))
        metrics.watch("story_problems", "Problems of story files, now", lambda: len(library.problems))
        app = App(
            clock=clock,
            ledger=ledger,
            planner=planner,
            dispatcher=EmbeddedDispatcher(ledger, bell, clock, capacity=settings.delivery.concurrency),
            courier=courier,
            corrections=corrections,
            watch=lambda: watch(library),
            alone=database.embedded,
            commands=commands,
            platforms=platforms.each,
            purge=Purge(
                tenants,
                SqlRetention(database),
                clock,
                grace=timedelta(days=settings.privacy.grace_days),
                keep=timedelta(days=settings.privacy.keep_days),
            ),
        )
        yield Bot(
            app=app,
            library=library,
            renderer=renderer,
            subscriptions=subscriptions,
            ledger=ledger,
            quarantines=quarantines,
            clock=clock,
            url=server.url,
            platforms=tuple(sorted(messengers)),
        )


@asynccontextmanager
async def make_desk(settings: Settings, *, writes: bool = False) -> AsyncIterator[Desk]:
    """A desk without a bot, connected to no platform. Raises `StartupError` or `BrokenFiles`.

    To write it wants an embedded database for itself, and brings the schema up to date.
    """
    renderer = make_renderer(settings)
    async with (
        Database(settings.database_url, upgrade=writes, exclusive=writes) as database,
        Library(settings.stories_folder or content.stories()) as library,
    ):
        if not writes and await database.drift():
            raise StartupError("The database is not as this release needs it: run `digestbot db upgrade`.")
        yield Desk(
            stories=library,
            subscriptions=_subscriptions(settings, database),
            ledger=SqlLedger(database, Bell().publish),
            renderer=renderer,
            clock=SystemClock(),
            channels={
                **{name: UnconnectedChannels() for name in ("discord", "slack")},
                TENANT: SandboxChannels(settings.sandbox.channels),
            },
            tenants=SqlTenants(database),
            quarantines=SqlQuarantines(database),
            templates=renderer.templates,
            styles=_STYLES,
        )


def _subscriptions(settings: Settings, database: Database) -> SqlSubscriptions:
    return SqlSubscriptions(database, TenantSettings(zone=settings.defaults.zone, locale=settings.defaults.locale))


def _page(
    settings: Settings, record: Record, channels: SandboxChannels, commands: News, clock: SystemClock
) -> SandboxPage:
    return SandboxPage(
        record=record,
        channels=channels,
        commands=commands,
        clock=clock,
        pages=_pages,
        html=html,
        templates=_templates(settings),
    )


def _server(settings: Settings, page: SandboxPage | None, platforms: Platforms, health: Health) -> Server:
    """The sandbox's page is served only where the sandbox is the platform: whoever reaches it acts as an admin."""
    own = [*page.routes, *assets(_templates(settings))] if page else []
    return Server(
        [*own, *platforms.routes, *health.routes],
        host=settings.web.host,
        port=settings.web.port,
        hosts=settings.web.hosts,
        open_paths=(*PATHS, *platforms.open_paths),
        on_stop=[page.close] if page else [],
    )


def _templates(settings: Settings) -> list[Path]:
    return [*_users_templates(settings), content.templates()]


def _users_templates(settings: Settings) -> list[Path]:
    """The home's folder, unless the home is a checkout and the folder is ours."""
    own = settings.templates_folder
    return [own] if own and not own.samefile(content.templates()) else []


def _platform_check(platform: Platform, circuits: Circuits) -> Check:
    async def check() -> str | None:
        return await platform.check() or circuits.trouble(platform.name)

    return check


def _database_check(database: Database) -> Check:
    async def check() -> str | None:
        async with database.transaction():
            return None

    return check


def _pages(card: Card) -> list[Card]:
    return paginate(card, HtmlMeasure())
