"""Sends the provider took and then said no more of: asked after, since a callback can be lost like an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar
from weakref import WeakKeyDictionary

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from outreach.delivery.adopting import adopt
from outreach.delivery.settling import Said
from outreach.messaging import AnswerLost, Messenger, SendRefused
from outreach.messaging.messenger import Kind
from outreach.models import Sent
from outreach.models.statements import select
from outreach.models.states import SendStatus

S = TypeVar("S", bound=Sent)

SILENT_FOR: dict[Kind, timedelta] = {"voice": timedelta(minutes=10), "sms": timedelta(hours=1)}
"""How long a send may go without a last word before it is asked after; then as long again until it is asked anew."""
EVERY = timedelta(minutes=1)
LIMIT = 50
STUCK = """
    SELECT s.* FROM outreach o JOIN "{table}" s ON s.outreach_id = o.id
    WHERE o.status <> 'ended' AND s.status = 'sent' AND s.sid IS NOT NULL AND s.send_after <= $1
        AND (s.channel = 'voice' AND s.sent_at <= $2 OR s.channel = 'sms' AND s.sent_at <= $3)
    ORDER BY s.sent_at LIMIT $4"""
"""Those of live outreaches: for an ended one nobody waits. `send_after` says when to ask next."""

_asked: WeakKeyDictionary[BaseDBAsyncClient, dict[type[Sent], datetime]] = WeakKeyDictionary()


async def poll_stuck(
    model: type[S], messenger: Messenger, then: Callable[[S, Said], Awaitable[None]], now: datetime
) -> int:
    """Ask after silent sends, once a minute at most in one process; answers how many had a last word."""
    asked = _asked.setdefault(get_connection("default"), {})
    if model in asked and now - asked[model] < EVERY:
        return 0
    asked[model] = now
    limits = (now - SILENT_FOR["voice"], now - SILENT_FOR["sms"])
    rows = await select(model, STUCK.format(table=model._meta.db_table), now, *limits, LIMIT)
    if not rows or "status" not in messenger.can:
        return 0
    return sum([await _ask(model, messenger, then, row, now) for row in rows])


async def _ask(
    model: type[S], messenger: Messenger, then: Callable[[S, Said], Awaitable[None]], row: S, now: datetime
) -> bool:
    kind: Kind = "voice" if getattr(row, "channel", None) == "voice" else "sms"
    assert row.sid is not None
    try:
        found = await messenger.status(kind, row.sid)
    except (AnswerLost, SendRefused):
        return False
    if found is not None and await adopt(model, row, found, then, now):
        return True
    await model.filter(id=row.id, status=SendStatus.SENT).update(send_after=now + SILENT_FOR[kind])
    return False
