"""Taking one step: a message queued, people asked, a coordinator alarmed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.assignment import offer_step
from outreach.ladder.alarming import alarm
from outreach.ladder.standing import LATELY, Climber, texts_to
from outreach.models import Attempt, TrustedContact
from outreach.models.states import Channel, Severity
from outreach.outcomes import note_event
from outreach.policy import Step, Take
from outreach.settings import Settings


async def take_step(climber: Climber, take: Take, settings: Settings, now: datetime) -> bool:
    """Do what the step says; False when nobody could be asked, so that the next one is due at once."""
    step = take.step
    await note_event(climber.outreach.id, "step", now, now, index=take.index, do=step.do, try_no=take.try_no)
    if step.do in ("sms", "voice"):
        phone_id = climber.sms_phone_id if step.do == "sms" else climber.voice_phone_id
        number = climber.texts_lately + 1 if step.do == "sms" else 1
        await _queue(climber, take, Channel(step.do), now, phone_id=phone_id, number=number)
        return True
    if step.do == "trusted_contact":
        resident_id = climber.outreach.resident_id
        for contact in await TrustedContact.filter(resident_id=resident_id, consent_at__isnull=False):
            number = await texts_to(contact.number_hash, now - LATELY) + 1
            await _queue(climber, take, Channel.TRUSTED_CONTACT, now, trusted_contact_id=contact.id, number=number)
        return True
    if step.do == "coordinator":
        await alarm(climber.outreach.id, climber.areas, take.try_no, now)
        return True
    asked = await offer_step(climber.outreach, step, settings, now)
    return asked.shortage is None or bool(asked.offers)


async def _queue(
    climber: Climber,
    take: Take,
    channel: Channel,
    now: datetime,
    *,
    number: int,
    phone_id: UUID | None = None,
    trusted_contact_id: UUID | None = None,
) -> None:
    await Attempt.create(
        outreach_id=climber.outreach.id,
        channel=channel,
        round=climber.outreach.round,
        step=take.index,
        try_no=take.try_no,
        urgent=climber.policy.severity == Severity.HIGH,
        text_key=_text_of(take.step),
        queued_at=now,
        send_after=now,
        number=number,
        phone_id=phone_id,
        trusted_contact_id=trusted_contact_id,
    )


def _text_of(step: Step) -> str:
    return step.text or "warned"
