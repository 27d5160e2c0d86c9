"""What the ladder will do if nobody answers and nothing fails: the steps ahead, as the rules have them now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from outreach.ladder.standing import gather
from outreach.models import Outreach
from outreach.models.states import OutreachStatus
from outreach.policy import End, Policy, Standing, StartOver, Take, Wait, next_step
from outreach.settings import Settings

MOST = 5
TURNS = 30


@dataclass(frozen=True)
class Ahead:
    """A step to come: what it does (`again`: from the foot; `end`: it ends), and when."""

    do: str
    at: datetime


async def steps_ahead(outreach: Outreach, settings: Settings, now: datetime) -> list[Ahead]:
    """At most five steps to come, the first first; none while it is paused or once it has ended."""
    if outreach.status is OutreachStatus.ENDED or outreach.paused_at is not None:
        return []
    [climber] = await gather([outreach], settings, now)
    return _ahead(climber.policy, climber.standing, now)


def _ahead(policy: Policy, at: Standing, now: datetime) -> list[Ahead]:
    found: list[Ahead] = []
    for _ in range(TURNS):
        move = next_step(policy, at, now)
        if isinstance(move, Wait):
            now = move.until
        elif isinstance(move, Take):
            found.append(Ahead(move.step.do, now))
            at = replace(at, step=move.index, tries=move.try_no, step_at=now, hurried=False)
        else:
            return [*found, Ahead(_last(move), now)]
        if len(found) == MOST:
            break
    return found


def _last(move: StartOver | End) -> str:
    return "again" if isinstance(move, StartOver) else "end"
