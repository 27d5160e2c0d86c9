"""Cleo, admin of the city, changes a ladder at her desk: a fault at its field, a draft, a version, and one put back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from outreach.models import Coordinator, EscalationPolicy
from outreach.models.states import Severity, TokenKind
from outreach.registry import policy_for
from tests.board.conftest import Board, a_board
from tests.board.test_queue import RULES
from tests.harness.cast import Cast
from tests.phone.test_the_demo import picture

PHONE = {"width": 360, "height": 780}


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, server: str, cast: Cast) -> AsyncIterator[Board]:
    """The desk of an admin of the whole city."""
    admin = await Coordinator.create(name="Cleo")
    async with a_board(browser, server, cast, admin, TokenKind.ADMIN) as desk:
        yield desk


async def test_a_ladder_is_changed_with_its_fault_shown_published_compared_and_put_back(desk: Board) -> None:
    page = desk.page
    await desk.open("/board#/policies/fraud_high")
    await desk.sees("busy or failed")
    # Down to the visit by keys, a minute later by keys, and back by undo.
    await desk.press("j", "j", "]")
    await desk.sees("v2 draft")
    await expect(page.get_by_label("Waits after the one before", exact=True).last).to_have_value("2")
    await desk.press("z", "]")
    asked = page.get_by_role("spinbutton", name="People asked at once")
    await asked.fill("0")
    await desk.tap("Publish v2")
    await desk.tap("Yes, publish")
    await desk.sees("1 to 20.")
    await expect(asked).to_have_attribute("aria-invalid", "true")
    assert await EscalationPolicy.filter(name="fraud_high").count() == 1
    # What is not published outlives the page.
    await page.reload()
    await desk.sees("v2 draft")
    await desk.tap("Visit")
    await asked.fill("4")
    await desk.press("Tab")
    await desk.sees("4 asked")
    await picture(desk, "policies")
    await desk.tap("Publish v2")
    await expect(page.get_by_role("dialog").locator("li")).to_have_count(2)
    await desk.tap("Yes, publish")
    await desk.sees("v2 is in force.")
    newest = await policy_for("fraud", Severity.HIGH)
    visit = newest.body["steps"][2]  # type: ignore[index]
    assert (newest.version, visit["after"], visit["ask"]) == (2, "2m", 4)
    await desk.sees("v2 against v1")
    await expect(page.locator(".cmp li")).to_have_count(2)
    await desk.tap("Put back")
    await desk.tap("Yes, publish")
    await desk.sees("It is back, as v3.")
    assert (await policy_for("fraud", Severity.HIGH)).made_from == 1


async def axe_finds_nothing(desk: Board) -> None:
    """No fault on this page as it is now."""
    found = await Axe().run(desk.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


async def test_who_only_reads_changes_no_ladder(board: Board) -> None:
    await board.open("/board#/policies")
    await board.sees("The whole ladder")
    await board.press("j", "]", "a")
    assert await board.page.locator("input:enabled, .ph .btn, dialog").count() == 0


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", None), ("en-GB", PHONE)])
async def test_axe_finds_no_fault_with_a_ladder(
    browser: Browser, server: str, cast: Cast, locale: str, size: dict[str, int] | None
) -> None:
    admin = await Coordinator.create(name="Cleo")
    given = {"viewport": size} if size else {}
    async with a_board(browser, server, cast, admin, TokenKind.ADMIN, locale=locale, **given) as desk:
        await desk.open()
        if size:
            # Places that have no tab on a phone are in the menu.
            await desk.page.locator(".me").click()
            await desk.tap("Policies", "link")
        await desk.open("/board#/policies/fraud_medium")
        await desk.page.wait_for_selector(".st .on")
        await axe_finds_nothing(desk)
        await desk.page.locator(".st button").first.click()
        await axe_finds_nothing(desk)
        assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
