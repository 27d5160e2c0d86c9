"""Cleo rings while her line is down: what the call found is kept, and recorded once when the line is back."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Page, Route

from outreach.models import Event, Outreach
from tests.board.conftest import Board
from tests.board.test_a_case import adas_case
from tests.harness.cast import Cast

KEPT = "Object.entries(localStorage).filter(([key]) => key.startsWith('call-note/')).map(([, text]) => text).join()"


async def recorded() -> list[Event]:
    """What the server has of calls, the first first."""
    return await Event.filter(kind__in=("contact", "no_contact")).order_by("seq")


async def rings(board: Board, finds: str, said: str = "") -> None:
    """Cleo rings Ada, and writes down what was said and what she found."""
    await board.press("c")
    if said:
        await board.page.get_by_label("What was said").fill(said)
    await board.page.get_by_role("dialog").get_by_role("button", name=finds, exact=True).click()


async def nothing_kept(page: Page) -> None:
    """Wait until this browser keeps no note."""
    async with asyncio.timeout(20):
        while await page.evaluate(KEPT):
            await asyncio.sleep(0.05)


async def test_a_call_made_off_the_line_is_kept_and_recorded_when_it_is_back(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.page.clock.install()
    # As the queue's list of calls leads there.
    await board.open(f"/board#/case/{case}/call")
    await board.page.get_by_role("dialog").wait_for()
    await board.press("Escape")
    await board.page.wait_for_url(f"**/board#/case/{case}")
    await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
    await board.context.set_offline(True)
    await board.sees("The link is down")
    await board.press("c")
    await board.sees("The line is down. What you record is kept on this machine")
    await board.press("Escape")
    await board.page.get_by_role("dialog").wait_for(state="detached")
    await rings(board, "Convinced", said="She will ring her bank herself.")
    await board.sees("kept on this machine, not sent yet “She will ring her bank herself.”")
    await board.sees("Call notes not sent: 1")
    kept = await board.page.evaluate(KEPT)
    assert str(case) in kept and "convinced" in kept and "Ada" not in kept and "7700900001" not in kept
    await board.page.clock.fast_forward(61_000)
    await board.sees("You can read but not reassign")
    for words, may in (("Pause", False), ("Take it", False), ("Call", True)):
        assert await board.page.get_by_role("button", name=re.compile(f"^{words}")).is_enabled() is may, words
    assert await board.page.get_by_role("button", name=re.compile("^Give")).count() == 0
    assert not await recorded()
    await board.context.set_offline(False)
    await board.sees("Sent now: Convinced")
    await nothing_kept(board.page)
    assert await board.page.get_by_text("Call notes not sent").count() == 0
    await (
        board.page.get_by_role("listitem")
        .filter(has_text="Convinced")
        .get_by_text("“She will ring her bank")
        .wait_for()
    )
    row, (call,) = await Outreach.get(id=case), await recorded()
    assert row.convinced_at == call.at < call.recorded_at
    await board.page.get_by_role("button", name=re.compile("^Reopen")).wait_for()


async def test_a_call_whose_answer_was_lost_is_recorded_once_though_two_tabs_tell_it(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    told: list[str] = []

    async def lose_the_first(route: Route) -> None:
        told.append(str(route.request.post_data))
        if len(told) > 1:
            await route.continue_()
        else:
            await route.fetch()
            await route.abort()

    await board.context.route("**/contact", lose_the_first)
    await board.open(f"/board#/case/{case}")
    await board.sees("What happened")
    await rings(board, "No answer")
    await board.sees("Kept on this machine and not sent yet: No answer")
    assert len(await recorded()) == 1
    other = await board.context.new_page()
    await other.goto(f"{board.at}/board#/case/{case}")
    await nothing_kept(other)
    await board.page.get_by_text("Call notes not sent").wait_for(state="detached")
    assert len(told) == 2 and told[0] == told[1] and len(await recorded()) == 1


async def test_a_call_that_is_refused_keeps_its_words_and_says_why_until_somebody_decides(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}")
    await board.sees("What happened")
    await board.context.set_offline(True)
    for finds in ("No answer", "Convinced"):
        await rings(board, finds)
        await board.sees(f"Kept on this machine and not sent yet: {finds}")
    await Outreach.filter(id=case).update(area_id=cast.elsewhere.id)
    await board.context.set_offline(False)
    await board.page.get_by_text("not recorded: Not found, or not in your area.").nth(1).wait_for()
    # Nor does the page need to stand, or the case to be seen, for them to be there.
    await board.page.reload()
    await board.page.get_by_text("not recorded: Not found, or not in your area.").nth(1).wait_for()
    await board.sees("Call notes not sent: 2")
    await Outreach.filter(id=case).update(area_id=cast.grid.id)
    await board.tap("Try again")
    await board.sees("Sent now: No answer")
    assert [line.data["outcome"] for line in await recorded()] == ["no_answer"]
    await board.page.locator(".who-menu .me").click()
    await board.tap("Sign out")
    await board.sees("Call notes not sent: 1. Sign out once more to leave them behind.")
    await board.page.locator(".who-menu .me").click()
    await board.tap("Sign out")
    await board.page.get_by_role("main", name=re.compile("Sign in")).wait_for()
    await nothing_kept(board.page)
    assert len(await recorded()) == 1
