"""What a coordinator sees: a page of outreaches, one of them, and how it stands after a decision."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models.states import EndState, Evidence, OutreachStatus, Severity
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.phones import OutcomeChoice
from outreach.web.answers.rows import AttemptRow, CheckInRow, EventRow, OfferRow, ResidentRow, TaskRow, WarningRow
from outreach.web.answers.warnings import TargetTimes


class PolicyNamed(Answer):
    """The version of a policy that an outreach began with."""

    name: str
    version: int


class AreaNamed(Answer):
    """An area; `path` is its codes from the root."""

    code: str
    name: str
    path: str


class OutreachSummary(Answer):
    """An outreach, without a name in it; `step` is the last one taken (-1: none), `due_at` when the next is due."""

    id: UUID
    resident_id: UUID
    family: str
    category: str
    severity: Severity
    policy: PolicyNamed
    area: AreaNamed | None
    exercise: bool
    status: OutreachStatus
    opened_at: datetime
    ladder_from: datetime
    round: int
    step: int
    tries: int
    step_at: datetime
    hurried_at: datetime | None
    due_at: datetime | None
    evidence: list[Evidence]
    paused_at: datetime | None
    contacted_at: datetime | None
    reached_at: datetime | None
    convinced_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None
    end_state: EndState | None
    end_reason: str | None
    taken_by_id: UUID | None
    version: int


class OutreachPage(Answer):
    """A page of outreaches; `next` is the cursor of the following one (None: this was the last)."""

    outreaches: list[OutreachSummary]
    next: UUID | None


class LadderStep(Answer):
    """One rung of the policy: how many seconds after the one before it, and how often again every `every_s`."""

    do: str
    after_s: float
    repeat: int
    every_s: float


class StepAhead(Answer):
    """A step to come if nobody answers; `again`: the ladder begins anew, `end`: the case ends."""

    do: str
    at: datetime


class Undoable(Answer):
    """The line of the timeline that can still be taken back, and until when."""

    seq: int
    until: datetime


class HandoverRow(Answer):
    """A case left by one coordinator to another (None: to whoever takes it), with their note."""

    at: datetime
    from_id: UUID
    to_id: UUID | None
    note: str | None


class CallRow(Answer):
    """A call that a coordinator made, by the id that its line of the timeline names, with what was said in it."""

    id: UUID
    note: str | None


class Learnt(Answer):
    """What was learnt after the case; null: nothing. `lost` is in whole units of the case's `currency`."""

    defrauded: bool | None
    lost: int | None
    told_by: str | None


class TargetRow(TargetTimes):
    """One target of this outreach, with its warning."""

    warning: WarningRow
    aftermath: Learnt


class OutreachView(OutreachSummary):
    """An outreach with everything known of it; without a look, numbers and places are hidden.

    `names`: who is who by id, of coordinators and of responders of the asker's area. `target_s`: the seconds within
    which a person is to be reached. `undo`: the reassignment that can be taken back (null: none). `doubles`: residents
    who may be the same person. `currency` (ISO 4217; null: not said) is that of the amounts lost. `opens_record`:
    whether the asker may open the resident's record, which is of the area where they live.
    """

    category_name: dict[str, str]
    outcomes: list[OutcomeChoice]
    scripts: dict[str, list[str]]
    say: dict[str, list[str]]
    keep_back: dict[str, list[str]]
    door: dict[str, list[str]]
    calls: list[CallRow]
    handovers: list[HandoverRow]
    doubles: list[UUID]
    names: dict[str, str]
    target_s: float
    currency: str | None
    ladder: list[LadderStep]
    ahead: list[StepAhead]
    undo: Undoable | None
    opens_record: bool

    resident: ResidentRow
    targets: list[TargetRow]
    attempts: list[AttemptRow]
    offers: list[OfferRow]
    tasks: list[TaskRow]
    check_ins: list[CheckInRow]
    timeline: list[EventRow]


class Standing(Heeding):
    """How an outreach stands after a decision; `version` is the next one's `If-Match`.

    `undo_until`: how long what was just decided can be taken back (null: it cannot).
    """

    id: UUID
    status: OutreachStatus
    version: int
    paused_at: datetime | None
    taken_by_id: UUID | None
    contacted_at: datetime | None
    reached_at: datetime | None
    ended_at: datetime | None
    end_state: EndState | None
    end_reason: str | None
    undo_until: datetime | None


class CaseWordChecked(Heeding):
    """The live outreaches with that case word in the asker's area: one as a rule, none for a word that fits no case."""

    outreach_ids: list[UUID]
