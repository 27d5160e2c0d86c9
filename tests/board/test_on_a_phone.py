"""Cleo away from her desk: what she decides about a case, and a warning she is told on the way."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from outreach.clock import WallClock
from outreach.models import Area, Attempt, Event, Outreach
from tests.board.conftest import a_board
from tests.board.test_a_case import adas_case
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE, warn


async def test_on_a_phone_cleo_pauses_a_case_lets_it_go_on_each_with_a_reason_and_types_in_a_warning(
    browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    async with a_board(browser, server, cast, cast.cleo, viewport=PHONE, has_touch=True) as board:
        await board.open(f"/board#/case/{case}")
        for does, why, says in (
            ("Pause", "police_there", "Paused: nothing queued leaves"),
            ("Go on", "danger_again", "The ladder goes on"),
        ):
            await board.tap(does)
            dialog = board.page.get_by_role("dialog")
            await dialog.get_by_label("Reason").select_option(why)
            await dialog.get_by_role("button", name=does).click()
            await board.sees(says)
        await board.tap("New warning", role="link")
        await board.sees("Type in a warning")
    said = await Event.filter(kind__in=("paused", "resumed")).order_by("seq")
    assert [line.data["reason"] for line in said] == ["police_there", "danger_again"]


async def test_on_a_phone_the_queue_the_map_and_the_calls_are_pages_of_one_area_that_is_chosen_there(
    browser: Browser, server: str, cast: Cast
) -> None:
    case, now = await adas_case(server, cast), WallClock().now()
    sent = {"channel": "sms", "text_key": "warned", "status": "failed", "failure": "busy", "failed_at": now}
    await Attempt.create(**sent, outreach_id=case, step=0, queued_at=now, send_after=now)
    next_door = await Area.create(kind="grid", code="g2", name="Mill Lane", path="/lin/g2/", parent=cast.city)
    other = await warn(server, cast, external_id="w-2", resident={"phone": "+447700900044", "name": "Another"})
    await Outreach.filter(id=other).update(area_id=next_door.id)
    async with a_board(browser, server, cast, cast.cleo, viewport=PHONE, has_touch=True) as board:
        page = board.page
        map_, gaps, calls = (page.get_by_role("heading", name=name) for name in ("Who goes where", "Gaps", "Calls to"))
        await board.open()
        await expect(page.locator(".q .name")).to_have_count(2)
        await page.get_by_label("Area").select_option("/lin/g1/")
        await expect(page.locator(".q .name")).to_have_text(["Ada"])

        await board.tap("Map", role="link")
        await expect(gaps).to_be_visible()
        await expect(map_).to_be_visible()
        await expect(calls).to_be_hidden()
        ground, ada = await page.locator(".map").bounding_box(), await page.locator(".map-case").bounding_box()
        assert ground and ada and ground["x"] < ada["x"] < ground["x"] + ground["width"]
        assert ground["y"] < ada["y"] < ground["y"] + ground["height"]
        await expect(page).to_have_title("Map - City Care")

        await board.tap("Calls 1", role="link")
        await expect(calls).to_be_visible()
        await expect(map_).to_be_hidden()
        await expect(gaps).to_be_hidden()
        ring = page.get_by_role("link", name="Call Ada")
        assert (await ring.bounding_box() or {})["height"] >= 44
        await ring.click()
        await page.get_by_role("dialog").get_by_role("button", name="Close").click()
        await page.get_by_role("heading", name="Ada").wait_for()
        await board.tap("Queue", role="link")
        await expect(page.locator(".q .name")).to_have_text(["Ada"])
        assert await page.get_by_label("Area").input_value() == "/lin/g1/"
