"""A contact is recorded: what it proves, what it stops, and what comes after it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models import Outreach, Target
from outreach.models.states import EndState, Evidence, OutreachStatus
from outreach.outcomes.calling_off import call_off_all, cancel_messages, tell_source
from outreach.outcomes.ending import end_outreach
from outreach.outcomes.heeding import heed
from outreach.outcomes.learnt import Contact
from outreach.outcomes.prompting import hurry, look_at
from outreach.outcomes.timeline import note_event
from outreach.policy import Policy

__all__ = ["Contact", "record_contact"]


async def record_contact(outreach_id: UUID, policy: Policy, contact: Contact, now: datetime) -> Outreach:
    """Record `contact` and do what follows from it; call it inside a transaction. Answers the outreach as it now is."""
    outreach = await Outreach.select_for_update(no_key=True).get(id=outreach_id)
    accepted = contact.evidence is not None and contact.reached and contact.evidence.value in policy.accepts
    await _write_down(outreach, contact, accepted, now)
    await heed(outreach, contact, now)
    if contact.evidence is not None:
        await _stamp_outreach(outreach, contact, accepted)
        await _stamp_targets(outreach, contact, accepted, now)
    if outreach.status is not OutreachStatus.ENDED:
        await _go_on(outreach, policy, contact, accepted, now)
    return await Outreach.get(id=outreach_id)


async def _write_down(outreach: Outreach, contact: Contact, accepted: bool, now: datetime) -> None:
    said = {"channel": contact.channel, "accepted": accepted, "version": outreach.version}
    said |= {**contact.flags, **contact.detail}
    if contact.evidence is not None:
        said["evidence"] = contact.evidence.value
    if contact.outcome:
        said["outcome"] = contact.outcome
    kind = "contact" if contact.evidence is not None else "no_contact"
    await note_event(outreach.id, kind, contact.at, now, contact.actor, None, **said)


async def _stamp_outreach(outreach: Outreach, contact: Contact, accepted: bool) -> None:
    assert contact.evidence is not None
    outreach.contacted_at = _earlier(outreach.contacted_at, contact.at)
    if accepted:
        outreach.reached_at = _earlier(outreach.reached_at, contact.at)
        if contact.danger_off:
            outreach.convinced_at = _earlier(outreach.convinced_at, contact.at)
    if contact.reached and contact.evidence.value not in outreach.evidence:
        outreach.evidence = [*outreach.evidence, contact.evidence.value]
    await outreach.save(update_fields=["contacted_at", "reached_at", "convinced_at", "evidence"])


async def _stamp_targets(outreach: Outreach, contact: Contact, accepted: bool, now: datetime) -> None:
    # A target that joined after this contact was not reached by it.
    for target in await Target.filter(outreach_id=outreach.id, joined_at__lte=contact.at):
        if target.contacted_at is None or contact.at < target.contacted_at:
            target.contacted_at, target.contacted_by = contact.at, contact.channel
        first_time = accepted and target.reached_at is None
        if accepted and (target.reached_at is None or contact.at < target.reached_at):
            target.reached_at, target.reached_by = contact.at, contact.channel
            target.reached_role, target.reached_evidence = contact.role or None, contact.evidence
        if accepted and contact.danger_off:
            target.convinced_at = _earlier(target.convinced_at, contact.at)
        if contact.accurate is not None:
            target.accurate = contact.accurate
        await target.save()
        if first_time:
            data = {"channel": contact.channel, "late": target.ended_at is not None}
            await note_event(outreach.id, "target_reached", contact.at, now, contact.actor, target.id, **data)
            await tell_source(target, "reached", now)


async def _go_on(outreach: Outreach, policy: Policy, contact: Contact, accepted: bool, now: datetime) -> None:
    if accepted and contact.ends:
        await end_outreach(
            outreach,
            EndState(contact.ends),
            contact.outcome or "resident_said",
            now,
            contact.actor,
            but=contact.task_id,
        )
    elif accepted:
        await call_off_all(outreach, "reached", now, but=contact.task_id)
        await _follow_up(outreach, policy, contact, now)
    elif contact.evidence is None or not contact.reached:
        await hurry(outreach.id, now)
    else:
        await _quieten(outreach, policy, contact, now)


async def _follow_up(outreach: Outreach, policy: Policy, contact: Contact, now: datetime) -> None:
    first = next((i for i, step in enumerate(policy.steps) if step.do == "follow_up"), None)
    if first is None:
        state = EndState.CONVINCED if contact.danger_off else EndState.CLOSED
        await end_outreach(outreach, state, contact.outcome or "reached", now, contact.actor, but=contact.task_id)
        return
    wait = contact.follow_up if contact.follow_up is not None else policy.steps[first].after
    began = outreach.status is OutreachStatus.OPEN
    if began or contact.follow_up is not None:
        outreach.status, outreach.step, outreach.tries = OutreachStatus.FOLLOWING_UP, first - 1, 0
    if began:
        outreach.version += 1
        await note_event(outreach.id, "following_up", now, now, contact.actor, None, version=outreach.version)
    # The ladder counts `after` from here: set so that the follow-up comes when this outcome wants it.
    outreach.step_at, outreach.hurried_at = now + wait - policy.steps[first].after, None
    outreach.due_at = now + wait
    await outreach.save()


async def _quieten(outreach: Outreach, policy: Policy, contact: Contact, now: datetime) -> None:
    assert contact.evidence is not None
    quiet = [i for i, step in enumerate(policy.steps) if contact.evidence.value in step.stops_on]
    await cancel_messages(outreach.id, quiet)
    if policy.stop_hurries and contact.evidence is Evidence.STOP:
        await hurry(outreach.id, now)
    else:
        await look_at(outreach.id, now)


def _earlier(known: datetime | None, new: datetime) -> datetime:
    return new if known is None else min(known, new)
