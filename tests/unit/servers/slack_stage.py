"""The loopback Slack with one workspace, and the SDK's own client to ask it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import FakeClock
from tests.servers.slack.server import Slack
from tests.servers.slack.world import Workspace

NOON = datetime(2020, 10, 15, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    slack: Slack
    team: Workspace
    clock: FakeClock
    client: AsyncWebClient


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    clock = FakeClock(NOON)
    async with Slack(clock=clock) as slack, aiohttp.ClientSession() as session:
        team = slack.workspace()
        client = AsyncWebClient(team.bot_token, base_url=slack.api, session=session, retry_handlers=[])
        yield Stage(slack, team, clock, client)


def error_of(raised: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(raised.value.response["error"])
