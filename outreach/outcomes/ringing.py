"""A call that a coordinator made: what it found, what was said in it, and that it counts once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.errors import BadInput, FieldFault
from outreach.models import DeskCall, Outreach
from outreach.outcomes.contacts import record_contact
from outreach.outcomes.learnt import Contact
from outreach.policy import Policy

CALL_ID = "call_id"
"""In a line about a contact: the id of the call that made it."""


@dataclass(frozen=True)
class Rung:
    """A call by its id, who made it, and what was said in it (None: not written down)."""

    id: UUID
    coordinator_id: UUID
    note: str | None


async def record_call(outreach_id: UUID, policy: Policy, call: Rung, found: Contact, now: datetime) -> Outreach:
    """Record what the call found and do what follows from it, as for any contact; the same call again changes nothing.

    Call it with the outreach locked; answers the outreach as it now is. Raises BadInput where the id is that of a call
    about another.
    """
    known = await DeskCall.get_or_none(id=call.id)
    if known is not None:
        if known.outreach_id != outreach_id:
            raise BadInput(faults=(FieldFault("id", "is the id of another call"),))
        return await Outreach.get(id=outreach_id)
    made: dict[str, Any] = {"id": call.id, "coordinator_id": call.coordinator_id, "note": call.note, "at": found.at}
    await DeskCall.create(outreach_id=outreach_id, **made)
    told = replace(found, detail=found.detail | {CALL_ID: str(call.id)})
    return await record_contact(outreach_id, policy, told, now)
