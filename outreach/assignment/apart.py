"""Each outreach by itself: one whose rows can be neither read nor moved holds up no other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog

PUT_OFF = timedelta(minutes=1)
"""How long rows rest that could not be moved."""
log = structlog.get_logger()


async def apart(outreach_id: UUID, work: Callable[[], Awaitable[int]], put_off: Callable[[], Awaitable[object]]) -> int:
    """What `work` answers; where it fails, 0, once that is in the log and its rows are `put_off`."""
    try:
        return await work()
    except Exception:
        log.exception("assignment_failed", outreach_id=str(outreach_id))
        await put_off()
        return 0
