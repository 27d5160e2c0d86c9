"""What a database wants done at night: fresh statistics for its planner, and on SQLite a short journal."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from outreach.models.connecting import database_config, is_sqlite
from outreach.models.inbox import ProviderEvent
from outreach.models.visiting import VisitCodeTry

PATIENCE_S = 2.0
ROWS_LOOKED_AT = 400
"""Entries of an index that SQLite samples: enough for its planner, and writers wait for milliseconds only."""

WORDS_KEPT = timedelta(days=90)
"""How long what the provider called back to say is kept: longer than anybody asks after one text or call."""
TRIES_KEPT = timedelta(days=90)
"""How long it is kept that somebody asked about a visitor's code: long enough to look into a false visitor."""


async def forget_words(now: datetime) -> int:
    """Delete the provider's old words; answers how many."""
    return await ProviderEvent.filter(at__lt=now - WORDS_KEPT).delete()


async def forget_code_tries(now: datetime) -> int:
    """Delete the old tries of visitors' codes; answers how many."""
    return await VisitCodeTry.filter(at__lt=now - TRIES_KEPT).delete()


async def tidy(database_url: str) -> None:
    """Refresh the statistics of the connected database, whose URL this is; safe at any time and twice at once."""
    if not is_sqlite(database_url):
        await get_connection("default").execute_query("ANALYZE")
        return
    # On our own connection, since SQLite reads statistics only into the one that makes them; and in a transaction,
    # since between another task's BEGIN and COMMIT they would be lost with its rollback.
    async with in_transaction() as connection:
        await connection.execute_query(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        await connection.execute_query("PRAGMA optimize")
    path = database_config(database_url)["connections"]["default"]["credentials"]["file_path"]
    await asyncio.to_thread(_shorten_journal, path)


def _shorten_journal(path: str) -> None:
    # It keeps writers out while it waits for readers: with the patience of our other connections they would notice.
    # One who reads longer than this leaves the rest of the journal for the next night.
    with closing(sqlite3.connect(path, timeout=PATIENCE_S)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
