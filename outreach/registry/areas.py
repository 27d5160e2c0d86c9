"""The tree of areas: a new one hangs below its parent, and one that moves takes all below it along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from tortoise.connection import get_connection
from tortoise.expressions import F

from outreach.models import Area, RollupState
from outreach.models.statements import fetch
from outreach.models.states import AreaKind
from outreach.registry.boundaries import checked, middle_of
from outreach.registry.editing import fault, unless_taken

LONGEST_PATH = 400
DEPTH = list(AreaKind)
TREE = 7_218_340_116
"""The lock for whoever changes the tree: of two who move at once the second finds the paths that the first wrote."""
MOVE = """
    UPDATE area SET path = CAST($1 AS text) || substr(path, CAST($2 AS integer))
    WHERE substr(path, 1, CAST($3 AS integer)) = $4"""
"""Everything below one area goes along with it."""


@dataclass(frozen=True)
class SaidArea:
    """What is right of an area now; without `parent` it is at the top, without `time_zone` it has its parent's."""

    name: str
    parent: Area | None
    time_zone: str | None
    boundary: dict[str, Any] | None


async def add_area(code: str, kind: AreaKind, said: SaidArea) -> UUID:
    """The id of a new area, inside the caller's transaction; raises BadInput naming what does not fit."""
    await _one_at_a_time()
    parent = await _fresh(said.parent)
    _refuse_unfit(kind, parent)
    if await Area.exists(code=code):
        raise fault("code", "another area has it")
    own = {"code": code, "kind": kind, "path": _path(parent, code), "parent_id": parent.id if parent else None}
    row = Area(**own, **_fields(said, None))
    with unless_taken("code", "another area has it"):
        await row.save(force_create=True)
    return row.id


async def put_area(area_id: UUID, said: SaidArea) -> None:
    """Keep it, inside the caller's transaction; raises BadInput naming what does not fit."""
    await _one_at_a_time()
    row = await Area.get(id=area_id)
    parent = await _fresh(said.parent)
    fresh = _fields(said, row.boundary)
    if (parent.id if parent else None) != row.parent_id:
        _refuse_unfit(row.kind, parent)
        await _move(row, _path(parent, row.code))
        fresh["parent_id"] = parent.id if parent else None
    await row.update_from_dict(fresh).save(update_fields=list(fresh))


async def _move(row: Area, path: str) -> None:
    below = await Area.filter(path__startswith=row.path).values_list("path", flat=True)
    if max(len(str(each)) for each in below) - len(row.path) + len(path) > LONGEST_PATH:
        raise fault("parent", "lies too deep")
    await fetch(MOVE, path, len(row.path) + 1, len(row.path), row.path)
    # Kept figures are summed along the tree: those of no zone are not read, and are counted anew when next rolled.
    await RollupState.all().update(zone="", version=F("version") + 1)


def _fields(said: SaidArea, before: dict[str, object] | None) -> dict[str, Any]:
    if said.time_zone is not None and said.time_zone not in available_timezones():
        raise fault("time_zone", "is not an IANA time zone")
    fresh: dict[str, Any] = {"name": said.name, "time_zone": said.time_zone, "boundary": said.boundary}
    # One that came with an import may be of several parts; left as it is, it stays.
    if said.boundary is not None and said.boundary != before:
        fresh["boundary"] = checked(said.boundary)
        fresh["lat"], fresh["lon"] = middle_of(fresh["boundary"])
    return fresh


def _refuse_unfit(kind: AreaKind, parent: Area | None) -> None:
    if parent is not None and DEPTH.index(parent.kind) >= DEPTH.index(kind):
        raise fault("parent", "is no larger kind of area")


def _path(parent: Area | None, code: str) -> str:
    path = f"{parent.path if parent else '/'}{code}/"
    if len(path) > LONGEST_PATH:
        raise fault("parent", "lies too deep")
    return path


async def _fresh(area: Area | None) -> Area | None:
    return await Area.get(id=area.id) if area is not None else None


async def _one_at_a_time() -> None:
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        await connection.execute_query("SELECT pg_advisory_xact_lock($1::bigint)", [TREE])
