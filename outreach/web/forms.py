"""Forms: what a request body is read into; unknown fields are accepted and named in the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError

from outreach.errors import BadInput, FieldFault

F = TypeVar("F", bound="Form")


YEARS = range(2000, 2200)


def is_possible(moment: datetime) -> bool:
    """Whether it says its zone and lies in a year that can be meant; far ones break any sum they enter."""
    return moment.tzinfo is not None and moment.year in YEARS


def _possible(moment: datetime) -> datetime:
    if not is_possible(moment):
        raise ValueError("this year cannot be meant")
    return moment


def _as_text(given: object) -> object:
    if not isinstance(given, str | datetime):
        raise ValueError("write a time as ISO 8601 text with its zone")
    return given


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text), AfterValidator(_possible)]


class Form(BaseModel):
    """The body of one request."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)


def read_form(form: type[F], body: Any) -> F:
    """`body` as this form; raises BadInput naming each faulty field by its JSON path, without its value."""
    try:
        return form.model_validate(body)
    except ValidationError as wrong:
        raise BadInput(faults=faults_of(wrong)) from None


def faults_of(wrong: ValidationError) -> tuple[FieldFault, ...]:
    """Each fault of a validation: field and reason, without the value that was given."""
    return tuple(
        FieldFault(".".join(str(part) for part in e["loc"]) or "body", e["msg"])
        for e in wrong.errors(include_url=False, include_input=False)
    )


def ignored_in(form: BaseModel, path: str = "") -> list[str]:
    """The JSON paths of the fields that this form does not know."""
    found = [f"{path}{name}" for name in (form.model_extra or {})]
    for name in type(form).model_fields:
        inner = getattr(form, name)
        if isinstance(inner, BaseModel):
            found += ignored_in(inner, f"{path}{name}.")
    return found
