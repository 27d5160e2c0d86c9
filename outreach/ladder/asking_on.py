"""What was begun is kept up: whoever lapses or declines makes room for the next, until somebody has the task."""

from __future__ import annotations

from datetime import datetime, timedelta

from outreach.assignment import offer_step
from outreach.ladder.standing import Climber
from outreach.models import CheckIn, Outreach
from outreach.models.states import CheckInKind
from outreach.policy import Step, within_hours
from outreach.policy.words import HUMAN
from outreach.settings import Settings
from outreach.tasks.rules import outcomes_of


async def ask_on(climber: Climber, settings: Settings, now: datetime) -> list[datetime]:
    """Top up the offers of each step begun; answers when to look at them again."""
    if climber.held_until is not None:
        return []
    moments: list[datetime] = []
    for step in _begun(climber):
        # At night nobody is asked, and the door and the line may rest after nobody was found there.
        opens = within_hours(climber.policy, step, now, climber.zone)
        rests_until = max(opens, await _rests_until(climber.outreach, step) or now)
        if rests_until > now:
            moments.append(rests_until)
            continue
        asked = await offer_step(climber.outreach, step, settings, now)
        moments += [moment for moment in (asked.until,) if moment]
        if asked.shortage is not None:
            moments.append(now + timedelta(minutes=settings.ask_again_min))
    return moments


def _begun(climber: Climber) -> list[Step]:
    """The steps taken so far that people do and that nothing has quieted."""
    standing, steps = climber.standing, climber.policy.steps[: climber.outreach.step + 1]
    wanted = (
        (step.do == "follow_up" if standing.following_up else step.do in HUMAN) and step.task_kind in climber.possible
        for step in steps
    )
    return [
        step
        for step, is_wanted in zip(steps, wanted, strict=True)
        if is_wanted and not climber.policy.quiets(standing.evidence, step)
    ]


async def _rests_until(outreach: Outreach, step: Step) -> datetime | None:
    """Until when the door (or the line) rests after nobody was found there, as the outcome says."""
    found = (
        await CheckIn.filter(task__outreach_id=outreach.id, task__kind=step.task_kind, kind=CheckInKind.OUTCOME)
        .order_by("-corrected_at")
        .first()
    )
    rule = (await outcomes_of(outreach)).get(found.outcome or "") if found else None
    return found.corrected_at + rule.again_after if found and rule and rule.again_after else None
