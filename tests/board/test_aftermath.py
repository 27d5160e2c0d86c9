"""What happened after a case: Cleo enters it once it is known, it counts in the report, and is put right there."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from outreach.clock import WallClock
from outreach.models import Outreach, Target
from outreach.models.states import EndState, TokenKind
from outreach.outcomes import end_outreach
from tests.board.conftest import Board, a_board
from tests.board.test_a_case import adas_case
from tests.harness.cast import Cast
from tests.phone.conftest import warn

ENTER = re.compile("^(Enter it|Put it right)$")


async def ended(case: UUID) -> None:
    """It ended unreached a moment ago."""
    await end_outreach(await Outreach.get(id=case), EndState.UNREACHED, "time_ran_out", WallClock().now())


async def learn(board: Board, *, known: str, lost: str = "", by: str = "") -> None:
    """Open the form and say so of the first warning in it."""
    await board.page.get_by_role("button", name=ENTER).click()
    form = board.page.get_by_role("dialog")
    await form.get_by_label("What is known").first.select_option(known)
    if lost:
        await form.get_by_label("How much was lost").fill(lost)
        await form.get_by_label("Who told it").select_option(by)
    await form.get_by_role("button", name="Save").click()
    await form.wait_for(state="detached")


async def in_the_report(board: Board) -> str:
    """What the report says of those who were defrauded."""
    await board.open("/board#/report")
    said = board.page.locator(".rates li").filter(has_text="Defrauded all the same")
    await said.wait_for()
    return await said.inner_text()


@pytest.mark.parametrize("more_settings", [{"currency": "EUR"}])
async def test_cleo_enters_what_ada_lost_and_puts_it_right(board: Board, server: str, cast: Cast) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}")
    await board.sees("What happened")
    assert await board.page.get_by_role("button", name=ENTER).count() == 0
    await ended(case)
    await board.sees("Not known yet")
    await learn(board, known="Defrauded all the same", lost="5000", by="the police")
    await board.sees("Defrauded all the same · €5,000 lost · told by the police")
    course = board.page.locator(".tl li").filter(has_text="Cleo recorded what happened afterwards")
    await expect(course).to_contain_text("Defrauded all the same · €5,000 lost · told by the police")
    said = await in_the_report(board)
    assert "1" in said.split() and "€5,000" in said and "the police 1" in said
    await board.tap("the police 1")
    await board.sees("Behind: defrauded, the police, 1 of 1")
    await board.page.get_by_role("dialog").get_by_role("link").click()
    await board.page.get_by_role("button", name="Put it right").click()
    # Escape before it is open would leave the case.
    await board.page.get_by_role("dialog").wait_for()
    assert await board.page.get_by_label("How much was lost, if known (EUR)").input_value() == "5000"
    await board.press("Escape")
    await learn(board, known="Not defrauded")
    await board.sees("Not defrauded")
    # What was said first stays where it was said.
    await expect(course.nth(0)).to_contain_text("€5,000 lost")
    await expect(course.nth(1)).to_contain_text("Not defrauded")
    said = await in_the_report(board)
    assert "0" in said.split() and "5,000" not in said and "police" not in said


async def test_of_two_warnings_one_is_learnt_of_a_chief_reads_it_and_off_the_line_nobody_enters(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await warn(server, cast, external_id="w-2")
    await ended(case)
    await board.page.clock.install()
    async with a_board(browser, server, cast, cast.cleo, TokenKind.CHIEF) as chiefs:
        await board.open(f"/board#/case/{case}")
        await learn(board, known="Defrauded all the same", lost="700", by="the bank")
        first, second = await Target.filter(outreach_id=case).order_by("id")
        assert (first.defrauded, first.lost, first.lost_told_by, second.defrauded) == (True, 700, "bank", None)
        known = re.compile(f"{cast.source.name} .*Defrauded all the same · CN¥700 lost · told by the bank")
        for place in (".rt", ".tl"):
            await board.page.locator(place).get_by_text(known).wait_for()
        await board.sees("Not known yet")
        await chiefs.open(f"/board#/case/{case}")
        await chiefs.page.locator(".rt").get_by_text(known).wait_for()
        assert await chiefs.page.get_by_role("button", name=ENTER).count() == 0
    await board.context.set_offline(True)
    await board.sees("The link is down")
    await board.page.clock.fast_forward(61_000)
    await board.sees("You can read but not reassign")
    assert await board.page.get_by_role("button", name=ENTER).is_disabled()


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_everybody_can_use_the_form(browser: Browser, server: str, cast: Cast, locale: str) -> None:
    case = await adas_case(server, cast)
    await warn(server, cast, external_id="w-2")
    await ended(case)
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as cleos:
        await cleos.open(f"/board#/case/{case}")
        await cleos.page.get_by_role("button", name=re.compile("^(Enter it|录入)$")).click()
        await cleos.page.get_by_role("dialog").get_by_role("combobox").first.select_option("true")
        found = await Axe().run(cleos.page)
        assert not found.response["violations"], found.generate_report()
