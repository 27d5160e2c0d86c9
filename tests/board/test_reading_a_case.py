"""Cleo reads a case: what is now stands before her, what she does is seen at once, and no reason is chosen for her."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from playwright.async_api import Browser, Locator, expect

from outreach.clock import WallClock
from outreach.models import Coordinator, Event, Outreach, Resident
from outreach.outcomes import note_event
from tests.board.conftest import Board, a_board
from tests.board.test_a_case import adas_case
from tests.board.test_queue import taken_on
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE

MANY = 60


async def long_since(case: UUID, cast: Cast) -> None:
    """So much happened in it that no screen shows it all."""
    opened = (await Outreach.get(id=case)).opened_at
    for n in range(MANY):
        at = opened + timedelta(milliseconds=n)
        await note_event(case, "lapsed", at, at, responder_id=str(cast.ben.id))


def course(board: Board, words: str) -> Locator:
    """The line of the timeline that says so."""
    return board.page.locator(".tl li").filter(has_text=words)


async def test_a_case_is_paused_and_closed_only_for_a_reason_that_cleo_chose(
    board: Board, server: str, cast: Cast
) -> None:
    case, dialog = await adas_case(server, cast), board.page.get_by_role("dialog")
    reason, untaken = dialog.get_by_label("Reason"), board.page.locator(".hd b.late")
    await board.open(f"/board#/case/{case}")
    await expect(untaken).to_have_count(1)
    await board.tap("Pause")
    await expect(reason).to_have_value("")
    await dialog.get_by_role("button", name="Pause").click()
    # The browser asks for one, and nothing was sent.
    assert await reason.evaluate("(one) => one.matches(':invalid:focus')")
    await reason.select_option("police_there")
    await dialog.get_by_role("button", name="Pause").click()
    await board.sees("Paused: nothing queued leaves")
    # Beside the case the queue says so, too.
    await expect(board.page.locator(f"#row-{case} .c-danger")).to_contain_text("Paused")
    await board.tap("Close")
    await expect(dialog.get_by_label("As what")).to_have_value("unreached")
    await expect(reason).to_have_value("")
    assert (await reason.locator("option").all_inner_texts())[:2] == ["Choose why", "nobody found"]
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    await board.tap("Close")
    await reason.select_option("in_hospital")
    await dialog.get_by_role("button", name="Close the case").click()
    await board.sees("Ended: unreached")
    await expect(untaken).to_have_count(0)
    said = await Event.filter(outreach_id=case, kind__in=("paused", "ended")).order_by("seq")
    assert [line.data["reason"] for line in said] == ["police_there", "in_hospital"]


async def test_a_long_case_opens_at_now_and_goes_along_with_what_cleo_does_until_she_reads_further_up(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await long_since(case, cast)
    await board.open(f"/board#/case/{case}")
    now, reads = board.page.locator(".tl .now"), board.page.locator(".tlw")
    await expect(now).to_be_in_viewport()
    await expect(board.page.get_by_role("button", name="Pause")).to_be_in_viewport()
    await board.press("t")
    await expect(course(board, "Cleo has the case")).to_be_in_viewport()
    # What others do moves nobody, and who reads further up stays there whatever she does.
    await reads.evaluate("(one) => (one.scrollTop = 300)")
    at = WallClock().now()
    await note_event(case, "unacknowledged", at, at)
    await course(board, "Not confirmed in time").wait_for()
    await board.tap("Pause")
    await board.page.get_by_label("Reason").select_option("asked")
    await board.page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    await board.sees("Paused: nothing queued leaves")
    await course(board, "Cleo paused it").wait_for()
    assert await reads.evaluate("(one) => one.scrollTop") == 300
    await expect(board.page.get_by_role("button", name="Go on")).to_be_in_viewport()


async def test_on_a_phone_a_long_case_leads_to_whom_it_may_be_given_and_back_to_what_came_of_it(
    browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await long_since(case, cast)
    async with a_board(browser, server, cast, cast.cleo, viewport=PHONE, has_touch=True) as board:
        await board.open(f"/board#/case/{case}")
        await expect(board.page.get_by_role("heading", name="Ada")).to_be_in_viewport()
        leads = board.page.locator(".acts").get_by_role("button", name="Give")
        assert (await leads.bounding_box() or {})["height"] >= 44
        gives = board.page.locator(".cd").get_by_role("button", name="Give")
        await expect(gives).not_to_be_in_viewport()
        await leads.click()
        await expect(gives).to_be_in_viewport()
        await gives.click()
        await expect(course(board, "Cleo gave it: nobody → Ben")).to_be_in_viewport()
        await expect(leads).to_be_in_viewport()
        await board.page.reload()
        await expect(board.page.get_by_role("heading", name="Ada")).to_be_in_viewport()
        await board.tap("Take it")
        await expect(course(board, "Cleo has the case")).to_be_in_viewport()


async def test_a_name_leads_to_the_residents_record_for_whoever_may_open_it(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}")
    await board.page.locator(".hd").get_by_role("link", name="Ada").click()
    await board.page.locator(".rg-form").get_by_label("Number").first.wait_for()
    # The danger is in the grid that Lina watches; where Ada lives is not.
    await Resident.filter(id=cast.ada.id).update(area_id=cast.elsewhere.id)
    lina = await Coordinator.create(name="Lina", area=cast.grid)
    async with a_board(browser, server, cast, lina) as linas:
        await linas.open(f"/board#/case/{case}")
        await linas.page.get_by_role("heading", name="Ada").wait_for()
        assert await linas.page.locator(".hd").get_by_role("link", name="Ada").count() == 0


async def test_whoever_holds_something_is_sent_home_from_the_list_of_those_on_duty(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.open()
    await board.page.locator(".on-duty summary").click()
    ben = board.page.locator(".on-duty li").filter(has_text="Ben")
    await expect(ben).to_contain_text("0/2")
    assert await ben.get_by_role("link").count() == 0
    await taken_on(case, cast)
    await board.page.reload()
    await board.page.locator(".on-duty summary").click()
    await ben.get_by_role("link", name="1/2").click()
    await board.page.get_by_role("heading", name="Ben goes home").wait_for()


async def test_a_call_is_not_said_to_have_found_what_only_a_door_shows(board: Board, server: str, cast: Cast) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}/call")
    found = board.page.locator(".found")
    await found.get_by_role("button", name="No answer").wait_for()
    said = await found.get_by_role("button").all_inner_texts()
    assert "Wrong number" in said and not {"Nobody there", "Wrong address"} & set(said)
