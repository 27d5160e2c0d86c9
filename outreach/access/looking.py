"""Each look at somebody's data outside of a case is kept: who looked, how, and whose data was shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.access.tokens import Caller
from outreach.models import Look, LookShown, Outreach
from outreach.models.states import ROLES

Way = Literal["search", "record", "board"]


async def note_look(caller: Caller, way: Way, shown: Iterable[tuple[UUID, UUID | None]], now: datetime) -> None:
    """Keep that the caller was shown these people, each with the id of their area; nobody shown is no look."""
    people = list(shown)
    if not people:
        return
    kind = "coordinator" if caller.kind in ROLES else caller.kind.value
    async with in_transaction():
        look = await Look.create(at=now, actor_kind=kind, actor_id=caller.id, way=way)
        await LookShown.bulk_create([LookShown(look=look, person_id=each, area_id=area) for each, area in people])


async def note_names(caller: Caller, outreach_ids: Collection[UUID], now: datetime) -> None:
    """Keep that the caller was shown whose cases these are: once for each case, however often they look."""
    rows = await Outreach.filter(id__in=outreach_ids).values("resident_id", "area_id", "opened_at")
    shown = LookShown.filter(person_id__in=[row["resident_id"] for row in rows], look__actor_id=caller.id)
    last: dict[UUID, datetime] = {}
    for each in await shown.filter(look__way="board").order_by("look__at").values("person_id", at="look__at"):
        last[each["person_id"]] = each["at"]
    fresh = {
        row["resident_id"]: row["area_id"]
        for row in rows
        if row["resident_id"] not in last or last[row["resident_id"]] < row["opened_at"]
    }
    await note_look(caller, "board", fresh.items(), now)
