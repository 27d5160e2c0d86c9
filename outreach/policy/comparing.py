"""What differs between two policies, field by field: which step is which is told by what it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from outreach.policy.words import Policy
from outreach.policy.writing import body_of, step_body


@dataclass(frozen=True)
class FieldChange:
    """One field that differs: its value there and here, as `writing` says it."""

    field: str
    was: Any
    now: Any


@dataclass(frozen=True)
class StepChange:
    """One step there (`was`, its index; None: it is new) and here (`now`; None: it is gone), and what differs."""

    do: str
    was: int | None
    now: int | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All of it: the fields of the whole, and every step in the order of here, those gone last."""

    fields: tuple[FieldChange, ...]
    steps: tuple[StepChange, ...]


def compare(there: Policy, here: Policy) -> Comparison:
    """What `here` changes of `there`; name, family and severity are the same for all versions of one."""
    was, now = body_of(there), body_of(here)
    pairs = _pairs([step.do for step in there.steps], [step.do for step in here.steps])
    steps = [_step(there, here, pairs.get(index), index) for index in range(len(here.steps))]
    gone = [_step(there, here, index, None) for index in range(len(there.steps)) if index not in pairs.values()]
    return Comparison(_differing(was, now, leave=("steps",)), (*steps, *gone))


def _pairs(there: Sequence[str], here: Sequence[str]) -> dict[int, int]:
    """Here's steps with those of there that they were: in order where that can be, else the first of their kind."""
    blocks = SequenceMatcher(None, there, here, autojunk=False).get_matching_blocks()
    found = {block.b + n: block.a + n for block in blocks for n in range(block.size)}
    for index, do in enumerate(here):
        if index not in found:
            left = (other for other, did in enumerate(there) if did == do and other not in found.values())
            other = next(left, None)
            found |= {} if other is None else {index: other}
    return found


def _step(there: Policy, here: Policy, was: int | None, now: int | None) -> StepChange:
    if was is None or now is None:
        step = here.steps[now] if now is not None else there.steps[was or 0]
        return StepChange(step.do, was, now)
    return StepChange(here.steps[now].do, was, now, _differing(step_body(there.steps[was]), step_body(here.steps[now])))


def _differing(was: Mapping[str, Any], now: Mapping[str, Any], leave: Sequence[str] = ()) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, was[name], value) for name, value in now.items() if name not in leave and was[name] != value
    )
