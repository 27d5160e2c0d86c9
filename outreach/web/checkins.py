"""`POST /api/checkins`: what a phone reports about a task, now or when it has signal again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from outreach import tasks
from outreach.errors import BadInput, DifferentContent, FieldFault, NotFound, UnknownOutcome
from outreach.models.states import CheckInKind
from outreach.web.answers import Receipt
from outreach.web.asking import Ask
from outreach.web.forms import Form, Moment, is_possible
from outreach.web.responders import PositionForm
from outreach.web.table import RESPONDER, Also, Route
from outreach.web.views import receipt_view

PHONE_NOW = "Phone-Now"


class CheckInBody(Form):
    """What the phone made: its own id and time, the task, and what was found there."""

    id: UUID
    task_id: UUID
    kind: CheckInKind
    made_at: Moment
    outcome: str | None = Field(None, max_length=64)
    note: str | None = Field(None, max_length=4000)
    location: PositionForm | None = None
    accuracy_m: float | None = Field(None, ge=0, le=1e7)


async def check_in(ask: Ask) -> Response:
    """Keep a check-in: 201, or 200 with the same receipt when it was kept before."""
    body = await ask.form(CheckInBody)
    where = (body.location.lat, body.location.lon) if body.location else None
    given = body.model_dump(include=set(CheckInBody.model_fields) - {"location"})
    form = tasks.CheckInForm(location=where, **given)
    kept, fresh = await tasks.check_in(form, ask.caller.id, phone_now(ask), ask.now, ask.parts.settings)
    ask.parts.wake()
    return ask.answer(receipt_view(kept), 201 if fresh else 200)


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
