"""The only climber: claims what is due in batches, and writes effects and the next due time in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from tortoise.transactions import in_transaction

from outreach.assignment import lapse_due, return_unacknowledged
from outreach.ladder.asking_on import ask_on
from outreach.ladder.giving_up import give_up
from outreach.ladder.standing import Climber, gather
from outreach.ladder.taking import take_step
from outreach.models import Outreach
from outreach.models.statements import fetch, select
from outreach.outcomes import note_event
from outreach.policy import End, StartOver, Take, Wait, next_step
from outreach.settings import Settings

BATCH = 50
PUT_OFF = timedelta(minutes=1)
"""How long an outreach rests whose step could not be taken, so that it does not hold up the others."""
STEPS_AT_ONCE = 60
MOVED = ("round", "step", "tries", "step_at", "hurried_at", "acknowledged_at", "due_at")
log = structlog.get_logger()

ANYTHING_DUE = """
    SELECT EXISTS (SELECT 1 FROM offer WHERE status = 'offered' AND lapses_at <= $1) AS offers,
        EXISTS (SELECT 1 FROM task WHERE status = 'accepted'
            AND acknowledged_at IS NULL AND acknowledge_by <= $1) AS tasks,
        EXISTS (SELECT 1 FROM outreach WHERE due_at <= $1 AND paused_at IS NULL AND status <> 'ended') AS outreaches"""

DUE = """
    SELECT * FROM outreach WHERE due_at <= $1 AND paused_at IS NULL AND status <> 'ended'
    ORDER BY severity <> 'high', due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED"""
"""The grave ones first, however many calm ones have been due for longer."""


async def climb_due(settings: Settings, now: datetime) -> int:
    """Climb a batch of the outreaches that are due; answers how many, so that a full batch asks for another."""
    [due] = await fetch(ANYTHING_DUE, now)
    lapsed = await lapse_due(now) if due["offers"] else 0
    returned = await return_unacknowledged(now) if due["tasks"] else 0
    if not (due["outreaches"] or lapsed or returned):
        return 0
    try:
        return await _climb_batch(settings, now, BATCH)
    except Exception as failure:
        log.error("batch_failed", error=type(failure).__name__)
        return await _climb_one_by_one(settings, now)


async def _climb_batch(settings: Settings, now: datetime, limit: int) -> int:
    async with in_transaction():
        due = await select(Outreach, DUE, now, limit)
        for climber in await gather(due, settings, now):
            await _climb(climber, settings, now)
    return len(due)


async def _climb_one_by_one(settings: Settings, now: datetime) -> int:
    """One that cannot be climbed must not keep the others from being reached."""
    ids = [row.id for row in await select(Outreach, DUE, now, BATCH)]
    for outreach_id in ids:
        try:
            async with in_transaction():
                still_due = Outreach.filter(id=outreach_id, due_at__lte=now, paused_at__isnull=True)
                for climber in await gather(
                    await still_due.select_for_update(skip_locked=True, no_key=True), settings, now
                ):
                    await _climb(climber, settings, now)
        except Exception as failure:
            await _put_off(outreach_id, failure, now)
    return len(ids)


async def _put_off(outreach_id: UUID, failure: Exception, now: datetime) -> None:
    log.error("climb_failed", outreach_id=str(outreach_id), error=type(failure).__name__)
    await Outreach.filter(id=outreach_id, due_at__lte=now).update(due_at=now + PUT_OFF)


async def _climb(climber: Climber, settings: Settings, now: datetime) -> None:
    for _ in range(STEPS_AT_ONCE):
        move = next_step(climber.policy, climber.standing, now)
        if isinstance(move, Wait):
            return await _rest(climber, move.until, settings, now)
        if isinstance(move, End):
            return await give_up(climber, move, now)
        await _go(climber, move, settings, now)
        if isinstance(move, Take) and move.step.do == "coordinator":
            # How many levels are left above is asked only once one was alarmed.
            [climber] = await gather([climber.outreach], settings, now)
    raise RuntimeError("A policy lets its ladder turn in circles.")


async def _go(climber: Climber, move: Take | StartOver, settings: Settings, now: datetime) -> None:
    outreach = climber.outreach
    if isinstance(move, StartOver):
        outreach.round, outreach.step, outreach.tries = outreach.round + 1, -1, 0
        outreach.hurried_at, outreach.acknowledged_at = None, None
        await note_event(outreach.id, "started_over", now, now, round=outreach.round)
    else:
        outreach.step, outreach.tries, outreach.hurried_at = move.index, move.try_no, None
    outreach.step_at = now
    if isinstance(move, Take) and not await take_step(climber, move, settings, now):
        outreach.hurried_at = now


async def _rest(climber: Climber, until: datetime, settings: Settings, now: datetime) -> None:
    """Keep asking for what was begun, then sleep until the first thing that can happen."""
    moments = [until, *await ask_on(climber, settings, now)]
    outreach = climber.outreach
    outreach.due_at = max(min(moments), now + timedelta(seconds=1))
    await outreach.save(update_fields=MOVED)
