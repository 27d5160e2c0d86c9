"""What a provider's refusal says beyond the one send: a number that is none, an account that needs a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import structlog

from outreach.messaging import Fault
from outreach.models import Notice, Phone, Sent
from outreach.models.states import Audience
from outreach.outcomes import tell_board_once

TROUBLE = "provider_trouble"
NO_ANSWER = "no_answer_from_provider"
"""The code of a provider that does not say what became of a send."""
TOLD_EVERY = timedelta(hours=1)
log = structlog.get_logger(__name__)


async def heed(row: Sent, code: str, fault: Fault, now: datetime) -> None:
    """Act on what a failure asks of us, in the transaction that stored it: flag the number, or tell the operator."""
    phone_id = getattr(row, "phone_id", None)
    if fault == "bad_number" and phone_id is not None:
        await Phone.filter(id=phone_id, wrong_at__isnull=True).update(wrong_at=now)
    elif fault == "ours":
        log.error("provider_refuses_us", code=code)
        await tell_trouble(code, now)


async def tell_trouble(code: str, now: datetime) -> None:
    """Put trouble with the provider on the board, for whoever looks, unless that was done within the hour."""
    lately = Notice.filter(audience=Audience.COORDINATOR, kind=TROUBLE, queued_at__gt=now - TOLD_EVERY)
    if await lately.exists():
        return
    # Many sends fail in the same moment: the id is the hour's, so one of them tells.
    hour = int(now.timestamp() // TOLD_EVERY.total_seconds())
    await tell_board_once(TROUBLE, uuid5(NAMESPACE_URL, f"{TROUBLE}:{hour}"), now, code=code)
