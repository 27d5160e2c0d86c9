"""A call picked up: what it says, and what the key they press means.

Whether a machine took it is told while the words are said, so that nobody who picks up waits in silence.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach import delivery
from outreach.attempts.settling import after_settling, settle
from outreach.attempts.wording import language_of, spoken
from outreach.delivery import Said, told
from outreach.errors import NotFound
from outreach.messaging import compose
from outreach.messaging.facts import VOICEMAIL, Call, Report
from outreach.messaging.inbound import address_of
from outreach.messaging.reading import key_meant
from outreach.messaging.speaking import Spoken, ask_for_key, connect, say
from outreach.models import Attempt, Event
from outreach.models.states import Evidence, OutreachStatus, SendStatus
from outreach.outcomes import Actor, Contact, note_event, policy_of, record_contact
from outreach.settings import Settings

UNDERSTOOD, CONNECT = "1", "2"
MOST_REPEATS = 2


async def picked_up(attempt_id: UUID, call: Call, settings: Settings, now: datetime) -> Spoken:
    """What the call says once it was taken: by a machine, as far as is known, is a failure at once. Raises NotFound."""
    row = await _attempt(attempt_id)
    language = language_of(row, settings)
    # A provider that listens first tells it here; one that lets us speak meanwhile tells the status address later.
    if call.by == "machine":
        report = Report(call.sid, "failed", "machine", failure=VOICEMAIL, by="machine")
        await settle(attempt_id, told(report, settings.messenger), now)
        return say(compose("voice_mail", language, service=settings.service_name), language)
    if row.outreach.status is OutreachStatus.ENDED:
        return say(compose("voice_over", language), language)
    return await _ask(row, language, settings)


async def key_pressed(attempt_id: UUID, call: Call, settings: Settings, now: datetime) -> Spoken:
    """Record what they pressed or said to the machine, and answer it; raises NotFound."""
    row = await _attempt(attempt_id)
    language = language_of(row, settings)
    pressed = call.keys or key_meant(call.speech, language)
    if pressed:
        await _taken(row, now)
    if pressed == UNDERSTOOD:
        await _contact(row, pressed, now, danger_off=True, ends="convinced")
        return say(compose("voice_thanks", language), language)
    if pressed == CONNECT:
        await _contact(row, pressed, now)
        return _put_through(language, settings)
    if row.failure == VOICEMAIL and not pressed:
        return say(compose("voice_mail", language, service=settings.service_name), language)
    # Who says hello to a machine, or nothing, has not heard it out: it begins again, as for the key that asks so.
    if await _may_repeat(row, now):
        return await _ask(row, language, settings)
    return say(compose("voice_goodbye", language), language)


async def _attempt(attempt_id: UUID) -> Attempt:
    row = await Attempt.get_or_none(id=attempt_id)
    if row is None:
        raise NotFound
    await row.fetch_related("outreach__resident", "trusted_contact")
    return row


async def _taken(row: Attempt, now: datetime) -> None:
    """A key is a person's: a machine heard in the call after it is none, and fails nothing."""
    said = Said(SendStatus.ANSWERED, "")
    await delivery.settle(Attempt, row.id, said, now, lambda before: after_settling(before, said, now))


async def _ask(row: Attempt, language: str, settings: Settings) -> Spoken:
    words = await spoken(row.outreach, row.text_key, language, settings)
    key_url = address_of(f"attempts/{row.id}/key", settings)
    return ask_for_key(words, key_url, compose("voice_goodbye", language), language, tell_silence=True)


async def _contact(row: Attempt, key: str, now: datetime, *, danger_off: bool = False, ends: str = "") -> None:
    # A word said to a machine proves no more than a key: `speech` is kept for two people speaking.
    contact = Contact(
        at=now,
        channel="voice",
        evidence=Evidence.KEY,
        danger_off=danger_off,
        ends=ends,
        actor=Actor("resident"),
        detail={"attempt": str(row.id), "key": key},
    )
    policy = await policy_of(row.outreach)
    async with in_transaction():
        await record_contact(row.outreach_id, policy, contact, now)


def _put_through(language: str, settings: Settings) -> Spoken:
    if not settings.hotline:
        return say(compose("voice_no_line", language), language)
    return connect(compose("voice_connecting", language), settings.hotline, language)


async def _may_repeat(row: Attempt, now: datetime) -> bool:
    events = await Event.filter(outreach_id=row.outreach_id, kind="voice_repeated")
    if sum(event.data.get("attempt") == str(row.id) for event in events) >= MOST_REPEATS:
        return False
    await note_event(row.outreach_id, "voice_repeated", now, now, Actor("resident"), attempt=str(row.id))
    return True
