"""A call that a coordinator made: what it found, what was said in it, and that it counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from outreach.errors import BadInput, FieldFault
from outreach.models import DeskCall, Outreach
from outreach.outcomes.contacts import record_contact
from outreach.outcomes.learnt import Contact
from outreach.policy import Policy

CALL_ID = "call_id"
"""In a line about a contact: the id of the call that made it."""


async def record_call(call: DeskCall, policy: Policy, found: Contact, now: datetime) -> Outreach:
    """Keep the call, saved by nobody yet, and do what follows from what it found, as for any contact.

    The same call again changes nothing. Call it with the outreach locked; answers that as it now is. Raises BadInput
    where the id is that of a call about another.
    """
    known = await DeskCall.get_or_none(id=call.id)
    if known is not None:
        if known.outreach_id != call.outreach_id:
            raise BadInput(faults=(FieldFault("id", "is the id of another call"),))
        return await Outreach.get(id=call.outreach_id)
    await call.save(force_create=True)
    told = replace(found, detail=found.detail | {CALL_ID: str(call.id)})
    return await record_contact(call.outreach_id, policy, told, now)
