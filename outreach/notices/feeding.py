"""A source that polls its feed is told by what the feed gives it, as one with a webhook is by what it takes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models import Target

TELLS = ("target_reached", "target_ended")
"""The lines of a feed that say what became of somebody."""


async def told_by_feed(lines: Collection[dict[str, Any]], now: datetime) -> None:
    """Keep that the source of these lines was told now of their targets, unless it had been told before."""
    told = [UUID(str(line["target_id"])) for line in lines if line["kind"] in TELLS]
    if told:
        await Target.filter(id__in=told, told_at__isnull=True).update(told_at=now)
