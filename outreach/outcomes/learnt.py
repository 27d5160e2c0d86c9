"""What somebody learnt, as a value; and how the outcome they name becomes one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from outreach.models.states import Evidence
from outreach.outcomes.timeline import SYSTEM, Actor
from outreach.policy import OutcomeRule


@dataclass(frozen=True)
class Contact:
    """What somebody learnt `at` over `channel`; without `evidence` nobody was met (no answer, nobody home).

    `reached`, `danger_off`, `ends` and `follow_up` say what the outcome means, as its category has it;
    `reached` counts only where the policy accepts the evidence; `task_id` is the task that found it.
    `emergency`, `wrong_place` and `wrong_number` hold whenever it is learnt, after the end too; with `number_hash`
    only that one number is wrong, and not all that were known.
    """

    at: datetime
    channel: str
    evidence: Evidence | None = None
    reached: bool = True
    danger_off: bool = False
    ends: str = ""
    follow_up: timedelta | None = None
    accurate: bool | None = None
    emergency: bool = False
    wrong_place: bool = False
    wrong_number: bool = False
    number_hash: str = ""
    outcome: str = ""
    role: str = ""
    actor: Actor = SYSTEM
    task_id: UUID | None = None
    detail: dict[str, object] = field(default_factory=dict)

    @property
    def flags(self) -> dict[str, object]:
        """The flags that are set, as a timeline's line holds them."""
        flags = {"emergency": self.emergency, "wrong_place": self.wrong_place, "wrong_number": self.wrong_number}
        return {name: True for name, is_set in flags.items() if is_set}


def contact_of(
    rule: OutcomeRule,
    met: Evidence,
    *,
    at: datetime,
    channel: str,
    role: str,
    actor: Actor,
    task_id: UUID | None = None,
    detail: dict[str, object] | None = None,
) -> Contact:
    """What it means that `rule` was found; `met` is the evidence where the rule says that they were reached."""
    # Whoever answers at a wrong number is somebody else.
    reached = rule.reached and not rule.wrong_number
    return Contact(
        at=at,
        channel=channel,
        evidence=met if reached else None,
        reached=reached,
        danger_off=rule.danger_off,
        ends=rule.ends,
        follow_up=rule.follow_up,
        accurate=rule.accurate,
        emergency=rule.emergency,
        wrong_place=rule.wrong_place,
        wrong_number=rule.wrong_number,
        outcome=rule.code,
        role=role,
        actor=actor,
        task_id=task_id,
        detail=detail or {},
    )
