"""Ben goes home: Cleo sees who takes each of his, moves all in one click, and takes it back."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from outreach.clock import WallClock
from outreach.models import Absence, Notice, Responder
from outreach.notices.wording import text_of
from outreach.settings import Settings
from tests.board.conftest import Board, a_board
from tests.board.test_a_case import adas_case, bea, held_by
from tests.harness.cast import Cast


async def at_home(responder: Responder) -> None:
    """This responder's phone says that they are at home."""
    where = {"lat": responder.home_lat, "lon": responder.home_lon, "position_at": WallClock().now()}
    await Responder.filter(id=responder.id).update(**where)


async def test_ben_goes_home_and_all_of_his_is_moved_in_one_click_and_taken_back(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}")
    await board.page.get_by_role("row", name=re.compile("Ben")).wait_for()
    await board.press("r", "1", "Enter")
    await board.sees("Cleo gave it: nobody → Ben")
    moved = await bea(cast)
    await at_home(cast.ben)
    before = {word.id for word in await Notice.all()}
    await board.open(f"/board#/bulk/{cast.ben.id}")
    await board.page.reload()
    await board.sees("Ben goes home")
    # Where Bea is nobody knows: she is named, and stands nowhere on the map.
    await board.sees("No position: Bea")
    ways = board.page.locator(".bulk-side .map-way")
    await ways.and_(board.page.locator(".was")).wait_for(state="attached")
    assert await ways.count() == 1
    await at_home(moved)
    await board.page.reload()
    await ways.and_(board.page.locator(".goes")).wait_for(state="attached")
    assert await board.page.get_by_text("No position").count() == 0
    await board.sees("Phones that will be told: 2")
    told = await board.page.locator(".texts dd p").all_inner_texts()
    assert not (found := await Axe().run(board.page)).response["violations"], found.generate_report()
    await board.tap("Move 1")
    await board.sees("1 moved; every phone was told")
    left = [word for word in await Notice.filter(channel="sms").order_by("id") if word.id not in before]
    settings = Settings(service_name="City Care")
    texts = [re.sub(r"#\d+", "#…", (await text_of(word, settings) or ("", ""))[1]) for word in left]
    assert sorted(told) == sorted(texts) and len(texts) == 2
    assert await held_by(case) == ["Bea"] and await Absence.filter(responder=cast.ben).exists()
    await board.tap("Undo")
    await board.sees("Taken back; both phones were told")
    assert await held_by(case) == ["Ben"] and not await Absence.all().exists()


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_everybody_can_use_the_page_on_which_somebody_goes_home(
    browser: Browser, server: str, cast: Cast, locale: str
) -> None:
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as cleos:
        await cleos.open(f"/board#/bulk/{cast.ben.id}")
        await cleos.page.wait_for_selector(".bulk")
        found = await Axe().run(cleos.page)
        assert not found.response["violations"], found.generate_report()
