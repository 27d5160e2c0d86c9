"""One responder goes home: all of theirs in one preview, and moved in one go, each on the version that was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import assignment, tasks
from outreach.access import in_scope, outreaches_seen_by
from outreach.access.looking import note_names
from outreach.assignment import Considered, Foretold, Leaving
from outreach.errors import NotFound, Refusal, StaleVersion
from outreach.models import Absence, Offer, Outreach, Responder, Shift
from outreach.models.states import LIVE_OUTREACH, OfferStatus, TaskKind
from outreach.web.answers import GoingHome, Moved
from outreach.web.asking import Ask
from outreach.web.cases import refuse_stale
from outreach.web.forms import Form
from outreach.web.table import DECIDING, READING, Route

PATH = "/api/responders/{id}/going-home"
WENT_HOME = "went_home"


class MoveForm(Form):
    """One case on the version that was read; `to` null: the ladder asks on."""

    outreach_id: UUID
    version: int = Field(ge=0, le=2**31)
    kind: TaskKind = TaskKind.VISIT
    to: UUID | None = None


class GoingHomeForm(Form):
    """What is moved; what is not named stays. `off_duty`: nothing more is asked of them until their shift ends."""

    moves: list[MoveForm] = Field(max_length=50)
    off_duty: bool = True


async def preview(ask: Ask) -> Response:
    """What this responder holds, and who could take each of it; nothing has happened yet."""
    responder = await _responder(ask)
    seen = await outreaches_seen_by(ask.caller).filter(tasks__responder_id=responder.id, status__in=LIVE_OUTREACH)
    found = await assignment.leaving(responder.id, [row.id for row in seen], ask.parts.settings, ask.now)
    people = await _people(found) | {responder.id: responder}
    await note_names(ask.caller, [each.task.outreach_id for each in found], ask.now)
    lines = [await _line(each, people, ask) for each in found]
    offers = await Offer.filter(responder_id=responder.id, status=OfferStatus.OFFERED).count()
    who = {"id": responder.id, "name": responder.name}
    return ask.answer({"responder": who, "now": ask.now, "lines": lines, "offers": offers})


async def go_home(ask: Ask) -> Response:
    """Move what is named; a line that changed meanwhile stops alone, with who changed what."""
    form = await ask.form(GoingHomeForm)
    responder = await _responder(ask)
    lines = [await _moved(move, ask) for move in form.moves]
    if form.off_duty:
        await _off_duty(responder, ask.now)
    ask.parts.wake()
    return ask.answer({"lines": lines, "undo_until": ask.now + assignment.UNDO_WITHIN})


async def undo(ask: Ask) -> Response:
    """Take the moves that are named back; whoever went home is asked again."""
    form = await ask.form(GoingHomeForm)
    responder = await _responder(ask)
    lines = [await _moved(move, ask, back=True) for move in form.moves]
    recent = Absence.filter(responder_id=responder.id, starts_at__gte=ask.now - assignment.UNDO_WITHIN)
    await recent.filter(starts_at__lte=ask.now).delete()
    ask.parts.wake()
    return ask.answer({"lines": lines, "undo_until": None})


async def _responder(ask: Ask) -> Responder:
    found = await Responder.filter(id=ask.id).select_related("area").first()
    if found is None or not in_scope(ask.caller, found.area.path):
        raise NotFound()
    return found


async def _moved(move: MoveForm, ask: Ask, *, back: bool = False) -> dict[str, Any]:
    said = {"outreach_id": move.outreach_id, "done": True, "code": None, "changes": []}
    try:
        async with in_transaction():
            row = await outreaches_seen_by(ask.caller).select_for_update(no_key=True).get_or_none(id=move.outreach_id)
            if row is None:
                raise NotFound()
            await refuse_stale(row, {str(move.version)}, ask)
            await _move(row, move, ask, back)
            return said | {"version": (await Outreach.get(id=row.id)).version}
    except Refusal as no:
        changes = list(no.changes) if isinstance(no, StaleVersion) else []
        return said | {"done": False, "version": None, "code": no.code, "changes": changes}


async def _move(row: Outreach, move: MoveForm, ask: Ask, back: bool) -> None:
    settings, who = ask.parts.settings, ask.caller.id
    if back:
        await assignment.undo(row, who, settings, ask.now)
    elif move.to is None:
        await assignment.release(row, move.kind, WENT_HOME, who, ask.now)
    else:
        await assignment.reassign(row, move.to, move.kind, WENT_HOME, who, settings, ask.now)


async def _off_duty(responder: Responder, now: datetime) -> None:
    for offer in await Offer.filter(responder_id=responder.id, status=OfferStatus.OFFERED):
        await tasks.decline(offer.id, responder.id, WENT_HOME, now)
    shift = (
        await Shift.filter(responder_id=responder.id, starts_at__lte=now, ends_at__gt=now).order_by("-ends_at").first()
    )
    if shift is not None:
        await Absence.create(responder_id=responder.id, starts_at=now, ends_at=shift.ends_at)


async def _people(found: list[Leaving]) -> dict[UUID, Responder]:
    ids = {choice.responder_id for each in found for choice in each.choices}
    return {row.id: row for row in await Responder.filter(id__in=ids).select_related("area")} if ids else {}


async def _line(each: Leaving, people: dict[UUID, Responder], ask: Ask) -> dict[str, Any]:
    row = await Outreach.get(id=each.task.outreach_id).prefetch_related("resident", "category", "area")
    return {
        "outreach_id": row.id,
        "version": row.version,
        "kind": each.task.kind.value,
        "resident": row.resident.name,
        "severity": row.severity.value,
        "category_name": row.category.scripts.get("names", {}),
        "area": row.area.name if row.area else None,
        "arrived_at": each.task.arrived_at,
        "deadline": each.deadline,
        "keeps": each.keeps,
        "proposed": each.proposed.responder_id if each.proposed else None,
        "late_s": each.late_s,
        "remedy": each.remedy,
        "choices": [
            _choice(choice, people[choice.responder_id], ask) | _told(each, choice.responder_id, people, ask)
            for choice in each.choices
        ],
        **_told(each, None, people, ask),
    }


def _told(line: Leaving, taker: UUID | None, people: dict[UUID, Responder], ask: Ask) -> dict[str, Any]:
    def said(each: Foretold) -> dict[str, Any]:
        name = _name(people[each.responder_id], ask)
        return {"responder_id": each.responder_id, "name": name, "language": each.language, "words": each.words}

    return {"told": [said(each) for each in line.told[taker]]}


def _name(who: Responder, ask: Ask) -> str | None:
    return who.name if in_scope(ask.caller, who.area.path) else None


def _choice(each: Considered, who: Responder, ask: Ask) -> dict[str, Any]:
    arrives = None if each.travel_s is None else ask.now + timedelta(seconds=each.travel_s)
    return {
        "responder_id": who.id,
        "name": _name(who, ask),
        "load": who.load,
        "capacity": who.capacity,
        "reason": each.reason,
        "distance_m": each.distance_m,
        "arrives_at": arrives,
    }


ROUTES = (
    Route("GET", PATH, preview, READING, "Each of their tasks, and who could take it.", shape=GoingHome),
    Route("POST", PATH, go_home, DECIDING, "What was moved, line by line.", GoingHomeForm, shape=Moved),
    Route("POST", f"{PATH}/undo", undo, DECIDING, "What was taken back, line by line.", GoingHomeForm, shape=Moved),
)
