"""`/api/policies`: the ladders that cases climb, version by version; what changes one is a new version."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from outreach.access import Caller
from outreach.errors import CitysOnly, NotFound, NothingNew
from outreach.models import Coordinator, EscalationPolicy
from outreach.models.states import Evidence, ResponderRole
from outreach.policy import StepKind, body_of, compare
from outreach.registry.policies import TEXTS, in_force, make_version, newest_of, policy_in, put_back
from outreach.reports.period import zone_of
from outreach.reports.policies import Did, what_policies_did
from outreach.web.answers.policies import PoliciesShown, PolicyChanges, PolicyVersion
from outreach.web.asking import Ask
from outreach.web.cases import etag, versions_read
from outreach.web.forms import Form
from outreach.web.table import ADMIN, READING, Route

YEAR = timedelta(days=365)
SLASHES = 2
"""In the path of an area that lies in no other."""
Span = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?[smhd]$", max_length=12)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Count = Annotated[int, Field(ge=0, le=1000)]


class StepForm(Form):
    """One step; what is left out is as usual. Spans are a number and s, m, h or d."""

    do: StepKind
    after: Span
    repeat: Count | None = None
    every: Span | None = None
    stops_on: list[Evidence] | None = Field(None, max_length=20)
    by: Literal["call", "visit"] | None = None
    ask: Count | None = None
    lapse: Span | None = None
    within: Span | None = None
    acknowledge: Span | None = None
    roles: list[ResponderRole] | None = Field(None, max_length=20)
    same_language: bool | None = None
    text: Annotated[str, Field(max_length=64, pattern=r"^[a-z_]*$")] | None = None
    companion: bool | None = None


class HoursForm(Form):
    """Local hours in which people may be disturbed; an `end` before `start` spans midnight."""

    start: Clock
    end: Clock


class PolicyForm(Form):
    """What a new version says; its name, family and severity are those of the version it is made from."""

    accepts: list[Evidence] = Field(min_length=1, max_length=20)
    gives_up_after: Span
    steps: list[StepForm] = Field(min_length=1, max_length=30)
    hours: HoursForm | None = None
    again_after: Span | None = None
    stop_hurries: bool = False


async def policies(ask: Ask) -> Response:
    """All policies and what became of each version."""
    kept = await EscalationPolicy.all().order_by("family", "name", "-version")
    settings, area = ask.parts.settings, ask.caller.area_path or ""
    zone = await zone_of(area, settings.city_time_zone)
    did = await what_policies_did(ask.now - YEAR, ask.now, zone, area, settings.target_minutes)
    names = await _makers(kept)
    force = in_force(kept)
    shown: dict[str, dict[str, Any]] = {}
    for row in kept:
        policy = {"name": row.name, "family": row.family, "severity": row.severity, "versions": []}
        version = {**_made(row, names), "in_force": row.id in force, **_done(did.get(row.id, Did()))}
        shown.setdefault(row.name, policy)["versions"].append(version)
    said = {"target_minutes": settings.target_minutes, "may_change": may_change(ask.caller), "texts": TEXTS}
    return ask.answer({**said, "policies": list(shown.values())})


async def version(ask: Ask) -> Response:
    """One version and what it says; its ETag is the number of the newest one."""
    return await _shown(ask, await _named(ask.id))


async def changes(ask: Ask) -> Response:
    """What it changes of another version, or else of the one that it was made from."""
    here = await _named(ask.id)
    other = ask.query_id("of")
    there = await (_named(other) if other else _before(here))
    if there.name != here.name:
        raise NotFound()
    return ask.answer({"was": there.version, "now": here.version, **asdict(compare(policy_in(there), policy_in(here)))})


async def make(ask: Ask) -> Response:
    """Make a new version from this one."""
    read = versions_read(ask)
    _refuse_others(ask)
    kept, form = await _named(ask.id), await ask.form(PolicyForm)
    body = form.model_dump(mode="json", exclude_none=True, include=set(PolicyForm.model_fields))
    body["steps"] = [step.model_dump(mode="json", exclude_none=True, include=STEP) for step in form.steps]
    if form.hours is not None:
        body["hours"] = {"start": form.hours.start, "end": form.hours.end}
    return await _shown(ask, await make_version(kept, body, ask.caller.id, read, ask.now), 201)


async def back(ask: Ask) -> Response:
    """Put this version back, as a new one."""
    read = versions_read(ask)
    _refuse_others(ask)
    return await _shown(ask, await put_back(await _named(ask.id), ask.caller.id, read, ask.now), 201)


def may_change(caller: Caller) -> bool:
    """Whether they may make versions: an admin of the whole city, be it everything or its topmost area."""
    return caller.kind is ADMIN and (caller.area_path is None or caller.area_path.count("/") == SLASHES)


def _refuse_others(ask: Ask) -> None:
    if not may_change(ask.caller):
        raise CitysOnly()


async def _named(policy_id: UUID) -> EscalationPolicy:
    kept = await EscalationPolicy.get_or_none(id=policy_id)
    if kept is None:
        raise NotFound()
    return kept


async def _before(here: EscalationPolicy) -> EscalationPolicy:
    wanted = here.made_from or max(here.version - 1, 1)
    return await EscalationPolicy.filter(name=here.name, version=wanted).first() or here


async def _shown(ask: Ask, row: EscalationPolicy, status: int = 200) -> Response:
    newest = (await newest_of(row.name)).version
    said = {**_made(row, await _makers([row])), "newest": newest, "body": body_of(policy_in(row))}
    return ask.answer(said, status, {"ETag": etag(newest)})


async def _makers(rows: list[EscalationPolicy]) -> dict[UUID, str]:
    wanted = {row.made_by for row in rows if row.made_by is not None}
    return {each.id: each.name for each in await Coordinator.filter(id__in=wanted)} if wanted else {}


def _made(row: EscalationPolicy, names: dict[UUID, str]) -> dict[str, Any]:
    by = {"id": row.made_by, "name": names.get(row.made_by)} if row.made_by else None
    said = {"id": row.id, "version": row.version, "made_at": row.made_at}
    return {**said, "made_by": by, "made_from": row.made_from}


def _done(did: Did) -> dict[str, Any]:
    counts = {"began": did.began, "still_open": did.still_open, "warned": did.warned, "few": did.few}
    return {**counts, **asdict(did.share)}


STEP = set(StepForm.model_fields)
ONE = "/api/policies/{id}"
ROUTES = (
    Route(
        "GET",
        "/api/policies",
        policies,
        READING,
        "All policies, their versions and what each did.",
        shape=PoliciesShown,
    ),
    Route("GET", ONE, version, READING, "The version.", gives_version=True, shape=PolicyVersion),
    Route(
        "GET",
        f"{ONE}/changes",
        changes,
        READING,
        "What it changes, field by field.",
        asks={"of": "The id of another version of the same policy; the one that it was made from."},
        shape=PolicyChanges,
    ),
    Route(
        "POST",
        f"{ONE}/versions",
        make,
        (ADMIN,),
        "The new version, which new cases begin with.",
        PolicyForm,
        answers=201,
        needs_version=True,
        gives_version=True,
        shape=PolicyVersion,
        refuses=(CitysOnly, NothingNew),
    ),
    Route(
        "POST",
        f"{ONE}/put-back",
        back,
        (ADMIN,),
        "A new version that says what this one says.",
        answers=201,
        needs_version=True,
        gives_version=True,
        shape=PolicyVersion,
        refuses=(CitysOnly, NothingNew),
    ),
)
