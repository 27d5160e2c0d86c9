"""The columns of the files that can be brought in, and what each cell may say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from outreach.geo import Point
from outreach.models.states import AreaKind, ResponderRole
from outreach.registry.phones import PhoneNumber, phone_of


@dataclass(frozen=True)
class Known:
    """An area already there, or earlier in the file."""

    id: UUID
    path: str
    kind: AreaKind


class Form(BaseModel):
    """One row; an empty cell counts as absent, an unknown column is left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, given: Any) -> Any:
        trimmed = {key: cell.strip() if isinstance(cell, str) else cell for key, cell in given.items()}
        return {key: cell for key, cell in trimmed.items() if cell not in ("", None)}


def _list(cell: object) -> object:
    return [part.strip() for part in cell.split("|") if part.strip()] if isinstance(cell, str) else cell


def _phone(cell: object, info: ValidationInfo) -> object:
    return phone_of(cell, info.context["country"]) if isinstance(cell, str) and info.context else cell


def _possible(given: date) -> date:
    if given.year not in YEARS:
        raise ValueError("this year cannot be meant")
    return given


YEARS = range(2000, 2200)
Code = Annotated[str, Field(max_length=128, pattern=r"^[^\x00-\x1f\x7f]+$")]
AreaCode = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Number = Annotated[PhoneNumber, BeforeValidator(_phone)]
Language = Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Languages = Annotated[list[Language], BeforeValidator(_list)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class ResidentRow(Form):
    """`external_id`, and `name, phone, language, address, lat, lon, area` (a code): a phone or a place at least."""

    external_id: Code
    name: str | None = Field(None, max_length=200)
    phone: Number | None = None
    language: Language | None = None
    address: str | None = Field(None, max_length=500)
    lat: Lat | None = None
    lon: Lon | None = None
    area: AreaCode | None = None

    @property
    def point(self) -> Point | None:
        """Where (lat, lon), if both are given."""
        return (self.lat, self.lon) if self.lat is not None and self.lon is not None else None

    @model_validator(mode="after")
    def _can_be_reached(self) -> ResidentRow:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat, lon: give both or neither")
        if self.phone is None and self.address is None and self.lat is None:
            raise ValueError("phone, address: give a phone or a place")
        return self


class ResponderRow(Form):
    """`external_id, name, phone, role, area, lat, lon`, and `languages, trained, capacity, vetted_until`.

    Lists are split by `|`; `trained` are codes of categories or families;
    `vetted_until` is a moment with its zone, or a date through whose end (UTC) they are vetted.
    """

    external_id: Code
    name: str = Field(max_length=200)
    phone: Number
    role: ResponderRole
    area: AreaCode
    lat: Lat
    lon: Lon
    languages: Languages | None = Field(None, min_length=1)
    trained: Annotated[list[Code], BeforeValidator(_list)] | None = None
    capacity: int | None = Field(None, ge=0, le=100)
    vetted_until: Annotated[AwareDatetime | date, AfterValidator(_possible)] | None = None

    @property
    def vetted_to(self) -> datetime | None:
        """The last moment at which they count as vetted."""
        if self.vetted_until is None or isinstance(self.vetted_until, datetime):
            return self.vetted_until
        return datetime.combine(self.vetted_until, time(23, 59, 59), UTC)


class ShiftRow(Form):
    """`external_id` (a responder's), `starts_at, ends_at`: moments with their zone."""

    external_id: Code
    starts_at: Annotated[AwareDatetime, AfterValidator(_possible)]
    ends_at: Annotated[AwareDatetime, AfterValidator(_possible)]

    @property
    def shift(self) -> str:
        """What it is known by again: whose it is, and when it begins."""
        return f"{self.external_id} {self.starts_at.astimezone(UTC).isoformat()}"

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> ShiftRow:
        if self.ends_at <= self.starts_at:
            raise ValueError("ends_at: must lie after starts_at")
        return self


class ContactRow(Form):
    """`external_id` (a resident's), `name, phone, relation`, and `language, may_be_told, consent_at`.

    Without `consent_at` (a moment with its zone, or a day, from its beginning in UTC) they are told nothing.
    """

    external_id: Code
    name: str = Field(max_length=200)
    phone: Number
    relation: Code = Field(max_length=64)
    language: Language | None = None
    may_be_told: Literal["nothing", "please_call", "more_by_phone"] | None = None
    consent_at: Annotated[AwareDatetime | date, AfterValidator(_possible)] | None = None

    @property
    def contact(self) -> str:
        """What it is known by again: whose it is, and the number."""
        return f"{self.external_id} {self.phone.hash}"

    @property
    def consented_at(self) -> datetime | None:
        """When they agreed to be told."""
        if self.consent_at is None or isinstance(self.consent_at, datetime):
            return self.consent_at
        return datetime.combine(self.consent_at, time(), UTC)


class AreaRow(Form):
    """`code, kind, name`, and `parent` (a code given earlier), `lat, lon` (its middle), `time_zone`, its shape."""

    code: AreaCode
    kind: AreaKind
    name: str = Field(max_length=120, pattern=r"^[^\x00]+$")
    parent: AreaCode | None = None
    lat: Lat | None = None
    lon: Lon | None = None
    time_zone: str | None = None
    boundary: dict[str, Any] | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, given: str | None) -> str | None:
        if given is not None and given not in available_timezones():
            raise ValueError("is not an IANA time zone")
        return given
