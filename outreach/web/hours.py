"""`GET /api/me/hours`: visits, calls and hours done, for a certificate to print."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from outreach.models import Responder, Task
from outreach.models.states import TaskKind
from outreach.tasks.hours import done_between, on_duty, reached_in
from outreach.web.answers import HoursDone
from outreach.web.asking import Ask
from outreach.web.table import RESPONDER, Route

USUAL = timedelta(days=30)


async def hours(ask: Ask) -> Response:
    """What this responder has done: each visit and call that they finished, and the minutes of all."""
    to = ask.query_time("to", ask.now)
    frm = ask.query_time("from", to - USUAL)
    responder = await Responder.get(id=ask.caller.id)
    done = await done_between(responder.id, frm, to)
    said = {
        "responder_id": responder.id,
        "name": responder.name,
        "service": ask.parts.settings.service_name,
        "from": frm,
        "to": to,
        "visits": sum(task.kind is TaskKind.VISIT for task in done),
        "calls": sum(task.kind is TaskKind.CALL for task in done),
        "minutes": sum(_minutes(task) for task in done),
        "reached": await reached_in(done),
        "on_duty_minutes": round((await on_duty(responder.id, frm, min(to, ask.now))).total_seconds() / 60),
        "done": [{"kind": task.kind.value, "at": task.accepted_at, "minutes": _minutes(task)} for task in done],
    }
    return ask.answer(said)


def _minutes(task: Task) -> int:
    assert task.closed_at is not None
    return round((task.closed_at - task.accepted_at).total_seconds() / 60)


ROUTES = (
    Route(
        "GET",
        "/api/me/hours",
        hours,
        (RESPONDER,),
        "Visits, calls and minutes done.",
        asks={
            "from": "Tasks taken from this time on; 30 days before `to`.",
            "to": "Tasks taken before this time; now.",
        },
        shape=HoursDone,
    ),
)
