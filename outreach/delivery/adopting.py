"""What the provider says when it is asked, taken in as its callback would be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from tortoise.transactions import in_transaction

from outreach.delivery.settling import Said, settle
from outreach.delivery.settling import told as read
from outreach.messaging import Report
from outreach.models import Sent
from outreach.outcomes import hold

S = TypeVar("S", bound=Sent)


async def adopt(
    model: type[S], row: S, found: Report, then: Callable[[S, Said], Awaitable[None]], now: datetime
) -> bool:
    """Settle the row by what was found, and do what follows (`then`) with it; True when its state changed."""
    said = read(found)
    outreach_id = getattr(row, "outreach_id", None)

    async def told(settled: S) -> None:
        await then(settled, said)

    async with in_transaction():
        if outreach_id is not None:
            await hold(outreach_id)
        return await settle(model, row.id, said, now, told)
