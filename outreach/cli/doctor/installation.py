"""The database and the sealing keys: looked at, and left as they are."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException
from tortoise.migrations.executor import MigrationExecutor

from outreach import notices
from outreach.cli.doctor.findings import Finding, change, note, ok
from outreach.errors import MisSet
from outreach.models import Category, Source
from outreach.models.connecting import connect, database_config, is_sqlite
from outreach.models.sealing import Keyring, keyed_hash, keyring_from_json, new_keyring, open_sealed
from outreach.models.statements import fetch
from outreach.reports import behind
from outreach.settings import Settings

SEALED = (("resident", "name"), ("responder", "name"), ("coordinator", "name"), ("source", "webhook_secret"))
PATIENCE_S = 15.0
WHAT = "Database"


class NoDatabase(Exception):
    """The file that would be the database does not exist."""


async def check_database(settings: Settings, now: datetime) -> list[Finding]:
    """Whether the keys are there, the database answers and is up to date, and the keys open what it holds."""
    ring, found = read_keys(settings)
    try:
        async with asyncio.timeout(PATIENCE_S), opened(settings, ring or new_keyring()):
            return [*found, *await _inside(settings, ring is not None, now)]
    except NoDatabase:
        return [*found, change(WHAT, "There is none at DATABASE_URL yet.", "`outreach migrate` makes it.")]
    except MisSet as wrong:
        return [*found, change(WHAT, str(wrong), "Correct DATABASE_URL.")]
    except (OSError, TimeoutError, BaseORMException, asyncpg.PostgresError) as wrong:
        # The driver's own words may hold the password of the URL.
        return [
            *found,
            change(WHAT, f"It does not answer ({type(wrong).__name__}).", "Check DATABASE_URL, and whether it runs."),
        ]


def read_keys(settings: Settings) -> tuple[Keyring | None, list[Finding]]:
    """The sealing keys, where there are any, and what is wrong with them; none are made."""
    about, file = "Sealing keys", settings.keys_file
    try:
        if settings.keys is not None:
            return keyring_from_json(settings.keys.get_secret_value()), []
        if not file.exists():
            return None, []
        ring = keyring_from_json(file.read_text())
    except MisSet as wrong:
        return None, [change(about, str(wrong), "Restore the keys from their backup.")]
    except (OSError, UnicodeDecodeError) as wrong:
        return None, [
            change(about, f"The keys file cannot be read ({type(wrong).__name__}).", "Let this user read it.")
        ]
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ring, [note(about, f"{file.name} can be read by others on this machine.", f"chmod 600 {file.name}")]
    return ring, []


@asynccontextmanager
async def opened(settings: Settings, ring: Keyring) -> AsyncIterator[None]:
    """The database, connected; one that is a file is not made."""
    if is_sqlite(settings.database_url):
        config = database_config(settings.database_url)["connections"]["default"]["credentials"]
        if not await asyncio.to_thread(Path(config["file_path"]).is_file):
            raise NoDatabase
    context = await connect(settings.database_url, ring)
    try:
        yield
    finally:
        await context.close_connections()


async def _inside(settings: Settings, has_keys: bool, now: datetime) -> list[Finding]:
    apps = database_config(settings.database_url)["apps"]
    await fetch("SELECT 1 AS one")
    missing = await MigrationExecutor(get_connection("default"), apps).plan()
    if missing:
        return [change(WHAT, f"It lacks {len(missing)} migrations.", "Run `outreach migrate`.")]
    if not await Category.all().exists():
        return [change(WHAT, "It holds no categories yet.", "Start `outreach serve` once: it installs them.")]
    engine = "SQLite" if is_sqlite(settings.database_url) else "PostgreSQL"
    return [ok(WHAT, f"{engine} answers and is up to date."), await _keys_open(has_keys), *await _work(now)]


async def _keys_open(has_keys: bool) -> Finding:
    about, opened_rows = "Sealing keys", 0
    sealed = [(column, text) for table, column in SEALED for text in await _ends(table, column)]
    if not has_keys:
        if sealed:
            return change(about, "What is stored is sealed, and there are no keys.", "Restore OUTREACH_KEYS_FILE.")
        return note(about, "There are none yet, and nothing is sealed.", "They are made on first start: back them up.")
    try:
        for column, text in sealed:
            open_sealed(text, column)
            opened_rows += 1
        found = await _found_again()
    except MisSet as wrong:
        return change(about, str(wrong), "Restore the keys file that belongs to this database.")
    if not found:
        return change(about, "Numbers are not found again: the hashing key is another.", "Restore the keys file.")
    return ok(about, "They open what is stored." if opened_rows else "They are there; nothing is sealed yet.")


async def _ends(table: str, column: str) -> list[str]:
    """The oldest and the newest sealed value of a column, as stored."""
    asked = f"SELECT {column} AS text FROM {table} WHERE {column} IS NOT NULL ORDER BY id"  # noqa: S608 - names of ours
    return [row["text"] for way in ("ASC", "DESC") for row in await fetch(f"{asked} {way} LIMIT 1")]


async def _found_again() -> bool:
    rows = await fetch("SELECT number, number_hash FROM phone ORDER BY id DESC LIMIT 1")
    return all(keyed_hash(open_sealed(row["number"], "number")) == row["number_hash"] for row in rows)


async def _work(now: datetime) -> list[Finding]:
    found, late = [], await behind(now)
    if not late.keeping_up:
        count = late.ladder.count + late.attempts.count + late.notices.count
        found.append(change("Work that waits", f"{count} steps or messages are late.", "Does `outreach serve` run?"))
    if given_up := len(await notices.given_up()):
        found.append(note("Sources", f"{given_up} news did not get through.", "See `outreach webhooks`."))
    if not await Source.all().exists():
        found.append(note("Sources", "There is none yet.", '`outreach source add police "City Police"` makes one.'))
    return found
