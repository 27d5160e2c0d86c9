"""Taking rows that are due to be sent, each by one process only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from outreach.models import Sent
from outreach.models.moves import move_all
from outreach.models.states import SendStatus

S = TypeVar("S", bound=Sent)

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


async def claim(model: type[S], now: datetime, limit: int, **only: object) -> list[S]:
    """Up to `limit` due rows (of those that fit `only`), committed as *sending* before anybody talks to a provider."""
    async with in_transaction():
        due = model.filter(status=SendStatus.QUEUED, send_after__lte=now, **only).order_by("send_after").limit(limit)
        ids = [row.id for row in await due.select_for_update(skip_locked=True)]
        if not ids:
            return []
        await move_all(model, ids, SendStatus.SENDING, sending_at=now, tries=F("tries") + 1)
        return await model.filter(id__in=ids, status=SendStatus.SENDING).order_by("send_after")
