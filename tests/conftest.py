"""Fixtures every test may use: `database` is a migrated, empty database on each engine in turn, connected."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.models.connecting import connect
from outreach.models.migrating import migrate
from outreach.models.sealing import Keyring
from tests.harness.databases import PostgresServer, in_a_thread, migrated_on

KEYS = Keyring("t1", {"t1": b"t" * 32}, b"h" * 32)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A run in the background of a shell ignores Ctrl-C, and so would every command that a test starts and ends by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, the time at which tests begin."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run, with a migrated `template_outreach`."""
    server = PostgresServer()
    try:
        server.start()
        in_a_thread(server.execute("CREATE DATABASE template_outreach"))
        in_a_thread(migrate(server.url("template_outreach")))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "outreach.sqlite3"
    in_a_thread(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a fresh migrated database, on each engine in turn (OUTREACH_TEST_ENGINE narrows to one)."""
    copy = await migrated_on(request.param, request).copy(tmp_path)
    yield copy.url
    await copy.drop()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """A fresh migrated database, connected; answers its URL."""
    context = await connect(database_url, KEYS)
    with context:
        yield database_url
        await context.close_connections()


@pytest.fixture
def now() -> datetime:
    """Noon in Shanghai."""
    return NOON
