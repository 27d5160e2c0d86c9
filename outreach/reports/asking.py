"""The report that the service is judged by: how long until the people warned of were reached."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from outreach.errors import BadInput, FieldFault
from outreach.models.states import Severity
from outreach.reports.counting import figure
from outreach.reports.figures import Group
from outreach.reports.reading import Moments, Row, read_moments, read_targets
from outreach.reports.report import Report

BY: tuple[str, ...] = ("severity", "category", "source", "area", "policy")
CLOCKS: tuple[str, ...] = ("received", "detected")
NO_AREA = "no area"


async def time_to_reach(
    frm: datetime,
    to: datetime,
    now: datetime,
    *,
    by: str | None = None,
    area_path: str | None = None,
    source_id: UUID | None = None,
    clock: str = "received",
) -> Report:
    """The report on targets whose warnings came in [frm, to); a split by area is by the level below `area_path`.

    `by` is one of BY or None, `clock` one of CLOCKS; raises BadInput for another, or when `to` is not after `frm`.
    """
    _refuse_odd(frm, to, by, clock)
    rows = await read_targets(frm, to, area_path, source_id)
    # A month has a hundred thousand targets: seconds of arithmetic, which must not hold up the warnings coming in.
    total, groups = await asyncio.to_thread(_figures, rows, await read_moments(rows), now, clock, by, area_path)
    source = str(source_id) if source_id else None
    return Report(frm, to, now, clock, by, area_path, source, total, groups)


def _figures(
    rows: list[Row], moments: dict[UUID, Moments], now: datetime, clock: str, by: str | None, area_path: str | None
) -> tuple[Group, tuple[Group, ...]]:
    split: dict[str, list[Row]] = defaultdict(list)
    if by is not None:
        name = _naming(by, area_path)
        for row in rows:
            split[name(row)].append(row)
    groups = tuple(figure(each, split[each], moments, now, clock) for each in _in_order(split))
    return figure("all", rows, moments, now, clock), groups


def _refuse_odd(frm: datetime, to: datetime, by: str | None, clock: str) -> None:
    faults = []
    if frm.tzinfo is None or to.tzinfo is None:
        faults.append(FieldFault("from", "Times must say their zone, like 2026-11-24T04:00:00Z."))
    elif to <= frm:
        faults.append(FieldFault("to", "Must be after `from`."))
    if by is not None and by not in BY:
        faults.append(FieldFault("by", f"One of {', '.join(BY)}."))
    if clock not in CLOCKS:
        faults.append(FieldFault("clock", f"One of {', '.join(CLOCKS)}."))
    if faults:
        raise BadInput(faults=tuple(faults))


def _naming(by: str, area_path: str | None) -> Callable[[Row], str]:
    # Below a city, not the city itself: with no area given the split is by district.
    depth = 2 if area_path is None else len(_codes(area_path)) + 1
    names: dict[str, Callable[[Row], str]] = {
        "severity": lambda row: str(row.severity),
        "category": lambda row: row.category,
        "source": lambda row: row.source,
        "policy": lambda row: f"{row.policy} v{row.policy_version}",
        "area": lambda row: f"/{'/'.join(_codes(row.area)[:depth])}/" if row.area else NO_AREA,
    }
    return names[by]


def _in_order(names: Iterable[str]) -> list[str]:
    grave = [severity.value for severity in Severity]
    return sorted(names, key=lambda name: (grave.index(name) if name in grave else 0, name))


def _codes(path: str) -> list[str]:
    return [code for code in path.split("/") if code]
