"""Reading the targets of a report and the moments of their contacts, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models import Attempt, Offer, Target, Task

CHUNK = 5000
"""Ids to one query: SQLite takes 32,766 variables, PostgreSQL one fewer than that."""

Moments = dict[str, list[datetime]]
COLUMNS = {
    "outreach_id": "outreach_id",
    "detected": "warning__detected_at",
    "received": "warning__received_at",
    "severity": "warning__severity",
    "category": "warning__category__code",
    "source": "warning__source__code",
    "policy": "outreach__policy__name",
    "policy_version": "outreach__policy__version",
    "area": "outreach__area__path",
    "contacted": "contacted_at",
    "reached": "reached_at",
    "channel": "reached_by",
    "role": "reached_role",
    "convinced": "convinced_at",
    "accurate": "accurate",
    "ended": "ended_at",
    "end_state": "end_state",
    "told": "told_at",
}


@dataclass(frozen=True)
class Row:
    """One target with what a report asks of it."""

    outreach_id: UUID
    detected: datetime
    received: datetime
    severity: str
    category: str
    source: str
    policy: str
    policy_version: int
    area: str | None
    contacted: datetime | None
    reached: datetime | None
    channel: str | None
    role: str | None
    convinced: datetime | None
    accurate: bool | None
    ended: datetime | None
    end_state: str | None
    told: datetime | None


async def read_targets(
    frm: datetime, to: datetime, area_path: str | None = None, source_id: UUID | None = None
) -> list[Row]:
    """The targets of real warnings (no exercise) received in [frm, to), in the area and below it, from the source."""
    found = Target.filter(warning__received_at__gte=frm, warning__received_at__lt=to, warning__exercise=False)
    if area_path is not None:
        found = found.filter(outreach__area__path__startswith=area_path)
    if source_id is not None:
        found = found.filter(warning__source_id=source_id)
    rows = await found.order_by("id").values_list(*COLUMNS.values())
    return [Row(**dict(zip(COLUMNS, row, strict=True))) for row in rows]


async def read_moments(rows: Sequence[Row]) -> dict[UUID, Moments]:
    """When texts and calls left and arrived, tasks were offered, taken and arrived at, by outreach."""
    moments: dict[UUID, Moments] = defaultdict(lambda: defaultdict(list))
    for ids in _chunks(list({row.outreach_id for row in rows})):
        await _note(moments, Attempt, ids, {"first attempt": "sent_at", "delivered": "delivered_at"})
        await _note(moments, Offer, ids, {"offered": "offered_at"})
        await _note(moments, Task, ids, {"accepted": "accepted_at", "arrived": "arrived_at"})
    return moments


async def _note(moments: dict[UUID, Moments], model: Any, ids: list[UUID], columns: dict[str, str]) -> None:
    for outreach_id, *times in await model.filter(outreach_id__in=ids).values_list("outreach_id", *columns.values()):
        for name, time in zip(columns, times, strict=True):
            if time is not None:
                moments[outreach_id][name].append(time)


def _chunks(ids: list[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
