"""What holds for every test: no test is judged by the clock, CI repeats the same examples, and stores are real."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Absent, Postgres, postgres_server

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

STORES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server; where there is none the test is skipped, or fails if DIGESTBOT_REQUIRE_POSTGRES says so."""
    try:
        with postgres_server() as server:
            yield server
    except Absent as fault:
        if os.environ.get("DIGESTBOT_REQUIRE_POSTGRES") == "1":
            pytest.fail(str(fault))
        pytest.skip(str(fault))


@pytest.fixture(params=STORES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without rows, on SQLite and on PostgreSQL: the test runs on both."""
    return _address(request, tmp_path)


@pytest.fixture(params=STORES)
def bare_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database without tables, on both."""
    if request.param == "sqlite":
        return _sqlite(tmp_path)
    server: Postgres = request.getfixturevalue("postgres")
    return server.make()


@pytest.fixture(params=("fake", *STORES))
def any_address(request: pytest.FixtureRequest, tmp_path: Path) -> str | None:
    """The same, and None for the fake."""
    return None if request.param == "fake" else _address(request, tmp_path)


def _address(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return _sqlite(folder)
    server: Postgres = request.getfixturevalue("postgres")
    return server.emptied()


def _sqlite(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/store/digestbot.db"
