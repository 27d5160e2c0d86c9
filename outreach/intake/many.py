"""A list of warnings: each is taken in, or refused, by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.errors import BadInput, FieldFault, Refusal
from outreach.intake.forms import parse_warning
from outreach.intake.receiving import Received, receive_warning
from outreach.models.together import MOST as TOGETHER
from outreach.settings import Settings

MOST = 1000


@dataclass(frozen=True)
class Item:
    """What became of one warning of a list: `received`, or else `refusal`; `ignored` are its unknown fields."""

    index: int
    received: Received | None
    refusal: Refusal | None
    ignored: list[str]


async def receive_many(bodies: Sequence[object], source_id: UUID, settings: Settings, now: datetime) -> list[Item]:
    """Take in up to 1,000 JSON bodies in their order, each by itself; raises BadInput for more."""
    if len(bodies) > MOST:
        raise BadInput(faults=(FieldFault("", f"a list holds at most {MOST} warnings"),))
    items: list[Item] = []
    for first in range(0, len(bodies), TOGETHER):
        few = enumerate(bodies[first : first + TOGETHER], first)
        # They share a transaction as long as none is refused, and come after each other in it.
        items += await asyncio.gather(*(_one(index, body, source_id, settings, now) for index, body in few))
    return items


async def _one(index: int, body: object, source_id: UUID, settings: Settings, now: datetime) -> Item:
    ignored: list[str] = []
    try:
        form, ignored = parse_warning(body)
        return Item(index, await receive_warning(form, source_id, settings, now), None, ignored)
    except Refusal as refusal:
        return Item(index, None, refusal, ignored)
