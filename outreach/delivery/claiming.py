"""Taking rows that are due to be sent, each by one process only: what is urgent first, and no faster than allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.delivery.lanes import Lane
from outreach.delivery.pacing import Budget, budget
from outreach.models import Sent
from outreach.models.statements import fetch, select

S = TypeVar("S", bound=Sent)

CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT s.id FROM "{table}" s {joins}
        WHERE s.status = 'queued' AND s.send_after <= $1 AND (s.urgent OR $3) AND ({only})
        ORDER BY s.urgent DESC, s.send_after LIMIT $2 FOR UPDATE OF s SKIP LOCKED)
    UPDATE "{table}" SET status = 'sending', sending_at = $1, tries = tries + 1
    WHERE status = 'queued' AND id IN (SELECT id FROM due)
    RETURNING *"""
"""Takes the urgent ones, then those that have waited longest, and none that another process is taking. They are picked
once, apart: PostgreSQL may run a subquery again for each row, and its limit would then hold for each alone."""
URGENT = """SELECT 1 AS one FROM {rows} AND s.status = 'queued' AND s.urgent AND s.send_after <= $1 LIMIT 1"""
WAITING = """SELECT id FROM "{table}" WHERE status = 'queued' AND send_after <= $1 LIMIT 1"""
EVERYTHING = (Lane("TRUE"),)

_mine: set[UUID] = set()


@dataclass(frozen=True)
class Room:
    """How many sends may be taken up (`most`); `urgent_only` when what room there is, is kept for those."""

    most: int
    urgent_only: bool = False


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


async def claim(model: type[S], now: datetime, room: Room, lanes: Sequence[Lane] = EVERYTHING) -> list[S]:
    """Due rows of these lanes, as many as there is room for and the lanes' limits allow.

    They are committed as *sending* before anybody talks to a provider; the urgent ones come first.
    """
    if any(lane.limits for lane in lanes):
        rows = await _paced(model, now, room, lanes)
    else:
        everything = Lane(" OR ".join(f"({lane.only})" for lane in lanes))
        rows = await _take(model, everything, now, room.most, room.urgent_only)
    return sorted(rows, key=lambda row: (not row.urgent, row.send_after))


async def _paced(model: type[S], now: datetime, room: Room, lanes: Sequence[Lane]) -> list[S]:
    if not await fetch(WAITING.format(table=model._meta.db_table), now):
        return []
    taken: list[S] = []
    async with in_transaction():
        left = await budget((limit for lane in lanes for limit in lane.limits), now)
        # What is urgent in any lane comes before what is not in another.
        for urgent_only in (True,) if room.urgent_only else (True, False):
            pressed = [] if urgent_only else [lane for lane in lanes if await _others_are_urgent(lane, now)]
            for lane in lanes:
                if any(_goes_before(other, lane, left) for other in pressed):
                    continue
                most = left.left(lane.limits, room.most - len(taken))
                rows = await _take(model, lane, now, most, urgent_only) if most else []
                left.use(lane.limits, len(rows))
                taken += rows
        await left.keep()
    return taken


def _goes_before(pressed: Lane, lane: Lane, left: Budget) -> bool:
    """Whether what is urgent elsewhere in `pressed` holds back what is calm in `lane`; it must be able to leave."""
    shared = set(pressed.limits) & set(lane.limits)
    return pressed is lane or bool(shared and left.left(pressed.limits, 1))


async def _others_are_urgent(lane: Lane, now: datetime) -> bool:
    """Whether rows of another table, under the same limits, are more urgent than what is left here."""
    return bool(lane.rivals and lane.limits and await fetch(URGENT.format(rows=lane.rivals), now))


async def _take(model: type[S], lane: Lane, now: datetime, most: int, urgent_only: bool) -> list[S]:
    sql = CLAIM.format(table=model._meta.db_table, joins=lane.joins, only=lane.only)
    return await select(model, sql, now, most, not urgent_only)
