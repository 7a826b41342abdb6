"""The checkup: what the doctor says about Slack, asked of Slack itself without connecting."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from digestbot.domain.finding import Finding
from digestbot.domain.place import Place
from digestbot.errors import DeliveryError
from digestbot.platforms.slack import door, oauth
from digestbot.platforms.slack.api import make_client, make_session
from digestbot.platforms.slack.faults import MISSING_SCOPE, UNWANTED, Limited, code_of, translated
from digestbot.platforms.slack.scopes import REASONS, SCOPES
from digestbot.platforms.slack.targets import is_missing, target_in
from digestbot.platforms.slack.workspaces import key_of
from digestbot.ports import Installation

_BOT: Final = (
    "install the app in the workspace (your app → OAuth & Permissions), and set DIGESTBOT_SLACK__BOT_TOKEN to the Bot"
    " User OAuth Token"
)
_APP: Final = (
    "make one with the scope connections:write (your app → Basic Information → App-Level Tokens), and set"
    " DIGESTBOT_SLACK__APP_TOKEN to it"
)
_KEY: Final = (
    "put the key that sealed it back at the end of DIGESTBOT_SLACK__ENCRYPTION_KEYS, or let the workspace install"
    " digestbot again"
)
_REFUSALS: Final = UNWANTED | {"not_allowed_token_type", "no_permission", MISSING_SCOPE}
_WAYS: Final = {
    "socket": "Socket Mode, one workspace",
    "http": "HTTP, one workspace",
    "oauth": "OAuth, many workspaces",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What there is to look at. `unreadable` are the keys of installations whose token no encryption key opens."""

    mode: Literal["socket", "http", "oauth"]
    api_base: str
    public_url: str = ""
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    installations: Sequence[Installation] = ()
    unreadable: Collection[str] = ()
    places: Collection[Place] = ()


class _Away(Exception):
    """Slack cannot be asked at all."""


async def checkup(setup: Setup) -> AsyncIterator[Finding]:
    """The way, the address, the tokens, their scopes, and every subscribed channel."""
    yield Finding("ok", "slack", _WAYS[setup.mode])
    for finding in _address(setup):
        yield finding
    async with make_session() as session:
        client = make_client(setup.api_base, session)
        looks = _many(client, setup) if setup.mode == "oauth" else _one(client, setup)
        try:
            async for finding in looks:
                yield finding
        except _Away as fault:
            yield Finding("wrong", "slack", f"{setup.api_base} cannot be asked: {fault}")


def _address(setup: Setup) -> Iterator[Finding]:
    """Over HTTP, where Slack comes to; nothing here proves that it arrives."""
    if setup.mode == "socket":
        return
    url = setup.public_url
    if not url:
        text = f"web.public_url is not set: tell Slack the https address of this web server, with {door.PATH} behind it"
        yield Finding("note", "slack address", text)
    elif not url.startswith("https:"):
        text = f"Slack comes to https addresses alone, and {url} is this machine's own: set web.public_url to another"
        yield Finding("wrong", "slack address", text)
    else:
        yield Finding("ok", "slack address", f"Slack's requests are to come to {url}{door.PATH}")
    text = "it is set; if it is not the app's, the log says slack.signature_wrong at Slack's first request"
    yield Finding("ok", "slack signing secret", text)


async def _one(client: AsyncWebClient, setup: Setup) -> AsyncIterator[Finding]:
    if setup.app_token:
        yield await _app_token(client, setup.app_token)
    subject = "slack bot token"
    try:
        said = await _asked(client, "auth.test", setup.bot_token)
    except DeliveryError as fault:
        yield Finding("wrong", subject, _refused(fault, _BOT))
        return
    if not said.get("bot_id"):
        yield Finding("wrong", subject, f"it is a person's and not a bot's: {_BOT}")
        return
    yield Finding("ok", subject, f"it is {said.get('user')}'s in {said.get('team')}")
    yield _scopes(said, "slack scopes")
    team = str(said["team_id"])
    for other in sorted({place.tenant for place in setup.places if not place.direct and place.tenant != team}):
        text = f"the token is {said.get('team')}'s, but there are subscriptions in {other}: nothing is posted there"
        yield Finding("wrong", f"slack workspace {other}", text)
    ours = [place for place in setup.places if place.tenant == team]
    for finding in await _channels(client, setup.bot_token, ours, "slack channels"):
        yield finding


async def _many(client: AsyncWebClient, setup: Setup) -> AsyncIterator[Finding]:
    link = f"{setup.public_url}{oauth.INSTALL}"
    count = len(setup.installations) + len(setup.unreadable)
    state: Literal["ok", "note"] = "ok" if count else "note"
    yield Finding(state, "slack installations", f"{count or 'none yet'}; admins install digestbot at {link}")
    for key in sorted(setup.unreadable):
        yield Finding("wrong", f"slack workspace {key}", f"no key opens its token: {_KEY}")
    by_key: dict[str, list[Place]] = {}
    for place in setup.places:
        by_key.setdefault(key_of(place.tenant), []).append(place)
    for installation in setup.installations:
        for finding in await _workspace(client, installation, by_key.get(installation.key, []), link):
            yield finding
    known = {*(each.key for each in setup.installations), *setup.unreadable}
    for key in sorted(by_key.keys() - known):
        text = f"digestbot is not installed there, but has subscriptions: an admin installs it again at {link}"
        yield Finding("wrong", f"slack workspace {key}", f"{text}, or they end with the grace period")


async def _workspace(
    client: AsyncWebClient, installation: Installation, places: Sequence[Place], link: str
) -> list[Finding]:
    subject = f"slack workspace {installation.name or installation.key}"
    try:
        said = await _asked(client, "auth.test", installation.token)
    except DeliveryError as fault:
        return [Finding("wrong", subject, _refused(fault, f"an admin has to install digestbot again, at {link}"))]
    scopes = _scopes(said, subject)
    faults = [scopes] if scopes.state == "wrong" else []
    return [*faults, *await _channels(client, installation.token, places, subject)]


async def _app_token(client: AsyncWebClient, token: str) -> Finding:
    subject = "slack app token"
    try:
        await _asked(client, "apps.connections.open", token)
    except DeliveryError as fault:
        return Finding("wrong", subject, _refused(fault, _APP))
    return Finding("ok", subject, "it opens connections")


def _scopes(said: AsyncSlackResponse, subject: str) -> Finding:
    """As a header of each answer names them (Slack: OAuth scopes)."""
    header = {name.casefold(): value for name, value in said.headers.items()}.get("x-oauth-scopes")
    if header is None:
        return Finding("note", subject, "Slack does not say which scopes the token has")
    there = {scope.strip() for scope in str(header).split(",")}
    lacking = [f"{scope} ({REASONS[scope]})" for scope in SCOPES if scope not in there]
    if not lacking:
        return Finding("ok", subject, f"all {len(SCOPES)} are there")
    text = f"it lacks {'; '.join(lacking)}: add them (your app → OAuth & Permissions), then install the app again"
    return Finding("wrong", subject, text)


async def _channels(client: AsyncWebClient, token: str, places: Sequence[Place], subject: str) -> list[Finding]:
    """Members' direct messages are left alone: to look at one would open it."""
    channels = sorted({target.channel for place in places if (target := target_in(place.channel))})
    findings: list[Finding] = []
    for number, channel in enumerate(channels):
        try:
            found = (await _asked(client, "conversations.info", token, channel=channel))["channel"]
        except Limited as fault:
            text = f"{fault}: {len(channels) - number} of {len(channels)} channels were not looked at"
            return [*findings, Finding("note", subject, text)]
        except DeliveryError as fault:
            ending = ", or end its subscription" if is_missing(fault) else ""
            findings.append(Finding("wrong", subject, f"{channel}: {fault}{ending}"))
        else:
            findings += _channel(found, subject)
    well = not any(finding.state == "wrong" for finding in findings)
    return (
        [*findings, Finding("ok", subject, f"{len(channels)} subscribed channels, nothing is missing")]
        if well
        else findings
    )


def _channel(found: Mapping[str, Any], subject: str) -> Iterator[Finding]:
    name = f"#{found.get('name')}" if found.get("name") else str(found.get("id"))
    if found.get("is_archived"):
        text = f"{name} is archived: unarchive it, or give its subscription another channel with `/news edit`"
        yield Finding("wrong", subject, text)
    elif not (found.get("is_member") or found.get("is_im")):
        private = found.get("is_private")
        text = f"digestbot is not in {name}: " + ("`/invite` it there" if private else "it joins when it posts")
        yield Finding("wrong" if private else "note", subject, text)


def _refused(fault: DeliveryError, advice: str) -> str:
    code = code_of(fault)
    return f"Slack refuses it ({code}): {advice}" if code in _REFUSALS else f"it cannot be looked at now: {fault}"


async def _asked(client: AsyncWebClient, method: str, token: str, **arguments: str) -> AsyncSlackResponse:
    """Raises `DeliveryError`s that are Slack's own word, and `_Away` for all others."""
    try:
        with translated():
            if method == "apps.connections.open":
                return await client.api_call(method, json={"token": token})
            return await client.api_call(method, http_verb="GET", params={**arguments, "token": token})
    except DeliveryError as fault:
        if code_of(fault) is None and not isinstance(fault, Limited):
            raise _Away(str(fault)) from fault
        raise
