"""A list of warnings: each is taken in, or refused, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from outreach.errors import BadInput, FieldFault, Refusal
from outreach.intake.forms import parse_warning
from outreach.intake.receiving import Received, receive_warning
from outreach.models import Source
from outreach.settings import Settings

MOST = 1000


@dataclass(frozen=True)
class Item:
    """What became of one warning of a list: `received`, or else `refusal`; `ignored` are its unknown fields."""

    index: int
    received: Received | None
    refusal: Refusal | None
    ignored: list[str]


async def receive_many(bodies: Sequence[object], source: Source, settings: Settings, now: datetime) -> list[Item]:
    """Take in up to 1,000 JSON bodies in their order, each in a transaction of its own; raises BadInput for more."""
    if len(bodies) > MOST:
        raise BadInput(faults=(FieldFault("", f"a list holds at most {MOST} warnings"),))
    return [await _one(index, body, source, settings, now) for index, body in enumerate(bodies)]


async def _one(index: int, body: object, source: Source, settings: Settings, now: datetime) -> Item:
    ignored: list[str] = []
    try:
        form, ignored = parse_warning(body)
        return Item(index, await receive_warning(form, source, settings, now), None, ignored)
    except Refusal as refusal:
        return Item(index, None, refusal, ignored)
