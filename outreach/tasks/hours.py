"""What a responder has done: visits and calls that they finished, and the time these took."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models import Task
from outreach.tasks.finding import DONE


async def done_between(responder_id: UUID, frm: datetime, to: datetime) -> list[Task]:
    """The tasks taken from `frm` until before `to` of which this responder said what they found, the first first.

    Each counts from when it was accepted until it was closed. What was taken from them, and exercises, do not count.
    """
    mine = Task.filter(responder_id=responder_id, close_reason=DONE, outreach__exercise=False)
    return await mine.filter(accepted_at__gte=frm, accepted_at__lt=to).order_by("accepted_at", "id")
