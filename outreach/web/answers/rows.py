"""The rows of one case as its coordinator sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from outreach.models.states import (
    Channel,
    CheckInKind,
    OfferStatus,
    SendStatus,
    Severity,
    TaskKind,
    TaskStatus,
    WarningKind,
)
from outreach.web.answers.base import Answer, Data
from outreach.web.answers.warnings import ActorKind


class PhoneRow(Answer):
    """A number of the resident (E.164); `wrong_at`: somebody else answered it."""

    id: UUID
    number: str
    country: str
    kind: str
    origin: str
    verified_at: datetime | None
    wrong_at: datetime | None
    made_at: datetime


class AddressRow(Answer):
    """A place of the resident; `point` is `lat,lon` in WGS-84, `wrong_at`: somebody else lives there."""

    id: UUID
    text: str | None
    point: str | None
    area_id: UUID | None
    kind: str
    origin: str
    verified_at: datetime | None
    wrong_at: datetime | None
    made_at: datetime


class TrustedContactRow(Answer):
    """Somebody the resident trusts; told only with consent, and only what `may_be_told` allows."""

    id: UUID
    name: str
    number: str
    country: str
    relation: str
    language: str | None
    may_be_told: str
    consent_at: datetime | None


class OptOutRow(Answer):
    """A wish not to be written to or called on one channel, at the number of `phone_id` or `trusted_contact_id`.

    `made_for_number`: whoever has that number too may have made it, and it holds for this resident all the same.
    """

    id: UUID
    phone_id: UUID | None
    trusted_contact_id: UUID | None
    made_for_number: bool
    channel: str
    scope: str
    origin: str
    at: datetime
    lifted_at: datetime | None


class ResidentRow(Answer):
    """The person at risk, with everything known of them."""

    id: UUID
    source_id: UUID | None
    external_id: str | None
    name: str | None
    language: str | None
    area_id: UUID | None
    vulnerabilities: list[str]
    possible_double_of_id: UUID | None
    made_at: datetime
    phones: list[PhoneRow]
    addresses: list[AddressRow]
    trusted_contacts: list[TrustedContactRow]
    opt_outs: list[OptOutRow]


class WarningRow(Answer):
    """The warning a target came from, as it was received; `source` is the code of who sent it."""

    id: UUID
    source_id: UUID
    source: str
    source_name: str
    external_id: str
    category_id: UUID
    severity: Severity
    kind: WarningKind
    summary: str
    detected_at: datetime
    received_at: datetime
    expires_at: datetime | None
    exercise: bool
    references: list[str]
    where: dict[str, Any] | None
    about: dict[str, Any] | None


class ProviderWord(Answer):
    """What the provider called back to say of a text or call (`sid`), in its own words, and when we heard it."""

    sid: str
    status: str
    code: str | None
    at: datetime


class Unsent(Answer):
    """An attempt that did not leave, since `at`; `why` it was withdrawn (null: not known, or it was not)."""

    state: Literal["waiting", "unknown", "withdrawn"]
    at: datetime
    why: Literal["reached", "answered", "ended", "superseded"] | None


class AttemptRow(Answer):
    """One automated try, the `number`-th text of a day to that number.

    `sid` is the provider's own id, `failure` its code, `provider_said` its words; `unsent` is null where it left.
    """

    id: UUID
    outreach_id: UUID
    channel: Channel
    phone_id: UUID | None
    trusted_contact_id: UUID | None
    round: int
    step: int
    try_no: int
    number: int
    text_key: str
    status: SendStatus
    queued_at: datetime
    send_after: datetime
    sending_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    answered_at: datetime | None
    failed_at: datetime | None
    held_up_at: datetime | None
    tries: int
    urgent: bool
    sid: str | None
    failure: str | None
    provider_said: list[ProviderWord]
    unsent: Unsent | None


class OfferRow(Answer):
    """One responder asked, metres and seconds away (None: not known)."""

    id: UUID
    outreach_id: UUID
    kind: TaskKind
    responder_id: UUID | None
    unit_id: UUID | None
    round: int
    step: int
    status: OfferStatus
    distance_m: float | None
    travel_s: float | None
    reason: str
    offered_at: datetime
    lapses_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    settled_at: datetime | None
    decline_reason: str | None
    by_coordinator_id: UUID | None


class TaskRow(Answer):
    """What a responder holds or held, overdue at `due_at`."""

    id: UUID
    outreach_id: UUID
    kind: TaskKind
    responder_id: UUID
    offer_id: UUID
    status: TaskStatus
    accepted_at: datetime
    arrived_at: datetime | None
    closed_at: datetime | None
    due_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    close_reason: str | None


class KeptAside(Answer):
    """A body (JSON, as text) beside a check-in: a second under its id, where the first stands, or its own whose
    correction came too late and was not applied.
    """

    received_at: datetime
    body: str


class CheckInRow(Answer):
    """What a phone reported; `location` is `lat,lon` in WGS-84, `clock_error_s` how far the phone was behind."""

    id: UUID
    task_id: UUID
    responder_id: UUID
    kind: CheckInKind
    outcome: str | None
    note: str | None
    made_at: datetime
    corrected_at: datetime
    clock_error_s: float
    bounded: bool
    received_at: datetime
    location: str | None
    accuracy_m: float | None
    after_handover: bool
    kept_aside: list[KeptAside]


class EventRow(Answer):
    """One line of the timeline: what happened `at`, and when we learnt it."""

    seq: int
    target_id: UUID | None
    kind: str
    at: datetime
    recorded_at: datetime
    actor_kind: ActorKind
    actor_id: UUID | None
    data: Data
