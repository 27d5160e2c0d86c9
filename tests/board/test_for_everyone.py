"""What somebody with a screen reader, weak eyes or a thumb needs of getting in, and of what opens over a screen."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from outreach.access import make_link
from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models.states import TokenKind
from tests.board.conftest import DESK, Board, a_board
from tests.board.test_a_case import adas_case
from tests.board.test_queue import RULES
from tests.board.test_small_screen import LOW, THUMB
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE
from tests.phone.test_for_everyone import NAMELESS, faults


async def getting_in(board: Board, cast: Cast) -> AsyncIterator[str]:
    """The ways in, by name: a password, also refused, and a link by which one is set."""
    page = board.page
    await page.goto(f"{board.at}/board#/sign-in")
    await page.locator("form input").first.wait_for()
    yield "password"
    for field, typed in (("name", "Cleo"), ("password", "not the right sentence"), ("code", "000000")):
        await page.locator(f"[name={field}]").fill(typed)
    await page.locator("form .btn.p").click()
    await page.locator("form .refusal:not(:empty)").wait_for()
    yield "password refused"
    link = await make_link(cast.cleo.id, WallClock().now())
    await page.goto(f"{board.at}/board#/join/{link.code}")
    await page.locator("form .btn.p").wait_for()
    yield "link"
    await page.locator("form .btn.p").click()
    await page.locator(".qr img").wait_for()
    yield "password and authenticator"
    await page.goto(f"{board.at}/board#/join/never-made")
    await page.locator(".refusal:not(:empty)").wait_for()
    yield "link that is none"


async def what_opens(board: Board, server: str, cast: Cast) -> AsyncIterator[str]:
    """The hotline's two checks, and each dialog over a screen, by name."""
    page, dialog = board.page, board.page.locator("dialog[open]")
    case = await adas_case(server, cast)
    await board.open("/board?signed-in#/hotline")
    await page.locator("[name=code]").fill("123456")
    await page.locator("form .btn").first.click()
    await page.locator("form b").wait_for()
    yield "hotline"
    await board.open(f"/board?case#/case/{case}/call")
    await dialog.locator(".found .btn").first.wait_for()
    await dialog.locator(":scope > div > .btn").click()
    await dialog.locator(".ring a").wait_for()
    yield "call"
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    await page.keyboard.press("?")
    await dialog.locator(".keylist").wait_for()
    yield "keys"
    await board.open("/board?report#/report")
    await page.locator(".funnel button").first.click()
    await dialog.locator(".behind li").first.wait_for()
    yield "cases behind a figure"


@pytest.mark.parametrize(
    # Colours know no language: each is tried in one.
    ("locale", "size", "colours"),
    [("en-GB", DESK, "light"), ("zh-CN", PHONE, "dark")],
)
async def test_everybody_can_get_in_ask_as_the_hotline_and_use_what_opens_over_a_screen(
    browser: Browser, server: str, cast: Cast, locale: str, size: dict[str, int], colours: str
) -> None:
    look = {"locale": locale, "viewport": size, "color_scheme": colours}
    found: dict[str, list[str]] = {}
    async with a_board(browser, server, cast, None, **look) as board:
        async for name in getting_in(board, cast):
            found[name] = await barriers(board, THUMB if size is PHONE else 0)
        token = await start_session(cast.cleo.id, WallClock().now(), kind=TokenKind.COORDINATOR)
        await board.context.add_cookies([{"name": "outreach_session", "value": token, "url": server}])
        async for name in what_opens(board, server, cast):
            found[name] = await barriers(board, THUMB if size is PHONE else 0)
    assert len(found) == 9 and not any(found.values()), found


async def barriers(board: Board, least: int) -> list[str]:
    """What axe finds, what is too low for a thumb, and what has no name."""
    low, nameless = await board.page.evaluate(LOW, least), await board.page.evaluate(NAMELESS)
    return [*low, *nameless, *faults((await Axe().run(board.page, options=RULES)).response)]
