"""For what share of the time nobody was on shift in a grid, by hour of the day: shifts without absences.

Who stands for which grid is told as `coverage` tells it. A year of shifts takes a tenth of a second, nearly as long as
all the rest of its report, so it is told of a month at the most.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from outreach.models.statements import dialect, fetch
from outreach.reports.coverage import homes_of
from outreach.reports.packing import HOURS, Counted
from outreach.reports.spans import HOUR, hour_in
from outreach.reports.tallying import HOUR_S, place_of

Rows = Sequence[dict[str, Any]]
Texts = Sequence[str]
Shares = list[float | None]
JOINED = {
    "sqlite": "group_concat(substr(s.{column}, 1, 19), '') AS {column}",
    "postgres": "string_agg(timestamptz_send(s.{column}), ''::bytea) AS {column}",
}
"""All moments of a responder in one value: a row for each shift takes some times as long to read."""
SPANS = (
    "SELECT CAST(r.id AS text) AS who, min(a.path) AS home, {starts}, {ends} FROM responder r"
    " JOIN area a ON a.id = r.area_id CROSS JOIN {table} s WHERE s.responder_id = r.id AND s.ends_at > $1"
    " AND s.starts_at < $2 AND ($3 = '' OR substr(a.path, 1, $4) = $3 OR substr($3, 1, length(a.path)) = a.path)"
    " GROUP BY r.id"
)
SINCE_2000 = 946_684_800
MOST_DAYS = 31
"""The longest period of which it is told."""


@dataclass(frozen=True)
class Spans:
    """Stretches of time in seconds, an entry each: from `starts` to `ends`, of the number `of`."""

    of: Counted
    starts: Counted
    ends: Counted

    def renumbered(self, numbers: Counted) -> Spans:
        """The same, each with the new number of its old one."""
        return Spans(numbers[self.of], self.starts, self.ends)


async def nobody_on_shift(grids: Texts, frm: datetime, to: datetime, zone: ZoneInfo, area_path: str = "") -> Shares:
    """For each of the 48 hours of weekdays and weekends the share (0 to 1) of the grids without anybody, in [frm, to).

    None for an hour that has not been, and for all without any grid; grids are paths in the area, the moments in UTC.
    """
    if not grids or to <= frm:
        return [None] * HOURS
    given = (frm, to, area_path, len(area_path))
    shifts, absences = [await fetch(_sql(table), *given) for table in ("shift", "absence")]
    return await asyncio.to_thread(_shares, grids, shifts, absences, frm, to, zone)


def _sql(table: str) -> str:
    joined = JOINED[dialect()]
    starts, ends = (joined.format(column=column) for column in ("starts_at", "ends_at"))
    return SPANS.format(table=table, starts=starts, ends=ends)


def _shares(grids: Texts, shifts: Rows, absences: Rows, frm: datetime, to: datetime, zone: ZoneInfo) -> Shares:
    first = hour_in(frm)
    begin, end = (int((moment - first).total_seconds()) for moment in (frm, to))
    people = {row["who"]: number for number, row in enumerate(shifts)}
    away = [row for row in absences if row["who"] in people]
    read = [_spans(rows, people, int(first.timestamp()), begin, end) for rows in (shifts, away)]
    places = {home: number for number, home in enumerate(sorted({row["home"] for row in shifts}))}
    homes = np.array([places[row["home"]] for row in shifts], np.int64)
    manned = _covered(_united(read[0], read[1]).renumbered(homes), grids, places)
    hours = -(-end // HOUR_S)
    always = Spans(np.zeros(1, np.int64), np.array([begin]), np.array([end]))
    there = np.array([place_of(first + HOUR * hour, zone) for hour in range(hours)], np.int64)
    seconds = (_by_hour(always, np.array([len(grids)]), hours), _by_hour(*manned, hours))
    whole, covered = (np.bincount(there, each, HOURS).tolist() for each in seconds)
    return [(all_ - some) / all_ if all_ else None for some, all_ in zip(covered, whole, strict=True)]


def _spans(rows: Rows, people: dict[str, int], first: int, begin: int, end: int) -> Spans:
    """Those of the rows between `begin` and `end`, in seconds since `first`, numbered by person."""
    starts, ends = (_moments([row[column] for row in rows]) for column in ("starts_at", "ends_at"))
    many = [len(row["starts_at"]) // (19 if isinstance(row["starts_at"], str) else 8) for row in rows]
    of = np.repeat(np.array([people[row["who"]] for row in rows], np.int64), many)
    return Spans(of, np.clip(starts - first, begin, end), np.clip(ends - first, begin, end))


def _moments(joined: Sequence[Any]) -> Counted:
    """The seconds since 1970 of moments joined as text, or as the microseconds since 2000 that PostgreSQL sends."""
    if joined and isinstance(joined[0], str):
        return np.frombuffer("".join(joined).encode(), "S19").astype("M8[s]").astype(np.int64)
    return np.frombuffer(b"".join(joined), ">i8").astype(np.int64) // 1_000_000 + SINCE_2000


def _united(some: Spans, without: Spans | None = None) -> Spans:
    """The stretches in which any of the same number holds and none of those of `without` does, apart and in order."""
    parts = [some] if without is None else [some, without]
    of, at, kind, step = (np.concatenate(each) for each in zip(*map(_events, parts, range(len(parts))), strict=True))
    wide = int(at.max(initial=0)) + 1
    order = np.argsort(of * wide + at, kind="stable")
    of, at = of[order], at[order]
    holding, taken = (np.cumsum(np.where(kind == which, step, 0)[order]) for which in (0, 1))
    # Of what happens at one moment only how it stands afterwards counts.
    last = np.append((of[1:] != of[:-1]) | (at[1:] != at[:-1]), True)[: of.size]
    of, at, on = of[last], at[last], ((holding > 0) & (taken == 0))[last]
    before = np.concatenate((np.zeros(min(1, on.size), bool), on[:-1]))
    return Spans(of[on & ~before], at[on & ~before], at[before & ~on])


def _events(spans: Spans, kind: int) -> tuple[Counted, Counted, Counted, Counted]:
    """Of each stretch its number, when it begins and ends, the kind of all, and by how much fewer or more hold then."""
    many = spans.of.size
    of, at = np.tile(spans.of, 2), np.concatenate((spans.starts, spans.ends))
    return of, at, np.full(2 * many, kind), np.repeat(np.array([1, -1]), many)


def _covered(duty: Spans, grids: Texts, homes: dict[str, int]) -> tuple[Spans, Counted]:
    """When anybody stands for a grid, and for how many grids so: those that the same people stand for are one."""
    by_home = _united(duty)
    begins = np.searchsorted(by_home.of, np.arange(len(homes) + 1))
    alike = Counter(tuple(homes[home] for home in homes_of(grid) if home in homes) for grid in grids)
    entries = [np.concatenate([np.arange(*begins[n : n + 2]) for n in each] or [_none()]) for each in alike]
    chosen = np.concatenate(entries)
    of = np.repeat(np.arange(len(entries)), [each.size for each in entries])
    merged = _united(Spans(of, by_home.starts[chosen], by_home.ends[chosen]))
    return merged, np.array(list(alike.values()), np.int64)[merged.of]


def _none() -> Counted:
    return np.zeros(0, np.int64)


def _by_hour(spans: Spans, weights: Counted, hours: int) -> NDArray[np.float64]:
    """How many seconds of each hour the stretches take, each so many times."""
    parts, whole = np.zeros(hours + 2), np.zeros(hours + 2)
    for at, sign in ((spans.starts, 1), (spans.ends, -1)):
        hour = at // HOUR_S
        parts += sign * np.bincount(hour, weights * (HOUR_S - at % HOUR_S), hours + 2)
        whole += sign * np.bincount(hour + 1, weights, hours + 2)
    return (parts + HOUR_S * np.cumsum(whole))[:hours]
