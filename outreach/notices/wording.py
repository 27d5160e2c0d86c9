"""What a responder is told by text: where roughly, what, how far; nothing about the resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from outreach.access import code_of
from outreach.messaging import language_for, rules_of
from outreach.messaging.texts import compose, has
from outreach.models import Area, Notice, Offer, Responder
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
    area = await area_name(row.outreach.area_id if row.outreach else row.responder.area_id)
    about = About(row.responder, row.offer, area, str(row.number or _number(row)))
    return row.responder.number, words_of(row, about, settings, two_way=two_way)


@dataclass(frozen=True)
class About:
    """Whom a text tells, of which offer (None: of none), the name of the area, and the number that the text bears."""

    to: Responder
    offer: Offer | None
    area: str
    number: str


def words_of(row: Notice, about: About, settings: Settings, *, two_way: bool = False) -> str:
    """The words of a text to a responder, of one that is saved or of one that is only planned."""
    language = language_of(about.to, settings)
    given: dict[str, object] = {"service": settings.service_name, "n": about.number, "area": about.area}
    if row.kind in ("offer", "handed_over") and about.offer is not None:
        return _asked(row.kind, about.to, about.offer, given, language, two_way)
    if row.kind in ("called_off", "not_taken"):
        why = str(row.data.get("why", ""))
        known = f"why_{why}" if has(f"why_{why}") else "why_other"
        return compose(row.kind, language, **given, why=compose(known, language))
    if row.kind == "sign_in":
        return compose("sign_in", language, **given, code=code_of(str(row.data["code_id"])))
    return compose(row.kind if has(row.kind) else "coordinator_alarm", language, **given)


def language_of(responder: Responder, settings: Settings) -> str:
    """The language in which this responder is written to."""
    return language_for(responder.language, settings.language)


async def area_name(area_id: UUID | None) -> str:
    """How a text names this area; `…` where none is known."""
    area = await Area.get_or_none(id=area_id) if area_id else None
    return area.name if area else "…"


def is_too_late(row: Notice, now: datetime) -> bool:
    """Whether the word is of no use any more: a sign-in code that is over."""
    until = row.data.get("expires_at")
    return until is not None and datetime.fromisoformat(str(until)) <= now


def _asked(kind: str, to: Responder, offer: Offer, given: dict[str, object], language: str, two_way: bool) -> str:
    reply = ""
    if kind == "offer" and rules_of(to.country).answers_arrive(two_way):
        reply = compose("offer_reply", language, code=offer.code)
    minutes, what = ceil((offer.travel_s or 0) / 60), compose(offer.kind.value, language)
    return compose(kind, language, **given, kind=what, minutes=minutes, reply=reply)


def _number(row: Notice) -> int:
    # No two texts may be alike (three identical ones a day are refused in places), and a lost one must be found again.
    return row.id.int % 9000 + 1000
