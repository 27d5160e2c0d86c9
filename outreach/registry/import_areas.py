"""Areas come in: parents before their children."""

from __future__ import annotations

from outreach.models import Area
from outreach.models.fields import new_id
from outreach.models.states import AreaKind
from outreach.registry.reading import Row
from outreach.registry.rows import AreaRow, Known
from outreach.registry.run import Run

LONGEST_PATH = 400
COLUMNS = ("kind", "name", "lat", "lon", "time_zone", "boundary")
DEPTH = list(AreaKind)


async def take(run: Run, rows: list[Row]) -> None:
    """Make, change or leave each area; a new one hangs below its parent, a known one never moves."""
    sound = run.checked(rows, AreaRow, "code")
    kept = {area.code: area for area in await Area.filter(code__in=[given.code for _, given in sound])}
    new: list[Area] = []
    for row, given in sound:
        wrong = _wrong(run, given)
        if wrong:
            run.refuse(row, wrong)
        elif given.code in kept:
            await _change(run, row, kept[given.code], given)
        else:
            new.append(_make(run, given))
            run.create(row)
    if run.apply and new:
        await Area.bulk_create(new)


def _path(run: Run, given: AreaRow) -> str:
    return f"{run.areas[given.parent].path if given.parent else '/'}{given.code}/"


def _wrong(run: Run, given: AreaRow) -> str:
    known = run.areas.get(given.code)
    if run.within is not None and (known is not None and not run.knows_area(given.code)):
        return "code: is another area's"
    if run.within is not None and known is None and given.parent is None:
        return "parent: name one within your own area"
    if given.parent is not None and not run.knows_area(given.parent):
        return "parent: no area has this code, here or above"
    if given.parent is not None and DEPTH.index(run.areas[given.parent].kind) >= DEPTH.index(given.kind):
        return "parent: is no larger kind of area"
    if known is not None and given.parent is not None and known.path != _path(run, given):
        return "parent: an area cannot be moved"
    return "parent: lies too deep" if len(_path(run, given)) > LONGEST_PATH else ""


def _make(run: Run, given: AreaRow) -> Area:
    said = {column: getattr(given, column) for column in COLUMNS}
    area = Area(id=new_id(), code=given.code, path=_path(run, given), parent_id=run.area_id(given.parent), **said)
    run.areas[given.code] = Known(area.id, area.path, given.kind)
    return area


async def _change(run: Run, row: Row, area: Area, given: AreaRow) -> None:
    said = {column: getattr(given, column) for column in COLUMNS}
    what = [column for column, value in said.items() if value is not None and value != getattr(area, column)]
    if run.apply and what:
        await area.update_from_dict({column: said[column] for column in what}).save(update_fields=what)
    run.change(row, what)
