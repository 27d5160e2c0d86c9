"""Ben's whole visit, in the rain, with signal and without it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from playwright.async_api import Route

from outreach.clock import WallClock
from outreach.models import Offer, Outreach, Responder, Task
from outreach.models.states import CheckInKind, OfferStatus, TaskStatus
from tests.harness.cast import Cast
from tests.phone.conftest import Phone, offer_to_ben, the_task

SOON = timedelta(seconds=5)


async def accepted(phone: Phone, server: str, cast: Cast) -> Task:
    """Ben has accepted, and sees the door he is to go to."""
    await offer_to_ben(server, cast)
    await phone.open()
    await phone.tap("Accept")
    await phone.sees("1 Willow Lane")
    await phone.in_the_shell()
    return await the_task()


async def arrived(phone: Phone) -> None:
    """Ben is at the door, and goes on to say what he found."""
    await phone.tap("I’ve arrived")
    await phone.tap("Tell the outcome", role="link")


async def convinced(phone: Phone) -> datetime:
    """Ada is convinced; answers when Ben said so."""
    await phone.tap("Convinced")
    await phone.tap("Save “Convinced”")
    await phone.sees("The money stayed")
    return WallClock().now()


async def test_ben_accepts_arrives_and_tells_the_outcome(phone: Phone, server: str, cast: Cast) -> None:
    task = await accepted(phone, server, cast)
    await arrived(phone)
    await convinced(phone)
    await phone.nothing_unsent()
    assert [each.kind for each in await phone.check_ins()] == [CheckInKind.ARRIVED, CheckInKind.OUTCOME]
    assert (await Task.get(id=task.id)).status is TaskStatus.CLOSED
    assert (await Outreach.get()).convinced_at is not None
    await phone.sees("The coordinator and whoever warned have been told.")


async def test_an_offer_says_no_name_and_no_address(phone: Phone, server: str, cast: Cast) -> None:
    await offer_to_ben(server, cast)
    await phone.open()
    await phone.sees("Someone may be being defrauded now")
    said = await phone.page.inner_text("body")
    assert "Willow Lane" in said and "1 Willow Lane" not in said and "Ada" not in said and "850 m" in said


async def test_a_visit_ended_without_signal_counts_once_when_it_was_made(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await arrived(phone)
    ended = await convinced(phone)
    await phone.sees("Saved, goes when there is signal")
    await phone.open("/app#/records")
    await phone.sees("2 waiting for signal")
    assert not await phone.check_ins()
    await asyncio.sleep(2)
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    came, found = await phone.check_ins()
    assert (came.kind, found.kind, found.outcome) == (CheckInKind.ARRIVED, CheckInKind.OUTCOME, "convinced")
    assert abs(found.corrected_at - ended) < timedelta(seconds=1.5) < found.received_at - found.corrected_at


async def test_without_signal_the_app_opens_and_shows_the_door(phone: Phone, server: str, cast: Cast) -> None:
    task = await accepted(phone, server, cast)
    await phone.page.close()
    await phone.context.set_offline(True)
    phone.page = await phone.context.new_page()
    await phone.page.goto(f"{server}/app#/task/{task.id}")
    await phone.sees("1 Willow Lane")
    await phone.sees("Ask them to stop every transfer")


async def test_a_phone_opened_without_signal_sends_when_it_hears_the_server_again(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await phone.page.reload()
    await phone.sees("1 not sent")
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    assert len(await phone.check_ins()) == 1


async def test_two_tabs_never_send_the_same_twice(phone: Phone, server: str, cast: Cast, came: list[str]) -> None:
    await accepted(phone, server, cast)
    other = await phone.context.new_page()
    await other.goto(server + "/app#/records")
    await phone.context.set_offline(True)
    await arrived(phone)
    await convinced(phone)
    await phone.context.set_offline(False)
    await asyncio.gather(*(page.evaluate("dispatchEvent(new Event('online'))") for page in (phone.page, other)))
    await phone.nothing_unsent()
    assert came.count("POST /api/checkins") == 2 == len(await phone.check_ins())


async def test_a_phone_killed_while_sending_sends_the_same_again(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    reached = asyncio.Event()

    async def take_and_say_nothing(route: Route) -> None:
        await route.fetch()
        reached.set()

    await phone.context.route("**/api/checkins", take_and_say_nothing)
    await phone.tap("I’ve arrived")
    await reached.wait()
    assert [row["state"] for row in await phone.stored("outbox")] == ["sending"]
    await phone.page.close()
    await phone.context.unroute_all(behavior="ignoreErrors")
    phone.page = await phone.context.new_page()
    await phone.open("/app#/")
    await phone.nothing_unsent()
    assert len(await phone.check_ins()) == 1
    texts = [request.post_data for request in phone.sent if request.url.endswith("/api/checkins")]
    assert len(texts) == 2 and len(set(texts)) == 1


async def test_a_log_in_page_on_the_way_is_no_receipt(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)

    async def portal(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="<p>Welcome to the hotel</p>")

    await phone.context.route("**/api/checkins", portal)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await phone.until("document.querySelector('.chip.lamp use')?.getAttribute('href') === '#no-signal'")
    await phone.context.unroute_all(behavior="wait")
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await phone.nothing_unsent()
    assert len(await phone.check_ins()) == 1


async def test_a_clock_that_is_40_minutes_wrong_is_put_right(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.page.clock.set_system_time(WallClock().now() + timedelta(minutes=40))
    await phone.tap("I’ve arrived")
    here = WallClock().now()
    await phone.sees("1 not sent")
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    (came,) = await phone.check_ins()
    assert came.made_at - here > timedelta(minutes=39) and abs(came.corrected_at - here) < SOON


async def test_an_offer_is_not_missed_by_a_clock_that_is_40_minutes_wrong(
    phone: Phone, server: str, cast: Cast
) -> None:
    await phone.page.clock.set_system_time(WallClock().now() + timedelta(minutes=40))
    await accepted(phone, server, cast)


async def test_a_task_given_to_another_meanwhile_keeps_the_report_and_loses_the_details(
    phone: Phone, server: str, cast: Cast
) -> None:
    task = await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("I’ve arrived")
    await phone.sees("1 not sent")
    await Task.filter(id=task.id).update(
        status=TaskStatus.CLOSED, closed_at=WallClock().now(), close_reason="reassigned"
    )
    await Responder.filter(id=cast.ben.id).update(load=0)
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    await phone.sees("This task went to somebody else")
    (came,) = await phone.check_ins()
    assert came.after_handover and (await phone.stored("receipts"))[-1]["after_handover"]
    assert "Ada" not in str(await phone.stored("kept"))


async def test_name_number_and_address_leave_the_phone_when_the_task_ends(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    assert "Ada" in str(await phone.stored("kept")) and "1 Willow Lane" in str(await phone.stored("kept"))
    await arrived(phone)
    await phone.page.get_by_label("A word about it").fill("Her daughter is with her")
    await convinced(phone)
    await phone.nothing_unsent()
    kept = str([await phone.stored(store) for store in ("kept", "outbox", "receipts", "visits")])
    assert not [word for word in ("Ada", "1 Willow Lane", "+4477009", "daughter") if word in kept]


async def test_ben_says_no_without_signal_and_the_next_is_asked_later(phone: Phone, server: str, cast: Cast) -> None:
    offer = await offer_to_ben(server, cast)
    await phone.open()
    await phone.sees("Answer by")
    await phone.context.set_offline(True)
    await phone.tap("I can’t")
    await phone.tap("Too far")
    await phone.sees("No task now")
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    told = await Offer.get(id=offer.id)
    assert (told.status, told.decline_reason) == (OfferStatus.DECLINED, "too_far")


async def test_an_offer_somebody_else_took_is_told_kindly(phone: Phone, server: str, cast: Cast) -> None:
    offer = await offer_to_ben(server, cast)
    await phone.open()
    await phone.sees("Answer by")
    await Offer.filter(id=offer.id).update(status=OfferStatus.WITHDRAWN, settled_at=WallClock().now())
    await phone.tap("Accept")
    await phone.sees("The next person has been asked. Thank you.")


async def test_a_lapsed_offer_leaves_the_screen(phone: Phone, server: str, cast: Cast) -> None:
    await offer_to_ben(server, cast, minutes=0.08)
    await phone.open()
    await phone.sees("The next person has been asked. Thank you.")
