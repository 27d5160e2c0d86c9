"""How the tasks are spread over the responders: a spread of numbers, in which nobody can be recognised by name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from tortoise.transactions import in_transaction

from outreach.models import ResponderDay, RollupState, Task
from outreach.models.statements import fetch
from outreach.reports.spans import DAILY, hour_in, span_of

EVERY = "every"
"""In place of an area: all of them together, so that the whole city's year is read by responder and day."""
AT_ONCE = timedelta(days=1)
"""What shares a transaction."""
TAKEN = (
    "SELECT k.responder_id AS responder, o.area_id AS area, count(*) AS tasks FROM task k"
    " JOIN outreach o ON o.id = k.outreach_id WHERE NOT o.exercise AND k.accepted_at >= $1 AND k.accepted_at < $2"
    " GROUP BY k.responder_id, o.area_id"
)
TASKS = (
    "SELECT responder, sum(tasks) AS tasks FROM ("
    "SELECT responder_id AS responder, tasks FROM responder_day WHERE day >= $1 AND day < $2 AND {kept}"
    " UNION ALL SELECT k.responder_id, 1 FROM task k JOIN outreach o ON o.id = k.outreach_id"
    " WHERE NOT o.exercise AND k.accepted_at >= $3 AND k.accepted_at < $2 AND {since}) x GROUP BY responder"
)
BELOW = "IN (SELECT CAST(id AS text) FROM area WHERE substr(path, 1, $4) = $5)"
OF_ALL = TASKS.format(kept=f"area_id = '{EVERY}'", since="true")
OF_AREA = TASKS.format(kept=f"area_id {BELOW}", since=f"CAST(o.area_id AS text) {BELOW}")


@dataclass(frozen=True)
class Load:
    """How many responders took how many tasks: the least, the middle, nine in ten and the most of one of them.

    `busiest_tenth` is the share (0 to 1) of all tasks that the busiest tenth took; 0.1 would be an even spread.
    """

    responders: int
    tasks: int
    least: int
    median: float
    ninth_tenth: float
    most: int
    busiest_tenth: float | None


async def load(frm: datetime, to: datetime, zone: ZoneInfo, area_path: str = "") -> Load:
    """The spread of tasks taken in [frm, to) for cases in the area, over those who took any."""
    state = await RollupState.get_or_none(id=1)
    rolled = state.load_until if state is not None and state.zone == zone.key else frm
    times = (frm, to, max(frm, rolled))
    rows = await (fetch(OF_AREA, *times, len(area_path), area_path) if area_path else fetch(OF_ALL, *times))
    return spread([int(row["tasks"]) for row in rows])


def spread(tasks: list[int]) -> Load:
    """The spread of these numbers, one for each responder."""
    if not tasks:
        return Load(0, 0, 0, 0.0, 0.0, 0, None)
    ordered = np.sort(np.array(tasks))
    busiest = ordered[-max(1, round(len(tasks) / 10)) :]
    total = int(ordered.sum())
    middle, ninth = (float(np.quantile(ordered, share)) for share in (0.5, 0.9))
    return Load(len(tasks), total, int(ordered[0]), middle, ninth, int(ordered[-1]), float(busiest.sum()) / total)


async def roll_days(until: datetime, zone: ZoneInfo) -> None:
    """Count the tasks of the days that are over; who accepted when never changes."""
    while True:
        async with in_transaction():
            state = await RollupState.select_for_update().get(id=1)
            day = await _next_day(state.load_until, until, zone)
            if day is None:
                return
            end = day + AT_ONCE
            while day < end and (following := span_of(DAILY, day, zone)[1]) <= until:
                await _roll_day(day, following)
                state.load_until = day = following
            await state.save(update_fields=["load_until"])


async def _next_day(done: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    task = await Task.filter(accepted_at__gte=done).order_by("accepted_at").first().only("accepted_at")
    if task is None:
        return None
    begin, end = span_of(DAILY, hour_in(task.accepted_at), zone)
    return begin if end <= until else None


async def _roll_day(day: datetime, end: datetime) -> None:
    tasks: Counter[tuple[str, str]] = Counter()
    for row in await fetch(TAKEN, day, end):
        for area in (str(row["area"] or ""), EVERY):
            tasks[str(row["responder"]), area] += row["tasks"]
    await ResponderDay.filter(day=day).delete()
    await ResponderDay.bulk_create(
        [
            ResponderDay(id=_id(day, who, area), day=day, area_id=area, responder_id=UUID(who), tasks=number)
            for (who, area), number in tasks.items()
        ],
        batch_size=400,
    )


def _id(day: datetime, who: str, area: str) -> UUID:
    return UUID(bytes=blake2b(f"{day.isoformat()}|{who}|{area}".encode(), digest_size=16).digest())
