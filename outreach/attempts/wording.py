"""What one attempt says and to which number, composed only when it is sent: nothing personal is stored with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outreach.attempts.addressing import Facts, address
from outreach.attempts.case_words import case_word
from outreach.attempts.told_contacts import text_for
from outreach.delivery import Lookup
from outreach.messaging import language_for, rules_of, to_resident
from outreach.messaging.messenger import Kind
from outreach.messaging.texts import compose, has
from outreach.models import Attempt, Outreach
from outreach.models.states import Channel, OutreachStatus
from outreach.outcomes import policy_of
from outreach.settings import Settings

DEFAULT_TEXT = "warned"


@dataclass(frozen=True)
class Message:
    """What is sent: `kind` and number (E.164), and for a text its body. `country` is the number's (ISO 3166)."""

    kind: Kind
    to: str
    body: str = ""
    country: str = ""


@dataclass(frozen=True)
class Unsendable:
    """Why nothing may be sent, as a code; `called_off` says that nobody wants it any more, which hurries nothing, and
    `waits` that nobody wants it yet.
    """

    code: str
    called_off: bool = False
    waits: bool = False


PAUSED = Unsendable("paused", waits=True)


async def prepare(
    rows: Sequence[Attempt], settings: Settings, two_way: bool, now: datetime
) -> list[Message | Unsendable]:
    """The message of each attempt, or why it may not leave now; `two_way` says that our sender hears replies."""
    facts = await address(rows, now)
    return [
        PAUSED
        if row.outreach.paused_at
        else _too_much(row, facts[row.id], settings) or await _prepare(row, facts[row.id], settings, two_way)
        for row in rows
    ]


async def lookup(row: Attempt, settings: Settings, two_way: bool, now: datetime) -> Lookup | None:
    """How this attempt would look at the provider; None when it cannot have been sent."""
    facts = await address([row], now)
    message = await _prepare(row, facts[row.id], settings, two_way)
    return Lookup(message.kind, message.to, message.body) if isinstance(message, Message) else None


def _too_much(row: Attempt, facts: Facts, settings: Settings) -> Unsendable | None:
    """Whether one more would be no help: a newer one is on its way, or the number has had the day's fill."""
    if facts.superseded:
        return Unsendable("superseded", called_off=True)
    most = settings.calls_a_day if row.channel is Channel.VOICE else settings.texts_a_day
    return Unsendable("enough_for_a_day") if most and facts.lately >= most else None


async def _prepare(row: Attempt, facts: Facts, settings: Settings, two_way: bool) -> Message | Unsendable:
    if await _called_off(row):
        return Unsendable("called_off", called_off=True)
    if row.outreach.exercise:
        return Unsendable("exercise")
    holder = row.trusted_contact or row.phone
    if holder is None or (row.phone is not None and row.phone.wrong_at is not None):
        return Unsendable("no_number" if holder is None else "wrong_number")
    kind: Kind = "voice" if row.channel is Channel.VOICE else "sms"
    if kind == "voice" and not rules_of(holder.country).voice:
        return Unsendable("country_without_voice")
    if facts.opted_out:
        return Unsendable("opted_out")
    if row.trusted_contact is not None and text_for(row.trusted_contact) is None:
        return Unsendable("may_not_be_told")
    body = "" if kind == "voice" else _text(row, holder.country, settings, two_way)
    return Message(kind, holder.number, body, holder.country)


def language_of(row: Attempt, settings: Settings) -> str:
    """The language of whoever this attempt (with its people fetched) goes to."""
    person = row.trusted_contact or row.outreach.resident
    return language_for(person.language, settings.language)


async def spoken(outreach: Outreach, key: str, language: str, settings: Settings) -> str:
    """A call's words, `voice_<key>`; the words for fraud where that key has none."""
    own = f"voice_{key}" if has(f"voice_{key}") else f"voice_{DEFAULT_TEXT}"
    return compose(own, language, service=settings.service_name)


async def _called_off(row: Attempt) -> bool:
    # It may have been on the line with the provider, or waiting to be tried again, when the contact came.
    case = row.outreach
    if case.status is OutreachStatus.ENDED or not case.evidence:
        return case.status is OutreachStatus.ENDED
    policy = await policy_of(case)
    known = row.round == case.round and 0 <= row.step < len(policy.steps)
    return known and policy.quiets(frozenset(case.evidence), policy.steps[row.step])


def _text(row: Attempt, country: str, settings: Settings, two_way: bool) -> str:
    rules = rules_of(country)
    hotline = settings.hotline if rules.numbers_in_text else ""
    key, language = _text_key(row), language_of(row, settings)
    word = case_word(row.outreach_id) if row.trusted_contact is not None and settings.hotline else ""
    given = {"service": settings.service_name, "hotline": hotline, "word": word}
    return to_resident(key, language, replies=rules.answers_arrive(two_way), n=row.number, **given)


def _text_key(row: Attempt) -> str:
    # A contact hears what they may be told, whatever text the policy names.
    own = row.text_key if row.trusted_contact is None else text_for(row.trusted_contact)
    return own if own is not None and has(own) else DEFAULT_TEXT
