"""A reassignment was a mistake: the task moves back, and both phones are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from outreach.assignment.reassigning import RELEASED, reassign, release
from outreach.assignment.telling import REASSIGNED
from outreach.errors import ArrivedMeanwhile, NothingToUndo, TooLateToUndo
from outreach.models import Event, Outreach, Task
from outreach.models.states import OutreachStatus, TaskKind, TaskStatus
from outreach.outcomes import hold
from outreach.settings import Settings

UNDO_WITHIN = timedelta(minutes=10)
UNDONE = "reassign_undone"
MOVES = (REASSIGNED, RELEASED, UNDONE)


@dataclass(frozen=True)
class Undoable:
    """The line of a timeline, by its `seq`, that can still be taken back, and until when."""

    seq: int
    until: datetime


async def undoable(outreach: Outreach, now: datetime) -> Undoable | None:
    """What `undo` would take back at `now`; None where there is no way back."""
    if outreach.status is OutreachStatus.ENDED:
        return None
    try:
        last = await _last_move(outreach.id, now)
    except (NothingToUndo, TooLateToUndo, ArrivedMeanwhile):
        return None
    return Undoable(last.seq, last.at + UNDO_WITHIN)


async def undo(outreach: Outreach, coordinator_id: UUID, settings: Settings, now: datetime) -> None:
    """Put right what moved the task last: back to who held it, or to the ladder where nobody did.

    Raises NothingToUndo, TooLateToUndo, ArrivedMeanwhile, and what `reassign` raises: then nothing was changed.
    """
    async with in_transaction():
        await hold(outreach.id)
        await _back(outreach, await _last_move(outreach.id, now), coordinator_id, settings, now)


async def _last_move(outreach_id: UUID, now: datetime) -> Event:
    """The line that moved the task last; raises NothingToUndo, TooLateToUndo, ArrivedMeanwhile where it stands."""
    last = await Event.filter(outreach_id=outreach_id, kind__in=MOVES).order_by("-seq").first()
    if last is None or last.kind == UNDONE:
        raise NothingToUndo()
    if now - last.at > UNDO_WITHIN:
        raise TooLateToUndo()
    await _refuse_once_arrived(outreach_id, last)
    return last


async def _refuse_once_arrived(outreach_id: UUID, last: Event) -> None:
    """The task must still be as that line left it: with whom it was given to, and not yet at the door."""
    kind, given = str(last.data["task_kind"]), last.data.get("task_id")
    held = await Task.filter(outreach_id=outreach_id, kind=kind).exclude(status=TaskStatus.CLOSED).first()
    if held is not None and held.status is TaskStatus.ARRIVED:
        raise ArrivedMeanwhile()
    if (str(held.id) if held else None) != given:
        raise NothingToUndo()


async def _back(outreach: Outreach, last: Event, coordinator_id: UUID, settings: Settings, now: datetime) -> None:
    kind, before = TaskKind(str(last.data["task_kind"])), last.data.get("from_responder_id")
    if before is None:
        await release(outreach, kind, "undone", coordinator_id, now, line=UNDONE)
    else:
        given = UUID(str(before)), kind, "undone", coordinator_id, settings, now
        await reassign(outreach, *given, line=UNDONE)
