"""Texts that come in: a resident's answer, a trusted contact's word, or a responder taking an offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from outreach.attempts.told_contacts import contact_said, told_lately
from outreach.delivery.hearing import keep_text
from outreach.messaging.facts import Text
from outreach.messaging.reading import Meaning, asks_to_start, plain, read_contact, read_reply
from outreach.models import Attempt, Offer, Outreach, Phone, Responder
from outreach.models.sealing import keyed_hash
from outreach.models.states import LIVE_OUTREACH, Evidence
from outreach.outcomes import SYSTEM, Actor, Contact, hold, keep_opt_out, lift_opt_outs, policy_of, record_contact
from outreach.settings import Settings

RECENT = timedelta(days=3)
CODE_LENGTH = 8


@dataclass(frozen=True)
class OfferReply:
    """A responder sent the code of an offer made to them: for the edge to hand on."""

    responder_id: UUID
    code: str


@dataclass(frozen=True)
class Heard:
    """What a text meant, and how many outreaches it was recorded on (0 when it came before)."""

    meaning: Meaning | Literal["reported"]
    outreaches: int


async def inbound_sms(text: Text, settings: Settings, now: datetime) -> Heard | OfferReply:
    """Take in one text, once per provider id."""
    number_hash = keyed_hash(text.sender)
    reply = await _offer_reply(number_hash, plain(text.body))
    if reply is not None:
        return reply
    async with in_transaction():
        if not await keep_text(settings.messenger, text.sid, now):
            return Heard(read_reply(text.body, text.wish), 0)
        heard = await _heard(number_hash, text, now)
        if heard.meaning == "stop":
            await keep_opt_out(number_hash, "sms_reply", now)
        if asks_to_start(text.body, text.wish):
            await lift_opt_outs(number_hash, now)
    return heard


async def _heard(number_hash: str, text: Text, now: datetime) -> Heard:
    meaning, of_contact = read_reply(text.body, text.wish), read_contact(text.body, text.wish)
    phones = await Phone.filter(number_hash=number_hash, wrong_at__isnull=True)
    own = await _concerned(phones, meaning, now)
    told, recorded = await told_lately(number_hash, now - RECENT), 0
    for outreach_id in sorted({*own, *told}):
        await hold(outreach_id)
        recorded += 1
        # A number that a resident shares with whom they trust speaks for the resident.
        if outreach_id in own:
            await _record(outreach_id, _contact(meaning, number_hash, text.sid, now), now)
        else:
            await contact_said(outreach_id, told[outreach_id], of_contact, text.sid, now)
    if meaning == "wrong_number":
        await _mark_wrong(phones, number_hash, bool(told), now)
    return Heard(of_contact if told and not own else meaning, recorded)


async def _offer_reply(number_hash: str, code: str) -> OfferReply | None:
    responder = await Responder.get_or_none(number_hash=number_hash)
    if responder is None or not code or len(code) > CODE_LENGTH:
        return None
    known = await Offer.filter(responder_id=responder.id, code__in=[code, code.upper()]).first()
    return OfferReply(responder.id, known.code) if known else None


async def _concerned(phones: list[Phone], meaning: Meaning, now: datetime) -> set[UUID]:
    """The live outreaches that wrote to or rang one of these lately; of a wrong number or a cry for help, all of them.

    Where none is live, the ones that ended lately: an answer that comes late is an answer all the same.
    """
    residents = [phone.resident_id for phone in phones]
    if not residents:
        return set()
    about = await Outreach.filter(resident_id__in=residents, exercise=False).filter(
        Q(status__in=LIVE_OUTREACH) | Q(ended_at__gte=now - RECENT)
    )
    live = {outreach.id for outreach in about if outreach.status in LIVE_OUTREACH}
    if meaning == "wrong_number" or (meaning == "help" and live):
        return live
    numbers = [phone.id for phone in phones]
    tried = Attempt.filter(
        outreach_id__in=[outreach.id for outreach in about], phone_id__in=numbers, sending_at__gte=now - RECENT
    )
    written_to = {attempt.outreach_id for attempt in await tried} if about else set()
    return written_to & live or written_to


async def _record(outreach_id: UUID, contact: Contact, now: datetime) -> None:
    await record_contact(outreach_id, await policy_of(await Outreach.get(id=outreach_id)), contact, now)


async def _mark_wrong(phones: list[Phone], number_hash: str, of_contact: bool, now: datetime) -> None:
    # Those with no live outreach too: the next warning about them must not ring a stranger.
    await Phone.filter(id__in=[phone.id for phone in phones], wrong_at__isnull=True).update(wrong_at=now)
    if of_contact:
        await keep_opt_out(number_hash, "wrong_number", now)


def _contact(meaning: Meaning, number_hash: str, sid: str, now: datetime) -> Contact:
    detail: dict[str, object] = {"sid": sid, "meaning": meaning}
    if meaning == "wrong_number":
        # Whoever answers there is somebody else: nobody was met.
        return Contact(at=now, channel="sms", wrong_number=True, number_hash=number_hash, actor=SYSTEM, detail=detail)
    yes = meaning == "yes"
    # Whoever cries for help is in touch, and not out of danger: nothing of it stops anybody on the way.
    return Contact(
        at=now,
        channel="sms",
        evidence=Evidence.STOP if meaning == "stop" else Evidence.SMS_REPLY,
        reached=meaning in ("yes", "stop"),
        danger_off=yes,
        emergency=meaning == "help",
        ends="convinced" if yes else "",
        actor=Actor("resident"),
        detail=detail,
    )
