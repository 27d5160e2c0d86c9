"""`GET /api/outreaches/{id}`: one case, with everything that whoever acts on it needs."""

from __future__ import annotations

from dataclasses import asdict

from starlette.responses import Response

from outreach import assignment, ladder, outcomes, reports
from outreach.access import in_scope
from outreach.access.looking import note_names
from outreach.models import Outreach
from outreach.outcomes import note_event
from outreach.policy import Step
from outreach.web.answers import OutreachView
from outreach.web.asking import Ask
from outreach.web.cases import CASE, etag, refuse_unseen
from outreach.web.table import READING, Route


async def outreach(ask: Ask) -> Response:
    """Everything known of one outreach; the look is noted: of numbers and places each time, of the name once."""
    await refuse_unseen(ask)
    look = ask.request.query_params.get("masked") != "true"
    if look:
        await note_event(ask.id, "details_shown", ask.now, ask.now, ask.actor)
    else:
        await note_names(ask.caller, [ask.id], ask.now)
    # Before the timeline, which then has the line that can be taken back, whatever happens in between.
    now = await _now(ask)
    view = await reports.outreach_view(ask.id, ask.caller.area_path, look=look)
    return ask.answer(view | now, headers={"ETag": etag(view["version"])})


async def _now(ask: Ask) -> dict[str, object]:
    """The ladder, what it does next and the time it has, and what is of the asker and of now more than the case."""
    row = await Outreach.get(id=ask.id).select_related("resident__area")
    home = row.resident.area
    steps = (await outcomes.policy_of(row)).steps
    ahead = await ladder.steps_ahead(row, ask.parts.settings, ask.now)
    back = await assignment.undoable(row, ask.now)
    return {
        "target_s": ask.parts.settings.target_minutes * 60,
        "currency": ask.parts.settings.currency or None,
        "ladder": [_rung(step) for step in steps],
        "ahead": [{"do": each.do, "at": each.at} for each in ahead],
        "undo": asdict(back) if back else None,
        "opens_record": in_scope(ask.caller, home.path if home else None),
    }


def _rung(step: Step) -> dict[str, object]:
    spans = {"after_s": step.after.total_seconds(), "every_s": step.every.total_seconds()}
    return {"do": step.do, "repeat": step.repeat, **spans}


ROUTES = (
    Route(
        "GET",
        CASE,
        outreach,
        READING,
        "The outreach with everything known of it.",
        asks={"masked": "true: without numbers and places; that the name was seen is noted once for each case."},
        gives_version=True,
        shape=OutreachView,
    ),
)
