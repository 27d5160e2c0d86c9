"""What a coordinator decides about an outreach; each decision raises its version and acknowledges the alarm."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.errors import IllegalMove
from outreach.models import Handover, Outreach, Target
from outreach.models.states import EndState, OutreachStatus
from outreach.outcomes.board import tell_board
from outreach.outcomes.ending import end_outreach, refuse_unless_legal
from outreach.outcomes.prompting import look_at
from outreach.outcomes.timeline import Actor, note_event


async def take(outreach: Outreach, coordinator_id: UUID, now: datetime) -> None:
    """This coordinator has the case; the ladder's call for one is answered."""
    outreach.taken_by_id = coordinator_id
    await _decided(outreach, "taken", Actor("coordinator", coordinator_id), now)


async def hand_on(outreach: Outreach, to: UUID | None, note: str | None, coordinator_id: UUID, now: datetime) -> None:
    """Leave the case to another coordinator, who is told on their board, or to whoever takes it; with a note.

    Raises IllegalMove when it has ended.
    """
    if outreach.status is OutreachStatus.ENDED:
        raise IllegalMove("This outreach has ended; there is nothing to hand on.")
    left: dict[str, Any] = {"from_coordinator_id": coordinator_id, "to_coordinator_id": to}
    await Handover.create(outreach_id=outreach.id, note=note, at=now, **left)
    outreach.taken_by_id = to
    said: dict[str, object] = {"coordinator_id": str(to)} if to else {}
    actor = Actor("coordinator", coordinator_id)
    await _decided(outreach, "handed_on", actor, now, acknowledges=to is not None, **said)
    if to is None:
        # Nobody has it: the ladder calls for a coordinator again.
        await look_at(outreach.id, now)
    await tell_board("handed_on", outreach.id, now, to, by=str(coordinator_id), with_note=note is not None)


async def pause(outreach: Outreach, reason: str, actor: Actor, now: datetime) -> None:
    """Stop the ladder where it is; raises IllegalMove when it is paused or ended."""
    if outreach.status is OutreachStatus.ENDED or outreach.paused_at is not None:
        raise IllegalMove("Only an outreach under way can be paused.")
    outreach.paused_at = now
    await _decided(outreach, "paused", actor, now, reason=reason)


async def resume(outreach: Outreach, reason: str, actor: Actor, now: datetime) -> None:
    """Let the ladder go on at once; raises IllegalMove when it is not paused."""
    if outreach.paused_at is None:
        raise IllegalMove("This outreach is not paused.")
    outreach.paused_at, outreach.due_at = None, now
    await _decided(outreach, "resumed", actor, now, reason=reason)


async def close(outreach: Outreach, state: EndState, reason: str, actor: Actor, now: datetime) -> None:
    """End it by decision; raises IllegalMove when it has ended, and as unreached when they were reached."""
    if state is EndState.UNREACHED and outreach.reached_at is not None:
        raise IllegalMove("They were reached: this outreach cannot end as unreached.")
    await end_outreach(outreach, state, reason, now, actor)


async def reopen(outreach: Outreach, reason: str, actor: Actor, now: datetime) -> None:
    """Climb again from the foot; its last ended targets live again. Raises IllegalMove when it has not ended."""
    refuse_unless_legal(outreach, OutreachStatus.OPEN)
    if outreach.status is not OutreachStatus.ENDED:
        raise IllegalMove("Only an outreach that has ended can be reopened.")
    other = Outreach.filter(resident_id=outreach.resident_id, family=outreach.family)
    if await other.exclude(status=OutreachStatus.ENDED).exists():
        raise IllegalMove("There is a newer live outreach to this resident; go on there.")
    ended_at = outreach.ended_at
    outreach.status, outreach.ended_at = OutreachStatus.OPEN, None
    outreach.end_state, outreach.end_reason = None, None
    outreach.round, outreach.step, outreach.tries = outreach.round + 1, -1, 0
    outreach.ladder_from = outreach.step_at = outreach.due_at = now
    outreach.evidence, outreach.hurried_at = [], None
    await _decided(outreach, "reopened", actor, now, acknowledges=False, reason=reason)
    await Target.filter(outreach_id=outreach.id, ended_at=ended_at).update(
        ended_at=None, end_state=None, end_reason=None
    )


async def _decided(
    outreach: Outreach, kind: str, actor: Actor, now: datetime, *, acknowledges: bool = True, **data: object
) -> None:
    outreach.version += 1
    # A ladder that begins anew calls for a coordinator anew.
    outreach.acknowledged_at = (outreach.acknowledged_at or now) if acknowledges else None
    await outreach.save()
    # By the version a line names, whoever read an earlier one is told what came since.
    await note_event(outreach.id, kind, now, now, actor, None, version=outreach.version, **data)
