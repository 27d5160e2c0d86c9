"""An admin keeps what the city is made of: people and their hours, areas, units, sources with their keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from outreach.access import issue_token
from outreach.models import Area, Category, Coordinator, Resident, Responder, Shift, Source
from outreach.models.states import AreaKind, TokenKind
from outreach.registry import seed
from outreach.settings import Settings
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

ADMIN = "Cleo as admin"
EVE = {"name": "Eve", "phone": "+14155550188", "role": "volunteer", "area": "xh", "languages": ["en"], "capacity": 1}
EVE |= {"lat": 30.25, "lon": 120.15}
SQUARE = [[120.10, 30.20], [120.12, 30.20], [120.12, 30.22], [120.10, 30.22], [120.10, 30.20]]
ANY = {"If-Match": "*"}


async def said(cast: Cast, whose: str, method: str, path: str, status: int = 200, **given: Any) -> dict[str, Any]:
    """The answer to one request, which must have this status."""
    answer = await cast.ask(whose, method, path, **given)
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_new_resident_is_found_at_once_and_whoever_has_her_number_is_named_as_perhaps_the_same(
    cast: Cast,
) -> None:
    await an_outreach(cast)
    known = await Resident.get()
    form = {"name": "Ada Byron", "area": "xh", "phones": [{"number": ADAS_PHONE}], "language": "en"}
    made = await said(cast, "Cleo", "POST", "/api/residents", 201, json=form)
    assert made["possible_double_of_id"] == str(known.id) and made["phones"][0]["origin"] == "coordinator"
    found = await said(cast, "Cleo", "POST", "/api/residents/search", json={"text": "byron"})
    assert [row["id"] for row in found["residents"]] == [made["id"]]


async def test_a_new_responder_is_invited_and_on_duty_for_the_hours_that_were_planned(cast: Cast) -> None:
    noon = cast.clock.now()
    hours = {"starts_at": noon.isoformat(), "ends_at": (noon + timedelta(hours=8)).isoformat()}
    form = {**EVE, "unit": "bank", "shifts": [hours]}
    made = await said(cast, "Cleo", "POST", "/api/responders", 201, json=form)
    assert made["unit"] == {"code": "bank", "name": "Bank"} and len(made["shifts"]) == 1
    invited = await said(cast, "Cleo", "POST", f"/api/responders/{made['id']}/invite", 201)
    assert "/app#/join/" in invited["url"]
    # Whoever puts her right and says nothing of a unit leaves her in hers.
    put = {**EVE, "capacity": 2}
    after = await said(cast, "Cleo", "PUT", f"/api/responders/{made['id']}", json=put, headers=ANY)
    assert after["unit"] == made["unit"] and after["capacity"] == 2


async def test_a_shift_is_planned_once_and_ended_by_whoever_plans(cast: Cast) -> None:
    noon = cast.clock.now()

    def shift(begin: int, end: int) -> dict[str, str]:
        at = [(noon + timedelta(hours=hours)).isoformat() for hours in (begin, end)]
        return {"responder_id": str(cast.ben.id), "starts_at": at[0], "ends_at": at[1]}

    runs = await said(cast, "Cleo", "POST", "/api/shifts", 201, json=shift(0, 4))
    coming = await said(cast, "Cleo", "POST", "/api/shifts", 201, json=shift(24, 32))
    again = await said(cast, "Cleo", "POST", "/api/shifts", 422, json=shift(24, 32))
    assert again["errors"] == [{"field": "starts_at", "reason": "they have a shift then"}]
    listed = await said(cast, "Cleo as chief", "GET", f"/api/shifts?responder={cast.ben.id}&area=/hz/xh/")
    assert [each["id"] for each in listed["shifts"]] == [runs["id"], coming["id"]]
    assert (
        listed["shifts"][0]["responder"]["name"] == "Ben"
        and not (await said(cast, "Dov", "GET", "/api/shifts"))["shifts"]
    )
    cast.clock.advance(timedelta(hours=1))
    ended = [await said(cast, "Cleo", "POST", f"/api/shifts/{each['id']}/end") for each in (runs, coming)]
    assert [each["removed"] for each in ended] == [False, True]
    assert [row.ends_at for row in await Shift.all()] == [cast.clock.now()]


async def test_an_area_that_moves_takes_all_below_it_along(cast: Cast) -> None:
    street, lane = [
        await said(cast, ADMIN, "POST", "/api/areas", 201, json={**new, "name": new["code"], "parent": "xh"})
        for new in ({"code": "s1", "kind": "street"}, {"code": "c1", "kind": "community"})
    ]
    grid = {"code": "g1", "kind": "grid", "name": "Willow", "parent": "c1"}
    assert (await said(cast, ADMIN, "POST", "/api/areas", 201, json=grid))["path"] == "/hz/xh/c1/g1/"
    moved = {"name": "Lake community", "parent": "s1"}
    after = await said(cast, ADMIN, "PUT", f"/api/areas/{lane['id']}", json=moved, headers=ANY)
    assert after["path"] == "/hz/xh/s1/c1/"
    listed = (await said(cast, "Cleo", "GET", "/api/areas"))["areas"]
    assert [(each["path"], each["parent"]) for each in listed] == [
        ("/hz/xh/", None),
        ("/hz/xh/s1/", "xh"),
        ("/hz/xh/s1/c1/", "s1"),
        ("/hz/xh/s1/c1/g1/", "c1"),
    ]
    below = {"name": "Street", "parent": "c1"}
    refused = await said(cast, ADMIN, "PUT", f"/api/areas/{street['id']}", 422, json=below, headers=ANY)
    assert refused["errors"] == [{"field": "parent", "reason": "is no larger kind of area"}]


async def test_a_boundary_gives_an_area_its_middle_and_one_that_came_in_parts_stays(cast: Cast) -> None:
    grid = {"code": "g1", "kind": "grid", "name": "Willow", "parent": "xh"}
    drawn = {"type": "Polygon", "coordinates": [SQUARE]}
    made = await said(cast, ADMIN, "POST", "/api/areas", 201, json={**grid, "boundary": drawn})
    assert made["boundary"] == drawn and made["point"] == pytest.approx([30.21, 120.11])
    parts = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    await Area.filter(code="g1").update(boundary=parts)
    same = {"name": "Willow Lane", "parent": "xh", "boundary": parts}
    kept = await said(cast, ADMIN, "PUT", f"/api/areas/{made['id']}", json=same, headers=ANY)
    assert kept["boundary"] == parts and kept["name"] == "Willow Lane"


async def test_the_second_of_two_admins_is_refused_and_overwrites_nothing(cast: Cast) -> None:
    path = f"/api/areas/{cast.area.id}"
    read = (await cast.ask(ADMIN, "GET", path)).headers["ETag"]
    for name, status in (("West", 200), ("East", 412)):
        await said(cast, ADMIN, "PUT", path, status, json={"name": name}, headers={"If-Match": read})
    assert (await Area.get(id=cast.area.id)).name == "West"


async def test_a_source_warns_with_the_key_that_was_shown_once_until_it_is_revoked(cast: Cast) -> None:
    await said(cast, ADMIN, "POST", "/api/units", 201, json={"code": "lake", "name": "Lake Bank", "kind": "bank"})
    form = {"unit": "lake", "code": "lake", "name": "Lake branch", "area": "xh"}
    made = await said(cast, ADMIN, "POST", "/api/sources", 201, json=form)
    cast.tokens["lake"] = made["key"]
    await said(cast, "lake", "POST", "/api/warnings", 202, json=cast.warning())
    listed = (await cast.ask("Cleo as chief", "GET", "/api/sources")).text
    assert "lake" in listed and made["key"] not in listed
    more = await said(cast, ADMIN, "POST", f"/api/sources/{made['id']}/keys", 201)
    cast.tokens["lake again"] = more["key"]
    first = {"key": made["keys"][0]["id"]}
    left = await said(cast, ADMIN, "POST", f"/api/sources/{made['id']}/revoke", json=first)
    assert len(left["keys"]) == 1
    await said(cast, "lake", "GET", "/api/feed", 401)
    await said(cast, "lake again", "GET", "/api/feed")
    assert (await said(cast, ADMIN, "POST", f"/api/sources/{made['id']}/revoke", json={}))["keys"] == []
    await said(cast, "lake again", "GET", "/api/feed", 401)


async def test_an_admin_changes_the_units_of_their_area_alone(cast: Cast) -> None:
    made = await said(cast, ADMIN, "POST", "/api/units", 201, json={"code": "lake", "name": "Lake", "kind": "bank"})
    await Source.create(unit_id=made["id"], code="lake", name="Lake", area=cast.elsewhere)
    units = {each["code"]: each for each in (await said(cast, ADMIN, "GET", "/api/units"))["units"]}
    # The bank's source warns for the whole city, and so is nobody's of a district.
    assert {code: each["yours"] for code, each in units.items()} == {"bank": False, "lake": False}
    form = {"name": "Lakeside", "kind": "bank"}
    await said(cast, ADMIN, "PUT", f"/api/units/{made['id']}", 403, json=form, headers=ANY)
    read = {"If-Match": f'"{units["lake"]["version"]}"'}
    assert (await said(cast, "Dov as admin", "PUT", f"/api/units/{made['id']}", json=form, headers=read))[
        "name"
    ] == "Lakeside"


async def test_coordinators_keep_people_and_shifts_chiefs_read_and_the_hotline_has_none_of_it(cast: Cast) -> None:
    for whose, path, status in (
        ("Cleo", "areas", 403),
        ("Cleo", "units", 403),
        ("Cleo", "sources", 403),
        ("Cleo as chief", "residents", 403),
        ("Cleo as chief", "shifts", 403),
        ("Cleo at the hotline", "responders", 403),
    ):
        await said(cast, whose, "POST", f"/api/{path}", status, json={})
    for path in ("areas", "units", "sources", "shifts"):
        await said(cast, "Cleo as chief", "GET", f"/api/{path}")
        await said(cast, "Cleo at the hotline", "GET", f"/api/{path}", 403)
    assert await Area.filter(kind=AreaKind.GRID).count() == 0 and await Responder.all().count() == 1


async def test_a_category_put_right_on_the_board_is_what_responders_read_and_stays_when_the_city_starts_anew(
    cast: Cast, settings: Settings
) -> None:
    whole = await Coordinator.create(name="Cleo")
    cast.tokens["city"] = await issue_token(TokenKind.ADMIN, whole.id, cast.clock.now())
    kept = (await said(cast, "city", "GET", "/api/categories"))["categories"]
    one = next(each for each in kept if each["code"] == "impersonation")
    more = {"code": "gone_away", "name": {"en": "Gone away"}, "again_after": "2h"}
    form = {**one, "say": {"en": ["Your branch asked me to look in."]}, "outcomes": [*one["outcomes"], more]}
    read = {"If-Match": f'"{one["version"]}"'}
    after = await said(cast, "city", "PUT", f"/api/categories/{one['id']}", json=form, headers=read)
    assert after["outcomes"][-1]["again_after"] == "2h" and after["edited_at"] is not None
    await said(cast, "city", "PUT", f"/api/categories/{one['id']}", 412, json=form, headers=read)
    await seed(settings, cast.clock.now() + timedelta(days=1))
    case = await an_outreach(cast)
    shown = await said(cast, "Cleo", "GET", f"/api/outreaches/{case}")
    assert shown["outcomes"][-1]["code"] == "gone_away"
    assert (await Category.get(code="impersonation")).scripts["say"] == {"en": ["Your branch asked me to look in."]}
