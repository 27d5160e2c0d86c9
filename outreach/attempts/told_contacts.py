"""A trusted contact: what their consent lets us tell them, and what they text back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.messaging.reading import MeaningOfContact
from outreach.models import Attempt, Outreach, TrustedContact
from outreach.models.states import LIVE_OUTREACH, Evidence
from outreach.outcomes import Actor, Contact, hurry, note_event, policy_of, record_contact
from outreach.outcomes.alarming import alarm_watchers

TEXTS = {"please_call": "please_call", "more_by_phone": "please_call_more"}
"""The text for each level of `may_be_told`; at any other (`nothing`) nothing is said.

please_call: that somebody who named them may need a word. more_by_phone: also that our line may tell them more.
"""


def text_for(contact: TrustedContact) -> str | None:
    """The key of the text that this contact may get; None where they may be told nothing, or never consented."""
    return TEXTS.get(contact.may_be_told) if contact.consent_at is not None else None


async def told_lately(number_hash: str, since: datetime) -> dict[UUID, UUID]:
    """The live outreaches that this number was told of since then, each with the trusted contact it belongs to."""
    contacts = {row.id: row.resident_id for row in await TrustedContact.filter(number_hash=number_hash)}
    if not contacts:
        return {}
    residents = list(contacts.values())
    live = [row.id for row in await Outreach.filter(resident_id__in=residents, status__in=LIVE_OUTREACH)]
    told = Attempt.filter(outreach_id__in=live, trusted_contact_id__in=list(contacts), sending_at__gte=since)
    rows = await told.order_by("sending_at") if live else []
    return {row.outreach_id: row.trusted_contact_id for row in rows if row.trusted_contact_id is not None}


async def contact_said(outreach_id: UUID, contact_id: UUID, meaning: MeaningOfContact, sid: str, now: datetime) -> None:
    """Record what a contact wrote on an outreach that is locked.

    That they have spoken with the person is evidence; anything else is a line of the timeline. A number that is not
    the contact's brings the next step at once, as does a cry for help, which also alarms the coordinators.
    """
    actor = Actor("contact", contact_id)
    detail: dict[str, object] = {"sid": sid, "meaning": meaning}
    if meaning == "reported":
        evidence = Evidence.REPORTED_BY_CONTACT
        said = Contact(at=now, channel="sms", evidence=evidence, actor=actor, detail=detail)
        await record_contact(outreach_id, await policy_of(await Outreach.get(id=outreach_id)), said, now)
        return
    await note_event(outreach_id, "contact_wrote", now, now, actor, None, **detail)
    if meaning == "help":
        await alarm_watchers(await Outreach.get(id=outreach_id), Contact(at=now, channel="sms", actor=actor), now)
    if meaning in ("wrong_number", "help"):
        await hurry(outreach_id, now)
