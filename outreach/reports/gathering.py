"""The tallies of a stretch of time: from rollups where they are right, from rows where they are not or not yet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.models import RollupState
from outreach.models.statements import fetch, listed, moment_in
from outreach.reports.cells import Cells
from outreach.reports.facts import Facts, Wanted, read_facts
from outreach.reports.sheets import Parts, Sheet, summed
from outreach.reports.spans import DAILY, HOUR, HOURLY, MONTHLY, cover, edges, hour_in, hours_between, joined
from outreach.reports.tallying import tally
from outreach.reports.tree import read_tree
from outreach.reports.views import TOTAL, seen

BY_ROWS = timedelta(days=2)
"""A stretch up to so long is read from rows: they are few, and their times are not rounded to hours."""
TRIES = 3
MARKED = (
    "SELECT DISTINCT w.received_at AS at FROM rollup_mark m JOIN target t ON t.id = m.target_id"
    " JOIN warning w ON w.id = t.warning_id WHERE m.ended_at <= $1"
)


Version = tuple[int, int]


@dataclass(frozen=True)
class Gathered:
    """A sheet for each view; `settled`: what ended up to then came from rollups, None where all came from rows."""

    sheets: Mapping[str, Sheet]
    settled: datetime | None


@dataclass
class Unsettled:
    """What no rollup holds of [frm, to) in the area and below, for all who gather stretches of it: read once."""

    frm: datetime
    to: datetime
    area_path: str = ""
    _read: dict[tuple[datetime, Version], Facts] = field(default_factory=dict)

    async def of(self, frm: datetime, to: datetime, until: datetime, version: Version) -> Facts:
        """Those received in [frm, to) that had not ended by `until`, as they were when the rollups were so."""
        if (until, version) not in self._read:
            self._read[until, version] = await read_facts(Wanted(self.frm, self.to, self.area_path, until, False))
        return self._read[until, version].received_in(frm, to)


async def gather(
    frm: datetime,
    to: datetime,
    now: datetime,
    zone: ZoneInfo,
    area_path: str = "",
    views: Sequence[str] = (TOTAL,),
    unsettled: Unsettled | None = None,
) -> Gathered:
    """What the views show of the targets received in [frm, to), in the area and below it."""
    tries, unsettled = 0, unsettled or Unsettled(frm, to, area_path)
    while True:
        state, before = await RollupState.get_or_none(id=1), await _version()
        if state is None or state.zone != zone.key or to - frm <= BY_ROWS:
            parts = await _rows([Wanted(frm, to, area_path)], now, zone)
            return Gathered(await asyncio.to_thread(_seen, parts, {}, views), None)
        parts, kept = await _settled(frm, to, now, zone, area_path, views, state.until)
        open_still = await unsettled.of(frm, to, state.until, before)
        parts.append((await asyncio.to_thread(tally, open_still, now, zone), 1))
        tries += 1
        if await _version() == before or tries == TRIES:
            return Gathered(await asyncio.to_thread(_seen, parts, kept, views), state.until)


async def _version() -> Version:
    """Differs when rollups were written meanwhile, or something they hold was changed."""
    rows = await fetch(
        "SELECT (SELECT version FROM rollup_state) AS rolled, (SELECT max(seq) FROM rollup_mark) AS marked"
    )
    return rows[0]["rolled"] or 0, rows[0]["marked"] or 0


async def _settled(
    frm: datetime, to: datetime, now: datetime, zone: ZoneInfo, area_path: str, views: Sequence[str], until: datetime
) -> tuple[Parts, dict[str, list[Sheet]]]:
    """What had ended by `until`: parts that tell all apart, and what is kept for each view."""
    cells = Cells(await read_tree(), area_path)
    rolled = await rolled_hours(frm, to)
    wrong = (await marked_hours(until)) & rolled
    spans = cover(frm, to, zone, await _rolled_until(frm))
    hours = set(spans[HOURLY])
    kept = {
        view: [part for level in (MONTHLY, DAILY) for part in await cells.read(level, spans[level], view)]
        for view in views
    }
    parts = [(sheet, 1) for sheet in await cells.read_hours(sorted(hours & (rolled - wrong)))]
    # A day or month holds its wrong hours too: they are taken out of it, and read from rows.
    parts += [(sheet, -1) for sheet in await cells.read_hours(sorted(wrong - hours))]
    unrolled = (set(hours_between(frm, to)) - rolled) | wrong
    ended = [Wanted(*span, area_path, until, True) for span in (*joined(unrolled), *edges(frm, to))]
    return parts + await _rows(ended, now, zone), kept


async def rolled_hours(frm: datetime, to: datetime) -> set[datetime]:
    """The hours in [frm, to) that are rolled."""
    rolled = await listed({"at": "starts_at"}, "FROM rollup_hour WHERE starts_at >= $1 AND starts_at < $2", frm, to)
    return {moment for each in rolled["at"] if (moment := moment_in(each))}


async def _rolled_until(frm: datetime) -> datetime:
    last = moment_in((await fetch("SELECT max(starts_at) AS last FROM rollup_hour"))[0]["last"])
    return last + HOUR if last else frm


async def marked_hours(until: datetime) -> set[datetime]:
    """The hours of what has changed since it was rolled as ended up to `until`."""
    return {hour_in(moment) for row in await fetch(MARKED, until) if (moment := moment_in(row["at"]))}


async def _rows(wanted: Sequence[Wanted], now: datetime, zone: ZoneInfo) -> Parts:
    # Arithmetic of seconds for a busy day, which must not hold up the warnings coming in.
    return [(await asyncio.to_thread(tally, await read_facts(each), now, zone), 1) for each in wanted]


def _seen(parts: Parts, kept: Mapping[str, Sequence[Sheet]], views: Sequence[str]) -> dict[str, Sheet]:
    whole = summed(parts)
    return {view: summed([(seen(whole, view), 1), *((sheet, 1) for sheet in kept.get(view, ()))]) for view in views}
