"""Two residents were one person: of their live outreaches about one family of danger one goes on, with all targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import F

from outreach.models import Attempt, Offer, Outreach, Target, Task
from outreach.models.states import LIVE_OUTREACH, LIVE_TASK, MERGED, EndState, OutreachStatus, SendStatus, TaskStatus
from outreach.outcomes.calling_off import cancel_messages, close_tasks, withdraw_offers
from outreach.outcomes.ending import end_outreach
from outreach.outcomes.prompting import look_at
from outreach.outcomes.timeline import Actor, Line, note_event, note_events

TAKEN = "taken"
ANSWERED_WITHIN = timedelta(days=3)
"""How long after a text or call somebody may still answer it."""


@dataclass(frozen=True)
class Pair:
    """Two live outreaches to one person about one family: the one that goes on, and the one that joins it."""

    stays: Outreach
    joins: Outreach


async def pairs_of(kept_id: UUID, merged_id: UUID) -> list[Pair]:
    """The live outreaches that would be two of one person's.

    The one with a person on the way goes on, whoever is further; else the elder one; never an exercise before a case.
    """
    rows = await live_cases(kept_id, merged_id)
    families = {row.family: [each for each in rows if each.family == row.family] for row in rows}
    return [await _pair(both) for _, both in sorted(families.items()) if len(both) == 2]


async def hold_cases(*resident_ids: UUID) -> None:
    """Lock all outreaches to these residents in this transaction, before anything below them."""
    await Outreach.filter(resident_id__in=list(resident_ids)).order_by("id").select_for_update(no_key=True)


async def join_cases(kept_id: UUID, merged_id: UUID, actor: Actor, now: datetime) -> list[UUID]:
    """Give all cases of the second resident to the first, and let two of one family be one; once all are held.

    Answers the live ones that go on for two. Targets and lines stay as they are, so that each is counted once.
    """
    pairs = await pairs_of(kept_id, merged_id)
    for pair in pairs:
        if pair.stays.exercise != pair.joins.exercise:
            await end_outreach(pair.joins, EndState.CLOSED, "exercise_overtaken", now, actor)
        else:
            await _join(pair, actor, now)
    await Outreach.filter(resident_id=merged_id).update(resident_id=kept_id, version=F("version") + 1)
    await _give_targets(kept_id, merged_id)
    return [pair.stays.id for pair in pairs]


async def _give_targets(kept_id: UUID, merged_id: UUID) -> None:
    # By their cases, which are all the kept one's now: targets have no index by whom they are about.
    cases = await Outreach.filter(resident_id=kept_id).values_list("id", flat=True)
    theirs = Target.filter(outreach_id__in=list(cases))
    # Of a warning about both each target stays with its own: a warning has one target for a resident.
    of_both = await theirs.filter(resident_id=kept_id).values_list("warning_id", flat=True)
    await theirs.filter(resident_id=merged_id).exclude(warning_id__in=list(of_both)).update(resident_id=kept_id)


async def live_cases(*resident_ids: UUID) -> list[Outreach]:
    """The live outreaches to these residents, the eldest first."""
    live = Outreach.filter(resident_id__in=list(resident_ids), status__in=LIVE_OUTREACH)
    return await live.order_by("opened_at", "id")


async def _pair(rows: list[Outreach]) -> Pair:
    far = [(row.exercise, -await _on_the_way(row.id), row.opened_at, row.id) for row in rows]
    first, second = rows if far[0] < far[1] else (rows[1], rows[0])
    return Pair(first, second)


async def _on_the_way(outreach_id: UUID) -> int:
    """2: somebody is at the door, 1: on the way, 0: nobody is."""
    held = {task.status for task in await Task.filter(outreach_id=outreach_id, status__in=LIVE_TASK)}
    return 2 if TaskStatus.ARRIVED in held else int(bool(held))


async def _join(pair: Pair, actor: Actor, now: datetime) -> None:
    stays, joins = pair.stays, pair.joins
    targets = (
        await Target.filter(outreach_id=joins.id, ended_at__isnull=True).order_by("id").prefetch_related("warning")
    )
    await Target.filter(id__in=[each.id for each in targets]).update(outreach_id=stays.id)
    tasks = await _bring_people(stays, joins, now)
    await _bring_messages(stays.id, joins.id, now)
    anew = _take_over(stays, joins, now)
    stays.version += 1
    await stays.save()
    await end_outreach(joins, EndState.CLOSED, MERGED, now, actor)
    said = {"from_outreach_id": str(joins.id), "targets": len(targets), "tasks": tasks, "version": stays.version}
    came = [
        Line(stays.id, "joined_from", now, actor, each.id, {"severity": each.warning.severity.value})
        for each in targets
    ]
    again = [Line(stays.id, "started_over", now, data={"round": stays.round})] if anew else []
    await note_events(now, Line(stays.id, MERGED, now, actor, None, said), *came, *again)
    into: dict[str, object] = {"into_outreach_id": str(stays.id), "version": joins.version}
    await note_event(joins.id, "merged_into", now, now, actor, None, **into)
    await look_at(stays.id, now)


async def _bring_people(stays: Outreach, joins: Outreach, now: datetime) -> int:
    """Who is on the way stays so, unless another holds the same task; answers how many tasks came over."""
    await withdraw_offers(joins.id, MERGED, now)
    here = {task.kind for task in await Task.filter(outreach_id=stays.id, status__in=LIVE_TASK)}
    brought = 0
    for task in await Task.filter(outreach_id=joins.id, status__in=LIVE_TASK):
        if task.kind in here:
            continue
        await withdraw_offers(stays.id, TAKEN, now, kind=task.kind.value)
        await Offer.filter(id=task.offer_id).update(outreach_id=stays.id)
        await Task.filter(id=task.id).update(outreach_id=stays.id)
        brought += 1
    await close_tasks(joins.id, TAKEN, now)
    return brought


async def _bring_messages(stays_id: UUID, joins_id: UUID, now: datetime) -> None:
    """What has not left is cancelled; an answer to what left lately is an answer in the case that goes on."""
    await cancel_messages(joins_id)
    sent = Attempt.filter(outreach_id=joins_id, sending_at__gte=now - ANSWERED_WITHIN)
    # Of no round of this ladder, whose steps may be others.
    await sent.exclude(status__in=[SendStatus.FAILED, SendStatus.CANCELLED]).update(outreach_id=stays_id, round=-1)


def _take_over(stays: Outreach, joins: Outreach, now: datetime) -> bool:
    """What the one that goes on has of the other; True where its ladder climbs anew."""
    graver = joins.severity.rank < stays.severity.rank
    unreached = joins.status is OutreachStatus.OPEN and stays.status is OutreachStatus.FOLLOWING_UP
    if graver:
        stays.severity, stays.category_id, stays.policy_id = joins.severity, joins.category_id, joins.policy_id
    if graver or unreached:
        # As for a graver warning, and for one that comes after the contact: the ladder climbs anew.
        stays.status, stays.step, stays.tries, stays.round = OutreachStatus.OPEN, -1, 0, stays.round + 1
        stays.ladder_from = stays.step_at = stays.due_at = now
        stays.evidence, stays.hurried_at, stays.acknowledged_at = [], None, None
    if stays.paused_at is None or joins.paused_at is None:
        stays.paused_at = None
    known = [each for each in (stays.contacted_at, joins.contacted_at) if each is not None]
    stays.contacted_at = min(known, default=None)
    stays.opened_at = min(stays.opened_at, joins.opened_at)
    stays.taken_by_id = stays.taken_by_id or joins.taken_by_id
    stays.area_id = stays.area_id or joins.area_id
    return graver or unreached
