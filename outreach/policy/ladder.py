"""What the ladder does next: a pure function of the policy and of where an outreach stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from outreach.policy.words import AUTOMATIC, HUMAN, Policy, Step


@dataclass(frozen=True)
class Standing:
    """Where an outreach stands. Moments carry their zone.

    `step` is the last step taken (-1: none), `tries` how often, `step_at` when (before the first: when the ladder
    began). `hurried` says that what was tried has failed since. `held_until`: somebody is on it until then.
    `possible` names the kinds of step that can work for this resident. `zone` is the resident's.
    """

    began_at: datetime
    step: int
    tries: int
    step_at: datetime
    hurried: bool
    following_up: bool
    acknowledged: bool
    evidence: frozenset[str]
    possible: frozenset[str]
    zone: tzinfo
    held_until: datetime | None = None
    expires_at: datetime | None = None
    top_reached: bool = False


@dataclass(frozen=True)
class Take:
    """Take the step with this index now, for the `try_no`-th time."""

    index: int
    step: Step
    try_no: int


@dataclass(frozen=True)
class Wait:
    """Nothing to do before `until`."""

    until: datetime


@dataclass(frozen=True)
class StartOver:
    """The ladder is climbed and nobody was reached: begin again at its foot."""


@dataclass(frozen=True)
class End:
    """The outreach ends, with this end state and reason."""

    state: str
    reason: str


Move = Take | Wait | StartOver | End


def next_step(policy: Policy, at: Standing, now: datetime) -> Move:
    """What to do at `now`: take a step, wait, start over, or end. Knows nothing else and changes nothing."""
    ending = _ending_of(policy, at, now)
    if ending is not None:
        return ending
    if at.held_until is not None and at.held_until > now:
        return Wait(at.held_until)
    onward = _same_again(policy, at) or _next_possible(policy, at)
    if onward is None:
        return _at_the_top(policy, at, now)
    take, due = onward
    due = within_hours(policy, take.step, max(due, at.step_at), at.zone) if due > now else due
    due = within_hours(policy, take.step, max(due, now), at.zone)
    return take if due <= now else Wait(due if at.following_up else min(due, _last_moment(policy, at)))


def _last_moment(policy: Policy, at: Standing) -> datetime:
    gives_up = at.began_at + policy.gives_up_after
    return min(gives_up, at.expires_at) if at.expires_at else gives_up


def _ending_of(policy: Policy, at: Standing, now: datetime) -> End | None:
    if at.following_up:
        return None
    if at.held_until is not None and at.held_until > now:
        return None
    if at.expires_at is not None and at.expires_at <= now:
        return End("unreached", "warning_expired")
    return End("unreached", "time_ran_out") if at.began_at + policy.gives_up_after <= now else None


def _same_again(policy: Policy, at: Standing) -> tuple[Take, datetime] | None:
    if at.step < 0 or at.step >= len(policy.steps):
        return None
    step = policy.steps[at.step]
    climbing = step.do == "coordinator" and not at.acknowledged and not at.top_reached
    # A follow-up that failed is tried again in its time: there is no next rung that could do better.
    wanted = at.tries <= step.repeat and (not at.hurried or at.following_up)
    if not (climbing or wanted) or not _can(policy, at, step):
        return None
    return Take(at.step, step, at.tries + 1), at.step_at + step.every


def _next_possible(policy: Policy, at: Standing) -> tuple[Take, datetime] | None:
    passed_over: list[timedelta] = []
    for index in range(at.step + 1, len(policy.steps)):
        step = policy.steps[index]
        if _can(policy, at, step):
            # Tried, it would have failed and brought people at once: they need not wait longer because it is not tried.
            after = min([step.after, *passed_over]) if step.do in HUMAN else step.after
            return Take(index, step, 1), at.step_at if at.hurried else at.step_at + after
        if step.do in AUTOMATIC | HUMAN and step.do not in at.possible:
            passed_over.append(step.after)
    return None


def _can(policy: Policy, at: Standing, step: Step) -> bool:
    if at.following_up:
        return step.do == "follow_up" and step.task_kind in at.possible
    if step.do == "follow_up" or policy.quiets(at.evidence, step):
        return False
    if step.do == "coordinator":
        return not at.acknowledged
    return step.do in at.possible


def _at_the_top(policy: Policy, at: Standing, now: datetime) -> Move:
    if at.following_up:
        last = policy.steps[at.step].within if 0 <= at.step < len(policy.steps) else timedelta(0)
        done_at = at.step_at + last
        return End("closed", "follow_ups_done") if done_at <= now else Wait(done_at)
    if policy.again_after is None:
        return Wait(_last_moment(policy, at))
    again = at.step_at + policy.again_after
    return StartOver() if again <= now else Wait(min(again, _last_moment(policy, at)))


def within_hours(policy: Policy, step: Step, due: datetime, zone: tzinfo) -> datetime:
    """The first moment from `due` on at which people may be disturbed by `step`; high severity knows no hours."""
    if policy.hours is None or policy.severity == "high" or step.do not in AUTOMATIC | HUMAN | {"follow_up"}:
        return due
    local = due.astimezone(zone)
    if policy.hours.allow(local.time()):
        return due
    opening = local.replace(hour=policy.hours.start.hour, minute=policy.hours.start.minute, second=0, microsecond=0)
    return (opening if opening > local else opening + timedelta(days=1)).astimezone(due.tzinfo)
