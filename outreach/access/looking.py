"""Each look at somebody's data outside of a case is kept: who looked, how, and whose data was shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.access.tokens import Caller
from outreach.models import Look, LookShown
from outreach.models.states import ROLES

Way = Literal["search", "record"]


async def note_look(caller: Caller, way: Way, shown: Iterable[tuple[UUID, UUID | None]], now: datetime) -> None:
    """Keep that the caller was shown these people, each with the id of their area; nobody shown is no look."""
    people = list(shown)
    if not people:
        return
    kind = "coordinator" if caller.kind in ROLES else caller.kind.value
    async with in_transaction():
        look = await Look.create(at=now, actor_kind=kind, actor_id=caller.id, way=way)
        await LookShown.bulk_create([LookShown(look=look, person_id=each, area_id=area) for each, area in people])
