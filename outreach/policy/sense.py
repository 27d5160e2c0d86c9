"""Whether a ladder makes sense: each fault by its field, before anybody is to be reached by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from outreach.errors import FieldFault
from outreach.policy.words import HUMAN, Policy, Step

MINUTE, MONTH = timedelta(minutes=1), timedelta(days=31)
MOST_AGAIN, MOST_ASKED = 20, 20
BRINGS: dict[str, frozenset[str]] = {
    "sms": frozenset({"sms_reply"}),
    "voice": frozenset({"key", "speech"}),
    "call": frozenset({"person_by_phone"}),
    "visit": frozenset({"in_person"}),
    "trusted_contact": frozenset({"reported_by_contact"}),
    "coordinator": frozenset({"person_by_phone"}),
    "follow_up": frozenset(),
}
"""The evidence that a step can bring."""


def faults_in(policy: Policy) -> tuple[FieldFault, ...]:
    """Every fault by its field (`steps.2.after`), steps counted from 0; none for a ladder that can reach somebody."""
    found = [*_of_the_whole(policy)]
    for index, step in enumerate(policy.steps):
        found += [FieldFault(f"steps.{index}.{field}", why) for field, why in _of_step(policy, index, step)]
    return tuple(found)


def reached_at(policy: Policy) -> timedelta:
    """When the last step of the ladder is taken at the latest, if nothing fails before."""
    climbed = [step for step in policy.steps if step.do != "follow_up"]
    waits = (step.after for step in climbed)
    # The step after one that is repeated waits for the last time.
    again = (step.every * step.repeat for step in climbed[:-1] if step.do != "coordinator")
    return sum((*waits, *again), timedelta())


def _of_the_whole(policy: Policy) -> Iterator[FieldFault]:
    climbed = [step for step in policy.steps if step.do != "follow_up"]
    if not climbed:
        yield FieldFault("steps", "a ladder needs a step that is no follow-up")
    elif not policy.accepts & frozenset[str]().union(*(BRINGS[step.do] for step in climbed)):
        yield FieldFault("accepts", "no step of the ladder can bring this")
    if not MINUTE <= policy.gives_up_after <= MONTH:
        yield FieldFault("gives_up_after", "a minute to 31 days")
    elif policy.gives_up_after <= reached_at(policy) <= MONTH:
        yield FieldFault("gives_up_after", "is over before the last step")
    if policy.again_after is not None and not MINUTE <= policy.again_after <= MONTH:
        yield FieldFault("again_after", "a minute to 31 days")
    if policy.hours is not None and policy.hours.start == policy.hours.end:
        yield FieldFault("hours.end", "must differ from the beginning")


def _of_step(policy: Policy, index: int, step: Step) -> Iterator[tuple[str, str]]:
    if step.do != "follow_up" and any(before.do == "follow_up" for before in policy.steps[:index]):
        yield "do", "follow-ups come after all other steps"
    if step.after > MONTH:
        yield "after", "at most 31 days"
    if not 0 <= step.repeat <= MOST_AGAIN:
        yield "repeat", "0 to 20"
    if (step.repeat or step.do == "coordinator") and not MINUTE <= step.every <= MONTH:
        yield "every", "a minute to 31 days"
    if step.do in HUMAN | {"follow_up"}:
        yield from _of_asking(step)
    if step.do in HUMAN and step.stops_on - policy.accepts:
        # A coached victim presses 1 to be left alone: only who was reached calls off the person on the way.
        yield "stops_on", "only what counts as reached calls off a person"


def _of_asking(step: Step) -> Iterator[tuple[str, str]]:
    if not 1 <= step.ask <= MOST_ASKED:
        yield "ask", "1 to 20"
    for field in ("lapse", "within", "acknowledge"):
        if not MINUTE <= getattr(step, field) <= MONTH:
            yield field, "a minute to 31 days"
