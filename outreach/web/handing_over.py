"""The end of a shift: cases are handed on to another coordinator, with a note, or left to whoever takes them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.transactions import in_transaction

from outreach import access, outcomes
from outreach.errors import BadInput, FieldFault, IllegalMove
from outreach.models import Area, Category, Coordinator, Outreach
from outreach.models.states import LIVE_OUTREACH
from outreach.web.answers import Desk, HandedOn, Standing
from outreach.web.asking import Ask
from outreach.web.cases import CASE, decide
from outreach.web.forms import Form
from outreach.web.table import DECIDING, READING, Route

Note = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
ELSEWHERE = "does not decide on cases of this area"


class HandOnForm(Form):
    """To whom (null: to whoever takes it), and what they should know; the note may be about the person."""

    to: UUID | None
    note: Note | None = None


async def desk(ask: Ask) -> Response:
    """Whom the caller works with, how many cases each has now, and the kinds of danger a warning may be of."""
    found = await access.colleagues(ask.caller)
    taken = access.outreaches_seen_by(ask.caller).filter(status__in=LIVE_OUTREACH, taken_by_id__isnull=False)
    held = [UUID(str(each)) for each in await taken.values_list("taken_by_id", flat=True)]
    listed = [_colleague(each, held.count(each.id)) for each in found]
    return ask.answer({"me": ask.caller.id, "colleagues": listed, "categories": await _categories()})


async def hand_on(ask: Ask) -> Response:
    """Hand one case on."""
    form = await ask.form(HandOnForm)

    async def leave(row: Outreach) -> None:
        if not await _fits(form.to, row):
            raise BadInput(faults=(FieldFault("to", ELSEWHERE),))
        await outcomes.hand_on(row, form.to, form.note or None, ask.caller.id, ask.now)

    return await decide(ask, leave)


async def hand_on_all(ask: Ask) -> Response:
    """Hand on everything that the caller has; what the other may not decide on stays."""
    form = await ask.form(HandOnForm)
    if form.to is not None and form.to not in {each.id for each in await access.colleagues(ask.caller)}:
        raise BadInput(faults=(FieldFault("to", ELSEWHERE),))
    mine = Outreach.filter(taken_by_id=ask.caller.id, status__in=LIVE_OUTREACH).order_by("id")
    ids = [UUID(str(each)) for each in await mine.values_list("id", flat=True)]
    handed = [each for each in ids if await _leave(each, form, ask)]
    ask.parts.wake()
    return ask.answer({"handed_on": handed, "kept": [each for each in ids if each not in handed]})


async def _leave(outreach_id: UUID, form: HandOnForm, ask: Ask) -> bool:
    async with in_transaction():
        row = await Outreach.select_for_update(no_key=True).get(id=outreach_id)
        # Somebody else may have taken it meanwhile, or it has ended: then it is not the caller's to leave.
        if row.taken_by_id != ask.caller.id or row.status not in LIVE_OUTREACH or not await _fits(form.to, row):
            return False
        await outcomes.hand_on(row, form.to, form.note or None, ask.caller.id, ask.now)
        return True


async def _fits(to: UUID | None, row: Outreach) -> bool:
    if to is None:
        return True
    area = await Area.get_or_none(id=row.area_id) if row.area_id else None
    return await access.may_hold(to, area.path if area else None)


async def _categories() -> list[dict[str, object]]:
    rows = await Category.all().order_by("family", "code")
    return [{"code": row.code, "name": row.scripts.get("names", {})} for row in rows]


def _colleague(row: Coordinator, cases: int) -> dict[str, object]:
    area = row.area.name if row.area else None
    return {"id": row.id, "name": row.name, "role": row.role.value, "area": area, "cases": cases}


ROUTES = (
    Route("GET", "/api/desk", desk, READING, "Who decides here, and the kinds of danger.", shape=Desk),
    Route(
        "POST",
        f"{CASE}/hand-on",
        hand_on,
        DECIDING,
        "Handed on.",
        HandOnForm,
        needs_version=True,
        gives_version=True,
        shape=Standing,
        refuses=(IllegalMove,),
    ),
    Route("POST", "/api/hand-on", hand_on_all, DECIDING, "What was handed on.", HandOnForm, shape=HandedOn),
)
