"""What Ben needs beside the plain visit: help, a right address, a call, a third tap, his own hours."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from outreach.clock import WallClock
from outreach.models import Absence, Address, EscalationPolicy, Event, Notice, Outreach, Shift, Task
from outreach.models import Phone as Number
from outreach.models.states import CheckInKind, TaskKind, TaskStatus
from tests.harness.cast import Cast
from tests.phone.conftest import Phone, offer_to_ben, the_task
from tests.phone.test_a_visit import accepted, arrived, convinced

NEW_NUMBER = "+14155550188"
STAY = "(link) => link.addEventListener('click', (event) => event.preventDefault())"


async def telling(phone: Phone, server: str, cast: Cast) -> None:
    """Ben is asked how it ended."""
    await accepted(phone, server, cast)
    await arrived(phone)


async def ringing(phone: Phone, server: str, cast: Cast) -> None:
    """Ben has taken a call, and has rung."""
    offer = await offer_to_ben(server, cast)
    offer.kind = TaskKind.CALL
    await offer.save()
    await phone.open()
    await phone.tap("Accept, I’ll call")
    await phone.sees("After the call")
    ring = phone.page.locator(".dock a")
    assert await ring.get_attribute("href") == f"tel:{(await Number.get()).number}"
    await ring.evaluate(STAY)
    await ring.click()


async def where(phone: Phone, zone: str) -> None:
    """The phone is in this time zone."""
    devtools = await phone.context.new_cdp_session(phone.page)
    await devtools.send("Emulation.setTimezoneOverride", {"timezoneId": zone})


async def test_help_is_two_taps_away_and_the_screen_says_who_has_it(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.tap("Help")
    assert await phone.page.get_by_role("link", name="Ring 110").get_attribute("href") == "tel:110"
    await phone.tap("Tell the coordinator")
    await phone.sees("The coordinator has it.")
    assert (await Notice.get(kind="help")).coordinator_id == cast.cleo.id
    await phone.tap("Close")
    await phone.page.get_by_role("button", name="I’ve arrived").wait_for()


async def test_help_that_a_signal_does_not_carry_says_whom_to_ring(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.context.route("**/api/checkins", lambda route: route.fulfill(status=503))
    await phone.tap("Help")
    await phone.tap("Tell the coordinator")
    await phone.sees("No signal: ring 110.")


async def test_without_signal_help_says_whom_to_ring_and_comes_through_later(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("Help")
    await phone.tap("Tell the coordinator")
    await phone.sees("No signal: ring 110.")
    text = await phone.page.get_by_role("link", name="Ask for help by text").get_attribute("href") or ""
    assert text.startswith("sms:") and "I%20need%20help" in text and "Ada" not in text
    await phone.context.set_offline(False)
    await phone.sees("The coordinator has it.")
    assert await Event.filter(kind="help").count() == 1


async def test_help_touched_by_mistake_tells_nobody(phone: Phone, server: str, cast: Cast) -> None:
    await accepted(phone, server, cast)
    await phone.tap("Help")
    await phone.tap("Touched by mistake")
    await phone.until("!document.querySelector('dialog')")
    assert not await phone.stored("outbox") and not await phone.check_ins()


async def test_past_the_time_ben_is_asked_whether_he_is_all_right_and_once_answered_no_more(
    phone: Phone, server: str, cast: Cast
) -> None:
    task = await accepted(phone, server, cast)
    late = WallClock().now() - timedelta(minutes=1)
    await Task.filter(id=task.id).update(due_at=late)
    await phone.page.reload()
    await phone.sees("Are you all right?")
    await phone.tap("I’m fine")
    await phone.until("!document.querySelector('main [role=alert]')")
    await phone.nothing_unsent()
    assert [each.kind for each in await phone.check_ins()] == [CheckInKind.FINE]
    assert (await Task.get(id=task.id)).due_at > WallClock().now()


async def test_a_wrong_address_is_put_right_without_signal_and_the_case_goes_on_from_there(
    phone: Phone, server: str, cast: Cast
) -> None:
    await accepted(phone, server, cast)
    due = (await Outreach.get()).due_at
    await phone.context.set_offline(True)
    await phone.tap("Wrong address or number?")
    await phone.page.get_by_label("The right address").fill("2 Elm Street")
    await phone.page.get_by_label("The right number").fill("not one")
    await phone.tap("Save")
    assert not await phone.stored("outbox")
    await phone.page.get_by_label("The right number").fill(NEW_NUMBER)
    await phone.tap("Save")
    await phone.sees("2 Elm Street")
    call = phone.page.get_by_role("link", name="Call", exact=True)
    assert await call.get_attribute("href") == f"tel:{NEW_NUMBER}"
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    assert (await Address.get(wrong_at__isnull=True)).text == "2 Elm Street"
    assert (await Number.get(wrong_at__isnull=True)).number == NEW_NUMBER
    assert (await Task.get()).status is TaskStatus.ACCEPTED and (await Outreach.get()).due_at == due
    await phone.page.reload()
    await phone.sees("2 Elm Street")


async def test_a_wrong_address_asks_for_the_right_one_and_can_do_without(phone: Phone, server: str, cast: Cast) -> None:
    await telling(phone, server, cast)
    await phone.tap("Wrong address")
    await phone.sees("Counted as: Not met, somebody goes again")
    await phone.tap("Save “Wrong address”")
    await phone.page.get_by_role("button", name="Not known").wait_for()
    await phone.page.get_by_label("The right address").fill("3 Oak Street")
    await phone.page.get_by_role("button", name="Save", exact=True).click()
    await phone.sees("Not met today.")
    await phone.nothing_unsent()
    assert (await Address.get(wrong_at__isnull=True)).text == "3 Oak Street"


async def test_who_is_not_convinced_is_visited_again_when_ben_says(phone: Phone, server: str, cast: Cast) -> None:
    await telling(phone, server, cast)
    await phone.tap("Not convinced")
    await phone.tap("Save “Not convinced”")
    before = WallClock().now()
    await phone.tap("In 2 hours")
    await phone.sees("Not convinced; somebody goes again")
    await phone.nothing_unsent()
    due = (await Outreach.get()).due_at
    assert due is not None and abs(due - before - timedelta(hours=2)) < timedelta(seconds=10)
    await phone.sees("We will follow up.")


async def test_where_the_money_is_gone_ben_is_led_to_the_police_and_the_bank(
    phone: Phone, server: str, cast: Cast
) -> None:
    await telling(phone, server, cast)
    await phone.tap("Money is gone")
    await phone.tap("Save “Money is gone”")
    await phone.sees("With them, ring 110 now, then their bank.")
    assert await phone.page.get_by_role("link", name="Ring 110").get_attribute("href") == "tel:110"
    await phone.nothing_unsent()
    assert (await phone.check_ins())[-1].outcome == "defrauded"


async def test_a_call_that_nobody_answers_is_one_tap_and_somebody_goes(phone: Phone, server: str, cast: Cast) -> None:
    await ringing(phone, server, cast)
    tiles = await phone.page.locator("main fieldset").evaluate("(one) => one.nextElementSibling.innerText")
    assert tiles.startswith("What to say")
    await phone.tap("No answer")
    await phone.sees("Not met today.")
    await phone.nothing_unsent()
    assert [each.outcome for each in await phone.check_ins()] == ["no_answer"]
    assert (await Outreach.get()).hurried_at is not None


async def test_a_wrong_number_is_put_right_without_signal(phone: Phone, server: str, cast: Cast) -> None:
    await ringing(phone, server, cast)
    await phone.context.set_offline(True)
    await phone.tap("Wrong number")
    await phone.page.get_by_label("The right number").fill(NEW_NUMBER)
    await phone.tap("Save")
    await phone.sees("Saved, goes when there is signal")
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    assert (await Number.get(wrong_at__isnull=True)).number == NEW_NUMBER


async def test_who_answers_a_call_is_asked_of_what_a_call_can_find(phone: Phone, server: str, cast: Cast) -> None:
    await ringing(phone, server, cast)
    await phone.tap("Answered", role="link")
    await phone.sees("Spoke with them")
    said = await phone.page.inner_text("main")
    assert "Nobody there" not in said and "Line busy" not in said
    await convinced(phone)
    await phone.nothing_unsent()
    assert (await Outreach.get()).convinced_at is not None
    await phone.sees("The case is closed.")


async def test_where_the_policy_wants_two_ben_knows_before_he_accepts_and_at_the_door(
    phone: Phone, server: str, cast: Cast
) -> None:
    policy = await EscalationPolicy.get(name="fraud_high")
    steps: list[dict[str, object]] = policy.body["steps"]  # type: ignore[assignment]
    policy.body["steps"] = [step | ({"companion": True} if step["do"] == "visit" else {}) for step in steps]
    await policy.save()
    await offer_to_ben(server, cast)
    await phone.open()
    await phone.sees("Go as two, not alone.")
    await phone.tap("Accept")
    await phone.sees("1 Willow Lane")
    await phone.sees("Go as two, not alone.")


async def test_a_visit_that_another_has_now_says_who(phone: Phone, server: str, cast: Cast) -> None:
    task = await accepted(phone, server, cast)
    now = WallClock().now()
    await Task.filter(id=task.id).update(status=TaskStatus.CLOSED, closed_at=now, close_reason="reassigned")
    given = {"outreach_id": (await Outreach.get()).id, "responder": cast.dov, "kind": TaskKind.VISIT}
    offer = await offer_to_ben(server, cast, external_id="w-2")
    await offer.update_from_dict({"responder_id": cast.dov.id, "status": "accepted", "settled_at": now}).save()
    await Task.create(**given, offer=offer, accepted_at=now, due_at=now + timedelta(hours=1))
    await phone.page.reload()
    await phone.sees("Dov has this task now. Thank you.")


async def test_ben_says_at_noon_that_he_comes_at_eight(phone: Phone, server: str, cast: Cast) -> None:
    await Shift.all().delete()
    hour = WallClock().now().hour
    await where(phone, f"Etc/GMT{hour - 12:+d}")
    await phone.open()
    await phone.tap("Change the time")
    await phone.tap("From 20:00")
    await phone.nothing_unsent()
    shift = await Shift.get()
    ahead = shift.starts_at - WallClock().now()
    assert timedelta(hours=7) < ahead <= timedelta(hours=8)
    assert shift.ends_at - shift.starts_at == timedelta(hours=4)
    await phone.sees("Begins Today 20:00")


async def test_ben_names_the_days_on_which_he_does_not_come(phone: Phone, server: str, cast: Cast) -> None:
    await where(phone, "Asia/Shanghai")
    await phone.open()
    await phone.tap("Change the time")
    days = phone.page.locator(".days button")
    await days.nth(0).click()
    await phone.page.wait_for_selector(".days .on")
    await days.nth(2).click()
    await phone.page.wait_for_selector(".days .tile:nth-child(3).on")
    await phone.nothing_unsent()
    away = [each.starts_at for each in await Absence.all().order_by("starts_at")]
    assert len(away) == 2 and away[1] - away[0] == timedelta(days=2) and away[0] > WallClock().now()


async def test_bens_week_is_on_his_first_screen_and_his_hours_can_be_printed(
    phone: Phone, server: str, cast: Cast
) -> None:
    await telling(phone, server, cast)
    await convinced(phone)
    await phone.nothing_unsent()
    await phone.open("/app#/")
    figures = phone.page.locator(".figures")
    await figures.get_by_text(re.compile("^1people")).wait_for()
    await phone.tap("Me", role="link")
    await phone.tap("My hours", role="link")
    await phone.sees("Certificate of service")
    said = await phone.page.inner_text(".certificate")
    assert "City Care" in said and "Ben" in said and "Visits: 1" in said and "Ada" not in said
    assert str(datetime.now().year) in said  # noqa: DTZ005
    await phone.page.evaluate("window.print = () => document.body.append('printed')")
    await phone.tap("Print")
    await phone.sees("printed")
    await phone.page.emulate_media(media="print")
    assert not await phone.page.locator(".bar, .dock, fieldset").locator("visible=true").count()


async def test_a_whole_visit_needs_no_more_than_a_keyboard(phone: Phone, server: str, cast: Cast) -> None:
    await offer_to_ben(server, cast)
    await phone.open()
    for words in ("Accept", "I’ve arrived", "Tell the outcome", "Convinced", "Save “Convinced”"):
        await press(phone, words)
    await phone.sees("The money stayed")
    await press(phone, "Stay on duty")
    await phone.sees("No task now")
    await phone.nothing_unsent()
    assert (await the_task()).status is TaskStatus.CLOSED


FOCUSED = "() => (document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '').trim()"


async def press(phone: Phone, words: str) -> None:
    """Go on by the tabulator key until this is in focus, seen to be so, and press Enter."""
    await phone.sees(words)
    for _ in range(30):
        await phone.page.keyboard.press("Tab")
        if (await phone.page.evaluate(FOCUSED)).startswith(words):
            break
    assert (await phone.page.evaluate(FOCUSED)).startswith(words)
    outline = await phone.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    await phone.page.keyboard.press("Enter")
