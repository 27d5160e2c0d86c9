"""Whoever administers an area says who coordinates there, lets them in, and lets them go."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from tortoise.connection import get_connection

from outreach.access import issue_token, make_link
from outreach.errors import NotFound
from outreach.ladder.alarming import levels_of
from outreach.models import Coordinator, CoordinatorLogin, Handover, Outreach
from outreach.models.states import TokenKind
from tests.harness.authenticator import digits_of, secret_in
from tests.web.conftest import Cast, an_outreach
from tests.web.test_coordinators import by_link, coordinator, set_up

CHI = {"name": "Chi", "phone": "+14155550109", "role": "chief", "area": "xh"}


async def the_city(cast: Cast) -> Coordinator:
    """The city's admin signs on: `City`."""
    city = await Coordinator.create(name="City", role=TokenKind.ADMIN)
    cast.tokens["City"] = await issue_token(TokenKind.ADMIN, city.id, cast.clock.now())
    return city


async def appointed(cast: Cast, whose: str = "City", **given: Any) -> dict[str, Any]:
    answer = await cast.ask(whose, "POST", "/api/coordinators", json={**CHI, **given})
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def put(cast: Cast, one: dict[str, Any], whose: str = "City", **given: Any) -> httpx2.Response:
    body = {**CHI, "role": one["role"], "name": one["name"], **given}
    headers = {"If-Match": f'"{one["version"]}"'}
    return await cast.ask(whose, "PUT", f"/api/coordinators/{one['id']}", json=body, headers=headers)


async def test_an_admin_appoints_a_chief_who_gets_in_once_by_the_link(cast: Cast) -> None:
    await the_city(cast)
    chi = await appointed(cast)
    assert (chi["area"]["path"], chi["password"], chi["sessions"]) == ("/hz/xh/", False, 0)
    made = await cast.ask("City", "POST", f"/api/coordinators/{chi['id']}/link")
    assert made.status_code == 201 and made.json()["picture"].startswith("data:image/svg+xml")
    answer = await by_link(cast, made.json()["url"].rpartition("/")[2])
    assert answer.status_code == 201 and answer.json()["coordinator"]["role"] == "chief"
    listed = {one["name"]: one for one in (await cast.ask("City", "GET", "/api/coordinators")).json()["coordinators"]}
    assert listed["Chi"]["sessions"] == 1 and set(listed) == {"Chi", "City", "Cleo", "Dov"}
    # Whoever takes a warning down does so in a source's name.
    assert (await Coordinator.get(id=chi["id"]).select_related("source")).source.code == "phoned-in-xh"


async def test_another_role_or_area_ends_the_sessions_of_the_one_before(cast: Cast) -> None:
    await the_city(cast)
    chi = await appointed(cast, role="coordinator")
    made = await cast.ask("City", "POST", f"/api/coordinators/{chi['id']}/link")
    await by_link(cast, made.json()["url"].rpartition("/")[2])
    assert (await put(cast, chi, name="Chi the second")).status_code == 200
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 200
    stale = await put(cast, chi, role="chief")
    assert stale.status_code == 412
    chi = (await cast.ask("City", "GET", "/api/coordinators")).json()["coordinators"][-1]
    assert (await put(cast, chi, role="chief", area="yh")).json()["area"]["code"] == "yh"
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 401


async def test_an_admin_signs_somebody_out_everywhere(cast: Cast) -> None:
    cleo = await coordinator(cast, "Cleo")
    await by_link(cast, (await make_link(cleo.id, cast.clock.now())).code)
    await the_city(cast)
    assert (await cast.ask("City", "DELETE", f"/api/coordinators/{cleo.id}/sessions")).status_code == 204
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 401
    assert (await cast.ask("Cleo", "GET", "/api/session")).status_code == 401


async def test_who_is_let_go_gets_in_by_no_way_is_alarmed_no_more_and_keeps_no_case(cast: Cast) -> None:
    case, cleo = await an_outreach(cast), await coordinator(cast, "Cleo")
    await the_city(cast)
    await set_up(cast)
    await cast.ask("Cleo", "POST", f"/api/outreaches/{case}/take", headers={"If-Match": "*"})
    link = (await make_link(cleo.id, cast.clock.now())).code
    assert (await cast.ask("City", "DELETE", f"/api/coordinators/{cleo.id}")).status_code == 204
    assert (await by_link(cast, link)).status_code == 403
    assert not await CoordinatorLogin.exists()
    for whose in ("Cleo", "Cleo as admin"):
        assert (await cast.ask(whose, "GET", "/api/session")).status_code == 401
    with pytest.raises(NotFound):
        await make_link(cleo.id, cast.clock.now())
    with pytest.raises(NotFound):
        await issue_token(TokenKind.COORDINATOR, cleo.id, cast.clock.now())
    assert (await Outreach.get(id=case)).taken_by_id is None and await Handover.exists(outreach_id=case)
    assert cleo.id not in [each for level in await levels_of([cast.area]) for each in level]
    names = [one["name"] for one in (await cast.ask("City", "GET", "/api/coordinators")).json()["coordinators"]]
    assert "Cleo" not in names
    again = await cast.ask("City", "DELETE", f"/api/coordinators/{cleo.id}")
    assert again.status_code == 404


async def test_nobody_takes_the_last_admin_away_not_even_two_at_once(cast: Cast) -> None:
    city = await the_city(cast)
    alone = await cast.ask("City", "DELETE", f"/api/coordinators/{city.id}")
    assert alone.status_code == 409 and alone.json()["type"] == "urn:outreach:LastAdmin"
    [me] = [one for one in (await cast.ask("City", "GET", "/api/coordinators")).json()["coordinators"]
            if one["name"] == "City"]  # fmt: skip
    lowered = await put(cast, me, role="chief", area=None, phone=None)
    assert lowered.json()["type"] == "urn:outreach:LastAdmin"
    # An admin of one area is none of the whole city.
    await appointed(cast, name="Lake", role="admin")
    assert (await cast.ask("City", "DELETE", f"/api/coordinators/{city.id}")).status_code == 409
    other = await appointed(cast, name="City too", role="admin", area=None)
    cast.tokens["City too"] = await issue_token(TokenKind.ADMIN, other["id"], cast.clock.now())
    answers = await asyncio.gather(
        cast.ask("City", "DELETE", f"/api/coordinators/{other['id']}"),
        cast.ask("City too", "DELETE", f"/api/coordinators/{city.id}"),
    )
    assert sorted(answer.status_code for answer in answers)[0] == 204
    assert await Coordinator.filter(role=TokenKind.ADMIN, area_id__isnull=True, left_at__isnull=True).count() == 1


async def test_an_admin_of_one_area_neither_sees_nor_makes_those_of_another(cast: Cast) -> None:
    dov = await coordinator(cast, "Dov")
    for method, path in (("DELETE", ""), ("POST", "/link"), ("DELETE", "/sessions")):
        answer = await cast.ask("Cleo as admin", method, f"/api/coordinators/{dov.id}{path}")
        assert answer.status_code == 404, path
    for area in (None, "yh"):
        refused = await cast.ask("Cleo as admin", "POST", "/api/coordinators", json={**CHI, "area": area})
        assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "area"
    seen = (await cast.ask("Cleo as admin", "GET", "/api/coordinators")).json()["coordinators"]
    assert [one["name"] for one in seen] == ["Cleo"]


async def test_cleo_sets_another_password_herself_with_the_one_she_has(cast: Cast) -> None:
    secret = await set_up(cast)
    cleo = await coordinator(cast, "Cleo")
    wrong = await cast.ask("Cleo", "POST", "/api/session/link", json={"password": "a guess", "code": "000000"})
    assert wrong.status_code == 403 and wrong.json()["type"] == "urn:outreach:WrongSignIn"
    now = cast.clock.now()
    shown = {"password": "a willow by the lake", "code": digits_of(secret, now)}
    link = (await cast.ask("Cleo", "POST", "/api/session/link", json=shown)).json()["link"]
    looked = await cast.ask(None, "POST", "/api/sign-in/links/look", json={"link": link})
    fresh = secret_in(looked.json()["authenticator"])
    given = {"name": "cleo", "password": "a willow by the river", "code": digits_of(fresh, now)}
    assert fresh != secret and (await by_link(cast, link, set_up=given)).status_code == 201
    assert (await CoordinatorLogin.get(coordinator_id=cleo.id)).totp_secret == fresh


async def test_a_coordinators_name_and_number_are_sealed_where_they_are_kept(cast: Cast) -> None:
    await the_city(cast)
    chi = await appointed(cast, name="Chi of the lake")
    assert (await Coordinator.get(id=chi["id"])).phone == CHI["phone"]
    kept = str(await get_connection("default").execute_query_dict("SELECT * FROM coordinator"))
    assert str(chi["id"]) in kept and not [word for word in ("Chi of", CHI["phone"]) if word in kept]
