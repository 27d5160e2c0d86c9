"""What a warning looks like as JSON, and what is said of each field that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from outreach.errors import BadInput, FieldFault
from outreach.models.states import Severity, WarningKind

YEARS = range(2000, 2200)


def _blank_is_none(given: object) -> object:
    return (given.strip() or None) if isinstance(given, str) else given


def _as_text(given: object) -> object:
    if not isinstance(given, (str, datetime)):
        raise ValueError("write a time as ISO 8601 text with its zone, `2026-11-24T12:00:00+08:00`")
    return given


def _in_utc(given: datetime) -> datetime:
    if given.year not in YEARS:
        raise ValueError("this year cannot be meant")
    return given.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_in_utc)]
Code = Annotated[
    str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$")
]
Blank = BeforeValidator(_blank_is_none)
Language = Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LocationForm(_Form):
    """A point in WGS-84 degrees."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)


class ResidentForm(_Form):
    """Who is at risk: named by `id`, by the source's own `external_id`, or by `phone`."""

    id: UUID | None = None
    external_id: Code | None = None
    phone: Annotated[Annotated[str, Field(max_length=40)] | None, Blank] = None
    name: Annotated[Annotated[str, Field(max_length=200)] | None, Blank] = None
    language: Language | None = None
    address: Annotated[Annotated[str, Field(max_length=500)] | None, Blank] = None
    location: LocationForm | None = None


class WarningForm(_Form):
    """One warning. An update or cancel names in `references` the external ids of the warnings it is about.

    Each of them came before, from this source: an update of what never came, or of a warning about somebody else, is
    refused, and is to be sent as an alert. A cancel takes the updates of what it names along.
    """

    external_id: Code
    category: Code
    severity: Severity
    summary: str = Field(max_length=2000)
    detected_at: Moment
    expires_at: Moment | None = None
    kind: WarningKind = WarningKind.ALERT
    references: list[Code] = Field(
        default=[],
        max_length=100,
        description="External ids of this source's own warnings; an update or cancel has some, and an update's are "
        "about its own resident.",
    )
    exercise: bool = False
    resident: ResidentForm | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> WarningForm:
        if self.kind is WarningKind.CANCEL and not self.references:
            raise ValueError("references: name the warnings that this one cancels")
        if self.kind is WarningKind.UPDATE and not self.references:
            raise ValueError("references: name the warnings that this one updates, or send it as an alert")
        if self.kind is not WarningKind.CANCEL and self.resident is None:
            raise ValueError("resident: say who is at risk")
        if self.expires_at is not None and self.expires_at <= self.detected_at:
            raise ValueError("expires_at: comes before detected_at")
        return self


def parse_warning(body: object) -> tuple[WarningForm, list[str]]:
    """The warning in a JSON `body`, and the paths of its unknown fields; raises BadInput naming each faulty field."""
    if not isinstance(body, dict):
        raise BadInput(faults=(FieldFault("", "a warning is a JSON object"),))
    try:
        form = WarningForm.model_validate(body)
    except ValidationError as wrong:
        found = wrong.errors(include_input=False, include_url=False, include_context=False)
        raise BadInput(faults=tuple(_fault(error) for error in found)) from None
    return form, _ignored(body)


def _fault(error: Any) -> FieldFault:
    path, reason = ".".join(map(str, error["loc"])), error["msg"].removeprefix("Value error, ")
    if not path and ": " in reason:
        path, _, reason = reason.partition(": ")
    return FieldFault(path, reason)


def _ignored(body: dict[str, object]) -> list[str]:
    unknown = [str(key) for key in body if key not in WarningForm.model_fields]
    resident = body.get("resident")
    if isinstance(resident, dict):
        unknown += [f"resident.{key}" for key in resident if key not in ResidentForm.model_fields]
        location = resident.get("location")
        if isinstance(location, dict):
            unknown += [f"resident.location.{key}" for key in location if key not in LocationForm.model_fields]
    return unknown
