"""What a responder is told by text: where roughly, what, how far; nothing about the resident."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from outreach.access import code_of
from outreach.messaging import language_for, rules_of
from outreach.messaging.texts import compose, has
from outreach.models import Area, Notice
from outreach.notices.canary import CANARY, canary_text
from outreach.settings import Settings


async def text_of(row: Notice, settings: Settings, *, two_way: bool = False) -> tuple[str, str] | None:
    """The number (E.164) and the words of a text to a responder, or of a canary; None when nobody is left to tell.

    Only a sender that hears answers (`two_way`) asks for one.
    """
    if row.kind == CANARY:
        return canary_text(row, settings)
    await row.fetch_related("responder", "offer", "outreach")
    if row.responder is None:
        return None
    language = language_for(row.responder.language, settings.language)
    area_id = row.outreach.area_id if row.outreach else row.responder.area_id
    area = await Area.get_or_none(id=area_id) if area_id else None
    given = {"service": settings.service_name, "n": row.number or _number(row), "area": area.name if area else "…"}
    if row.kind in ("offer", "handed_over") and row.offer is not None:
        return row.responder.number, _asked(row, language, given, two_way)
    if row.kind in ("called_off", "not_taken"):
        why = str(row.data.get("why", ""))
        known = f"why_{why}" if has(f"why_{why}") else "why_other"
        return row.responder.number, compose(row.kind, language, **given, why=compose(known, language))
    if row.kind == "sign_in":
        return row.responder.number, compose("sign_in", language, **given, code=code_of(str(row.data["code_id"])))
    return row.responder.number, compose(row.kind if has(row.kind) else "coordinator_alarm", language, **given)


def is_too_late(row: Notice, now: datetime) -> bool:
    """Whether the word is of no use any more: a sign-in code that is over."""
    until = row.data.get("expires_at")
    return until is not None and datetime.fromisoformat(str(until)) <= now


def _asked(row: Notice, language: str, given: dict[str, object], two_way: bool) -> str:
    assert row.offer is not None and row.responder is not None
    reply = ""
    if row.kind == "offer" and rules_of(row.responder.country).answers_arrive(two_way):
        reply = compose("offer_reply", language, code=row.offer.code)
    minutes = ceil((row.offer.travel_s or 0) / 60)
    kind = compose(row.offer.kind.value, language)
    return compose(row.kind, language, **given, kind=kind, minutes=minutes, reply=reply)


def _number(row: Notice) -> int:
    # No two texts may be alike (three identical ones a day are refused in places), and a lost one must be found again.
    return row.id.int % 9000 + 1000
