"""People as the registry shows them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.models.states import ResponderRole
from outreach.web.answers.base import Answer, Heeding
from outreach.web.answers.cases import AreaNamed


class ResidentFound(Answer):
    """One resident that was looked for, with one number and one place of theirs."""

    id: UUID
    name: str | None
    area: AreaNamed | None
    phone: str | None
    address: str | None
    possible_double: bool


class ResidentsFound(Heeding):
    """A page of residents; `next` is the `after` of the following one (None: this was the last)."""

    residents: list[ResidentFound]
    next: UUID | None


class ResponderFound(Answer):
    """One responder that was looked for."""

    id: UUID
    name: str
    role: ResponderRole
    area: AreaNamed
    trained: list[str]
    vetted_until: datetime | None
    load: int
    capacity: int


class RespondersFound(Heeding):
    """A page of responders; `next` is the `after` of the following one (None: this was the last)."""

    responders: list[ResponderFound]
    next: UUID | None


class KnownPhone(Answer):
    """A number (E.164); `wrong_at`: somebody else answered it."""

    id: UUID
    number: str
    kind: str
    origin: str
    verified_at: datetime | None
    wrong_at: datetime | None
    made_at: datetime


class KnownAddress(Answer):
    """A place; `point` is `lat,lon` in WGS-84, `wrong_at`: somebody else lives there."""

    id: UUID
    text: str | None
    point: str | None
    kind: str
    origin: str
    verified_at: datetime | None
    wrong_at: datetime | None
    made_at: datetime


class KnownContact(Answer):
    """Somebody they trust; told only with consent, and only what `may_be_told` allows."""

    id: UUID
    name: str
    number: str
    relation: str
    language: str | None
    may_be_told: str
    consent_at: datetime | None


class Wish(Answer):
    """A wish not to be written to or called on one channel."""

    id: UUID
    channel: str
    scope: str
    origin: str
    at: datetime
    lifted_at: datetime | None


class ResidentRecord(Heeding):
    """A resident with everything known of them."""

    id: UUID
    name: str | None
    language: str | None
    vulnerabilities: list[str]
    external_id: str | None
    made_at: datetime
    area: AreaNamed | None
    possible_double_of_id: UUID | None
    phones: list[KnownPhone]
    addresses: list[KnownAddress]
    trusted_contacts: list[KnownContact]
    opt_outs: list[Wish]
    version: str


class Span(Answer):
    """From one moment to another."""

    starts_at: datetime
    ends_at: datetime


class Named(Answer):
    """Something by its code and name."""

    code: str
    name: str


class ResponderRecord(Heeding):
    """A responder with everything known of them; shifts and absences that have not ended yet."""

    id: UUID
    external_id: str | None
    name: str
    phone: str
    role: ResponderRole
    area: AreaNamed
    unit: Named | None
    languages: list[str]
    trained: list[str]
    capacity: int
    vetted_until: datetime | None
    lat: float
    lon: float
    shifts: list[Span]
    absences: list[Span]
    version: str
