"""How an outreach ends, and each of its targets with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import IllegalMove
from outreach.models import Outreach, Target
from outreach.models.states import OUTREACH_MOVES, EndState, OutreachStatus
from outreach.outcomes.calling_off import call_off_all, tell_source
from outreach.outcomes.timeline import SYSTEM, Actor, note_event


def refuse_unless_legal(outreach: Outreach, to: OutreachStatus) -> None:
    """Raises IllegalMove when an outreach in this state may not go to `to`."""
    if to not in OUTREACH_MOVES[outreach.status]:
        raise IllegalMove(f"An outreach that is {outreach.status.value} cannot become {to.value}.")


async def end_outreach(
    outreach: Outreach,
    state: EndState,
    reason: str,
    now: datetime,
    actor: Actor = SYSTEM,
    *,
    but: UUID | None = None,
    limit: str | None = None,
) -> None:
    """End it for good: what is under way is called off (all but task `but`) and every live target ends with it.

    `limit` is a code that its line keeps beside the reason: what ran out.
    """
    refuse_unless_legal(outreach, OutreachStatus.ENDED)
    outreach.status, outreach.end_state, outreach.end_reason = OutreachStatus.ENDED, state, reason
    outreach.ended_at, outreach.due_at, outreach.paused_at = now, None, None
    outreach.version += 1
    await outreach.save()
    await call_off_all(outreach, f"ended_{state.value}", now, but=but)
    said: dict[str, object] = {"state": state.value, "reason": reason, "version": outreach.version}
    said |= {"limit": limit} if limit else {}
    await note_event(outreach.id, "ended", now, now, actor, None, **said)
    for target in await Target.filter(outreach_id=outreach.id, ended_at__isnull=True):
        await end_target(target, state, reason, now, actor)


async def end_target(target: Target, state: EndState, reason: str, now: datetime, actor: Actor) -> None:
    """End one target and queue the word to its source."""
    target.ended_at, target.end_state, target.end_reason = now, state, reason
    await target.save(update_fields=["ended_at", "end_state", "end_reason"])
    await note_event(target.outreach_id, "target_ended", now, now, actor, target.id, state=state.value, reason=reason)
    await tell_source(target, "ended", now)


async def withdraw_target(target: Target, reason: str, now: datetime, actor: Actor) -> None:
    """Its source takes the warning back: the target ends, and with the last live one the outreach."""
    outreach = await Outreach.select_for_update(no_key=True).get(id=target.outreach_id)
    await target.refresh_from_db()
    if target.ended_at is not None:
        return
    others = await Target.filter(outreach_id=outreach.id, ended_at__isnull=True).exclude(id=target.id).exists()
    if others:
        await end_target(target, EndState.WITHDRAWN, reason, now, actor)
    else:
        await end_outreach(outreach, EndState.WITHDRAWN, reason, now, actor)
