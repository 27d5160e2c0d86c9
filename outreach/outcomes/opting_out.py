"""Wishes to be left alone: kept by number with channel and origin, lifted but never deleted, closing nothing."""

from __future__ import annotations

from datetime import datetime

from outreach.models import Attempt, OptOut, Phone, TrustedContact
from outreach.outcomes.timeline import SYSTEM, note_event

TEXTS = "sms"


async def keep_opt_out(number_hash: str, origin: str, now: datetime, channel: str = TEXTS) -> bool:
    """Keep that whoever has this number wants no more on `channel`; False where that is known already."""
    if await OptOut.filter(number_hash=number_hash, channel=channel, lifted_at__isnull=True).exists():
        return False
    owners = {phone.resident_id for phone in await Phone.filter(number_hash=number_hash, wrong_at__isnull=True)}
    # Of a number that several share, nobody can say whose wish it was: it holds for all of them.
    resident_id = owners.pop() if len(owners) == 1 else None
    await OptOut.create(resident_id=resident_id, number_hash=number_hash, channel=channel, origin=origin, at=now)
    return True


async def lift_opt_outs(number_hash: str, now: datetime) -> int:
    """They want texts again; answers how many wishes are lifted. One for every channel stays: no text made it."""
    return await OptOut.filter(number_hash=number_hash, channel=TEXTS, lifted_at__isnull=True).update(lifted_at=now)


async def opted_out_at_provider(row: Attempt, now: datetime) -> None:
    """The provider was told to send `row`'s number no more: kept as if told to us, with a line of the timeline."""
    number_hash = await _number_hash(row)
    if number_hash is not None and await keep_opt_out(number_hash, "provider", now):
        what: dict[str, object] = {"channel": TEXTS, "origin": "provider", "attempt": str(row.id)}
        await note_event(row.outreach_id, "opted_out", now, now, SYSTEM, None, **what)


async def _number_hash(row: Attempt) -> str | None:
    holder: Phone | TrustedContact | None = None
    if row.trusted_contact_id is not None:
        holder = await TrustedContact.get_or_none(id=row.trusted_contact_id)
    elif row.phone_id is not None:
        holder = await Phone.get_or_none(id=row.phone_id)
    return str(holder.number_hash) if holder is not None else None
