"""The areas: the tree, one with its boundary, a new one, and putting one right."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from outreach.access import in_scope
from outreach.errors import NotFound
from outreach.models import Area
from outreach.models.states import AreaKind
from outreach.registry.areas import SaidArea, add_area, put_area
from outreach.web.answers.places import AreaRecord, AreasListed
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.common import AreaCode, area_of, change, make, shown
from outreach.web.table import ADMIN, READING, Route

Title = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00]*$")]
Zone = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]


class AreaForm(Form):
    """What is right of an area now; without a time zone it has its parent's, `boundary` is a GeoJSON polygon."""

    name: Title
    parent: AreaCode | None = None
    time_zone: Zone | None = None
    boundary: dict[str, Any] | None = None


class NewArea(AreaForm):
    """A new area; its code and kind stay."""

    code: AreaCode
    kind: AreaKind


async def areas(ask: Ask) -> Response:
    """The areas of the caller's, as a tree in one list."""
    within = ask.caller.area_path
    rows = await (Area.filter(path__startswith=within) if within else Area.all()).order_by("path")
    codes = {row.id: row.code for row in rows}
    return ask.answer({"areas": [_listed(row, codes.get(row.parent_id) if row.parent_id else None) for row in rows]})


async def area(ask: Ask) -> Response:
    """One area with its boundary."""
    return shown(await _view((await _within(ask)).id), ask)


async def add(ask: Ask) -> Response:
    """Make an area below one of the caller's."""
    form = await ask.form(NewArea)
    parent = await area_of(ask, form.parent, "parent")
    return await make(ask, lambda: add_area(form.code, form.kind, _said(form, parent)), _view)


async def put(ask: Ask) -> Response:
    """Put an area right, on the version that was read; where its parent is another now, all below it comes along."""
    versions_read(ask)
    row = await _within(ask)
    form = await ask.form(AreaForm)
    kept = await Area.get_or_none(id=row.parent_id) if row.parent_id else None
    # The parent of one's own topmost area is not one's own; it may stay.
    same = form.parent == (kept.code if kept else None)
    said = _said(form, kept if same else await area_of(ask, form.parent, "parent"))
    return await change(ask, row, lambda: _view(row.id), lambda: put_area(row.id, said))


def _said(form: AreaForm, parent: Area | None) -> SaidArea:
    return SaidArea(form.name, parent, form.time_zone, form.boundary)


async def _within(ask: Ask) -> Area:
    row = await Area.get_or_none(id=ask.id)
    if row is None or not in_scope(ask.caller, row.path):
        raise NotFound()
    return row


async def _view(area_id: UUID) -> dict[str, Any]:
    row = await Area.get(id=area_id).select_related("parent")
    point = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    return {**_listed(row, row.parent.code if row.parent else None), "boundary": row.boundary, "point": point}


def _listed(row: Area, parent: str | None) -> dict[str, Any]:
    said = {"id": row.id, "code": row.code, "name": row.name, "kind": row.kind.value, "path": row.path}
    return {**said, "parent": parent, "time_zone": row.time_zone, "drawn": row.boundary is not None}


ALL, ONE = "/api/areas", "/api/areas/{id}"
VERSIONED: dict[str, Any] = {"gives_version": True, "shape": AreaRecord}
ROUTES = (
    Route("GET", ALL, areas, READING, "The areas of the caller's.", shape=AreasListed),
    Route("POST", ALL, add, (ADMIN,), "The new area.", NewArea, answers=201, **VERSIONED),
    Route("GET", ONE, area, READING, "The area.", **VERSIONED),
    Route("PUT", ONE, put, (ADMIN,), "The area as it is now.", AreaForm, needs_version=True, **VERSIONED),
)
