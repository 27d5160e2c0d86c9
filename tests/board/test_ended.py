"""A case ended by mistake is found again, and one given by mistake is taken back once the word at the foot is gone."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Event, Outreach
from tests.board.conftest import Board, a_board
from tests.board.test_a_case import adas_case, bea, held_by
from tests.board.test_registry import RULES
from tests.harness.cast import Cast
from tests.phone.conftest import a_phone


async def reopens(board: Board) -> None:
    """Reopen the case that is shown, with a reason."""
    await board.tap("Reopen")
    dialog = board.page.get_by_role("dialog")
    await dialog.get_by_label("Reason").select_option("closed_by_mistake")
    await dialog.get_by_role("button", name="Reopen").click()
    await board.sees("Open again")


async def test_cleo_closes_adas_case_finds_it_among_those_ended_today_and_in_adas_record_and_reopens_it(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    listed, state = board.page.locator("table.q tbody tr"), board.page.get_by_label("State")
    await board.open("/board")
    await state.select_option("Ended today")
    await board.sees("None ended here in the last 24 hours.")
    await closes(board, case)
    await board.open("/board?again#/")
    await board.sees("There is nobody to reach now.")
    await state.select_option("Ended today")
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("Ada")
    await expect(listed).to_contain_text("unreached")
    await listed.get_by_role("link", name="Ada").click()
    await board.page.get_by_role("heading", level=1).wait_for()
    await expect(listed).to_contain_text("unreached")
    await reopens(board)
    assert (await Outreach.get(id=case)).ended_at is None

    await closes(board, case)
    await board.open(f"/board?record#/registry/residents/{cast.ada.id}")
    await board.page.locator(".rg-part").get_by_role("link").click()
    await reopens(board)
    assert (await Outreach.get(id=case)).ended_at is None
    assert [line.data["reason"] for line in await Event.filter(outreach_id=case, kind="reopened")] == [
        "closed_by_mistake",
        "closed_by_mistake",
    ]
    await board.open(f"/board?again#/registry/residents/{cast.ada.id}")
    await expect(board.page.locator(".rg-part li")).to_contain_text("under way")


async def closes(board: Board, case: UUID) -> None:
    """Close it from its own screen."""
    await board.open(f"/board?{case}#/case/{case}")
    await board.tap("Close")
    dialog = board.page.get_by_role("dialog", name="Close the case")
    await dialog.get_by_label("Reason").select_option("nobody_found")
    await dialog.get_by_role("button", name="Close the case").click()
    await board.sees("Ended: unreached")


async def test_cleo_takes_a_case_back_after_the_word_at_the_foot_is_gone_and_both_phones_hear_of_it(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case, now = await adas_case(server, cast), WallClock().now()
    tokens = [await start_session(each.id, now) for each in (cast.ben, await bea(cast))]
    way_back = board.page.locator(".undo")
    async with a_phone(browser, server, cast, tokens[0]) as bens, a_phone(browser, server, cast, tokens[1]) as beas:
        await bens.open()
        await beas.open()
        await board.open(f"/board#/case/{case}")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Bea")).wait_for()
        assert await way_back.count() == 0
        for who, phone in (("Ben", bens), ("Bea", beas)):
            await board.page.get_by_role("button", name=f"Give {who}").click()
            await board.sees(f"Given to {who}")
            await phone.sees("You have a task")
        await bens.sees("No task now")
        # The next word takes the place of the one that could be undone.
        await board.press("t")
        await board.sees("You have this case")
        await expect(board.page.locator(".toast").get_by_role("button", name="Undo")).to_have_count(0)
        await expect(way_back).to_contain_text("Cleo gave it: Ben → Bea")
        await way_back.get_by_role("button", name="Undo").click()
        await board.sees("Taken back; both phones were told")
        await bens.sees("You have a task")
        await beas.sees("No task now")
        assert await held_by(case) == ["Ben"]
        await expect(way_back).to_have_count(0)

    await board.page.get_by_role("button", name="Give Bea").click()
    await way_back.wait_for()
    await Event.filter(outreach_id=case, kind="reassigned").update(at=now - timedelta(minutes=11))
    await board.page.reload()
    await board.sees("Cleo gave it: Ben → Bea")
    assert await way_back.count() == 0


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_everybody_can_use_what_finds_an_ended_case_and_what_takes_a_given_one_back(
    browser: Browser, server: str, cast: Cast, locale: str
) -> None:
    case = await adas_case(server, cast)
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as cleos:
        await cleos.open(f"/board#/case/{case}")
        await cleos.page.locator(".cd button").first.click()
        await cleos.page.locator(".undo").wait_for()
        await fits(cleos)
        await cleos.page.locator(".acts").get_by_role("button").nth(1).click()
        await cleos.page.locator("dialog [name=reason]").select_option("other")
        await cleos.page.locator("dialog form button").click()
        await expect(cleos.page.locator(".undo")).to_have_count(0)
        for path, waits in ((f"registry/residents/{cast.ada.id}", ".rg-part li"), ("?only=ended", "table.q .name")):
            await cleos.open(f"/board?{path[:4]}#/{path}")
            await cleos.page.locator(waits).wait_for()
            await fits(cleos)


async def fits(board: Board) -> None:
    """No barrier that a tool finds."""
    found = await Axe().run(board.page, options=RULES)
    assert not found.response["violations"], found.generate_report()
