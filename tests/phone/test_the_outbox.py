"""Nothing that Ben did is lost, and nothing pretends to be sent or saved."""

from __future__ import annotations

import json

from playwright.async_api import Route

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import AccessToken, Shift
from tests.harness.cast import Cast
from tests.phone.conftest import Phone, offer_to_ben
from tests.phone.test_a_visit import accepted

NOTHING_KEPT = "IDBFactory.prototype.open = () => { throw new DOMException('no room', 'QuotaExceededError'); };"
NOTHING_WRITTEN = "void (IDBObjectStore.prototype.add = () => { throw new DOMException('no room'); })"


async def test_a_session_that_ended_keeps_the_report_until_ben_is_back(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await AccessToken.all().delete()
    await phone.context.set_offline(False)
    await phone.open("/app#/")
    await phone.sees("Until then no new task reaches this phone.")
    await phone.open("/app#/records")
    await phone.sees("Sign in again; it is not lost")
    assert not await phone.check_ins()
    token = await start_session(cast.ben.id, WallClock().now())
    await phone.context.add_cookies([{"name": "outreach_session", "value": token, "url": server, "httpOnly": True}])
    await phone.tap("Send again now")
    await phone.nothing_unsent()
    assert len(await phone.check_ins()) == 1


async def test_a_refused_report_is_kept_with_its_reason_and_can_be_handed_over(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)

    async def refuse(route: Route) -> None:
        said = {"type": "urn:outreach:UnknownOutcome", "title": "", "status": 422, "detail": ""}
        await route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(said))

    await phone.context.route("**/api/checkins", refuse)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await phone.open("/app#/records")
    await phone.sees("Not taken: this choice is no longer used")
    before = len(phone.sent)
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    async with phone.page.expect_download() as downloaded:
        await phone.tap("Export")
    text = (await (await downloaded.value).path()).read_text()
    assert "this choice is no longer used" in text and '"kind":"arrived"' in text
    assert len(phone.sent) == before and len(await phone.stored("outbox")) == 1
    await phone.tap("Sent to the coordinator")
    await phone.sees("Told by hand")


async def test_a_full_phone_says_so_and_pretends_nothing(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.page.evaluate(NOTHING_WRITTEN)
    await phone.tap("I’ve arrived")
    await phone.sees("This phone would not save it.")
    assert await phone.page.get_by_role("button", name="I’ve arrived").is_visible()
    assert not await phone.check_ins()


async def test_a_browser_that_keeps_nothing_still_shows_the_offer(phone: Phone, server: str, cast: Cast) -> None:
    await phone.page.add_init_script(NOTHING_KEPT)
    await offer_to_ben(server, cast)
    await phone.open()
    await phone.sees("Someone may be being defrauded now")
    await phone.tap("I can’t")
    await phone.tap("Busy")
    await phone.sees("This phone would not save it.")


async def test_a_switch_turned_three_times_without_signal_is_sent_as_it_was_left(
    phone: Phone, server: str, cast: Cast
) -> None:
    await Shift.all().delete()
    await phone.open()
    await phone.sees("Rest well.")
    await phone.in_the_shell()
    await phone.context.set_offline(True)
    switch = phone.page.get_by_role("switch")
    for says in ("No task now", "Rest well.", "No task now"):
        await switch.click()
        await phone.sees(says)
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    assert (await Shift.all().order_by("-ends_at").first()).ends_at > WallClock().now()  # type: ignore[union-attr]
    await phone.sees("All sent")
    await phone.sees("No task now")


async def test_a_write_that_fails_half_way_loses_nothing_that_was_saved_before(
    phone: Phone, server: str, cast: Cast
) -> None:
    await phone.open()
    await phone.in_the_shell()
    await phone.context.set_offline(True)
    switch = phone.page.get_by_role("switch")
    await switch.click()
    await phone.sees("Rest well.")
    [before] = await phone.stored("outbox")
    await phone.page.evaluate(NOTHING_WRITTEN)
    await switch.click()
    await phone.sees("This phone would not save it.")
    assert [row["id"] for row in await phone.stored("outbox")] == [before["id"]]
