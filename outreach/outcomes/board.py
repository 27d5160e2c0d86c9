"""A word on the board, where coordinators look: it stands there as soon as it is written, and needs no sending."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models import Notice
from outreach.models.states import Audience, NoticeChannel, SendStatus


async def tell_board(
    kind: str, outreach_id: UUID | None, now: datetime, coordinator_id: UUID | None = None, **data: object
) -> None:
    """Tell one coordinator, or whoever looks, of a case or of none; `data` holds codes and figures only."""
    await Notice.create(
        audience=Audience.COORDINATOR,
        channel=NoticeChannel.BOARD,
        kind=kind,
        coordinator_id=coordinator_id,
        outreach_id=outreach_id,
        status=SendStatus.SENT,
        queued_at=now,
        send_after=now,
        sent_at=now,
        data=data,
    )
