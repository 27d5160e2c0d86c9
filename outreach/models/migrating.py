"""Bringing the tables up to date, safely when several processes start at once."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as apply_migrations

from outreach.errors import MisSet
from outreach.models.connecting import database_config, is_sqlite

MIGRATION_LOCK = 0x6F757472
"""The advisory lock's number: the first letters of the name, so that it is recognised in pg_locks."""


async def migrate(database_url: str) -> None:
    """Apply the migrations that are missing, one process at a time; the others wait and then find nothing to do."""
    config = database_config(database_url, pool=2)
    async with _alone(database_url, config):
        if is_sqlite(database_url):
            # Rebuilding a table deletes and refills it: with foreign keys on, that would take its children along.
            config["connections"]["default"]["credentials"]["foreign_keys"] = "OFF"
        await apply_migrations(config=config)
        await get_connection("default").close()


@asynccontextmanager
async def _alone(database_url: str, config: dict[str, Any]) -> AsyncIterator[None]:
    credentials = config["connections"]["default"]["credentials"]
    held = _file_lock(credentials["file_path"]) if is_sqlite(database_url) else _advisory_lock(credentials)
    async with held:
        yield


@asynccontextmanager
async def _file_lock(path: str) -> AsyncIterator[None]:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        opened = Path(f"{path}.migrate-lock").open("w")  # noqa: ASYNC230, SIM115
    except OSError as no:
        raise MisSet(f"The file of DATABASE_URL cannot be written ({no.strerror}).") from None
    with opened as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield


@asynccontextmanager
async def _advisory_lock(credentials: dict[str, Any]) -> AsyncIterator[None]:
    names = {k: credentials[k] for k in ("host", "port", "user", "password", "database")}
    try:
        connection = await asyncpg.connect(**names)
    except (OSError, TimeoutError, asyncpg.PostgresError) as no:
        # The class alone: the server's own words may repeat the URL.
        raise MisSet(f"The database of DATABASE_URL cannot be reached ({type(no).__name__}).") from None
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        yield
    finally:
        await connection.close()
