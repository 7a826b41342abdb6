"""The platforms that connect by themselves: those whose tokens are set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import SecretStr

from digestbot.ports import Clock, Notebook, Platform, Tenants
from digestbot.settings import Settings
from digestbot.storage.database import Database
from digestbot.storage.installations import SqlInstallations
from digestbot.storage.oauth_states import SqlOAuthStates

if TYPE_CHECKING:
    from digestbot.platforms.slack.platform import SlackPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """`routes` are what they want served, `open_paths` those of them that prove their callers themselves."""

    each: tuple[Platform, ...] = ()
    routes: tuple[web.AbstractRouteDef, ...] = ()
    open_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the platforms share; `caught_up` is called when a server or workspace has taken digestbot in again."""

    database: Database
    tenants: Tenants
    notebook: Notebook
    clock: Clock
    caught_up: Callable[[], None]
    templates: Sequence[Path]


async def make_platforms(settings: Settings, parts: Parts) -> Platforms:
    discord = [_discord(settings, parts)] if settings.discord.token else []
    if settings.slack.mode == "off":
        return Platforms(each=tuple(discord))
    slack = await _slack(settings, parts)
    return Platforms(each=(*discord, slack), routes=tuple(slack.routes), open_paths=slack.paths)


def _discord(settings: Settings, parts: Parts) -> Platform:
    from digestbot.platforms.discord.platform import DiscordOptions, DiscordPlatform  # noqa: PLC0415 - its library takes a third of a second to load

    discord = settings.discord
    options = DiscordOptions(
        token=_shown(discord.token),
        api_base=discord.api_base,
        gateway_url=discord.gateway_url,
        guild=discord.guild or None,
        shard_count=discord.shard_count or None,
        shard_ids=discord.shard_ids,
        rate=discord.requests_per_second,
    )
    return DiscordPlatform(options, parts.tenants, parts.notebook, parts.clock, parts.caught_up)


async def _slack(settings: Settings, parts: Parts) -> "SlackPlatform":
    """Tokens that an older key sealed are sealed anew first, so that it may go after this start."""
    from digestbot.platforms.slack.platform import SlackOptions, SlackPlatform  # noqa: PLC0415 - its library takes half a second to load

    slack = settings.slack
    installations = SqlInstallations(parts.database, slack.keys) if slack.mode == "oauth" else None
    if installations:
        await installations.rotate()
    options = SlackOptions(
        api_base=slack.api_base,
        bot_token=_shown(slack.bot_token),
        app_token=_shown(slack.app_token),
        signing_secret=_shown(slack.signing_secret),
        client_id=slack.client_id,
        client_secret=_shown(slack.client_secret),
        authorize_url=slack.authorize_url,
        public_url=settings.web.public_url,
        admin_group=slack.admin_group,
        templates=parts.templates,
    )
    return SlackPlatform(
        options,
        installations=installations,
        states=SqlOAuthStates(parts.database),
        tenants=parts.tenants,
        clock=parts.clock,
        caught_up=parts.caught_up,
    )


def _shown(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
