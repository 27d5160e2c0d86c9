"""Cleo gets in: once by a link, with which she sets a password and an authenticator, and by these from then on."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
from structlog.testing import capture_logs
from tortoise.connection import get_connection

from outreach.access import forget_sign_ins, issue_token, make_link
from outreach.models import AccessToken, Coordinator, CoordinatorLink, CoordinatorLogin, Event, SignInTry
from outreach.models.states import TokenKind
from tests.harness.authenticator import digits_of, secret_in
from tests.web.conftest import PUBLIC, Cast, an_outreach

STEP = timedelta(seconds=30)
WORDS = "a willow by the lake"


async def coordinator(cast: Cast, name: str) -> Coordinator:
    """Who is called that."""
    return next(each for each in await Coordinator.all() if each.name == name)


async def linked(cast: Cast, name: str = "Cleo") -> str:
    return (await make_link((await coordinator(cast, name)).id, cast.clock.now())).code


async def by_link(cast: Cast, link: str, **more: Any) -> httpx2.Response:
    cast.client.cookies.clear()
    return await cast.ask(None, "POST", "/api/sign-in/links", json={"link": link, **more})


async def set_up(cast: Cast, name: str = "Cleo", login: str = "cleo") -> str:
    """Cleo sets a password with a link: her authenticator's secret."""
    link = await linked(cast, name)
    looked = await cast.ask(None, "POST", "/api/sign-in/links/look", json={"link": link})
    secret = secret_in(looked.json()["authenticator"])
    given = {"name": login, "password": WORDS, "code": digits_of(secret, cast.clock.now())}
    assert (await by_link(cast, link, set_up=given)).status_code == 201
    cast.client.cookies.clear()
    cast.clock.advance(STEP)
    return secret


async def show(cast: Cast, secret: str, name: str = "cleo", password: str = WORDS, **more: Any) -> httpx2.Response:
    """Somebody types in a name, a password, and what the authenticator shows."""
    cast.client.cookies.clear()
    given = {"name": name, "password": password, "code": digits_of(secret, cast.clock.now()), **more}
    return await cast.ask(None, "POST", "/api/sign-in/passwords", json=given)


def wrong(code: str) -> str:
    return next(each for each in ("000000", "000001") if each != code)


async def test_cleo_gets_in_once_by_a_link(cast: Cast) -> None:
    link = await linked(cast)
    answer = await by_link(cast, link)
    assert answer.status_code == 201 and answer.json()["coordinator"]["name"] == "Cleo"
    for attribute in ("outreach_session=ses_", "HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=43200"):
        assert attribute in answer.headers["set-cookie"]
    mine = (await cast.ask(None, "GET", "/api/session")).json()
    assert mine["coordinator"]["area"] == "/hz/xh/" and mine["coordinator"]["role"] == "coordinator"
    assert mine["responder"] is None and mine["csrf"] == answer.json()["csrf"]
    assert (await cast.ask(None, "GET", "/api/outreaches")).status_code == 200
    again = await by_link(cast, link)
    assert again.status_code == 403 and again.json()["type"] == "urn:outreach:LinkOver"


async def test_a_link_is_good_for_a_day_and_a_new_one_takes_its_place(cast: Cast) -> None:
    first, second = await linked(cast), await linked(cast)
    assert (await by_link(cast, first)).status_code == 403
    cast.clock.advance(timedelta(days=1))
    assert (await by_link(cast, second)).status_code == 403
    assert second not in str(await CoordinatorLink.all().values())


async def test_two_who_use_one_link_at_once_do_not_both_get_in(cast: Cast) -> None:
    link = await linked(cast)
    answers = await asyncio.gather(*(by_link(cast, link) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]


async def test_the_password_set_by_link_lets_cleo_in_with_what_her_authenticator_shows(cast: Cast) -> None:
    secret = await set_up(cast)
    answer = await show(cast, secret, name=" CLEO ")
    assert answer.status_code == 201 and answer.json()["coordinator"]["name"] == "Cleo"
    ways = {row.way for row in await AccessToken.filter(way__isnull=False)}
    assert ways == {"link", "password"}


async def test_a_code_seen_over_her_shoulder_is_refused_and_so_is_one_before_it(cast: Cast) -> None:
    secret = await set_up(cast)
    before, shown = digits_of(secret, cast.clock.now() - STEP), digits_of(secret, cast.clock.now())
    answers = await asyncio.gather(*(show(cast, secret, code=shown) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403]
    assert (await show(cast, secret, code=before)).json()["type"] == "urn:outreach:WrongSignIn"
    cast.clock.advance(STEP)
    assert (await show(cast, secret)).status_code == 201


async def test_an_authenticator_may_be_half_a_minute_wrong_and_no_more(cast: Cast) -> None:
    secret = await set_up(cast)
    cast.clock.advance(10 * STEP)
    for steps, status in ((2, 403), (-2, 403), (1, 201)):
        answer = await show(cast, secret, code=digits_of(secret, cast.clock.now() + steps * STEP))
        assert answer.status_code == status, steps


async def test_nobody_learns_whether_a_name_is_known_or_which_part_was_wrong(cast: Cast) -> None:
    secret = await set_up(cast)
    code = digits_of(secret, cast.clock.now())
    answers = [
        await show(cast, secret, name="dov"),
        await show(cast, secret, password="a willow by the river"),
        await show(cast, secret, code=wrong(code)),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1
    assert len({row.refused for row in await SignInTry.filter(way="password")}) == 1


async def test_after_ten_tries_within_the_hour_the_right_password_waits_too_known_name_or_not(cast: Cast) -> None:
    secret = await set_up(cast)
    for name in ("cleo", "nobody"):
        tries = [(await show(cast, secret, name=name, password="a guess")).status_code for _ in range(11)]
        assert tries == [403] * 10 + [429], name
    refused = await show(cast, secret)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "3600"
    cast.clock.advance(timedelta(hours=1))
    assert (await show(cast, secret)).status_code == 201


async def test_tries_are_limited_per_address_whatever_the_names(cast: Cast) -> None:
    link = {"link": "x" * 22}
    answers = [
        await cast.ask(None, "POST", "/api/sign-in/links/look", json={"link": f"{n:022}"}) for n in range(101)
    ] + [await cast.ask(None, "POST", "/api/sign-in/links/look", json=link)]
    assert [answer.status_code for answer in answers] == [403] * 100 + [429] * 2


async def test_a_wrong_code_sets_nothing_and_leaves_the_link_unused(cast: Cast) -> None:
    link = await linked(cast)
    looked = await cast.ask(None, "POST", "/api/sign-in/links/look", json={"link": link})
    code = digits_of(secret_in(looked.json()["authenticator"]), cast.clock.now())
    given = {"name": "cleo", "password": WORDS}
    assert (await by_link(cast, link, set_up={**given, "code": wrong(code)})).status_code == 403
    assert not await CoordinatorLogin.exists() and "set-cookie" not in looked.headers
    assert (await by_link(cast, link, set_up={**given, "code": code})).status_code == 201


async def test_a_name_that_somebody_has_is_not_given_twice(cast: Cast) -> None:
    await set_up(cast, "Dov", "dov")
    link = await linked(cast)
    looked = await cast.ask(None, "POST", "/api/sign-in/links/look", json={"link": link})
    code = digits_of(secret_in(looked.json()["authenticator"]), cast.clock.now())
    answer = await by_link(cast, link, set_up={"name": "Dov", "password": WORDS, "code": code})
    assert answer.status_code == 409 and answer.json()["type"] == "urn:outreach:NameTaken"


async def test_a_new_password_ends_the_sessions_before_it_and_the_old_one(cast: Cast) -> None:
    old = await set_up(cast)
    assert (await show(cast, old)).status_code == 201
    theirs = dict(cast.client.cookies)
    new = await set_up(cast)
    cast.client.cookies.update(theirs)
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 401
    assert (await show(cast, old)).status_code == 403 and (await show(cast, new)).status_code == 201
    assert (await cast.ask("Cleo", "GET", "/api/session")).status_code == 200


async def test_a_session_in_use_lasts_on_and_one_left_for_a_shift_ends(cast: Cast) -> None:
    await by_link(cast, await linked(cast))
    cast.clock.advance(timedelta(hours=11))
    assert "Max-Age=43200" in (await cast.ask(None, "GET", "/api/session")).headers["set-cookie"]
    cast.clock.advance(timedelta(hours=11))
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 200
    cast.clock.advance(timedelta(hours=12))
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 401


async def test_another_sites_page_can_neither_use_cleos_session_nor_begin_one(cast: Cast) -> None:
    case, link = await an_outreach(cast), await linked(cast)
    lured = await cast.ask(
        None, "POST", "/api/sign-in/links", json={"link": link}, headers={"Origin": "https://elsewhere.example"}
    )
    assert lured.status_code == 403 and "set-cookie" not in lured.headers
    csrf = (await by_link(cast, link)).json()["csrf"]
    take = {"path": f"/api/outreaches/{case}/take", "method": "POST"}
    assert (await cast.ask(None, **take, headers={"If-Match": "*"})).status_code == 403
    ours = await cast.ask(None, **take, headers={"If-Match": "*", "X-CSRF-Token": csrf, "Origin": PUBLIC})
    assert ours.status_code == 200


async def test_a_session_that_an_admin_ends_is_refused_at_once(cast: Cast) -> None:
    await by_link(cast, await linked(cast))
    [hers] = [
        each
        for each in (await cast.ask("Cleo as admin", "GET", "/api/sessions")).json()["sessions"]
        if each["way"] == "link"
    ]
    assert (await cast.ask("Dov as admin", "DELETE", f"/api/sessions/{hers['id']}")).status_code == 404
    assert (await cast.ask(None, "GET", "/api/session")).status_code == 200
    assert (await cast.ask("Cleo as admin", "DELETE", f"/api/sessions/{hers['id']}")).status_code == 204
    assert (await cast.ask(None, "GET", "/api/session")).json()["type"] == "urn:outreach:TokenRefused"
    assert (await cast.ask("Cleo as admin", "DELETE", f"/api/sessions/{hers['id']}")).status_code == 404


async def test_cleo_sees_where_she_is_signed_in_and_ends_one_of_them(cast: Cast) -> None:
    csrf = (await by_link(cast, await linked(cast))).json()["csrf"]
    listed = (await cast.ask(None, "GET", "/api/sessions")).json()["sessions"]
    # Her tokens of other kinds, and this session.
    assert len(listed) == 5 and [each["way"] for each in listed if each["this"]] == ["link"]
    other = next(each for each in listed if each["kind"] == "hotline")
    ended = await cast.ask(None, "DELETE", f"/api/sessions/{other['id']}", headers={"X-CSRF-Token": csrf})
    assert ended.status_code == 204
    assert (await cast.ask("Cleo at the hotline", "GET", "/api/session")).status_code == 401
    assert (await cast.ask("Cleo", "GET", "/api/session")).status_code == 200


async def test_an_admin_sees_and_ends_a_phones_sessions_and_a_coordinator_does_not(cast: Cast) -> None:
    for whose in ("Cleo", "Cleo as chief", "Dov as admin"):
        assert (await cast.ask(whose, "GET", f"/api/sessions?of={cast.ben.id}")).status_code == 404, whose
    [bens] = (await cast.ask("Cleo as admin", "GET", f"/api/sessions?of={cast.ben.id}")).json()["sessions"]
    assert (await cast.ask("Cleo", "DELETE", f"/api/sessions/{bens['id']}")).status_code == 404
    assert (await cast.ask("Cleo as admin", "DELETE", f"/api/sessions/{bens['id']}")).status_code == 204
    assert (await cast.ask("Ben", "GET", "/api/me")).status_code == 401


async def test_an_admin_of_one_area_does_not_end_the_sessions_of_the_whole_city(cast: Cast) -> None:
    chi = await Coordinator.create(name="Chi", role=TokenKind.ADMIN)
    cast.tokens["Chi"] = await issue_token(TokenKind.ADMIN, chi.id, cast.clock.now())
    assert (await cast.ask("Cleo as admin", "GET", f"/api/sessions?of={chi.id}")).status_code == 404
    everybodys = (await cast.ask("Chi", "GET", "/api/sessions")).json()["sessions"]
    assert len({each["holder_id"] for each in everybodys}) == 3


async def test_a_chief_sees_the_cases_and_decides_nothing(cast: Cast) -> None:
    case, chief = await an_outreach(cast), await coordinator(cast, "Cleo")
    chief.role = TokenKind.CHIEF
    await chief.save()
    csrf = (await by_link(cast, await linked(cast))).json()["csrf"]
    for path in (f"/api/outreaches/{case}", "/api/outreaches", "/api/reports/time-to-reach"):
        assert (await cast.ask(None, "GET", path)).status_code == 200
    close = await cast.ask(
        None,
        "POST",
        f"/api/outreaches/{case}/close",
        json={"reason": "done"},
        headers={"If-Match": "*", "X-CSRF-Token": csrf},
    )
    assert close.status_code == 403 and close.json()["type"] == "urn:outreach:NotYours"


async def test_what_an_admin_decides_stands_in_the_timeline_as_a_coordinators(cast: Cast) -> None:
    case = await an_outreach(cast)
    taken = await cast.ask("Cleo as admin", "POST", f"/api/outreaches/{case}/take", headers={"If-Match": "*"})
    assert taken.status_code == 200
    line = await Event.filter(outreach_id=case).order_by("-seq").first()
    assert line is not None and line.actor_kind == "coordinator"


async def test_no_log_and_no_row_holds_a_name_a_password_a_secret_a_link_or_a_session(cast: Cast) -> None:
    with capture_logs() as lines:
        link = await linked(cast)
        secret = await set_up(cast, login="cleo.west")
        await show(cast, secret, name="cleo.west", password="a willow by the river")
        await show(cast, secret, name="cleo.west")
    assert {"signed_in", "sign_in_wrong"} <= {line["event"] for line in lines}
    secrets = (link, secret, WORDS, "willow", "cleo.west", cast.client.cookies["outreach_session"])
    assert not [line for line in lines if any(each in str(line) for each in secrets)]
    for table in ("coordinator", "coordinator_login", "coordinator_link", "sign_in_try", "access_token"):
        rows = await get_connection("default").execute_query_dict(f"SELECT * FROM {table}")
        assert rows and not [row for row in rows if any(each in str(row) for each in secrets)], table
    login = await CoordinatorLogin.get()
    assert login.password.startswith("$argon2id$") and "$argon2id$" not in str(
        await get_connection("default").execute_query_dict("SELECT * FROM coordinator_login")
    )


async def test_a_link_is_forgotten_after_a_week_and_the_password_stays(cast: Cast) -> None:
    secret = await set_up(cast)
    await forget_sign_ins(cast.clock.now() + timedelta(days=9))
    assert not await CoordinatorLink.exists() and not await SignInTry.exists()
    assert (await show(cast, secret)).status_code == 201
