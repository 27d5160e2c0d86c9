"""One case from late to told of: Cleo gives it to Ben, his phone rings, he goes, and the curve of the report rises."""

from __future__ import annotations

import os
import re
from datetime import timedelta

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Outreach, Target, Warning
from tests.board.conftest import Board
from tests.board.test_queue import RULES
from tests.harness.cast import Cast
from tests.phone.conftest import a_phone, offer_to_ben, warn
from tests.phone.test_a_visit import accepted, arrived, convinced

LATE = timedelta(minutes=41)


async def test_a_late_case_is_given_to_ben_by_three_keys_he_ends_it_and_the_curve_shows_when(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case, now = await warn(server, cast), WallClock().now()
    # It came in when nobody looked.
    began = now - LATE
    await Warning.all().update(detected_at=began, received_at=began)
    await Target.all().update(joined_at=began)
    await Outreach.filter(id=case).update(area_id=cast.grid.id, opened_at=began)
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, now)) as bens:
        await bens.open()
        await bens.sees("No task now")
        await board.open()
        await board.page.locator(f"#row-{case}").get_by_text("late").wait_for()
        await board.press("j", "Enter")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
        await board.press("r", "1", "Enter")
        await bens.sees("You have a task")
        await bens.tap("Go on", role="link")
        await arrived(bens)
        await convinced(bens)
        await bens.nothing_unsent()
    await board.open("/board#/report")
    table = board.page.locator(".curve table")
    await board.page.locator(".curve summary").click()
    assert re.search(r"30\s+0(\.0)? %", await table.inner_text()) and re.search(r"45\s+100", await table.inner_text())
    await board.page.locator(".funnel").get_by_role("button", name="Convinced").click()
    await board.sees("1 of 1")
    await board.page.locator(".behind a").click()
    await board.page.wait_for_url(f"**/case/{case}")
    await board.sees("Ben: Convinced")


async def test_what_cleo_gives_ben_comes_forward_from_the_thanks_for_the_one_before(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, WallClock().now())) as bens:
        await accepted(bens, server, cast)
        await arrived(bens)
        await convinced(bens)
        given = await warn(server, cast, external_id="w-2", resident={"phone": "+447700900011", "name": "Eve"})
        await Outreach.filter(id=given).update(area_id=cast.grid.id)
        await board.open(f"/board#/case/{given}")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
        await board.press("r", "1", "Enter")
        await bens.tap("Go on", role="link")
        await bens.sees("Eve")


async def test_what_cleo_gives_ben_is_not_hidden_by_an_offer_that_rings_on_his_phone(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    eve = {"phone": "+447700900011", "name": "Eve"}
    given = await warn(server, cast, external_id="w-2", resident=eve)
    await Outreach.filter(id=given).update(area_id=cast.grid.id)
    await offer_to_ben(server, cast)
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, WallClock().now())) as bens:
        await bens.open()
        await bens.sees("Answer by")
        await board.open(f"/board#/case/{given}")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
        await board.press("r", "1", "Enter")
        await bens.sees("You have a task")
        told = (await Axe().run(bens.page, options=RULES)).response["violations"]
        assert not [rule["id"] for rule in told]
        if folder := os.environ.get("OUTREACH_LOOK"):
            await bens.page.screenshot(path=f"{folder}/given.png")
        await bens.page.get_by_text("You have a task").click()
        await bens.sees("Eve")


async def test_ben_calls_for_help_at_the_door_and_it_stands_on_cleos_board_until_she_has_seen_it(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    await board.open("/board#/report")
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, WallClock().now())) as bens:
        await accepted(bens, server, cast)
        await bens.tap("Help")
        await bens.tap("Tell the coordinator")
        await bens.sees("The coordinator has it.")
    await board.page.locator(".standing .grave").get_by_text("Ben needs help").first.wait_for()
    told = (await Axe().run(board.page, options=RULES)).response["violations"]
    assert not [rule["id"] for rule in told]
    if folder := os.environ.get("OUTREACH_LOOK"):
        await board.page.screenshot(path=f"{folder}/help.png")
    await board.tap("Seen")
    await board.page.locator(".standing").wait_for(state="detached")
