"""Writing rollups: those of some hours are replaced, and the days and months they are part of take the difference.

All is read and worked out before the transaction, which only writes; whoever calls it makes sure that nobody wrote
meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.models import Rollup
from outreach.reports.sheets import Parts, Sheet, empty, pack, summed, unpack
from outreach.reports.spans import DAILY, HOURLY, MONTHLY, span_of
from outreach.reports.tree import EVERYWHERE, Tree, read_tree
from outreach.reports.views import EACH, cells_of

AT_ONCE = 400
T = TypeVar("T")
Sheets = Mapping[datetime, Sheet]


class Key(NamedTuple):
    """Which rollup: the level and begin of its stretch, the area it is of, and the view."""

    level: str
    starts_at: datetime
    area: str
    view: str

    @property
    def id(self) -> UUID:
        """Its row's, the same whoever makes it."""
        said = "|".join((self.level, self.starts_at.isoformat(), self.area, self.view))
        return UUID(bytes=blake2b(said.encode(), digest_size=16).digest())


@dataclass(frozen=True)
class Plan:
    """Rows to write, and the ids of those that they replace or that have nothing to say any more."""

    gone: list[UUID]
    rows: list[Rollup]


async def planned(hours: Sequence[datetime], sheets: Sheets, zone: ZoneInfo) -> Plan:
    """What puts these sheets in the place of what was rolled of the hours."""
    tree, kept = await read_tree(), await _read([_hourly(hour) for hour in hours])
    before = {key.starts_at: sheet for key, sheet in kept.items()}
    changes = await asyncio.to_thread(_changes, before, sheets, zone, tree)
    known = await _read(list(changes))
    longer = await asyncio.to_thread(_summed, known, changes)
    wanted = {_hourly(hour): sheets.get(hour, empty()) for hour in hours} | longer
    rows = await asyncio.to_thread(lambda: [_row(key, sheet) for key, sheet in wanted.items() if sheet])
    return Plan([key.id for key in (*kept, *known)], rows)


async def write(plan: Plan) -> None:
    """Do as planned; call it in a transaction, the state locked, and only if nobody wrote since it was planned."""
    for some in _some(plan.gone):
        await Rollup.filter(id__in=some).delete()
    await Rollup.bulk_create(plan.rows, batch_size=AT_ONCE)


def _hourly(hour: datetime) -> Key:
    return Key(HOURLY, hour, EVERYWHERE, EACH)


def _changes(before: Sheets, after: Sheets, zone: ZoneInfo, tree: Tree) -> dict[Key, Sheet]:
    """By how much each day and month changes."""
    days: dict[datetime, Parts] = {}
    for known, times in ((before, -1), (after, 1)):
        for hour, sheet in known.items():
            days.setdefault(span_of(DAILY, hour, zone)[0], []).append((sheet, times))
    changes: dict[Key, Sheet] = {}
    months: dict[Key, Parts] = {}
    for day, parts in days.items():
        month = span_of(MONTHLY, day, zone)[0]
        for (area, view), sheet in cells_of(summed(parts), tree).items():
            changes[Key(DAILY, day, area, view)] = sheet
            months.setdefault(Key(MONTHLY, month, area, view), []).append((sheet, 1))
    return changes | {key: summed(parts) for key, parts in months.items()}


def _summed(known: Mapping[Key, Sheet], changes: Mapping[Key, Sheet]) -> dict[Key, Sheet]:
    return {key: summed([(known[key], 1), (sheet, 1)]) if key in known else sheet for key, sheet in changes.items()}


async def _read(keys: Sequence[Key]) -> dict[Key, Sheet]:
    by_id = {key.id: key for key in keys}
    found: dict[Key, Sheet] = {}
    for some in _some(list(by_id)):
        rows = await Rollup.filter(id__in=some).only("id", "figures")
        found |= await asyncio.to_thread(_unpacked, rows, by_id)
    return found


def _unpacked(rows: Iterable[Rollup], by_id: Mapping[UUID, Key]) -> dict[Key, Sheet]:
    return {by_id[row.id]: unpack(row.figures) for row in rows}


def _row(key: Key, sheet: Sheet) -> Rollup:
    said = {"level": key.level, "starts_at": key.starts_at, "area_id": key.area, "part": key.view}
    return Rollup(id=key.id, figures=pack(sheet), **said)


def _some(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
