"""How the tasks are spread over the responders: a spread of numbers, in which nobody can be recognised by name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import compress
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from tortoise.transactions import in_transaction

from outreach.models import ResponderLoad, RollupState, Task
from outreach.models.statements import fetch
from outreach.reports.spans import DAILY, HOURLY, MONTHLY, Span, cover, edges, hour_in, joined, span_of
from outreach.reports.tree import EVERYWHERE, Tree, read_tree

NEVER = datetime.max.replace(tzinfo=UTC)
TAKEN = (
    "SELECT k.responder_id AS responder, o.area_id AS area, o.category_id AS category, o.severity AS severity,"
    " count(*) AS tasks FROM task k JOIN outreach o ON o.id = k.outreach_id"
    " WHERE NOT o.exercise AND k.accepted_at >= $1 AND k.accepted_at < $2"
    " GROUP BY k.responder_id, o.area_id, o.category_id, o.severity"
)
OF_DAYS = "SELECT area_id AS area, tasks FROM responder_load WHERE level = 'day' AND starts_at >= $1 AND starts_at < $2"
KEPT = "SELECT tasks FROM responder_load WHERE level = $1 AND area_id IN ({areas}) AND starts_at IN ({begins})"
TENTHS = 10
"""A tenth of fewer responders would be less than one of them."""
Tasks = Counter[tuple[str, str, str]]
"""How many, by the ids of the case's category, its severity and the responder's id."""
Wanted = Callable[[str, str], bool]
"""Whether tasks of a category (its id) and a severity count."""


@dataclass(frozen=True)
class Load:
    """How many responders took how many tasks: the least, the middle, nine in ten and the most of one of them.

    `busiest_tenth` is the share (0 to 1) of all tasks that the busiest tenth took; 0.1 would be an even spread, and
    None stands for fewer than ten responders.
    """

    responders: int
    tasks: int
    least: int
    median: float
    ninth_tenth: float
    most: int
    busiest_tenth: float | None


def _all(_category: str, _severity: str) -> bool:
    return True


async def load(frm: datetime, to: datetime, zone: ZoneInfo, area_path: str = "", wanted: Wanted = _all) -> Load:
    """The spread of tasks taken in [frm, to) for the wanted cases in the area and below it, over those who took any.

    A case is of the category and severity that it had when the task's day was counted, or has now.
    """
    tree, state = await read_tree(), await RollupState.get_or_none(id=1)
    counted = min(to, state.load_until) if state is not None and state.zone == zone.key else frm
    spans = cover(frm, counted, zone, NEVER) if counted > frm else {}
    tasks: Counter[str] = Counter()
    tops = sorted(tree.tops(area_path)) if area_path else [EVERYWHERE]
    for level in (MONTHLY, DAILY):
        for kept in await _kept(level, spans.get(level, []), tops):
            tasks.update(_by_responder(kept, wanted))
    beside: list[Span] = [*joined(spans.get(HOURLY, [])), (max(frm, counted), to)]
    beside += edges(frm, counted) if counted > frm else []
    inside = tree.lies_in(area_path)
    for begin, end in beside:
        for area, taken in (await _taken(begin, end)).items():
            for (category, severity, responder), number in taken.items():
                tasks[responder] += number if inside(area) and wanted(category, severity) else 0
    return spread([number for number in tasks.values() if number])


async def _kept(level: str, begins: list[datetime], areas: list[str]) -> list[str]:
    if not begins or not areas:
        return []
    marks = [f"${number}" for number in range(2, 2 + len(areas) + len(begins))]
    sql = KEPT.format(areas=", ".join(marks[: len(areas)]), begins=", ".join(marks[len(areas) :]))
    return [row["tasks"] for row in await fetch(sql, level, *areas, *begins)]


async def _taken(frm: datetime, to: datetime) -> dict[str, Tasks]:
    """The tasks taken in [frm, to), by the area of their case."""
    found: dict[str, Tasks] = defaultdict(Counter)
    for row in await fetch(TAKEN, frm, to):
        whose = str(row["category"]), str(row["severity"]), str(row["responder"])
        found[str(row["area"] or EVERYWHERE)][whose] += int(row["tasks"])
    return found


def spread(tasks: list[int]) -> Load:
    """The spread of these numbers, one for each responder."""
    if not tasks:
        return Load(0, 0, 0, 0.0, 0.0, 0, None)
    ordered = np.sort(np.array(tasks))
    total = int(ordered.sum())
    busiest = float(ordered[-round(len(tasks) / TENTHS) :].sum()) / total if len(tasks) >= TENTHS else None
    middle, ninth = (float(np.quantile(ordered, share)) for share in (0.5, 0.9))
    return Load(len(tasks), total, int(ordered[0]), middle, ninth, int(ordered[-1]), busiest)


async def roll_days(until: datetime, zone: ZoneInfo) -> None:
    """Count the tasks of the days and months that are over; who accepted when never changes."""
    tree = await read_tree()
    while True:
        async with in_transaction():
            state = await RollupState.select_for_update().get(id=1)
            day = await _next_day(state.load_until, until, zone)
            if day is None:
                return
            begin, end = span_of(DAILY, day, zone)
            await _write(DAILY, begin, _with_larger(await _taken(begin, end), tree))
            state.load_until = end
            await state.save(update_fields=["load_until"])
            month, over = span_of(MONTHLY, begin, zone)
            if end == over:
                await _write(MONTHLY, month, await _of_days(month, over))


async def _next_day(done: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """The next day to count: each, since the first on which anybody took anything."""
    task = await Task.filter(accepted_at__gte=done).order_by("accepted_at").first().only("accepted_at")
    if task is None:
        return None
    begun = await Task.filter(accepted_at__lt=done).exists()
    begin, end = span_of(DAILY, done if begun else hour_in(task.accepted_at), zone)
    return begin if end <= until else None


def _with_larger(taken: dict[str, Tasks], tree: Tree) -> dict[str, Tasks]:
    """The same counted for the area itself and for each that it lies in."""
    found: dict[str, Tasks] = defaultdict(Counter)
    for area, tasks in taken.items():
        for each in {area, *tree.chain(area)}:
            found[each].update(tasks)
    return found


async def _of_days(frm: datetime, to: datetime) -> dict[str, Tasks]:
    found: dict[str, Tasks] = defaultdict(Counter)
    for row in await fetch(OF_DAYS, frm, to):
        found[row["area"]].update(_unpacked(row["tasks"]))
    return found


def _packed(tasks: Tasks) -> str:
    """The kinds of cases once, and of each responder a number for each: of a city and month tens of kilobytes."""
    kinds = {
        kind: place for place, kind in enumerate(sorted({(category, severity) for category, severity, _ in tasks}))
    }
    numbers: dict[str, list[int]] = defaultdict(lambda: [0] * len(kinds))
    for (category, severity, responder), number in tasks.items():
        numbers[responder][kinds[category, severity]] = number
    return json.dumps({"kinds": list(kinds), "tasks": numbers}, separators=(",", ":"))


def _unpacked(packed: str) -> Tasks:
    kept, found = json.loads(packed), Tasks()
    for responder, numbers in kept["tasks"].items():
        by_kind = zip(kept["kinds"], numbers, strict=True)
        found.update({(*kind, responder): number for kind, number in by_kind if number})
    return found


def _by_responder(packed: str, wanted: Wanted) -> dict[str, int]:
    kept = json.loads(packed)
    good = [wanted(*kind) for kind in kept["kinds"]]
    return {who: sum(compress(numbers, good)) for who, numbers in kept["tasks"].items()}


async def _write(level: str, begin: datetime, found: dict[str, Tasks]) -> None:
    await ResponderLoad.filter(level=level, starts_at=begin).delete()
    said = {"level": level, "starts_at": begin}
    rows = [
        ResponderLoad(id=_id(level, begin, area), area_id=area, tasks=_packed(tasks), **said)
        for area, tasks in found.items()
    ]
    await ResponderLoad.bulk_create(rows, batch_size=400)


def _id(level: str, begin: datetime, area: str) -> UUID:
    return UUID(bytes=blake2b(f"{level}|{begin.isoformat()}|{area}".encode(), digest_size=16).digest())
