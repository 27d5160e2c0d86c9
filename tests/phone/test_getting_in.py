"""Ben's phone gets in by a code, out again, and is lent to Dov: nobody sees or sends what is another's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Route, expect

from outreach.access import code_of, invite
from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import AccessToken, CheckIn, Notice, SignInCode
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.harness.cast import BEN_PHONE, DOV_PHONE, Cast
from tests.phone.conftest import NOT_SIGNED_IN, Phone, a_phone, offer_to_ben
from tests.phone.test_a_visit import accepted
from tests.phone.test_for_everyone import CLIPPED, LEAST_TARGET, NAMELESS, TOO_SMALL, faults

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"
WECHAT = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0.50"


@pytest_asyncio.fixture(loop_scope="session")
async def new_phone(browser: Browser, server: str, cast: Cast) -> AsyncIterator[Phone]:
    """A phone on which nobody ever signed in."""
    async with a_phone(browser, server, cast, NOT_SIGNED_IN) as phone:
        yield phone


async def code_in_the_text() -> str:
    """The six digits of the last text to whoever asked, as they are read on their phone."""
    row = await Notice.filter(kind="sign_in").order_by("-queued_at").select_related("responder").first()
    assert row is not None
    _, words = await text_of(row, Settings()) or ("", "")
    found = re.search(r"\d{6}", words)
    assert found, words
    return found[0]


async def asks_for_a_code(phone: Phone, number: str) -> None:
    await phone.page.get_by_label("Your phone number").fill(number)
    await phone.tap("Send a code")
    await phone.sees("it comes within a minute")


async def types(phone: Phone, code: str) -> None:
    """Into the one field that has the focus already."""
    await expect(phone.page.get_by_label("Type the 6 digits")).to_be_focused()
    await phone.page.keyboard.type(code)


def wrong_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_ben_gets_in_by_his_number_and_the_code_in_the_text(new_phone: Phone) -> None:
    await new_phone.open()
    await asks_for_a_code(new_phone, BEN_PHONE)
    await new_phone.sees("+44 **** 0002")
    await types(new_phone, await code_in_the_text())
    await new_phone.sees("No task now")
    assert (await new_phone.page.evaluate("document.cookie")) == ""


async def test_ben_whose_signal_ends_before_the_answer_is_let_in_when_he_tries_the_code_again(new_phone: Phone) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await new_phone.open()
    await asks_for_a_code(new_phone, BEN_PHONE)
    code = await code_in_the_text()
    await new_phone.page.route("**/api/sign-in/sessions", lose, times=1)
    await types(new_phone, code)
    await new_phone.sees("No signal. This needs it.")
    await new_phone.tap("Sign in")
    await new_phone.sees("No task now")


async def test_a_hasty_second_tap_asks_for_no_second_code(new_phone: Phone) -> None:
    await new_phone.open()
    await new_phone.page.get_by_label("Your phone number").fill(BEN_PHONE)
    await new_phone.page.get_by_role("button", name="Send a code").dblclick()
    await new_phone.sees("it comes within a minute")
    assert await SignInCode.all().count() == 1


async def test_ben_gets_in_by_the_link_of_a_coordinator(new_phone: Phone, cast: Cast) -> None:
    made = await invite(cast.ben.id, WallClock().now(), cast.cleo.id)
    await new_phone.page.goto(made.url(new_phone.at))
    await new_phone.tap("Send a code")
    await new_phone.sees("If the invitation holds")
    await types(new_phone, await code_in_the_text())
    await new_phone.sees("No task now")
    assert "join" not in new_phone.page.url and made.code not in new_phone.page.url


async def test_a_wrong_code_tells_how_often_another_may_be_tried(new_phone: Phone) -> None:
    await new_phone.open()
    await asks_for_a_code(new_phone, BEN_PHONE)
    code = await code_in_the_text()
    await types(new_phone, wrong_for(code))
    await new_phone.sees("Wrong. 4 tries left")
    await types(new_phone, code)
    await new_phone.sees("No task now")


async def test_the_screen_says_the_same_of_a_number_that_nobody_has(new_phone: Phone) -> None:
    said = []
    for number in (BEN_PHONE, "+447700900999"):
        await new_phone.open("/app#/sign-in")
        await asks_for_a_code(new_phone, number)
        await types(new_phone, "000000" if number != BEN_PHONE else wrong_for(await code_in_the_text()))
        await new_phone.sees("Wrong. 4 tries left")
        said.append((await new_phone.page.inner_text("main")).replace("0002", "0999"))
    assert re.sub(r"\d+ s", "", said[0]) == re.sub(r"\d+ s", "", said[1])


async def test_a_code_that_comes_late_is_typed_after_the_page_was_thrown_away(new_phone: Phone) -> None:
    await new_phone.open()
    await asks_for_a_code(new_phone, BEN_PHONE)
    late = code_of((await SignInCode.get(responder_id__not_isnull=True)).id)
    await new_phone.page.reload()
    await new_phone.tap("None came?")
    await new_phone.sees("Still none? Ask your coordinator.")
    await new_phone.tap("Close")
    await new_phone.page.get_by_label("Type the 6 digits").fill(f"{late[:3]} {late[3:]}")
    await new_phone.sees("No task now")


async def test_a_number_that_is_none_and_a_line_that_is_dead_are_told_apart(new_phone: Phone) -> None:
    await new_phone.open()
    await new_phone.page.get_by_label("Your phone number").fill("12")
    await new_phone.tap("Send a code")
    await new_phone.sees("This number is not complete")
    await new_phone.context.set_offline(True)
    await new_phone.tap("Send a code")
    await new_phone.sees("No signal. This needs it.")


async def test_too_many_codes_are_refused_with_how_long_to_wait(new_phone: Phone) -> None:
    await new_phone.open()
    for _ in range(5):
        await new_phone.page.request.post(new_phone.at + "/api/sign-in/codes", data={"phone": BEN_PHONE})
    await new_phone.page.get_by_label("Your phone number").fill(BEN_PHONE)
    await new_phone.tap("Send a code")
    await new_phone.sees("Too many tries. Wait 60 min.")


async def test_only_inside_wechat_it_says_how_to_leave_it(browser: Browser, server: str, cast: Cast) -> None:
    for agent, shown in ((WECHAT, 1), (IPHONE, 0)):
        async with a_phone(browser, server, cast, NOT_SIGNED_IN, user_agent=agent) as phone:
            await phone.open()
            assert await phone.page.get_by_text("Opened in WeChat?").count() == shown


async def test_an_iphone_is_told_of_its_home_screen_until_it_has_heard(
    browser: Browser, server: str, cast: Cast
) -> None:
    token = await start_session(cast.ben.id, WallClock().now())
    async with a_phone(browser, server, cast, token, user_agent=IPHONE) as phone:
        await phone.open()
        await phone.sees("Add to Home Screen")
        await phone.tap("Close")
        await phone.page.reload()
        await phone.sees("No task now")
        assert not await phone.page.get_by_text("Add to Home Screen").count()


async def test_the_first_time_without_signal_it_says_so_and_goes_on_by_itself(phone: Phone) -> None:
    await phone.context.route("**/api/**", lambda route: route.abort())
    await phone.open()
    await phone.sees("The first time needs signal.")
    await phone.context.unroute_all(behavior="wait")
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await phone.sees("No task now")


async def test_a_shell_that_nobody_signed_in_to_says_so_without_signal(new_phone: Phone) -> None:
    await new_phone.open()
    await new_phone.in_the_shell()
    await new_phone.context.set_offline(True)
    await new_phone.page.reload()
    await new_phone.sees("The first time needs signal.")


async def test_who_signs_out_leaves_nothing_of_the_resident_on_the_phone(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.open("/app#/mine")
    await phone.tap("Sign out")
    await phone.tap("Sign out on this phone")
    await phone.sees("Your phone number")
    assert await phone.stored("kept") == [] == await phone.stored("visits")
    assert not await AccessToken.filter(revoked_at=None).exclude(kind="source").exists()


async def test_what_the_server_says_while_somebody_signs_out_is_not_kept(phone: Phone, cast: Cast) -> None:
    await phone.open("/app#/mine")
    await phone.tap("Sign out")
    # As often as a browser can: the phone comes into sight, and asks anew.
    await phone.page.evaluate("void setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 4)")
    await phone.tap("Sign out on this phone")
    await phone.sees("Your phone number")
    assert await phone.stored("kept") == []


async def test_signing_out_everywhere_ends_the_other_phone_too(phone: Phone, cast: Cast) -> None:
    await start_session(cast.ben.id, WallClock().now())
    await phone.open("/app#/mine")
    await phone.tap("Sign out")
    await phone.tap("Sign out everywhere")
    await phone.sees("Your phone number")
    assert not await AccessToken.filter(revoked_at=None).exclude(kind="source").exists()


async def test_signing_out_without_signal_says_that_it_did_not_happen(phone: Phone) -> None:
    await phone.open("/app#/mine")
    await phone.sees("Ben")
    await phone.context.set_offline(True)
    await phone.tap("Sign out")
    await phone.tap("Sign out on this phone")
    await phone.sees("No signal. This needs it.")
    assert await phone.stored("kept")


async def dov_signs_in(phone: Phone) -> None:
    await phone.open("/app#/sign-in")
    await asks_for_a_code(phone, DOV_PHONE)
    await types(phone, await code_in_the_text())
    await phone.sees("Off duty")


async def test_who_gets_a_lent_phone_sees_no_task_of_the_one_before(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await dov_signs_in(phone)
    await phone.sees("Rest well.")
    assert not [word for word in ("Ada", "1 Willow Lane") if word in str(await phone.stored("kept"))]


async def test_what_ben_did_on_a_lent_phone_waits_for_ben_and_goes_in_his_name(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await AccessToken.filter(holder_id=cast.ben.id).update(revoked_at=WallClock().now())
    await phone.context.set_offline(False)
    await dov_signs_in(phone)
    await phone.page.get_by_role("switch").click()
    await phone.sees("No task now")
    await phone.open("/app#/records")
    await phone.sees("Waits for Ben to sign in")
    await phone.tap("Send again now")
    await phone.until("!document.body.textContent.includes('2 not sent')")
    [row] = await phone.stored("outbox")
    assert row["owner"]["name"] == "Ben" and not await CheckIn.exists()
    await phone.open("/app#/sign-in")
    await asks_for_a_code(phone, BEN_PHONE)
    await types(phone, await code_in_the_text())
    await phone.nothing_unsent()
    came = await CheckIn.get().select_related("responder")
    assert came.responder.id == cast.ben.id


async def test_a_tab_that_takes_the_session_for_bens_sends_nothing_as_dov(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    token = await start_session(cast.dov.id, WallClock().now())
    # The tab has not heard yet whose session it is.
    await phone.page.route("**/api/me**", lambda route: route.abort())
    await phone.context.add_cookies([{"name": "outreach_session", "value": token, "url": server, "httpOnly": True}])
    async with phone.page.expect_response("**/api/session"):
        await phone.tap("I’ve arrived")
    await phone.page.unroute("**/api/me**")
    await phone.sees("This task went to somebody else.")
    await phone.open("/app#/records")
    await phone.sees("Waits for Ben to sign in")
    assert "Ada" not in str(await phone.stored("kept")) and not await CheckIn.exists()


async def test_an_offer_that_waits_is_shown_after_signing_in(new_phone: Phone, server: str, cast: Cast) -> None:
    await offer_to_ben(server, cast)
    await new_phone.open()
    await asks_for_a_code(new_phone, BEN_PHONE)
    await types(new_phone, await code_in_the_text())
    await new_phone.sees("Answer by")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_getting_in_and_out_is_for_big_letters_and_thumbs_too(
    phone: Phone, server: str, cast: Cast, language: str
) -> None:
    larger = "document.addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '225%')"
    await phone.page.add_init_script(f"localStorage.setItem('language', '{language}'); {larger}")
    await phone.page.emulate_media(color_scheme="dark" if language == "zh-CN" else "light")
    found: dict[str, list[str]] = {}
    async for name in each_screen(phone, server, cast):
        asked = [await phone.page.evaluate(script, LEAST_TARGET) for script in (TOO_SMALL, NAMELESS, CLIPPED)]
        found[name] = [each for some in asked for each in some]
        found[name] += faults((await Axe().run(phone.page)).response)
    assert len(found) == 6 and not any(found.values()), found


async def each_screen(phone: Phone, server: str, cast: Cast) -> AsyncIterator[str]:
    """The screens of getting in and out, and the code at the door, by their names."""
    page = phone.page
    invited = await invite(cast.ben.id, WallClock().now(), cast.cleo.id)
    for name, place in (("invited", f"#/join/{invited.code}"), ("number", "#/sign-in")):
        await page.goto(f"{server}/app?{name}{place}")
        await page.locator("form .go").wait_for()
        yield name
    await page.locator("input").fill(BEN_PHONE)
    await page.locator("form .go").click()
    await page.locator(".digits input").fill("12345")
    yield "code"
    await page.locator(".between .link").last.click()
    yield "none came"
    await page.goto(server + "/app#/mine")
    await page.reload()
    await page.locator("main > .btn.text").click()
    yield "leaving"
    await offer_to_ben(server, cast)
    await page.goto(server + "/app?again")
    await page.locator(".ring").wait_for()
    await page.locator(".dock .go").click()
    await page.locator(".badge .btn").click()
    await page.locator(".door .code").wait_for()
    yield "door"
