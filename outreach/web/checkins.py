"""`POST /api/checkins`: what a phone reports about a task, now or when it has signal again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field, model_validator
from starlette.responses import Response

from outreach import tasks
from outreach.errors import BadInput, DifferentContent, FieldFault, NotFound, UnknownOutcome
from outreach.models.states import CheckInKind
from outreach.registry.correcting import Correction
from outreach.registry.phones import phone_of
from outreach.web.answers import Receipt
from outreach.web.asking import Ask
from outreach.web.forms import Form, Moment, is_possible
from outreach.web.responders import PositionForm
from outreach.web.table import RESPONDER, Also, Route
from outreach.web.views import receipt_view

PHONE_NOW = "Phone-Now"


class CorrectionForm(Form):
    """Where the resident is to be found or rung instead; what is left out stays as it is."""

    address: str | None = Field(None, pattern=r"^[^\x00]+$", max_length=500)
    location: PositionForm | None = None
    phone: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def _something(self) -> CorrectionForm:
        if self.address is None and self.location is None and self.phone is None:
            raise ValueError("give `address`, `location` or `phone`")
        return self


class CheckInBody(Form):
    """What the phone made: its own id and time, the task, and what was found there.

    `correction` comes with `moved`, or with an outcome; `again_at` with an outcome that wants a follow-up.
    """

    id: UUID
    task_id: UUID
    kind: CheckInKind
    made_at: Moment
    outcome: str | None = Field(None, max_length=64)
    note: str | None = Field(None, max_length=4000)
    location: PositionForm | None = None
    accuracy_m: float | None = Field(None, ge=0, le=1e7)
    correction: CorrectionForm | None = None
    again_at: Moment | None = None

    @model_validator(mode="after")
    def _corrected_where_moved(self) -> CheckInBody:
        if self.kind is CheckInKind.MOVED and self.correction is None:
            raise ValueError("`moved` needs a `correction`")
        return self


async def check_in(ask: Ask) -> Response:
    """Keep a check-in: 201, or 200 with the same receipt when it was kept before."""
    body = await ask.form(CheckInBody)
    where = (body.location.lat, body.location.lon) if body.location else None
    given = body.model_dump(include=set(CheckInBody.model_fields) - {"location", "correction"})
    form = tasks.CheckInForm(location=where, correction=_correction(body.correction, ask), **given)
    kept, fresh = await tasks.check_in(form, ask.caller.id, phone_now(ask), ask.now, ask.parts.settings)
    ask.parts.wake()
    return ask.answer(receipt_view(kept), 201 if fresh else 200)


def _correction(given: CorrectionForm | None, ask: Ask) -> Correction | None:
    if given is None:
        return None
    point = (given.location.lat, given.location.lon) if given.location else None
    phone = phone_of(given.phone, ask.parts.settings.country, "correction.phone") if given.phone is not None else None
    return Correction(given.address, point, phone)


def phone_now(ask: Ask) -> datetime:
    """The phone's time at this try, from its header; raises BadInput naming it."""
    try:
        found = datetime.fromisoformat(ask.request.headers.get(PHONE_NOW, ""))
    except ValueError:
        found = None
    if found is None or not is_possible(found):
        raise BadInput(faults=(FieldFault(PHONE_NOW, "send the phone's time with its zone in this header"),))
    return found


ROUTES = (
    Route(
        "POST",
        "/api/checkins",
        check_in,
        (RESPONDER,),
        "The check-in is kept: its receipt.",
        CheckInBody,
        answers=201,
        asks={PHONE_NOW: "The phone's time at this try, ISO 8601 with its zone."},
        shape=Receipt,
        also=(Also(200, "The same check-in was kept before: the same receipt.", Receipt),),
        refuses=(NotFound, UnknownOutcome, DifferentContent),
    ),
)
