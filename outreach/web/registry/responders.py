"""One responder: what they can do, when they are there, and putting it right."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, model_validator
from starlette.responses import Response

from outreach.access import in_scope
from outreach.access.looking import note_look
from outreach.errors import NotFound
from outreach.models import Absence, Responder, Shift
from outreach.models.states import ResponderRole
from outreach.registry.adding import add_responder
from outreach.registry.editing import SaidResponder, put_responder
from outreach.registry.phones import phone_of
from outreach.web.answers.registry import ResponderRecord
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form, Moment
from outreach.web.registry.common import (
    AreaCode,
    Code,
    Language,
    Name,
    Number,
    area_of,
    areas_by_id,
    change,
    make,
    shown,
    unit_of,
)
from outreach.web.table import DECIDING, READING, Route


class SpanForm(Form):
    """From one moment to a later one."""

    starts_at: Moment
    ends_at: Moment

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> SpanForm:
        if self.ends_at <= self.starts_at:
            raise ValueError("must end after it starts")
        return self


class ResponderForm(Form):
    """What is right of a responder now; `shifts` and `absences` are all that are planned and have not ended yet.

    A `unit` that is not named stays as it is.
    """

    name: Name
    phone: Number
    role: ResponderRole
    area: AreaCode
    unit: Code | None = None
    languages: list[Language] = Field(min_length=1, max_length=10)
    trained: list[Code] = Field([], max_length=50)
    capacity: int = Field(ge=0, le=100)
    vetted_until: Moment | None = None
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    shifts: list[SpanForm] = Field([], max_length=200)
    absences: list[SpanForm] = Field([], max_length=200)


async def responder(ask: Ask) -> Response:
    """Everything known of one responder; the look is kept."""
    row = await _within(ask)
    await note_look(ask.caller, "record", [(row.id, row.area_id)], ask.now)
    return shown(await _view(row.id, ask), ask)


async def put(ask: Ask) -> Response:
    """Put right what is known of a responder, on the version that was read."""
    versions_read(ask)
    row = await _within(ask)
    said = await _said(await ask.form(ResponderForm), ask)
    answer = await change(ask, row, lambda: _view(row.id, ask), lambda: put_responder(row.id, said, ask.now))
    ask.parts.wake()
    return answer


async def add(ask: Ask) -> Response:
    """Take on a responder; they get in once they are invited."""
    said = await _said(await ask.form(ResponderForm), ask)
    answer = await make(ask, lambda: add_responder(said, ask.now), lambda made: _view(made, ask))
    ask.parts.wake()
    return answer


async def _said(form: ResponderForm, ask: Ask) -> SaidResponder:
    area = await area_of(ask, form.area)
    assert area is not None
    unit = await unit_of(form.unit)
    return SaidResponder(
        form.name,
        phone_of(form.phone, ask.parts.settings.country),
        form.role.value,
        area.id,
        form.languages,
        form.trained,
        form.capacity,
        form.vetted_until,
        (form.lat, form.lon),
        [(each.starts_at, each.ends_at) for each in form.shifts],
        [(each.starts_at, each.ends_at) for each in form.absences],
        unit.id if unit else None,
        "unit" in form.model_fields_set,
    )


async def _within(ask: Ask) -> Responder:
    row = await Responder.filter(id=ask.id).select_related("area").first()
    if row is None or not in_scope(ask.caller, row.area.path):
        raise NotFound()
    return row


async def _view(responder_id: UUID, ask: Ask) -> dict[str, Any]:
    row = await Responder.get(id=responder_id).select_related("unit")
    coming = {"responder_id": row.id, "ends_at__gt": ask.now}
    return {
        "id": row.id,
        "external_id": row.external_id,
        "name": row.name,
        "phone": row.number,
        "role": row.role.value,
        "area": (await areas_by_id({row.area_id}))[row.area_id],
        "unit": {"code": row.unit.code, "name": row.unit.name} if row.unit else None,
        "languages": row.languages or [row.language],
        "trained": row.trained,
        "capacity": row.capacity,
        "vetted_until": row.vetted_until,
        "lat": row.home_lat,
        "lon": row.home_lon,
        "shifts": [_span(each) for each in await Shift.filter(**coming, origin="plan").order_by("starts_at", "id")],
        "absences": [_span(each) for each in await Absence.filter(**coming).order_by("starts_at", "id")],
    }


def _span(row: Shift | Absence) -> dict[str, Any]:
    return {"starts_at": row.starts_at, "ends_at": row.ends_at}


ONE = "/api/responders/{id}"
ROUTES = (
    Route(
        "POST",
        "/api/responders",
        add,
        DECIDING,
        "The new responder.",
        ResponderForm,
        answers=201,
        gives_version=True,
        shape=ResponderRecord,
    ),
    Route("GET", ONE, responder, READING, "The responder.", gives_version=True, shape=ResponderRecord),
    Route(
        "PUT",
        ONE,
        put,
        DECIDING,
        "The responder as they are known now.",
        ResponderForm,
        needs_version=True,
        gives_version=True,
        shape=ResponderRecord,
    ),
)
