"""What a policy and a category say, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal
from uuid import UUID

StepKind = Literal["sms", "voice", "call", "visit", "trusted_contact", "coordinator", "follow_up"]
"""What a step does; `call` and `visit` ask a person, `follow_up` asks one again after the resident was reached."""

AUTOMATIC: frozenset[str] = frozenset({"sms", "voice", "trusted_contact"})
HUMAN: frozenset[str] = frozenset({"call", "visit"})


@dataclass(frozen=True)
class Step:
    """One rung: taken `after` the one before it, `repeat` more times every `every`, never once `stops_on` is known.

    `by` is how a follow_up is done; `ask` how many are asked at once, `lapse` how long they have; `within` how long
    whoever took it has; `roles` and `languages` narrow who is asked; `acknowledge` is the time for a hand-over.
    `companion`: nobody goes alone.
    """

    do: StepKind
    after: timedelta
    repeat: int = 0
    every: timedelta = timedelta(0)
    stops_on: frozenset[str] = frozenset()
    by: Literal["call", "visit"] = "call"
    ask: int = 1
    lapse: timedelta = timedelta(minutes=5)
    within: timedelta = timedelta(minutes=45)
    acknowledge: timedelta = timedelta(minutes=5)
    roles: frozenset[str] = frozenset()
    same_language: bool = False
    text: str = ""
    companion: bool = False

    @property
    def task_kind(self) -> str:
        """`visit` or `call` for a step that a person does."""
        return self.by if self.do == "follow_up" else self.do


@dataclass(frozen=True)
class ContactHours:
    """Local hours in which people may be disturbed; `end` before `start` spans midnight."""

    start: time
    end: time

    def allow(self, local: time) -> bool:
        """Whether `local` lies within the hours."""
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True)
class Policy:
    """A ladder for one family and severity; `accepts` is the evidence that counts as reached."""

    name: str
    family: str
    severity: str
    accepts: frozenset[str]
    steps: tuple[Step, ...]
    gives_up_after: timedelta
    hours: ContactHours | None = None
    again_after: timedelta | None = None
    stop_hurries: bool = False

    def quiets(self, evidence: frozenset[str], step: Step) -> bool:
        """Whether what is known stops `step`."""
        return bool(evidence & step.stops_on)


@dataclass(frozen=True)
class OutcomeRule:
    """What a check-in's or call's outcome means, as data: whether the person was reached, the danger is off, and so on.

    `follow_up` and `again_after` are spans; `accurate` is None where the outcome does not tell.
    """

    code: str
    name: dict[str, str]
    reached: bool = False
    danger_off: bool = False
    ends: str = ""
    follow_up: timedelta | None = None
    again_after: timedelta | None = None
    emergency: bool = False
    wrong_place: bool = False
    wrong_number: bool = False
    accurate: bool | None = None


@dataclass(frozen=True)
class CategoryRule:
    """A category as shipped or kept: its outcomes by code, and by language what to say, to keep back, to mind.

    `scripts` are the steps of the talk, `say` what may be told of why somebody comes, `keep_back` what may not, `door`
    what to mind before the door.
    """

    code: str
    family: str
    name: dict[str, str]
    outcomes: dict[str, OutcomeRule]
    scripts: dict[str, list[str]]
    say: dict[str, list[str]] = field(default_factory=dict)
    keep_back: dict[str, list[str]] = field(default_factory=dict)
    door: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """What a warning falls under: its category, the family of that, and the policy that a new outreach begins with."""

    category_id: UUID
    family: str
    policy_id: UUID
    policy_name: str
