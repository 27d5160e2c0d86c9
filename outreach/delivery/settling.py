"""What a provider says of a message or call, in whatever order and however often it says it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.delivery.hearing import Word, keep
from outreach.delivery.heeding import heed
from outreach.errors import NotFound
from outreach.messaging import Fault, Report
from outreach.models import Sent
from outreach.models.statements import fetch, select
from outreach.models.states import SEND_MOVES, SendStatus
from outreach.models.together import together
from outreach.outcomes import hold

S = TypeVar("S", bound=Sent)
Follow = Callable[[S], Awaitable[None]]
"""What follows for a row whose state changed."""

STAMPS = {
    SendStatus.SENT: "sent_at",
    SendStatus.DELIVERED: "delivered_at",
    SendStatus.ANSWERED: "answered_at",
    SendStatus.FAILED: "failed_at",
}
READ = 'SELECT * FROM "{table}" WHERE id = $1'
WRITE = """
    UPDATE "{table}" SET {columns}
    WHERE id = $1 AND status = $2 AND COALESCE(sid, '') = $3 RETURNING id"""
"""Adds a provider's word to a row that nobody else has written to since."""


@dataclass(frozen=True)
class Said:
    """What a provider says of a row: the state, its id there, for a failure its code and what it asks of us, and the
    word by which it called back."""

    status: SendStatus | None
    sid: str
    code: str = ""
    fault: Fault = "never"
    word: Word | None = None


def told(report: Report, provider: str = "") -> Said:
    """What a report says to a row; its word is kept under the name of the `provider` that called back with it."""
    status = SendStatus(report.state) if report.state else None
    word = None
    if provider and report.sid and report.word:
        word = Word(provider, report.sid, report.word, report.sequence, report.code)
    return Said(status, report.sid, report.failure, report.fault, word)


async def settle(model: type[S], row_id: UUID, said: Said, at: datetime, then: Follow[S]) -> bool:
    """Move the row to what the provider says, never backwards, and do what follows from it in the same transaction.

    A callback's word is kept in that transaction too, even of a row that is not there. True when its state changed, and
    then alone `then` is done, with the row as it was before. Raises NotFound.
    """
    row = await _read(model, row_id)
    if row is None:
        await keep(said.word, row_id, at)
        raise NotFound
    if said.status is not SendStatus.FAILED:
        return await _settle(model, row, said, at, then)
    async with in_transaction():
        # A failure hurries its outreach, which is locked before anything below it, here as everywhere.
        outreach_id: UUID | None = getattr(row, "outreach_id", None)
        if outreach_id is not None:
            await hold(outreach_id)
        return await _settle(model, row, said, at, then)


async def _read(model: type[S], row_id: UUID) -> S | None:
    rows = await select(model, READ.format(table=model._meta.db_table), row_id)
    return rows[0] if rows else None


async def _settle(model: type[S], row: S | None, said: Said, at: datetime, then: Follow[S]) -> bool:
    while row is not None:
        change = _change(row, said, at)
        if not change and said.word is None:
            return False
        # Who lost the race reads again: each turn, somebody else's word was written.
        if await together(partial(_write, model, row, change, said, at, then)):
            return "status" in change
        row = await _read(model, row.id)
    raise NotFound


def _change(row: Sent, said: Said, at: datetime) -> dict[str, object]:
    """What the word adds to the row; nothing where it is known already, or comes too late."""
    if said.status is None or _of_another_send(row, said):
        return {}
    # A row that waits again was thought lost, but the provider has had it all along.
    lost = row.status is SendStatus.QUEUED and row.sending_at is not None
    found: dict[str, object] = {}
    if said.status in SEND_MOVES[SendStatus.SENDING if lost else row.status]:
        found |= {"status": said.status, STAMPS[said.status]: at}
    if said.status is SendStatus.FAILED and found:
        found["failure"] = said.code[:64]
    if said.sid and row.status is not SendStatus.CANCELLED:
        first = {"sid": said.sid, "sent_at": at}
        found |= {column: value for column, value in first.items() if getattr(row, column) is None}
    return found


async def _write(model: type[S], row: S, change: dict[str, object], said: Said, at: datetime, then: Follow[S]) -> bool:
    """Write it where the row is still as it was read, and what follows with it; keep the word."""
    if change and not await _written(model, row, change):
        return False
    await keep(said.word, row.id, at)
    if "status" in change:
        await then(row)
        if said.status is SendStatus.FAILED:
            await heed(row, said.code, said.fault, at)
    return True


async def _written(model: type[S], row: S, change: dict[str, object]) -> bool:
    columns = ", ".join(f"{column} = ${number + 4}" for number, column in enumerate(change))
    sql = WRITE.format(table=model._meta.db_table, columns=columns)
    return bool(await fetch(sql, row.id, row.status, row.sid or "", *change.values()))


def _of_another_send(row: Sent, said: Said) -> bool:
    return said.status is SendStatus.FAILED and bool(row.sid and said.sid and row.sid != said.sid)
