"""Who is on duty when: the shifts of a responder or an area, one more, and the end of one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach.access import in_scope
from outreach.errors import BadInput, FieldFault, IllegalMove, NotFound
from outreach.models import Responder, Shift
from outreach.registry.shifts import add_shift, end_shift, shifts_between
from outreach.web.answers.places import ShiftEnded, ShiftRecord, ShiftsListed
from outreach.web.asking import Ask
from outreach.web.registry.responders import SpanForm
from outreach.web.table import DECIDING, READING, Route

WEEK = timedelta(days=7)


class ShiftForm(SpanForm):
    """One more shift of a responder."""

    responder_id: UUID


async def shifts(ask: Ask) -> Response:
    """Shifts of the caller's area, or of a part of it, or of one responder."""
    begin = ask.query_time("from", ask.now)
    end = ask.query_time("to", begin + WEEK)
    wanted = ask.request.query_params.get("area")
    if wanted is not None and not in_scope(ask.caller, wanted):
        raise NotFound()
    within = wanted or ask.caller.area_path
    rows = await shifts_between(begin, end, within, ask.query_id("responder"))
    return ask.answer({"shifts": [_view(row) for row in rows]})


async def add(ask: Ask) -> Response:
    """Plan a shift."""
    form = await ask.form(ShiftForm)
    responder = await Responder.get_or_none(id=form.responder_id).select_related("area")
    if responder is None or not in_scope(ask.caller, responder.area.path):
        raise BadInput(faults=(FieldFault("responder_id", "no responder of yours has this id"),))
    async with in_transaction():
        made = await add_shift(responder.id, form.starts_at, form.ends_at, ask.now)
    ask.parts.wake()
    return ask.answer(_view(await Shift.get(id=made).select_related("responder__area")), 201)


async def end(ask: Ask) -> Response:
    """End a shift now, whoever planned it; one that has not begun is taken back."""
    async with in_transaction():
        row = await Shift.select_for_update(no_key=True).get_or_none(id=ask.id)
        owner = await Responder.get(id=row.responder_id).select_related("area") if row else None
        if row is None or owner is None or not in_scope(ask.caller, owner.area.path):
            raise NotFound()
        await end_shift(row, ask.now)
    ask.parts.wake()
    return ask.answer({"id": row.id, "ends_at": ask.now, "removed": row.starts_at >= ask.now})


def _view(row: Shift) -> dict[str, Any]:
    who, area = row.responder, row.responder.area
    return {
        "id": row.id,
        "responder": {"id": who.id, "name": who.name},
        "area": {"code": area.code, "name": area.name, "path": area.path},
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "origin": row.origin,
    }


ALL = "/api/shifts"
ASKS = {
    "responder": "The id of one responder.",
    "area": "The path of an area within the caller's.",
    "from": "Only what ends after this time; now, unless it is given.",
    "to": "Only what begins before this time; a week later, unless it is given.",
}
ROUTES = (
    Route("GET", ALL, shifts, READING, "The shifts.", asks=ASKS, shape=ShiftsListed, refuses=(NotFound,)),
    Route("POST", ALL, add, DECIDING, "The new shift.", ShiftForm, answers=201, shape=ShiftRecord),
    Route("POST", f"{ALL}/{{id}}/end", end, DECIDING, "It ended.", shape=ShiftEnded, refuses=(IllegalMove,)),
)
