"""The provider's word on an attempt, and what follows: a failure makes the next step due at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from outreach import delivery
from outreach.delivery import Said
from outreach.models import Attempt
from outreach.models.states import SendStatus
from outreach.outcomes import hurry, note_event, opted_out_at_provider

TOLD = {
    SendStatus.FAILED: "attempt_failed",
    SendStatus.DELIVERED: "attempt_delivered",
    SendStatus.ANSWERED: "attempt_answered",
}


async def settle(attempt_id: UUID, said: Said, now: datetime) -> bool:
    """Store what the provider called back to say; True when the ladder should look at once. Raises NotFound."""
    changed = await delivery.settle(Attempt, attempt_id, said, now, lambda row: after_settling(row, said, now))
    return changed and said.status is SendStatus.FAILED


async def after_settling(row: Attempt, said: Said, now: datetime) -> None:
    """Write the timeline's line, and hurry the ladder when it failed; call it in the transaction that settled."""
    kind = TOLD.get(said.status) if said.status else None
    if kind is None:
        return
    what: dict[str, Any] = {"attempt": str(row.id), "channel": row.channel.value}
    if said.status is SendStatus.FAILED:
        what["code"] = said.code
        if said.fault == "opt_out":
            await opted_out_at_provider(row, now)
        await hurry(row.outreach_id, now)
    await note_event(row.outreach_id, kind, now, now, **what)
