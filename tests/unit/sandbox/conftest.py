"""A stage for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digestbot.platforms.sandbox.record import Record
from tests.unit.sandbox.stage import ManualClock, Stage, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
async def record(tmp_path: Path) -> AsyncIterator[Record]:
    async with Record(tmp_path / "record.db", ManualClock()) as record:
        yield record
