"""Reading policies and categories from YAML, with every fault named."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from outreach.errors import MisSet
from outreach.policy.words import CategoryRule, ContactHours, OutcomeRule, Policy, Step, StepKind

T = TypeVar("T", bound=BaseModel)

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
EVIDENCE = {"key", "speech", "sms_reply", "stop", "person_by_phone", "in_person", "reported_by_contact"}


def _span(given: object) -> object:
    if isinstance(given, timedelta):
        return given
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd])", str(given))
    if not found:
        raise ValueError("write a span as a number and s, m, h or d: `90s`, `5m`, `24h`, `3d`")
    return timedelta(**{UNITS[found[2]]: float(found[1])})


def _evidence(given: object) -> object:
    if not isinstance(given, (list, tuple, set, frozenset)):
        raise ValueError("write a list of evidence")
    unknown = set(given) - EVIDENCE
    if unknown:
        raise ValueError(f"unknown evidence: {', '.join(sorted(map(str, unknown)))}")
    return frozenset(given)


Span = Annotated[timedelta, BeforeValidator(_span)]
EvidenceSet = Annotated[frozenset[str], BeforeValidator(_evidence)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Step(_Strict):
    do: StepKind
    after: Span
    repeat: int = 0
    every: Span = timedelta(0)
    stops_on: EvidenceSet = frozenset()
    by: Literal["call", "visit"] = "call"
    ask: int = 1
    lapse: Span = timedelta(minutes=5)
    within: Span = timedelta(minutes=45)
    acknowledge: Span = timedelta(minutes=5)
    roles: frozenset[str] = frozenset()
    same_language: bool = False
    text: str = ""
    companion: bool = False


class _Hours(_Strict):
    start: time
    end: time


class _Policy(_Strict):
    name: str
    family: str
    severity: Literal["high", "medium", "low"]
    accepts: EvidenceSet
    gives_up_after: Span
    hours: _Hours | None = None
    again_after: Span | None = None
    stop_hurries: bool = False
    steps: list[_Step]


class _Outcome(_Strict):
    name: dict[str, str]
    reached: bool = False
    danger_off: bool = False
    ends: Literal["", "convinced", "false_alarm", "closed"] = ""
    follow_up: Span | None = None
    again_after: Span | None = None
    emergency: bool = False
    wrong_place: bool = False
    wrong_number: bool = False
    accurate: bool | None = None


class _Category(_Strict):
    family: str
    name: dict[str, str]
    outcomes: dict[str, _Outcome]
    scripts: dict[str, list[str]] = {}
    say: dict[str, list[str]] = {}
    keep_back: dict[str, list[str]] = {}
    door: dict[str, list[str]] = {}


def parse_policy(body: object, where: str) -> Policy:
    """The policy in `body` (as read from YAML or JSON); raises MisSet naming `where` and each faulty field."""
    given = _checked(_Policy, body, where)
    if not given.accepts or not given.steps:
        raise MisSet(f"{where}: a policy needs steps, and evidence that it accepts.")
    return _policy_of(given)


def _policy_of(given: _Policy) -> Policy:
    hours = ContactHours(given.hours.start, given.hours.end) if given.hours else None
    steps = tuple(Step(**{name: getattr(step, name) for name in _Step.model_fields}) for step in given.steps)
    return Policy(
        name=given.name,
        family=given.family,
        severity=given.severity,
        accepts=given.accepts,
        steps=steps,
        gives_up_after=given.gives_up_after,
        hours=hours,
        again_after=given.again_after,
        stop_hurries=given.stop_hurries,
    )


def parse_categories(body: object, where: str) -> dict[str, CategoryRule]:
    """The categories in `body` by code; raises MisSet naming `where` and each faulty field."""
    if not isinstance(body, dict):
        raise MisSet(f"{where}: categories are a mapping from code to category.")
    return {code: _category(str(code), _checked(_Category, given, f"{where}: {code}")) for code, given in body.items()}


def _category(code: str, given: _Category) -> CategoryRule:
    outcomes = {key: OutcomeRule(code=key, **dict(rule)) for key, rule in given.outcomes.items()}
    said = given.scripts, given.say, given.keep_back, given.door
    return CategoryRule(code, given.family, given.name, outcomes, *said)


def _checked(form: type[T], body: object, where: str) -> T:
    try:
        return form.model_validate(body)
    except ValidationError as wrong:
        raise MisSet(f"{where}: {_faults(wrong.errors())}") from None


def _faults(errors: list[Any]) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors)
