"""The inbox of what a provider calls back to say: every word is kept once, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.models.fields import new_id
from outreach.models.statements import fetch

KEEP = """
    INSERT INTO provider_event (id, provider, sid, status, sequence, code, about, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Word:
    """A callback as it came: the provider, its id, its word, the how-manieth of that call, and its error code."""

    provider: str
    sid: str
    status: str
    sequence: int = 0
    code: str = ""


async def keep(word: Word | None, about: UUID, at: datetime) -> None:
    """Keep the word on the attempt or notice `about`; one that is repeated adds nothing, as does None."""
    if word is None:
        return
    told = (word.provider, word.sid[:64], word.status[:32], word.sequence, word.code[:64] or None)
    await fetch(KEEP, new_id(), *told, about, at)
