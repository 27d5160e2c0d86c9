"""Whom a coordinator may give a case to, and giving it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.responses import Response

from outreach import assignment, outcomes, tasks
from outreach.access import in_scope
from outreach.assignment import Considered
from outreach.errors import (
    ArrivedMeanwhile,
    AtCapacity,
    BadInput,
    FieldFault,
    IllegalMove,
    NotEligible,
    NothingToUndo,
    TooLateToUndo,
)
from outreach.models import Outreach, Responder
from outreach.models.states import TaskKind
from outreach.web.answers import Candidates, Standing
from outreach.web.asking import Ask
from outreach.web.cases import CASE, Code, decide, refuse_unseen
from outreach.web.forms import Form
from outreach.web.table import DECIDING, READING, Route


class ReassignForm(Form):
    """To whom, and why; without `kind` the task that is under way."""

    responder_id: UUID
    reason: Code
    kind: TaskKind | None = None


async def candidates(ask: Ask) -> Response:
    """Who may be asked, who was left out and by what; with nobody to ask, the name of the shortage."""
    await refuse_unseen(ask)
    kind, settings = _kind(ask), ask.parts.settings
    row = await Outreach.get(id=ask.id)
    found = await assignment.candidates_of(row, kind, settings, ask.now)
    people = {each.id: each for each in await _people(found)}
    listed = [_candidate(each, people[each.responder_id], ask) for each in found]
    return ask.answer({"candidates": listed, "shortage": await _shortage(row, kind, ask)})


async def reassign(ask: Ask) -> Response:
    """Give the task to this responder at once."""
    form = await ask.form(ReassignForm)

    async def hand_over(row: Outreach) -> None:
        given = form.kind, form.reason, ask.caller.id, ask.parts.settings, ask.now
        await assignment.reassign(row, form.responder_id, *given)

    return await decide(ask, hand_over, ask.now + assignment.UNDO_WITHIN)


async def undo(ask: Ask) -> Response:
    """Take back the last reassignment; both phones are told."""

    async def put_right(row: Outreach) -> None:
        await assignment.undo(row, ask.caller.id, ask.parts.settings, ask.now)

    return await decide(ask, put_right)


def _kind(ask: Ask) -> TaskKind:
    try:
        return TaskKind(ask.request.query_params.get("kind", "visit"))
    except ValueError:
        raise BadInput(faults=(FieldFault("kind", "One of visit, call."),)) from None


async def _people(found: list[Considered]) -> list[Responder]:
    ids = [each.responder_id for each in found]
    return await Responder.filter(id__in=ids).select_related("area") if ids else []


async def _shortage(row: Outreach, kind: TaskKind, ask: Ask) -> str | None:
    step = tasks.step_for(await outcomes.policy_of(row), kind.value, row.step)
    want = await assignment.want_of(row, step)
    _, shortage = await assignment.rank(want, ask.parts.settings, ask.now, 1)
    return shortage.value if shortage else None


def _candidate(each: Considered, responder: Responder, ask: Ask) -> dict[str, Any]:
    seen = in_scope(ask.caller, responder.area.path)
    return {
        "responder_id": each.responder_id,
        # Areas limit who sees whom: a neighbour may be asked without being named.
        "name": responder.name if seen else None,
        "role": responder.role.value,
        "area": responder.area.path,
        "languages": sorted({responder.language, *responder.languages}),
        "speaks": each.speaks,
        "load": responder.load,
        "capacity": responder.capacity,
        "distance_m": each.distance_m,
        "travel_s": each.travel_s,
        "reason": each.reason,
        "left_out": each.left_out.value if each.left_out else None,
        "givable": each.givable,
    }


ROUTES = (
    Route(
        "GET",
        f"{CASE}/candidates",
        candidates,
        READING,
        "Who may be asked, best first; then who was left out, and by what.",
        asks={"kind": "visit or call."},
        shape=Candidates,
    ),
    Route(
        "POST",
        f"{CASE}/reassign",
        reassign,
        DECIDING,
        "The task moved to this responder, who has the policy's minutes to acknowledge it.",
        ReassignForm,
        needs_version=True,
        gives_version=True,
        shape=Standing,
        refuses=(IllegalMove, NotEligible, AtCapacity),
    ),
    Route(
        "POST",
        f"{CASE}/undo",
        undo,
        DECIDING,
        "Back with whoever had it before the last reassignment, for ten minutes after it.",
        needs_version=True,
        gives_version=True,
        shape=Standing,
        refuses=(NothingToUndo, TooLateToUndo, ArrivedMeanwhile, IllegalMove, NotEligible, AtCapacity),
    ),
)
