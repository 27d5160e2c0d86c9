"""Texts that come in: a resident's answer, a wish to be left alone, or a responder taking an offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.models import Attempt, Event, Offer, OptOut, Outreach, Phone, Responder
from outreach.models.sealing import keyed_hash
from outreach.models.states import Evidence, OutreachStatus
from outreach.outcomes import Actor, Contact, policy_of, record_contact
from outreach.settings import Settings

YES = {"1", "yes", "ok", "是", "好", "知道了"}
STOP = {"stop", "unsubscribe", "退订", "td"}
RECENT = timedelta(days=3)


@dataclass(frozen=True)
class OfferReply:
    """A responder sent the code of an offer made to them: for the edge to hand on."""

    responder_id: UUID
    code: str


@dataclass(frozen=True)
class Heard:
    """What a resident's text meant, and how many live outreaches it was recorded on (0 when it came before)."""

    meaning: Literal["yes", "stop", "words"]
    outreaches: int


async def inbound_sms(from_number: str, body: str, sid: str, settings: Settings, now: datetime) -> Heard | OfferReply:
    """Take in one text, once per provider id `sid`; `from_number` is E.164."""
    number_hash = keyed_hash(from_number)
    reply = await _offer_reply(number_hash, body.strip())
    if reply is not None:
        return reply
    meaning = _meaning(body)
    async with in_transaction():
        if meaning == "stop":
            await _keep_opt_out(number_hash, now)
        answered = await _answered(number_hash, now)
        told = [await _record(outreach_id, meaning, sid, now) for outreach_id in answered]
    return Heard(meaning, sum(told))


def _meaning(body: str) -> Literal["yes", "stop", "words"]:
    word = body.strip().strip(".。!！ ").lower()
    if word in STOP:
        return "stop"
    return "yes" if word in YES else "words"


async def _offer_reply(number_hash: str, code: str) -> OfferReply | None:
    responder = await Responder.get_or_none(number_hash=number_hash)
    if responder is None or not code or len(code) > 8:
        return None
    known = await Offer.filter(responder_id=responder.id, code__in=[code, code.upper(), code.lower()]).first()
    return OfferReply(responder.id, known.code) if known else None


async def _keep_opt_out(number_hash: str, now: datetime) -> None:
    if await OptOut.filter(number_hash=number_hash, channel="sms", lifted_at__isnull=True).exists():
        return
    phones = await Phone.filter(number_hash=number_hash)
    owners = {phone.resident_id for phone in phones}
    resident_id = owners.pop() if len(owners) == 1 else None
    await OptOut.create(resident_id=resident_id, number_hash=number_hash, channel="sms", origin="sms_reply", at=now)


async def _answered(number_hash: str, now: datetime) -> list[UUID]:
    """The live outreaches that wrote to or rang that number lately."""
    phones = [phone.id for phone in await Phone.filter(number_hash=number_hash)]
    tried = Attempt.filter(phone_id__in=phones, sending_at__gte=now - RECENT) if phones else None
    ids = {row.outreach_id for row in await tried} if tried is not None else set()
    live = await Outreach.filter(id__in=list(ids)).exclude(status=OutreachStatus.ENDED).order_by("id") if ids else []
    return [outreach.id for outreach in live]


async def _record(outreach_id: UUID, meaning: str, sid: str, now: datetime) -> bool:
    outreach = await Outreach.select_for_update(no_key=True).get(id=outreach_id)
    if any(e.data.get("sid") == sid for e in await Event.filter(outreach_id=outreach_id, kind="contact")):
        return False
    await record_contact(outreach_id, await policy_of(outreach), _contact(meaning, sid, now), now)
    return True


def _contact(meaning: str, sid: str, now: datetime) -> Contact:
    yes = meaning == "yes"
    return Contact(
        at=now,
        channel="sms",
        evidence=Evidence.STOP if meaning == "stop" else Evidence.SMS_REPLY,
        reached=meaning != "words",
        danger_off=yes,
        ends="convinced" if yes else "",
        actor=Actor("resident"),
        detail={"sid": sid, "meaning": meaning},
    )
