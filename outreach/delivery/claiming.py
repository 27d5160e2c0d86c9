"""Taking rows that are due to be sent, each by one process only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from outreach.models import Sent
from outreach.models.statements import select

S = TypeVar("S", bound=Sent)

CLAIM = """
    UPDATE "{table}" SET status = 'sending', sending_at = $1, tries = tries + 1
    WHERE status = 'queued' AND id IN (
        SELECT id FROM "{table}" WHERE status = 'queued' AND send_after <= $1
        ORDER BY send_after LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING *"""
"""Takes the rows that have waited longest and that no other process is taking."""

_mine: set[UUID] = set()


@contextmanager
def under_way(rows: Iterable[Sent]) -> Iterator[None]:
    """While this lasts, this process is sending these rows: however slow, nobody here takes them for lost."""
    ids = {row.id for row in rows}
    _mine.update(ids)
    try:
        yield
    finally:
        _mine.difference_update(ids)


def is_under_way(row_id: UUID) -> bool:
    """Whether this process is sending that row at this moment."""
    return row_id in _mine


async def claim(model: type[S], now: datetime, limit: int) -> list[S]:
    """Up to `limit` due rows, committed as *sending* before anybody talks to a provider."""
    rows = await select(model, CLAIM.format(table=model._meta.db_table), now, limit)
    return sorted(rows, key=lambda row: row.send_after)
