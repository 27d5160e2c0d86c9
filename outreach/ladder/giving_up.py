"""The ladder ends a case; where nobody was reached, its rows are read once more, for why."""

from __future__ import annotations

from datetime import datetime

from outreach.ladder.standing import Climber
from outreach.models import Event, Outreach
from outreach.models.statements import fetch
from outreach.models.states import EndState, TaskKind
from outreach.outcomes import end_outreach
from outreach.policy import REFUSED, CameOf, End, why_unreached

CAME_OF = """
    SELECT EXISTS (SELECT 1 FROM offer f WHERE f.outreach_id = $1 AND f.offered_at >= $2) AS offered,
        EXISTS (SELECT 1 FROM task t WHERE t.outreach_id = $1 AND t.accepted_at >= $2) AS taken,
        EXISTS (SELECT 1 FROM attempt a WHERE a.outreach_id = $1 AND a.sent_at >= $2) AS sent"""
"""Whom this climb asked, who took it on, and what left by machine."""
TOLD = ("contact", "no_contact", "found", "shortage")
"""The lines that tell of contacts, of what people found, and of having nobody to ask."""


async def give_up(climber: Climber, end: End, now: datetime) -> None:
    """End the outreach; as unreached it ends with why, and its line says too what ran out."""
    outreach, state = climber.outreach, EndState(end.state)
    # An exercise tries nothing, so nothing came of it.
    if state is EndState.UNREACHED and not outreach.exercise:
        reason = why_unreached(await _came_of(climber), end.reason)
        await end_outreach(outreach, state, reason, now, limit=end.reason)
    else:
        await end_outreach(outreach, state, end.reason, now)


async def _came_of(climber: Climber) -> CameOf:
    outreach = climber.outreach
    [rows] = await fetch(CAME_OF, outreach.id, outreach.ladder_from)
    lines = await _lines(outreach)
    found = [line.data for line in lines if line.kind in ("no_contact", "found")]
    refused = [said for said in found if said.get("outcome") == REFUSED and said.get("who") != "trusted_contact"]
    at_the_door = [said for said in found if said.get("channel") == TaskKind.VISIT and not said.get("wrong_place")]
    return CameOf(
        known=bool(climber.possible & {"call", "visit"}),
        refused=bool(refused),
        nobody_home=bool(at_the_door),
        wanted=bool(rows["offered"]) or any(line.kind == "shortage" for line in lines),
        taken=bool(rows["taken"]),
        answered=any(line.kind == "contact" for line in lines),
        tried=bool(rows["sent"]) or any(said.get("channel") == TaskKind.CALL for said in found),
    )


async def _lines(outreach: Outreach) -> list[Event]:
    """Those of this climb, each when it happened: an earlier one ended otherwise."""
    return await Event.filter(outreach_id=outreach.id, kind__in=TOLD, at__gte=outreach.ladder_from).order_by("seq")
