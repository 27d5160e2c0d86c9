"""A warning becomes a target: of the live outreach to that resident about that family, or of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.errors import RealCaseLive
from outreach.models import Outreach, Resident, Target, Warning
from outreach.models.states import EndState, OutreachStatus
from outreach.outcomes.ending import end_outreach
from outreach.outcomes.timeline import SYSTEM, Line, note_event, note_events
from outreach.policy import Rules


@dataclass(frozen=True)
class Joined:
    """The target made, its outreach, and whether that is new (`opened`) or climbs anew (`restarted`)."""

    target: Target
    outreach: Outreach
    opened: bool
    restarted: bool


async def open_or_join(
    warning: Warning,
    resident: Resident,
    rules: Rules,
    now: datetime,
    *,
    stranger: bool = False,
    also: tuple[str, ...] = (),
) -> Joined:
    """Join the live outreach, or open one; a graver warning, or one that comes after the contact, climbs anew.

    A `stranger` was never heard of before, and so has no live outreach. `also` names what else the timeline of a new
    outreach begins with. Raises RealCaseLive for an exercise while a real outreach is live.
    """
    live = None if stranger else await _live(warning, resident, rules, now)
    anew = live is not None and not warning.exercise and _climbs_anew(live, warning)
    opened = live is None
    outreach = live or await _open(warning, resident, rules, now)
    if anew:
        await _restart(outreach, warning, rules, now)
    target = await Target.create(warning=warning, resident=resident, outreach=outreach, joined_at=now)
    gravity = {"severity": warning.severity.value}
    begins = Line(outreach.id, "opened", now, data={**gravity, "policy": rules.policy_name})
    joins = Line(outreach.id, "joined", now, SYSTEM, target.id, dict(gravity))
    others = [Line(outreach.id, kind, now) for kind in also]
    await note_events(now, *((begins, joins, *others) if opened else (joins,)))
    return Joined(target, outreach, opened, anew)


async def _live(warning: Warning, resident: Resident, rules: Rules, now: datetime) -> Outreach | None:
    """The live outreach to join; a real warning ends an exercise: joined to it, nobody would ever be contacted."""
    of_family = Outreach.select_for_update(no_key=True).filter(resident_id=resident.id, family=rules.family)
    live = await of_family.exclude(status=OutreachStatus.ENDED).first()
    if live is None or live.exercise == warning.exercise:
        return live
    if warning.exercise:
        raise RealCaseLive()
    await end_outreach(live, EndState.CLOSED, "exercise_overtaken", now)
    return None


def _climbs_anew(live: Outreach, warning: Warning) -> bool:
    # Who was reached yesterday has not been told of today's danger.
    return warning.severity.rank < live.severity.rank or live.status is OutreachStatus.FOLLOWING_UP


async def _open(warning: Warning, resident: Resident, rules: Rules, now: datetime) -> Outreach:
    return await Outreach.create(
        resident=resident,
        family=rules.family,
        category_id=rules.category_id,
        severity=warning.severity,
        policy_id=rules.policy_id,
        area_id=resident.area_id,
        exercise=warning.exercise,
        opened_at=now,
        ladder_from=now,
        step_at=now,
        due_at=now,
    )


async def _restart(outreach: Outreach, warning: Warning, rules: Rules, now: datetime) -> None:
    if warning.severity.rank <= outreach.severity.rank:
        outreach.severity, outreach.category_id, outreach.policy_id = (
            warning.severity,
            rules.category_id,
            rules.policy_id,
        )
    outreach.status, outreach.step, outreach.tries = OutreachStatus.OPEN, -1, 0
    outreach.ladder_from = outreach.step_at = outreach.due_at = now
    # Who paused it decided about a lesser danger.
    outreach.round, outreach.paused_at = outreach.round + 1, None
    outreach.evidence, outreach.hurried_at, outreach.acknowledged_at = [], None, None
    outreach.version += 1
    await outreach.save()
    said: dict[str, object] = {"severity": warning.severity.value, "policy": rules.policy_name}
    await note_event(outreach.id, "restarted", now, now, SYSTEM, None, version=outreach.version, **said)
