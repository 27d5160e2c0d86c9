"""Writing rollups: those of some hours are replaced, and the days and months they are part of take the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.models import Rollup
from outreach.reports.packing import Tally, pack, unpack
from outreach.reports.spans import DAILY, HOURLY, MONTHLY, span_of
from outreach.reports.tallying import Kind, Subject

AT_ONCE = 400
T = TypeVar("T")


async def replace_hours(hours: Sequence[datetime], kinds: Mapping[Kind, Tally], zone: ZoneInfo) -> None:
    """Put these tallies in the place of what was rolled of the hours; call it in a transaction, the state locked."""
    before = await _take_out(hours)
    await _insert(_row(HOURLY, kind, found) for kind, found in kinds.items())
    for level in (DAILY, MONTHLY):
        difference: dict[Kind, Tally] = {}
        for known, times in ((before, -1), (kinds, 1)):
            for kind, found in known.items():
                longer = Kind(span_of(level, kind.hour, zone)[0], "", kind.subject)
                difference.setdefault(longer, Tally()).add(found, times)
        await _add(level, difference)


async def _take_out(hours: Sequence[datetime]) -> dict[Kind, Tally]:
    found: dict[Kind, Tally] = {}
    for some in _some(hours):
        rows = Rollup.filter(level=HOURLY, starts_at__in=some)
        found |= {_kind(row): unpack(row.figures, row.reasons) for row in await rows}
        await rows.delete()
    return found


async def _add(level: str, difference: Mapping[Kind, Tally]) -> None:
    ids = {_id(level, kind): kind for kind in difference}
    for some in _some(list(ids)):
        for row in await Rollup.filter(id__in=some):
            difference[ids[row.id]].add(unpack(row.figures, row.reasons))
        await Rollup.filter(id__in=some).delete()
    await _insert(_row(level, kind, found) for kind, found in difference.items() if found.one("warned"))


async def _insert(rows: Iterable[Rollup]) -> None:
    await Rollup.bulk_create(list(rows), batch_size=AT_ONCE)


def _row(level: str, kind: Kind, found: Tally) -> Rollup:
    figures, reasons = pack(found)
    subject = kind.subject
    return Rollup(
        id=_id(level, kind),
        level=level,
        starts_at=kind.hour,
        area_id=subject.area,
        category_id=subject.category,
        source_id=kind.source,
        policy_id=subject.policy,
        severity=subject.severity,
        figures=figures,
        reasons=reasons,
    )


def _kind(row: Rollup) -> Kind:
    return Kind(row.starts_at, row.source_id, Subject(row.area_id, row.category_id, row.policy_id, row.severity))


def _id(level: str, kind: Kind) -> UUID:
    said = "|".join((level, kind.hour.isoformat(), kind.source, *kind.subject))
    return UUID(bytes=blake2b(said.encode(), digest_size=16).digest())


def _some(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
