"""Fixtures every test may use: `database` is a migrated, empty database on each engine in turn, connected."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from outreach.models.connecting import connect
from outreach.models.sealing import Keyring
from tests.harness.databases import ENGINES, TEMPLATES, PostgresServer, empty_sqlite, migrated_on

KEYS = Keyring("t1", {"t1": b"t" * 32}, b"h" * 32)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A run in the background of a shell ignores Ctrl-C, and so would every command that a test starts and ends by it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, the time at which tests begin."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder in which the workers of this run find what each of them copies: migrated, empty databases."""
    if not hasattr(config, "workerinput"):
        os.environ[TEMPLATES] = tempfile.mkdtemp(prefix="outreach-templates-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it, after the last worker ended."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[TEMPLATES], ignore_errors=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a file that calls itself slow, and those of the browser, unread where no slow test is wanted."""
    if config.option.markexpr != "not slow" or not collection_path.name.startswith("test_"):
        return None
    slow = collection_path.parent.name in BROWSERS or SLOW in collection_path.read_text(encoding="utf-8")
    return slow or None


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Hand out the tests one by one, but those that look at one long rehearsal together, and these first."""
    return Together(config, log)


class Together(LoadScopeScheduling):
    """Which tests go to one worker; the marks of pytest-xdist 3.8 for that have no effect under pytest 9.2.

    Rehearsals run faster than life and are late where two of them share a machine: one worker has them all, in turn.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "rehearsals" if nodeid.startswith(REHEARSALS) else nodeid


BROWSERS = ("phone", "board")
SLOW = "\npytestmark = pytest.mark.slow\n"
REHEARSALS = ("tests/test_demo.py", "tests/phone/test_the_demo.py")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this worker, with a migrated `template_outreach`."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """A migrated, empty SQLite file to copy."""
    return empty_sqlite()


@pytest.fixture(params=ENGINES)
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
