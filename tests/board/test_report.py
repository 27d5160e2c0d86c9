"""The report's page: its figures are the API's, each opens its cases, and it prints on one sheet."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from outreach.access import issue_token
from outreach.clock import WallClock
from outreach.models import Outreach
from outreach.models.states import TokenKind
from tests.board.conftest import Board, a_board
from tests.board.test_queue import RULES
from tests.harness.cast import Cast
from tests.phone.conftest import warn

WARNED, REACHED = 22, 9


async def a_day(server: str, cast: Cast) -> None:
    """Two dozen people are warned of, and a coordinator's call reaches some of them."""
    cases = [await _case(server, cast, n) for n in range(WARNED)]
    await Outreach.filter(id__in=cases).update(area_id=cast.grid.id)
    token = await issue_token(TokenKind.COORDINATOR, cast.cleo.id, WallClock().now())
    async with httpx2.AsyncClient(base_url=server, headers={"Authorization": f"Bearer {token}"}) as cleo:
        for case in cases[:REACHED]:
            answer = await cleo.post(f"/api/outreaches/{case}/contact", json={"outcome": "convinced"})
            assert answer.status_code == 200, answer.text


async def _case(server: str, cast: Cast, n: int) -> UUID:
    resident = {"phone": f"+4477009001{n:02}", "name": f"Person {n}"}
    return await warn(server, cast, external_id=f"w-{n}", resident=resident)


async def test_every_figure_is_the_apis_and_opens_as_many_cases_as_it_says(
    board: Board, server: str, cast: Cast
) -> None:
    await a_day(server, cast)
    await board.open("/board#/report")
    await board.sees("were reached within 30 minutes")
    said = (await (await board.page.request.get(server + "/api/reports/period")).json())["all"]
    assert (said["warned"], said["funnel"]["reached"]["count"]) == (WARNED, REACHED)
    [wall] = [one["share"] for one in said["within"] if one["minutes"] == 30]
    shown = await board.page.inner_text(".hero .big")
    assert shown == ("–" if wall is None else f"{wall * 100:.1f} %")
    await board.page.locator(".funnel").get_by_role("button", name="Reached").click()
    await board.sees(f"{REACHED} cases")
    assert await board.page.locator(".behind li").count() == REACHED
    await board.press("Escape")
    at = datetime.now(ZoneInfo("Asia/Shanghai"))
    hour = f"{'Sat–Sun' if at.weekday() >= 5 else 'Mon–Fri'} {at.hour}:00: {WARNED}"
    await board.page.locator("section:has(.hours) summary").click()
    for figure in (f"{cast.grid.name}: {WARNED}", hour):
        await board.page.get_by_role("button", name=figure).click()
        await board.sees(f"{WARNED} cases")
        await board.press("Escape")
    async with board.page.expect_download() as saving:
        await board.tap("PNG")
    saved = await (await saving.value).path()
    assert (saved.read_bytes()[:8], saved.stat().st_size > 5000) == (b"\x89PNG\r\n\x1a\n", True)
    sheet = await board.page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_axe_finds_no_fault_with_the_report(browser: Browser, server: str, cast: Cast, locale: str) -> None:
    await a_day(server, cast)
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as board:
        await board.open("/board#/report")
        await board.page.wait_for_selector(".hero")
        found = await Axe().run(board.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
