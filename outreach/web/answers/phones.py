"""What a responder's phone is told: who it belongs to, offers, tasks, receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from outreach.models.states import (
    CheckInKind,
    EndState,
    OfferStatus,
    OutreachStatus,
    ResponderRole,
    Severity,
    TaskKind,
    TaskStatus,
)
from outreach.web.answers.base import Answer, Heeding


class Hours(Answer):
    """A stretch of duty to come."""

    frm: datetime = Field(alias="from")
    until: datetime


class Me(Answer):
    """The responder whose token this is; `on_duty_until` None: off duty; `away` are days to come."""

    id: UUID
    name: str
    role: ResponderRole
    language: str
    languages: list[str]
    trained: list[str]
    vetted_until: datetime | None
    area: str
    capacity: int
    load: int
    position_at: datetime | None
    on_duty_until: datetime | None
    next_duty: Hours | None
    away: list[date]


class DutySet(Me, Heeding):
    """The responder, on or off duty."""


class PositionTaken(Heeding):
    """When the position was taken in."""

    position_at: datetime


class Danger(Answer):
    """Which case, what kind of danger and in which area, without a word of who the resident is."""

    outreach_id: UUID
    category: str
    category_name: dict[str, str]
    family: str
    area: str | None
    severity: Severity
    exercise: bool


class OfferShown(Danger):
    """An offer, with metres and seconds away (None: not known); `code` accepts it by SMS; `companion`: go as two."""

    id: UUID
    status: OfferStatus
    kind: TaskKind
    code: str
    reason: str
    companion: bool
    distance_m: float | None
    travel_s: float | None
    offered_at: datetime
    lapses_at: datetime


class DeclinedOffer(OfferShown, Heeding):
    """The offer, declined."""


class OfferSeen(Answer):
    """When the phone first showed the offer."""

    id: UUID
    seen_at: datetime


class OpenOffers(Answer):
    """The offers still open to this responder."""

    offers: list[OfferShown]


class OutcomeChoice(Answer):
    """What may be found, named by language; a flag left out is false, a span is written like `30m`."""

    code: str
    name: dict[str, str]
    reached: bool = False
    danger_off: bool = False
    ends: Literal["", "convinced", "false_alarm", "closed"] = ""
    follow_up: str | None = None
    again_after: str | None = None
    emergency: bool = False
    wrong_place: bool = False
    wrong_number: bool = False
    accurate: bool | None = None


class ShownPhone(Answer):
    """A number of the resident (E.164)."""

    number: str
    kind: str


class Point(Answer):
    """A point in WGS-84 degrees."""

    lat: float
    lon: float


class ShownPlace(Answer):
    """A place where the resident may be found."""

    text: str | None
    location: Point | None


class ResidentShown(Answer):
    """By what the resident is found."""

    name: str | None
    language: str | None
    vulnerabilities: list[str]
    phones: list[ShownPhone]
    addresses: list[ShownPlace]


class Known(Answer):
    """What a source wrote of the danger, in its own words, and when it was detected."""

    detected_at: datetime
    summary: str


class TaskEnded(Answer):
    """How a task ended; `why` is a code (`done`: its holder said `outcome`), `taken_by` who has it now.

    `status` and `end_state` are the outreach's.
    """

    at: datetime
    why: str
    outcome: str | None
    taken_by: str | None
    status: OutreachStatus
    end_state: EndState | None


class HeldTask(Danger):
    """A task, overdue at `due_at`; `resident` only while it is held. `scripts` are what to say, by language.

    `say` may be told of why somebody comes, `keep_back` may not, `door` is what to mind before it opens; `companion`:
    the policy wants nobody to go alone. `visit_code` is what whoever holds a visit shows at the door, for the resident
    to ask the official line about. `ended` says how it went once the task is over.
    """

    id: UUID
    status: TaskStatus
    kind: TaskKind
    offer_id: UUID
    accepted_at: datetime
    arrived_at: datetime | None
    due_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    companion: bool
    outcomes: list[OutcomeChoice]
    scripts: dict[str, list[str]]
    say: dict[str, list[str]]
    keep_back: dict[str, list[str]]
    door: dict[str, list[str]]
    visit_code: str | None
    visit_code_expires_at: datetime | None
    known: list[Known]
    resident: ResidentShown | None
    ended: TaskEnded | None


class Tasks(Answer):
    """The tasks this responder holds."""

    tasks: list[HeldTask]


class TaskDone(Answer):
    """One finished visit or call, from when it was accepted until it was closed, in whole minutes."""

    kind: TaskKind
    at: datetime
    minutes: int


class HoursDone(Answer):
    """What a responder finished of the tasks taken `from` until before `to`, and how many people they `reached`."""

    responder_id: UUID
    name: str
    service: str
    frm: datetime = Field(alias="from")
    to: datetime
    visits: int
    calls: int
    minutes: int
    reached: int
    on_duty_minutes: int
    done: list[TaskDone]


class VisitorChecked(Heeding):
    """Whether a visitor of ours shows this code, and the organisation that sends them."""

    valid: bool
    organisation: str | None


class Receipt(Heeding):
    """The receipt of a check-in; `corrected_at` is `made_at` without the phone's clock error (seconds it is behind)."""

    id: UUID
    task_id: UUID
    kind: CheckInKind
    received_at: datetime
    made_at: datetime
    corrected_at: datetime
    clock_error_s: float
    bounded: bool
    after_handover: bool
