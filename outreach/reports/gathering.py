"""The tallies of a stretch of time: from rollups where they are right, from rows where they are not or not yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.models import RollupState
from outreach.models.statements import fetch, moment_in
from outreach.reports.facts import Wanted, read_facts
from outreach.reports.packing import Tally, unpack
from outreach.reports.spans import HOUR, HOURLY, Span, cover, first_hour, hour_in, hours_between, joined
from outreach.reports.tallying import Subject, tally

BY_ROWS = timedelta(days=2)
"""A stretch up to so long is read from rows: they are few, and their times are not rounded to hours."""
TRIES = 3
AT_ONCE = 500
CELLS = (
    "SELECT starts_at, area_id, category_id, source_id, policy_id, severity, figures, reasons FROM rollup"
    " WHERE level = $1 AND ($2 = '' OR area_id IN"
    " (SELECT CAST(id AS text) FROM area WHERE substr(path, 1, $3) = $2)) AND starts_at IN ({})"
)
MARKED = (
    "SELECT DISTINCT w.received_at AS at FROM rollup_mark m JOIN target t ON t.id = m.target_id"
    " JOIN warning w ON w.id = t.warning_id WHERE m.ended_at <= $1"
)


@dataclass(frozen=True)
class Gathered:
    """Tallies by subject; `settled`: what ended up to then came from rollups, None where all came from rows."""

    tallies: Mapping[Subject, Tally]
    settled: datetime | None


async def gather(frm: datetime, to: datetime, now: datetime, zone: ZoneInfo, area_path: str = "") -> Gathered:
    """The tallies of targets received in [frm, to), in the area and below it."""
    tries = 0
    while True:
        state, before = await RollupState.get_or_none(id=1), await _version()
        if state is None or state.zone != zone.key or to - frm <= BY_ROWS:
            return Gathered(await _rows([Wanted(frm, to, area_path)], now, zone), None)
        found, tries = await _gather(frm, to, now, zone, area_path, state.until), tries + 1
        if await _version() == before or tries == TRIES:
            return Gathered(found, state.until)


async def _version() -> tuple[int, int]:
    """Differs when rollups were written meanwhile, or something they hold was changed."""
    rows = await fetch(
        "SELECT (SELECT version FROM rollup_state) AS rolled, (SELECT max(seq) FROM rollup_mark) AS marked"
    )
    return rows[0]["rolled"] or 0, rows[0]["marked"] or 0


async def _gather(
    frm: datetime, to: datetime, now: datetime, zone: ZoneInfo, area_path: str, until: datetime
) -> dict[Subject, Tally]:
    rolled = await rolled_hours(frm, to)
    wrong = (await marked_hours(until)) & rolled
    spans = cover(frm, to, zone, await _rolled_until(frm))
    hours = set(spans[HOURLY])
    total: dict[Subject, Tally] = {}
    for level, begins in spans.items():
        await _add_cells(total, level, [b for b in begins if level != HOURLY or b in rolled - wrong], area_path)
    # A day or month holds its wrong hours too: they are taken out of it, and read from rows.
    await _add_cells(total, HOURLY, [hour for hour in wrong if hour not in hours], area_path, -1)
    unrolled = (set(hours_between(frm, to)) - rolled) | wrong
    ended = [Wanted(*span, area_path, until, True) for span in (*joined(unrolled), *_edges(frm, to))]
    rows = await _rows([*ended, Wanted(frm, to, area_path, until, False)], now, zone)
    for subject, found in rows.items():
        total.setdefault(subject, Tally()).add(found)
    return total


def _edges(frm: datetime, to: datetime) -> list[Span]:
    """What of the stretch lies in no whole hour of it."""
    begin, end = first_hour(frm), hour_in(to)
    if begin > end:
        return [(frm, to)]
    return [span for span in ((frm, begin), (end, to)) if span[0] < span[1]]


async def rolled_hours(frm: datetime, to: datetime) -> set[datetime]:
    """The hours in [frm, to) that are rolled."""
    rows = await fetch("SELECT starts_at FROM rollup_hour WHERE starts_at >= $1 AND starts_at < $2", frm, to)
    return {moment for row in rows if (moment := moment_in(row["starts_at"]))}


async def _rolled_until(frm: datetime) -> datetime:
    last = moment_in((await fetch("SELECT max(starts_at) AS last FROM rollup_hour"))[0]["last"])
    return last + HOUR if last else frm


async def marked_hours(until: datetime) -> set[datetime]:
    """The hours of what has changed since it was rolled as ended up to `until`."""
    return {hour_in(moment) for row in await fetch(MARKED, until) if (moment := moment_in(row["at"]))}


async def _rows(wanted: Sequence[Wanted], now: datetime, zone: ZoneInfo) -> dict[Subject, Tally]:
    total: dict[Subject, Tally] = {}
    for each in wanted:
        # Arithmetic of seconds for a busy day, which must not hold up the warnings coming in.
        for subject, found in (await asyncio.to_thread(tally, await read_facts(each), now, zone)).items():
            total.setdefault(subject, Tally()).add(found)
    return total


async def _add_cells(
    total: dict[Subject, Tally], level: str, begins: Sequence[datetime], area_path: str, times: int = 1
) -> None:
    for some in range(0, len(begins), AT_ONCE):
        rows = await read_cells(level, begins[some : some + AT_ONCE], area_path)
        await asyncio.to_thread(_sum, total, rows, times)


async def read_cells(level: str, begins: Sequence[datetime], area_path: str = "") -> list[dict[str, object]]:
    """The rollups of a level that begin then."""
    places = ", ".join(f"${number}" for number in range(4, 4 + len(begins)))
    return await fetch(CELLS.format(places), level, area_path, len(area_path), *begins) if begins else []


def subject_of(row: Mapping[str, object]) -> Subject:
    """What the row is a rollup of."""
    return Subject(*(str(row[name]) for name in ("area_id", "category_id", "policy_id", "severity")))


def _sum(total: dict[Subject, Tally], rows: Iterable[Mapping[str, object]], times: int) -> None:
    for row in rows:
        total.setdefault(subject_of(row), Tally()).add(unpack(str(row["figures"]), str(row["reasons"])), times)
