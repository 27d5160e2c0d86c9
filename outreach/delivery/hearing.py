"""The inbox of what a provider calls back to say: every word is kept once, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.models.fields import new_id
from outreach.models.statements import fetch
from outreach.models.together import Insert

WORDS = Insert(
    "provider_event", ("id", "provider", "sid", "status", "sequence", "code", "about", "at"), "ON CONFLICT DO NOTHING"
)
KEEP_NEW = f"{WORDS.statement(1)} RETURNING id"
RECEIVED = "received"
NO_ROW = UUID(int=0)
"""What a text that came in is about: none of what we sent."""


@dataclass(frozen=True)
class Word:
    """A callback as it came: the provider, its id, its word, the how-manieth of that call, and its error code."""

    provider: str
    sid: str
    status: str
    sequence: int = 0
    code: str = ""


async def keep(word: Word | None, about: UUID, at: datetime) -> None:
    """Keep the word on the attempt or notice `about`; one that came before, or None, adds nothing."""
    if word is not None:
        await WORDS.write([_values(word, about, at)])


async def keep_text(provider: str, sid: str, at: datetime) -> bool:
    """Keep that the text of this provider id came in; False where it came before. Without an id each is new.

    Call it inside the transaction of what follows, so that a text is kept if and only if it was heeded.
    """
    return not sid or bool(await fetch(KEEP_NEW, *_values(Word(provider, sid, RECEIVED), NO_ROW, at)))


def _values(word: Word, about: UUID, at: datetime) -> tuple[object, ...]:
    told = (word.provider, word.sid[:64], word.status[:32], word.sequence, word.code[:64] or None)
    return (new_id(), *told, about, at)
