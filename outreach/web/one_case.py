"""`GET /api/outreaches/{id}`: one case, with everything that whoever acts on it needs."""

from __future__ import annotations

from starlette.responses import Response

from outreach import ladder, outcomes, reports
from outreach.models import Outreach
from outreach.outcomes import note_event
from outreach.policy import Step
from outreach.web.answers import OutreachView
from outreach.web.asking import Ask
from outreach.web.cases import CASE, etag, refuse_unseen
from outreach.web.table import READING, Route


async def outreach(ask: Ask) -> Response:
    """Everything known of one outreach; with numbers and places the look is noted."""
    await refuse_unseen(ask)
    look = ask.request.query_params.get("masked") != "true"
    if look:
        await note_event(ask.id, "details_shown", ask.now, ask.now, ask.actor)
    view = await reports.outreach_view(ask.id, ask.caller.area_path, look=look)
    return ask.answer(view | await _rungs(ask), headers={"ETag": etag(view["version"])})


async def _rungs(ask: Ask) -> dict[str, object]:
    """The ladder this case climbs, what it does next, and the time it has for that."""
    row = await Outreach.get(id=ask.id)
    steps = (await outcomes.policy_of(row)).steps
    ahead = await ladder.steps_ahead(row, ask.parts.settings, ask.now)
    return {
        "target_s": ask.parts.settings.target_minutes * 60,
        "ladder": [_rung(step) for step in steps],
        "ahead": [{"do": each.do, "at": each.at} for each in ahead],
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
        asks={"masked": "true: without numbers and places, which is no look at them."},
        gives_version=True,
        shape=OutreachView,
    ),
)
