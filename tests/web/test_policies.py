"""Ladders are changed on the board: each change is a new version, and what runs keeps the one it began with."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from outreach.access import issue_token
from outreach.models import Coordinator, EscalationPolicy, Outreach
from outreach.models.states import Severity, TokenKind
from outreach.registry import policy_for, seed
from outreach.settings import Settings
from tests.web.conftest import Cast, an_outreach

ONE = '"1"'


@pytest.fixture
async def admin(cast: Cast) -> Cast:
    """The cast, with Cleo as admin of the whole city."""
    cleo = await Coordinator.create(name="Cleo")
    cast.tokens["the admin"] = await issue_token(TokenKind.ADMIN, cleo.id, cast.clock.now())
    return cast


async def high(cast: Cast) -> dict[str, Any]:
    """The newest version of the ladder at high severity, as it is shown."""
    newest = await policy_for("fraud", Severity.HIGH)
    return dict((await cast.ask("the admin", "GET", f"/api/policies/{newest.id}")).json())


async def changed(cast: Cast, of: dict[str, Any], read: str = "*", **given: Any) -> httpx2.Response:
    """The admin makes a version of this one, after its visits wait as long as it says."""
    body = {name: value for name, value in of["body"].items() if name not in ("name", "family", "severity")}
    path = f"/api/policies/{of['id']}/versions"
    return await cast.ask("the admin", "POST", path, json=body | given, headers={"If-Match": read})


def with_visit_after(of: dict[str, Any], after: str) -> list[dict[str, Any]]:
    """Its steps, with another wait before the visit."""
    return [{**step, "after": after} if step["do"] == "visit" else step for step in of["body"]["steps"]]


async def test_a_change_is_a_new_version_that_new_cases_begin_with_and_what_runs_keeps_its_own(admin: Cast) -> None:
    case, first = await an_outreach(admin), await high(admin)
    admin.clock.advance(timedelta(minutes=1))
    made = await changed(admin, first, ONE, steps=with_visit_after(first, "2m"))
    assert made.status_code == 201, made.text
    second = made.json()
    assert (second["version"], second["made_from"], second["made_by"]["name"]) == (2, 1, "Cleo")
    assert made.headers["etag"] == '"2"'
    assert (await admin.warn(external_id="w-2", resident={"phone": "+14155550105"})).status_code == 202
    kept = {str(one.id): str(one.policy_id) for one in await Outreach.all()}  # type: ignore[attr-defined]
    assert kept.pop(case) == first["id"] and [*kept.values()] == [second["id"]]
    listed = await policies(admin, "Cleo")
    assert [(each["version"], each["in_force"], each["began"]) for each in listed] == [(2, True, 0), (1, False, 1)]


async def policies(cast: Cast, whose: str) -> list[dict[str, Any]]:
    """The versions of the ladder at high severity, as somebody sees them."""
    answer = (await cast.ask(whose, "GET", "/api/policies")).json()
    [found] = [each["versions"] for each in answer["policies"] if each["name"] == "fraud_high"]
    return list(found)


async def test_two_versions_are_compared_and_an_old_one_is_put_back_as_a_new_one(admin: Cast) -> None:
    first = await high(admin)
    second = (await changed(admin, first, steps=with_visit_after(first, "2m"), again_after=None)).json()
    told = (await admin.ask("Cleo as chief", "GET", f"/api/policies/{second['id']}/changes")).json()
    assert (told["was"], told["now"]) == (1, 2)
    assert told["fields"] == [{"field": "again_after", "was": "2h", "now": None}]
    assert [(each["do"], each["fields"]) for each in told["steps"] if each["fields"]] == [
        ("visit", [{"field": "after", "was": "1m", "now": "2m"}])
    ]
    back = await admin.ask("the admin", "POST", f"/api/policies/{first['id']}/put-back", headers={"If-Match": '"2"'})
    third = back.json()
    assert (back.status_code, third["version"], third["made_from"]) == (201, 3, 1)
    assert third["body"] == first["body"]
    path = f"/api/policies/{third['id']}/changes?of={first['id']}"
    same = (await admin.ask("Cleo", "GET", path)).json()
    assert same["fields"] == [] and not any(each["fields"] for each in same["steps"])
    assert (await policy_for("fraud", Severity.HIGH)).version == 3


async def test_a_ladder_that_makes_no_sense_is_refused_with_each_fault_at_its_field(admin: Cast) -> None:
    first = await high(admin)
    steps = [{**step, "stops_on": ["key"]} if step["do"] == "visit" else step for step in first["body"]["steps"]]
    refused = await changed(admin, first, steps=steps, gives_up_after="10m")
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"gives_up_after", "steps.2.stops_on"}
    assert await EscalationPolicy.filter(name="fraud_high").count() == 1


async def test_a_step_that_names_no_text_says_what_its_kind_says(admin: Cast) -> None:
    first = await high(admin)
    steps = [{**step, "text": ""} for step in first["body"]["steps"]]
    made = (await changed(admin, first, steps=steps, again_after="3h")).json()
    said = {step["do"]: step["text"] for step in made["body"]["steps"] if step["text"]}
    assert said == {"sms": "warned", "voice": "warned", "trusted_contact": "please_call"}


async def test_who_changes_what_somebody_else_has_just_changed_is_told_and_nothing_is_overwritten(admin: Cast) -> None:
    first = await high(admin)
    assert (await changed(admin, first, ONE, again_after="3h")).status_code == 201
    late = await changed(admin, first, ONE, again_after="4h")
    assert (late.status_code, late.json()["type"]) == (412, "urn:outreach:StaleVersion")
    (change,) = late.json()["changes"]
    assert (change["kind"], change["by"]["name"]) == ("published", "Cleo")
    assert (await changed(admin, first, '"9"', again_after="4h")).json()["changes"] == []
    same = await changed(admin, first, '"2"', again_after="3h")
    assert (same.status_code, same.json()["type"]) == (409, "urn:outreach:NothingNew")
    assert await EscalationPolicy.filter(name="fraud_high").count() == 2


async def test_another_policys_version_is_not_compared_with(admin: Cast) -> None:
    first, low = await high(admin), await policy_for("fraud", Severity.LOW)
    answer = await admin.ask("Cleo", "GET", f"/api/policies/{first['id']}/changes?of={low.id}")
    assert answer.status_code == 404


async def test_only_an_admin_of_the_whole_city_may_change_a_ladder(admin: Cast) -> None:
    first = await high(admin)
    path = f"/api/policies/{first['id']}/put-back"
    for whose, status in {"Cleo": 403, "Cleo as chief": 403, "Cleo as admin": 403}.items():
        assert (await admin.ask(whose, "POST", path, headers={"If-Match": "*"})).status_code == status
    may = [(await admin.ask(whose, "GET", "/api/policies")).json()["may_change"] for whose in ("the admin", "Cleo")]
    assert may == [True, False]


async def test_what_was_changed_on_the_board_stays_until_the_file_changes(admin: Cast, tmp_path: Path) -> None:
    first, now = await high(admin), admin.clock.now()
    assert (await changed(admin, first, again_after="3h")).status_code == 201
    await seed(Settings(), now + timedelta(hours=1))
    assert (await policy_for("fraud", Severity.HIGH)).version == 2
    shipped = Path("outreach/policies/fraud_high.yaml").read_text(encoding="utf-8")
    (tmp_path / "fraud_high.yaml").write_text(shipped.replace("gives_up_after: 24h", "gives_up_after: 12h"))
    (tmp_path / "welfare.yaml").write_text(Path("outreach/policies/welfare_high.yaml").read_text(encoding="utf-8"))
    await seed(Settings(policies_dir=tmp_path), now + timedelta(hours=2))
    newest = await policy_for("fraud", Severity.HIGH)
    assert (newest.version, newest.made_by, newest.body["gives_up_after"]) == (3, None, "12h")


async def test_a_version_tells_how_many_were_reached_in_time_in_ones_own_area(admin: Cast) -> None:
    case = await an_outreach(admin)
    admin.clock.advance(timedelta(minutes=10))
    rung = await admin.ask("Cleo", "POST", f"/api/outreaches/{case}/contact", json={"outcome": "convinced"})
    assert rung.status_code == 200, rung.text
    admin.clock.advance(timedelta(hours=1))
    [own] = await policies(admin, "Cleo")
    assert (own["began"], own["still_open"], own["warned"], own["share"], own["few"]) == (1, 0, 1, 1.0, True)
    [far] = await policies(admin, "Dov")
    assert (far["began"], far["warned"], far["share"]) == (0, 0, None)
