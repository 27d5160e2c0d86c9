"""Targets in columns, as arrays: what a figure is counted from, read by one statement and three for the moments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from outreach.models.statements import dialect, listed

Numbers = NDArray[np.float64]
Texts = list[str]
SCOPE = "NOT w.exercise AND w.received_at >= $1 AND w.received_at < $2 AND ($3 = '' OR substr(g.path, 1, $4) = $3)"
# Which table comes first is said, as SQLite reads CROSS JOIN, and what ended is kept from its index: those who ended
# are nearly all there are, and those still open are few whatever the time.
OUTREACH = "JOIN outreach o ON o.id = t.outreach_id LEFT JOIN area g ON g.id = o.area_id"
FROM = f"FROM warning w JOIN target t ON t.warning_id = w.id {OUTREACH}"
BY_TIME = f"FROM warning w CROSS JOIN target t {OUTREACH} WHERE t.warning_id = w.id AND {SCOPE}"
BY_END = f"FROM target t CROSS JOIN warning w {OUTREACH} WHERE w.id = t.warning_id AND {SCOPE}"
ENDED = "(t.ended_at <= $5) IS TRUE"
UNSETTLED = "(t.ended_at IS NULL OR t.ended_at > $5)"
TIMES = {
    "received": "w.received_at",
    "detected": "w.detected_at",
    "contacted": "t.contacted_at",
    "reached": "t.reached_at",
    "convinced": "t.convinced_at",
    "ended": "t.ended_at",
    "told": "t.told_at",
}
WORDS = {
    "severity": "w.severity",
    "category": "w.category_id",
    "policy": "o.policy_id",
    "area": "o.area_id",
    "contacted_by": "t.contacted_by",
    "reached_by": "t.reached_by",
    "end_state": "t.end_state",
    "end_reason": "t.end_reason",
    "lost_told_by": "t.lost_told_by",
}
FLAGS = {"accurate": "t.accurate", "defrauded": "t.defrauded", "lost": "t.lost"}
MOMENTS = {
    "attempt": {"first attempt": "sent_at", "delivered": "delivered_at"},
    "offer": {"offered": "offered_at"},
    "task": {"accepted": "accepted_at", "arrived": "arrived_at"},
}

FIRST = "min(CASE WHEN x.{column} >= r.received_at AND x.{column} <= r.reached_at THEN x.{column} END)"
THOSE = {
    "sqlite": "FROM json_each($1) j JOIN target t ON t.id = j.value",
    "postgres": "FROM jsonb_array_elements_text(CAST($1 AS jsonb)) j JOIN target t ON t.id = CAST(j.value AS uuid)",
}
"""Targets by a list of ids, however long, in one statement."""
PLACES = ("first", "second")
REACHED = (
    "WITH r AS MATERIALIZED (SELECT t.id AS id, t.outreach_id AS outreach_id, t.reached_at AS reached_at,"
    " w.received_at AS received_at {those} JOIN warning w ON w.id = t.warning_id) "
)
FIRST_OF = (
    "SELECT '{table}' AS kind, r.id AS id, {firsts} FROM r CROSS JOIN {table} x WHERE x.outreach_id = r.outreach_id"
    " GROUP BY r.id"
)


@dataclass(frozen=True)
class Facts:
    """So many targets, a column each: `times` in seconds (NaN: not known), `words` (empty: none), `flags` (NaN)."""

    ids: Texts
    times: dict[str, Numbers]
    words: dict[str, Texts]
    flags: dict[str, Numbers]

    def __len__(self) -> int:
        return len(self.ids)

    def received_in(self, frm: datetime, to: datetime) -> Facts:
        """Those of them received in [frm, to)."""
        received = self.times["received"]
        at = np.flatnonzero((received >= frm.timestamp()) & (received < to.timestamp()))
        if len(at) == len(self):
            return self
        return Facts(
            [self.ids[i] for i in at],
            {name: column[at] for name, column in self.times.items()},
            {name: [column[i] for i in at] for name, column in self.words.items()},
            {name: column[at] for name, column in self.flags.items()},
        )


@dataclass(frozen=True)
class Wanted:
    """Which targets: real ones received in [frm, to), in the area and below; `settled`: ended by then, or the others.

    `settled` None: all of them, whether ended or not.
    """

    frm: datetime
    to: datetime
    area_path: str = ""
    until: datetime | None = None
    settled: bool | None = None

    def chosen(self) -> tuple[str, list[object]]:
        """The tables and the condition, and its values."""
        given: list[object] = [self.frm, self.to, self.area_path, len(self.area_path)]
        if self.settled is None:
            return BY_TIME, given
        chosen = f"{BY_TIME} AND {ENDED}" if self.settled else f"{BY_END} AND {UNSETTLED}"
        return chosen, [*given, self.until]


def _firsts(table: str, moments: dict[str, str]) -> str:
    """The moments of one table, in the order of PLACES."""
    columns = [FIRST.format(column=column) for column in moments.values()]
    columns += ["NULL"] * (len(PLACES) - len(columns))
    named = ", ".join(f"{column} AS {place}" for column, place in zip(columns, PLACES, strict=True))
    return FIRST_OF.format(table=table, firsts=named)


FIRSTS = " UNION ALL ".join(_firsts(table, moments) for table, moments in MOMENTS.items())


async def read_facts(wanted: Wanted) -> Facts:
    """The targets wanted, with the first moments of what was tried for those reached."""
    chosen, values = wanted.chosen()
    columns = await listed({"id": "t.id", **TIMES, **WORDS, **FLAGS}, chosen, *values)
    facts = Facts(
        [str(each) for each in columns["id"]],
        {name: _seconds(columns[name]) for name in TIMES},
        {name: ["" if each is None else str(each) for each in columns[name]] for name in WORDS},
        {name: np.array([np.nan if each is None else each for each in columns[name]], float) for name in FLAGS},
    )
    return replace(facts, times=facts.times | await _moments(facts))


async def _moments(facts: Facts) -> dict[str, Numbers]:
    """When the first of each kind came, between the warning and the moment of reaching; later ones reached nobody."""
    place = {facts.ids[i]: i for i in np.flatnonzero(~np.isnan(facts.times["reached"]))}
    reached = REACHED.format(those=THOSE[dialect()])
    names = {name: name for name in ("kind", "id", *PLACES)}
    rows = await listed(names, f"FROM ({FIRSTS}) f", json.dumps(list(place)), head=reached)
    kinds, at = np.array(rows["kind"], str), np.array([place[str(each)] for each in rows["id"]], int)
    firsts = [_seconds(rows[name]) for name in PLACES]
    found: dict[str, Numbers] = {}
    for table, moments in MOMENTS.items():
        mine = np.flatnonzero(kinds == table)
        for number, name in enumerate(moments):
            found[name] = np.full(len(facts), np.nan)
            found[name][at[mine]] = firsts[number][mine]
    return found


def _seconds(moments: Sequence[str | datetime | None]) -> Numbers:
    read = (datetime.fromisoformat(each) if isinstance(each, str) else each for each in moments)
    return np.array([np.nan if each is None else each.timestamp() for each in read], float)
