"""Ben's phone gets in and out: by his number or an invitation, with a code that comes to his phone alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
from structlog.testing import capture_logs
from tortoise.connection import get_connection

from outreach.access import code_of, csrf_of, forget_sign_ins
from outreach.models import AccessToken, Invite, Notice, Responder, SignInCode
from outreach.notices import send_due
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.harness.provider_side import line_to
from tests.web.conftest import PUBLIC, Cast

BENS, NOBODYS = "+14155550102", "+14155550199"
MINUTE = timedelta(minutes=1)
PROXYS = "Fly-Client-IP"


async def ask_for_code(cast: Cast, at: str = "", **who: str) -> httpx2.Response:
    """Somebody asks for a code, `at` an address that a proxy names."""
    return await cast.ask(None, "POST", "/api/sign-in/codes", json=who, headers={PROXYS: at})


async def show(cast: Cast, code: str, at: str = "", **who: str) -> httpx2.Response:
    """Somebody types a code in."""
    return await cast.ask(None, "POST", "/api/sign-in/sessions", json=who | {"code": code}, headers={PROXYS: at})


async def codes() -> list[str]:
    """The codes that were sent to Ben, in their order."""
    return [code_of(row.id) for row in await SignInCode.filter(responder_id__not_isnull=True).order_by("made_at", "id")]


async def signed_in(cast: Cast) -> dict[str, Any]:
    await ask_for_code(cast, phone=BENS)
    said: dict[str, Any] = (await show(cast, (await codes())[-1], phone=BENS)).json()
    return said


def wrong(*right: str) -> str:
    """Six digits that nobody was sent."""
    return next(code for code in (f"{n:06}" for n in range(10)) if code not in right)


async def test_ben_gets_in_with_the_code_that_comes_to_his_phone(cast: Cast, settings: Settings) -> None:
    asked = await ask_for_code(cast, phone="(415) 555-0102")
    assert asked.status_code == 202 and cast.woken
    number, words = await text_of(await Notice.get(kind="sign_in"), settings) or ("", "")
    [code] = await codes()
    assert number == BENS and code in words and "Ben" not in words
    answer = await show(cast, code, phone=BENS)
    assert answer.status_code == 201 and answer.json()["responder"]["name"] == "Ben"
    cookie = answer.headers["set-cookie"]
    for attribute in ("outreach_session=ses_", "HttpOnly", "SameSite=lax", "Secure", "Path=/", "Max-Age=15552000"):
        assert attribute in cookie
    mine = (await cast.ask(None, "GET", "/api/session")).json()
    assert mine["responder"]["name"] == "Ben" and mine["csrf"] == answer.json()["csrf"]
    assert mine["service"]["name"] == "Outreach" and mine["service"]["languages"] == ["zh-CN", "en"]


async def test_nobody_learns_whether_a_number_is_known(cast: Cast) -> None:
    known, unknown = [await ask_for_code(cast, phone=number) for number in (BENS, NOBODYS)]
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert await Notice.filter(kind="sign_in").count() == 1
    wrong_code = wrong(*(code_of(row.id) for row in await SignInCode.all()))
    for _ in range(6):
        known, unknown = [await show(cast, wrong_code, phone=number) for number in (BENS, NOBODYS)]
        assert known.json() == unknown.json() and known.status_code == unknown.status_code == 403
    assert known.json()["tries_left"] == 0
    # Not even the code that would have been theirs lets anybody in.
    decoy = await SignInCode.get(responder_id=None)
    await SignInCode.all().update(tries=0)
    assert (await show(cast, code_of(decoy.id), phone=NOBODYS)).status_code == 403


async def test_a_number_and_an_invitation_that_nobody_knows_leave_the_same_trace_as_known_ones(cast: Cast) -> None:
    made = (await cast.ask("Cleo", "POST", f"/api/responders/{cast.ben.id}/invite")).json()["url"].rpartition("/")[2]
    for known, unknown in (({"phone": BENS}, {"phone": NOBODYS}), ({"invite": made}, {"invite": "x" * 22})):
        rows = await SignInCode.all().count()
        for who in (known, unknown):
            assert (await ask_for_code(cast, **who)).json() == {"sent": True}
        assert await SignInCode.all().count() == rows + 2
        cast.clock.advance(6 * MINUTE)


async def test_a_code_that_comes_late_still_counts_after_another_was_asked_for(cast: Cast) -> None:
    await ask_for_code(cast, phone=BENS)
    cast.clock.advance(9 * MINUTE)
    await ask_for_code(cast, phone=BENS)
    first, second = await codes()
    assert (await show(cast, first, phone=BENS)).status_code == 201
    assert (await show(cast, second, phone=BENS)).status_code == 403


async def test_a_code_is_good_once_and_for_ten_minutes(cast: Cast) -> None:
    await ask_for_code(cast, phone=BENS)
    [code] = await codes()
    cast.clock.advance(10 * MINUTE)
    assert (await show(cast, code, phone=BENS)).json()["type"] == "urn:outreach:WrongCode"
    await signed_in(cast)
    assert (await show(cast, (await codes())[-1], phone=BENS)).status_code == 403


async def test_after_five_wrong_codes_the_right_one_is_refused_too(cast: Cast) -> None:
    await ask_for_code(cast, phone=BENS)
    [code] = await codes()
    left = [(await show(cast, wrong(code), phone=BENS)).json()["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert (await show(cast, code, phone=BENS)).status_code == 403


async def test_many_guesses_at_once_share_the_five_tries(cast: Cast) -> None:
    await ask_for_code(cast, phone=BENS)
    [code] = await codes()
    answers = await asyncio.gather(*(show(cast, wrong(code), phone=BENS) for _ in range(12)))
    assert sorted((answer.json()["tries_left"] for answer in answers), reverse=True)[:5] == [4, 3, 2, 1, 0]
    assert (await SignInCode.get()).tries == 5


async def test_codes_are_limited_per_number_and_the_wait_is_said(cast: Cast) -> None:
    for number in (BENS, NOBODYS):
        assert [(await ask_for_code(cast, phone=number)).status_code for _ in range(6)] == [202] * 5 + [429]
    refused = await ask_for_code(cast, phone=BENS)
    assert refused.headers["retry-after"] == "3600" and await SignInCode.all().count() == 2
    assert await Notice.filter(kind="sign_in").count() == 3
    cast.clock.advance(60 * MINUTE)
    assert (await ask_for_code(cast, phone=BENS)).status_code == 202


async def test_who_knows_his_number_cannot_lock_ben_out(cast: Cast, settings: Settings) -> None:
    settings.client_address_header = PROXYS
    answers = [await ask_for_code(cast, phone=BENS) for _ in range(7)]
    for _ in range(4):
        for _ in range(5):
            await show(cast, wrong(*await codes()), phone=BENS)
    answers += [await show(cast, wrong(*await codes()), phone=BENS)]
    assert answers[-1].status_code == answers[-2].status_code == 429
    assert (await ask_for_code(cast, "192.0.2.7", phone=BENS)).status_code == 202
    assert (await show(cast, (await codes())[-1], "192.0.2.7", phone=BENS)).status_code == 201


async def test_a_number_asked_for_from_everywhere_is_limited_too_and_gets_three_texts_of_a_code(
    cast: Cast, settings: Settings
) -> None:
    settings.client_address_header = PROXYS
    answers = [(await ask_for_code(cast, f"192.0.2.{n}", phone=BENS)).status_code for n in range(21)]
    assert answers == [202] * 20 + [429] and await Notice.filter(kind="sign_in").count() == 3


async def test_the_same_code_comes_again_while_it_is_fresh_and_at_once(cast: Cast, settings: Settings) -> None:
    for _ in range(2):
        await ask_for_code(cast, phone=BENS)
        cast.clock.advance(4 * MINUTE)
    sent = await Notice.filter(kind="sign_in")
    [code] = await codes()
    assert [code in (await text_of(row, settings) or ("", ""))[1] for row in sent] == [True, True]
    assert [row.urgent for row in sent] == [True, True]


async def test_a_code_that_is_over_before_it_could_be_sent_is_not_sent(cast: Cast) -> None:
    await ask_for_code(cast, phone=BENS)
    async with line_to(cast.clock.now()) as line:
        await send_due(line.messenger, httpx2.AsyncClient(), line.settings, line.clock.advance(minutes=10))
        assert line.provider.items == [] and (await Notice.get(kind="sign_in")).failure == "expired"


async def test_behind_a_proxy_that_names_the_phone_each_has_limits_of_its_own(cast: Cast, settings: Settings) -> None:
    settings.client_address_header = PROXYS
    for n in range(101):
        asked = await ask_for_code(cast, "192.0.2.1", phone=f"+14155551{n:03}")
    assert asked.status_code == 429
    assert (await ask_for_code(cast, "192.0.2.2", phone=BENS)).status_code == 202
    settings.client_address_header = ""
    answers = [await ask_for_code(cast, f"192.0.2.{n}", phone=NOBODYS) for n in range(6)]
    assert answers[-1].status_code == 429


async def test_what_is_answered_to_somebody_is_kept_by_no_browser(cast: Cast) -> None:
    await signed_in(cast)
    assert (await cast.ask(None, "GET", "/api/me")).headers["cache-control"] == "no-store"
    assert (await cast.ask("Cleo", "GET", "/api/outreaches")).headers["cache-control"] == "no-store"


async def test_codes_are_limited_per_address_whatever_the_numbers(cast: Cast) -> None:
    answers = [await ask_for_code(cast, phone=f"+14155551{n:03}") for n in range(101)]
    assert [answer.status_code for answer in answers] == [202] * 100 + [429]


async def test_an_invitation_stands_for_the_number_and_the_code_still_comes_to_his_phone(cast: Cast) -> None:
    made = await cast.ask("Cleo", "POST", f"/api/responders/{cast.ben.id}/invite")
    start, _, code = made.json()["url"].rpartition("/")
    assert start == f"{PUBLIC}/app#/join" and made.status_code == 201
    assert code not in str(await Invite.all().values())
    assert (await cast.ask("Dov", "POST", f"/api/responders/{cast.ben.id}/invite")).status_code == 404
    assert (await ask_for_code(cast, invite=code)).status_code == 202
    assert (await show(cast, (await codes())[-1], invite=code)).status_code == 201
    cast.clock.advance(timedelta(days=7))
    await ask_for_code(cast, invite=code)
    assert len(await codes()) == 1


async def test_a_code_asked_for_by_invitation_fits_the_number_too(cast: Cast) -> None:
    made = (await cast.ask("Cleo", "POST", f"/api/responders/{cast.ben.id}/invite")).json()["url"].rpartition("/")[2]
    await ask_for_code(cast, invite=made)
    assert (await show(cast, (await codes())[-1], phone=BENS)).status_code == 201


async def test_another_sites_page_can_neither_use_the_session_nor_begin_one(cast: Cast) -> None:
    csrf = (await signed_in(cast))["csrf"]
    place = {"json": {"lat": 30.3, "lon": 120.2}}
    alone = await cast.ask(None, "POST", "/api/me/position", **place)
    assert alone.status_code == 403 and (await Responder.get(id=cast.ben.id)).position_at is None
    assert (await cast.ask(None, "POST", "/api/me/position", headers={"X-CSRF-Token": csrf}, **place)).is_success
    await ask_for_code(cast, phone=BENS)
    body, theirs = {"phone": BENS, "code": (await codes())[-1]}, {"Origin": "https://elsewhere.example"}
    lured = await cast.ask(None, "POST", "/api/sign-in/sessions", json=body, headers=theirs)
    assert lured.status_code == 403 and "set-cookie" not in lured.headers
    ours = await cast.ask(None, "POST", "/api/sign-in/sessions", json=body, headers={"Origin": PUBLIC})
    assert ours.status_code == 201


async def test_a_session_in_use_lasts_on_and_one_that_is_not_ends(cast: Cast) -> None:
    await signed_in(cast)
    assert "set-cookie" not in (await cast.ask(None, "GET", "/api/me")).headers
    cast.clock.advance(timedelta(days=170))
    assert "Max-Age=15552000" in (await cast.ask(None, "GET", "/api/me")).headers["set-cookie"]
    cast.clock.advance(timedelta(days=170))
    assert (await cast.ask(None, "GET", "/api/me")).status_code == 200
    cast.clock.advance(timedelta(days=181))
    over = await cast.ask(None, "GET", "/api/me")
    assert over.status_code == 401 and over.json()["type"] == "urn:outreach:TokenRefused"


async def test_signing_out_ends_this_phone_and_everywhere_ends_all(cast: Cast) -> None:
    first = await signed_in(cast)
    theirs = dict(cast.client.cookies)
    cast.client.cookies.clear()
    second = await signed_in(cast)
    assert first["csrf"] != second["csrf"]
    out = await cast.ask(None, "DELETE", "/api/session", headers={"X-CSRF-Token": second["csrf"]})
    assert out.status_code == 204 and not cast.client.cookies
    cast.client.cookies.update(theirs)
    assert (await cast.ask(None, "GET", "/api/me")).status_code == 200
    await cast.ask(None, "DELETE", "/api/sessions", headers={"X-CSRF-Token": first["csrf"]})
    cast.client.cookies.update(theirs)
    assert (await cast.ask(None, "GET", "/api/me")).status_code == 401
    assert (await cast.ask("Ben", "GET", "/api/me")).status_code == 401


async def test_no_log_and_no_row_holds_a_number_a_code_or_a_session(cast: Cast) -> None:
    with capture_logs() as lines:
        await ask_for_code(cast, phone=NOBODYS)
        await signed_in(cast)
        [code] = await codes()
        await show(cast, wrong(code), phone=BENS)
        for _ in range(5):
            await ask_for_code(cast, phone=BENS)
    token = cast.client.cookies["outreach_session"]
    assert {"signed_in", "sign_in_code_wrong", "sign_in_refused"} <= {line["event"] for line in lines}
    secrets = (BENS, NOBODYS, code, token, csrf_of(token))
    assert not [line for line in lines if any(secret in str(line) for secret in secrets)]
    for table in ("sign_in_code", "sign_in_try", "access_token", "notice", "invite"):
        rows = await get_connection("default").execute_query_dict(f"SELECT * FROM {table}")
        assert not [row for row in rows if any(secret in map(str, row.values()) for secret in secrets)]
    assert await AccessToken.filter(holder_id=cast.ben.id).count() == 2


async def test_what_was_kept_of_getting_in_is_forgotten_after_a_week(cast: Cast) -> None:
    await cast.ask("Cleo", "POST", f"/api/responders/{cast.ben.id}/invite")
    await signed_in(cast)
    assert await forget_sign_ins(cast.clock.now() + timedelta(days=6)) == 0
    assert await forget_sign_ins(cast.clock.now() + timedelta(days=8)) == 3
    assert await forget_sign_ins(cast.clock.now() + timedelta(days=15)) == 1
    assert (await cast.ask(None, "GET", "/api/me")).status_code == 200
