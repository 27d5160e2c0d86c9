"""Policies as the board shows them: versions, what each says and did, and what differs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from outreach.models.states import Severity
from outreach.policy import StepKind
from outreach.web.answers.base import Answer, Heeding, Person


class VersionShown(Answer):
    """One version; `made_by` (None: it came from a file) made it of version `made_from`.

    `in_force`: new cases begin with it. `began` outreaches have it, of which `still_open` run; of `warned` targets of
    the last year `share` (0 to 1, with 95 % limits) were reached within the target; `few`: fewer than 20 of them.
    """

    id: UUID
    version: int
    made_at: datetime
    made_by: Person | None
    made_from: int | None
    in_force: bool
    began: int
    still_open: int
    warned: int
    few: bool
    share: float | None
    low: float | None
    high: float | None


class PolicyShown(Answer):
    """A policy with its versions, the newest first."""

    name: str
    family: str
    severity: Severity
    versions: list[VersionShown]


class PoliciesShown(Answer):
    """All policies; `may_change`: whoever asks may make versions. `texts` are what a step may say, by its kind."""

    target_minutes: float
    may_change: bool
    texts: dict[str, list[str]]
    policies: list[PolicyShown]


class HoursSaid(Answer):
    """Local hours, as `08:00`; an `end` before `start` spans midnight."""

    start: str
    end: str


class StepSaid(Answer):
    """One step; spans as texts (`90s`, `5m`, `24h`)."""

    do: StepKind
    after: str
    repeat: int
    every: str
    stops_on: list[str]
    by: str
    ask: int
    lapse: str
    within: str
    acknowledge: str
    roles: list[str]
    same_language: bool
    text: str
    companion: bool


class PolicySaid(Answer):
    """What a version says, every field of it."""

    name: str
    family: str
    severity: Severity
    accepts: list[str]
    gives_up_after: str
    hours: HoursSaid | None
    again_after: str | None
    stop_hurries: bool
    steps: list[StepSaid]


class PolicyVersion(Heeding):
    """One version and what it says."""

    id: UUID
    version: int
    newest: int
    made_at: datetime
    made_by: Person | None
    made_from: int | None
    body: PolicySaid


class FieldChanged(Answer):
    """A field that differs."""

    field: str
    was: Any
    now: Any


class StepChanged(Answer):
    """A step there (`was`, its index; null: it is new) and here (`now`; null: it is gone), and what differs."""

    do: StepKind
    was: int | None
    now: int | None
    fields: list[FieldChanged]


class PolicyChanges(Answer):
    """What version `now` changes of version `was`: fields of the whole, and every step."""

    was: int
    now: int
    fields: list[FieldChanged]
    steps: list[StepChanged]
