"""Files of people, their contacts and shifts, and areas come in: a dry run unless told to apply, bad rows named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Literal

from tortoise.transactions import in_transaction

from outreach.errors import BadInput, FieldFault
from outreach.models import Area, Source
from outreach.models.states import AreaKind
from outreach.registry import import_areas, import_contacts, import_residents, import_responders, import_shifts
from outreach.registry.reading import Row, rows_of
from outreach.registry.rows import AreaRow, ContactRow, Form, Known, ResidentRow, ResponderRow, ShiftRow
from outreach.registry.run import ImportReport, Run

BATCH, SMALL_BATCH = 1000, 50
Kind = Literal["residents", "responders", "areas", "shifts", "contacts"]
KINDS: dict[Kind, tuple[type[Form], Callable[[Run, list[Row]], Awaitable[None]]]] = {
    "residents": (ResidentRow, import_residents.take),
    "responders": (ResponderRow, import_responders.take),
    "areas": (AreaRow, import_areas.take),
    "shifts": (ShiftRow, import_shifts.take),
    "contacts": (ContactRow, import_contacts.take),
}


async def import_rows(
    kind: Kind,
    path: Path,
    *,
    apply: bool,
    now: datetime,
    country: str = "CN",
    source: Source | None = None,
    most_listed: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Bring in `path` (CSV, XLSX, or GeoJSON whose properties are the columns); writes nothing unless `apply`.

    Columns are those of the kind's row in `registry/rows.py`; others are left alone, as is what an empty cell stands
    for. Rows are known again by `external_id` (of `source`, where one is given) or `code`, and a shift or contact by
    whose it is and its beginning or number. Each 1,000 rows are
    one transaction, after which `progress` is told how many bytes are read. The report lists up to `most_listed`
    changes (None: all). Raises BadInput for a file that cannot be read or lacks a column.
    """
    run = Run(apply, now, country, source, await _known_areas(), most_listed)
    return await _bring_in(run, kind, rows_of(path), BATCH, progress)


async def import_some(
    kind: Kind, rows: list[Row], *, apply: bool, now: datetime, country: str, within: str | None
) -> ImportReport:
    """The same of rows already read, by somebody bound to the area with the path `within`; lists every line.

    Others get their turn after each of its small batches: it runs where warnings come in.
    """
    run = Run(apply, now, country, None, await _known_areas(), 0, within, every_line=True)
    report = await _bring_in(run, kind, rows, SMALL_BATCH)
    report.lines.sort(key=lambda line: line.line)
    return report


async def _bring_in(
    run: Run, kind: Kind, given: Iterable[Row], size: int, progress: Callable[[int], None] | None = None
) -> ImportReport:
    form, take = KINDS[kind]
    begun, rows = False, iter(given)
    while batch := list(islice(rows, size)):
        if not begun:
            _refuse_missing(batch[0], form)
        async with AsyncExitStack() as stack:
            if run.apply:
                await stack.enter_async_context(in_transaction())
            await take(run, batch)
        begun = True
        if progress is not None:
            progress(batch[-1].read)
        await asyncio.sleep(0)
    run.report.bad.sort()
    return run.report


def _refuse_missing(first: Row, form: type[Form]) -> None:
    wanted = [name for name, column in form.model_fields.items() if column.is_required()]
    missing = [name for name in wanted if first.boundary is None and name not in first.values]
    if missing:
        raise BadInput(faults=tuple(FieldFault(name, "this column is missing") for name in missing))


async def _known_areas() -> dict[str, Known]:
    return {area.code: Known(area.id, area.path, AreaKind(area.kind)) for area in await Area.all()}
