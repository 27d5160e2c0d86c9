"""The units: a directory that whoever decides or reads sees whole, kept by the admins of whose area a unit is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.responses import Response

from outreach.errors import NotFound, NotYours
from outreach.models import Unit
from outreach.models.states import TokenKind
from outreach.registry.organisations import add_unit, units_beyond
from outreach.web.answers.places import UnitRecord, UnitsListed
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.areas import Title
from outreach.web.registry.common import Code, change, make, versioned
from outreach.web.table import ADMIN, READING, Route


class UnitForm(Form):
    """What is right of a unit now; `kind` is a word such as `police`, `bank`, `telecom`, `community`, `ngo`."""

    name: Title
    kind: Code


class NewUnit(UnitForm):
    """A new unit; its code stays."""

    code: Code


async def units(ask: Ask) -> Response:
    """All units, by code."""
    changes = ask.caller.kind is TokenKind.ADMIN
    beyond = await units_beyond(ask.caller.area_path) if changes else set()
    rows = [_of(row) for row in await Unit.all().order_by("code")]
    listed = [{**versioned(row), "yours": changes and row["id"] not in beyond} for row in rows]
    return ask.answer({"units": listed})


async def add(ask: Ask) -> Response:
    """Make a unit."""
    form = await ask.form(NewUnit)
    return await make(ask, lambda: add_unit(form.code, form.name, form.kind), _view)


async def put(ask: Ask) -> Response:
    """Put a unit right, on the version that was read."""
    versions_read(ask)
    row = await Unit.get_or_none(id=ask.id)
    if row is None:
        raise NotFound()
    if row.id in await units_beyond(ask.caller.area_path):
        raise NotYours("Sources or responders of another area than yours belong to this unit.")
    form = await ask.form(UnitForm)

    async def write() -> None:
        await Unit.filter(id=row.id).update(name=form.name, kind=form.kind)

    return await change(ask, row, lambda: _view(row.id), write)


async def _view(unit_id: UUID) -> dict[str, Any]:
    return _of(await Unit.get(id=unit_id))


def _of(row: Unit) -> dict[str, Any]:
    return {"id": row.id, "code": row.code, "name": row.name, "kind": row.kind}


ALL = "/api/units"
VERSIONED: dict[str, Any] = {"gives_version": True, "shape": UnitRecord}
ROUTES = (
    Route("GET", ALL, units, READING, "All units.", shape=UnitsListed),
    Route("POST", ALL, add, (ADMIN,), "The new unit.", NewUnit, answers=201, **VERSIONED),
    Route("PUT", f"{ALL}/{{id}}", put, (ADMIN,), "The unit now.", UnitForm, needs_version=True, **VERSIONED),
)
