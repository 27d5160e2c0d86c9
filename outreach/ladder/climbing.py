"""The only climber: claims what is due in batches, and writes effects and the next due time in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from outreach.assignment import lapse_due, offer_step, return_unacknowledged
from outreach.ladder.standing import Climber, gather
from outreach.ladder.taking import take_step
from outreach.models import CheckIn, Offer, Outreach, Task
from outreach.models.states import LIVE_TASK, CheckInKind, EndState, OfferStatus, OutreachStatus
from outreach.outcomes import end_outreach, note_event
from outreach.policy import End, StartOver, Step, Take, Wait, next_step
from outreach.policy.words import HUMAN
from outreach.settings import Settings
from outreach.tasks.rules import outcomes_of

BATCH = 50


async def climb_due(settings: Settings, now: datetime) -> int:
    """Climb a batch of the outreaches that are due; answers how many, so that a full batch asks for another."""
    await lapse_due(now)
    await return_unacknowledged(now)
    async with in_transaction():
        due = (
            await Outreach.filter(due_at__lte=now, paused_at__isnull=True)
            .exclude(status=OutreachStatus.ENDED)
            .order_by("due_at")
            .limit(BATCH)
            .select_for_update(skip_locked=True)
        )
        for outreach in due:
            await _climb(outreach, settings, now)
    return len(due)


async def next_due() -> datetime | None:
    """When the next outreach is due or the next offer lapses, whichever comes first."""
    outreach = await Outreach.filter(due_at__isnull=False, paused_at__isnull=True).order_by("due_at").first()
    offer = await Offer.filter(status=OfferStatus.OFFERED).order_by("lapses_at").first()
    moments = [m for m in (outreach and outreach.due_at, offer and offer.lapses_at) if m]
    return min(moments) if moments else None


async def _climb(outreach: Outreach, settings: Settings, now: datetime) -> None:
    for _ in range(60):
        climber = await gather(outreach, settings, now)
        move = next_step(climber.policy, climber.standing, now)
        if isinstance(move, Wait):
            return await _rest(climber, move.until, settings, now)
        if isinstance(move, End):
            return await end_outreach(outreach, EndState(move.state), move.reason, now)
        await _go(climber, move, settings, now)
    raise RuntimeError("A policy lets its ladder turn in circles.")


async def _go(climber: Climber, move: Take | StartOver, settings: Settings, now: datetime) -> None:
    outreach = climber.outreach
    if isinstance(move, StartOver):
        outreach.round, outreach.step, outreach.tries = outreach.round + 1, -1, 0
        outreach.hurried_at = None
        await note_event(outreach.id, "started_over", now, now, round=outreach.round)
    else:
        outreach.step, outreach.tries, outreach.hurried_at = move.index, move.try_no, None
    outreach.step_at = now
    if isinstance(move, Take) and not await take_step(climber, move, settings, now):
        outreach.hurried_at = now
    await outreach.save(update_fields=["round", "step", "tries", "step_at", "hurried_at"])


async def _rest(climber: Climber, until: datetime, settings: Settings, now: datetime) -> None:
    """Keep asking for what was begun, then sleep until the first thing that can happen."""
    moments = [until, *await _ask_on(climber, settings, now)]
    outreach = climber.outreach
    outreach.due_at = max(min(moments), now + timedelta(seconds=1))
    await outreach.save(update_fields=["due_at"])


async def _ask_on(climber: Climber, settings: Settings, now: datetime) -> list[datetime]:
    outreach, moments = climber.outreach, []
    if await Task.filter(outreach_id=outreach.id, status__in=LIVE_TASK).exists():
        return []
    begun = climber.policy.steps[: outreach.step + 1]
    following = climber.standing.following_up
    for step in begun:
        wanted = step.do == "follow_up" if following else step.do in HUMAN and step.do in climber.standing.possible
        if not wanted or climber.policy.quiets(climber.standing.evidence, step):
            continue
        rests_until = await _rests_until(outreach, step)
        if rests_until is not None and rests_until > now:
            moments.append(rests_until)
            continue
        asked = await offer_step(outreach, step, settings, now)
        moments += [m for m in (asked.until,) if m]
        if asked.shortage is not None:
            moments.append(now + timedelta(minutes=settings.ask_again_min))
    return moments


async def _rests_until(outreach: Outreach, step: Step) -> datetime | None:
    """Until when the door (or the line) rests after nobody was found there, as the outcome says."""
    found = (
        await CheckIn.filter(task__outreach_id=outreach.id, task__kind=step.task_kind, kind=CheckInKind.OUTCOME)
        .order_by("-corrected_at")
        .first()
    )
    rule = (await outcomes_of(outreach)).get(found.outcome or "") if found else None
    return found.corrected_at + rule.again_after if found and rule and rule.again_after else None
