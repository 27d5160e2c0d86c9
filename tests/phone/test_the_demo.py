"""`outreach demo --serve`, as a newcomer tries it: be Ben on a phone and lose the signal, then be Cleo at her board."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.board.conftest import DESK, Board
from tests.board.paper import every_figure_opens_its_cases, fits_one_sheet, shut
from tests.phone.conftest import NOT_SIGNED_IN, Phone, a_phone
from tests.phone.test_a_visit import arrived

RUN = "from outreach.cli import main; main()"
WHOLE_S, VISIT_S, LATE_S = 420, 60, 200
THERE = "Asia/Shanghai"
NOBODYS = "+13125550199"
"""A number that nobody in the city has."""
BEGAN = timedelta(hours=3)
"""The rehearsal's 90 minutes, those after it, and what they take in truth lie this far back at the most."""
JUST_LATE = re.compile(r"\b\d:\d\d late")
MY_NAME = "fetch('/api/me').then((said) => said.json()).then((me) => me.name)"


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[Process]:
    """The command itself, as the README has it, with its city in `folder`; it ends cleanly when it is told to."""
    running = await command("demo", "--serve", TMPDIR=str(folder))
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        _, complaints = await running.communicate()
    assert (running.returncode, complaints) == (0, b"")


async def command(*words: str, **settings: str) -> Process:
    """Start a command of ours."""
    ours = (sys.executable, "-u", "-c", RUN, *words)
    return await asyncio.create_subprocess_exec(*ours, stdout=PIPE, stderr=PIPE, env=os.environ | settings)


async def told(running: Process, pattern: str) -> str:
    """Read on until a line says this; answers what is in the brackets."""
    assert running.stdout
    async for line in running.stdout:
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise AssertionError(f"the demo ended before it said {pattern}")


@dataclass
class Newcomer:
    """Who tries it: Ben's phone signed in, the link by which they are Cleo, and the folder that the city is kept in."""

    bens: Phone
    cleos_link: str
    folder: Path

    async def administer(self, *words: str) -> str:
        """What a command says that is given beside the running city, as whoever keeps the machine gives it."""
        settings = {
            "DATABASE_URL": f"sqlite:///{self.folder / 'city.sqlite3'}",
            "OUTREACH_KEYS_FILE": str(self.folder / "keys.json"),
            "OUTREACH_PUBLIC_URL": self.bens.at,
        }
        given = await command(*words, **settings)
        said, complaints = await given.communicate()
        assert given.returncode == 0, complaints.decode()
        return said.decode().strip()


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def newcomer(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Newcomer]:
    """The city runs, and Ben's phone is on duty."""
    folder = tmp_path_factory.mktemp("demo")
    async with demo(folder) as running:
        async with asyncio.timeout(WHOLE_S):
            cleos, bens = await told(running, r"Be Cleo.*: (http\S+)"), await told(running, r"Be Ben.*: (http\S+)")
        async with a_phone(browser, bens.partition("/app")[0], cast(Any, None), NOT_SIGNED_IN) as phone:
            phone.context.set_default_timeout(LATE_S * 1000)
            async with asyncio.timeout(WHOLE_S):
                await get_in(phone, running, bens)
            [city] = folder.iterdir()
            yield Newcomer(phone, cleos, city)


async def test_a_newcomer_does_a_whole_visit_as_ben_and_loses_the_signal_in_the_middle(newcomer: Newcomer) -> None:
    await newcomer.bens.sees("Answer by")
    begun = time.monotonic()
    await visit(newcomer.bens)
    assert time.monotonic() - begun < VISIT_S


async def test_as_cleo_they_see_a_case_go_late_give_it_to_ben_and_find_it_in_the_curve(
    newcomer: Newcomer, browser: Browser
) -> None:
    async with a_desk(browser, newcomer, "en-GB") as board:
        await get_in_once(board, newcomer.cleos_link)
        row = board.page.locator("[id^=row-]").filter(has_text=JUST_LATE).first
        case = str(await row.get_attribute("id")).removeprefix("row-")
        await picture(board, "queue")
        await board.open("/board#/report")
        before = await curve(board)
        await go_down_to(board, case)
        await board.press("r")
        await board.page.locator(".cd tr.pick").wait_for()
        await picture(board, "case")
        await give_to(board, await newcomer.bens.page.evaluate(MY_NAME))
        await end_what_was_given(newcomer.bens)
        await board.open("/board#/report")
        await board.page.locator(".funnel").get_by_role("button", name="Convinced").click()
        await board.page.locator(f".behind a[href*='{case}']").wait_for()
        await shut(board)
        await board.page.locator(".toast").get_by_role("button", name="Close").click()
        await picture(board, "report")
        after = await curve(board)
        # Nobody else is reached meanwhile: whatever the curve gained between the two marks, this case brought.
        assert after[45].share > before[45].share
        assert [after[mark].reached - before[mark].reached for mark in (30, 60)] == [0, 1]
        assert [await stands_behind(board, case, mark) for mark in (30, 60)] == [False, True]
        await shut(board)
        await takes_a_warning_down(board, "Somebody claims to be the police.")


async def test_the_days_report_prints_on_one_sheet_for_the_chief_and_every_figure_on_it_leads_to_its_cases(
    newcomer: Newcomer, browser: Browser
) -> None:
    await newcomer.administer("coordinator", "add", "Dana", "--role", "chief")
    link = await newcomer.administer("invite", "coordinator", "Dana")
    days = f"?from={(datetime.now(ZoneInfo(THERE)) - BEGAN).date()}"
    async with a_desk(browser, newcomer, "en-GB") as board:
        await get_in_once(board, link)
        await sources_are_told(board, f"/board#/report{days}")
        await fits_one_sheet(board)
        parts = {"fb", "hero", "curve", "funnel", "stages", "", "reasons", "rates"}
        assert await every_figure_opens_its_cases(board) == parts
        signed_in = await board.context.storage_state()
    async with a_desk(browser, newcomer, "zh-CN", storage_state=signed_in) as board:
        await board.open(f"/board#/report{days}")
        await board.sees("分钟内被触达")
        await fits_one_sheet(board)
        # Two dangers against each other, and the others little below.
        await board.page.get_by_label("对比").select_option("category")
        await board.page.locator(".multiples").wait_for()
        await fits_one_sheet(board)


@asynccontextmanager
async def a_desk(browser: Browser, newcomer: Newcomer, locale: str, **given: Any) -> AsyncIterator[Board]:
    """A browser at a desk in that city; any error on its page fails the test."""
    context = await browser.new_context(viewport=DESK, locale=locale, timezone_id=THERE, **given)
    context.set_default_timeout(LATE_S * 1000)
    board, faults = Board(await context.new_page(), context, newcomer.bens.at, cast(Any, None)), list[str]()
    board.page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield board
    await context.close()
    assert not faults


async def get_in_once(board: Board, link: str) -> None:
    await board.page.goto(link)
    await board.tap("Enter just this once")
    await board.page.wait_for_selector(".top")


async def sources_are_told(board: Board, report: str) -> None:
    """Open the report, again until whoever ended is fed back: the sources ask every five seconds."""
    told, ended = "", "all"
    await board.open(report)
    async with asyncio.timeout(LATE_S):
        while told != ended:
            await board.page.reload()
            said = await board.page.locator(".rates p").nth(1).inner_text()
            told, ended = re.findall(r"\d+", said)[:2]


@dataclass(frozen=True)
class Point:
    """A point of the curve: the share in per cent, and how many were reached by then, where the table says it."""

    share: float
    reached: int


async def curve(board: Board) -> dict[int, Point]:
    """The report's curve by minute, as its table has it."""
    await board.page.locator(".curve summary").click()
    found = re.findall(r"(\d+)\t([\d.]+) %(?: \((\d+)\))?", await board.page.locator(".curve table").inner_text())
    return {int(minute): Point(float(share), int(reached or 0)) for minute, share, reached in found}


async def stands_behind(board: Board, case: str, minute: int) -> bool:
    """Whether the case is among the newest of those that were reached by this minute."""
    await board.page.locator(".curve table").get_by_role("button", name=f"{minute} min").click()
    await board.page.locator(".behind li").first.wait_for()
    found = await board.page.locator(f".behind a[href*='{case}']").count()
    await shut(board)
    return bool(found)


async def takes_a_warning_down(board: Board, what: str) -> None:
    """Somebody rings Cleo: she types what is known, and the case is there."""
    await board.press("n")
    await board.page.get_by_label("What is known").fill(what)
    await board.page.get_by_label("Phone").fill(NOBODYS)
    await board.tap("Begin to reach them")
    await board.sees("A warning came in")


async def go_down_to(board: Board, case: str) -> None:
    """Go down the queue by keys until this case is picked."""
    await board.open("/board")
    await board.page.locator(f"#row-{case}").wait_for()
    for _ in range(await board.page.locator("[id^=row-]").count()):
        await board.press("j")
        if await board.page.locator(f"#row-{case}.sel-row").count():
            return
    raise AssertionError("The case is not in the queue.")


async def give_to(board: Board, name: str) -> None:
    """Give the open case to whoever is called so, in the list or among those left out of it."""
    await board.page.get_by_text("Why not").click()
    await board.page.locator(".cd tr, .why li").filter(has_text=name).get_by_role("button").click()
    await board.sees("Given to")


async def end_what_was_given(bens: Phone) -> None:
    """What was given stands on the phone, whatever rings there; Ben goes, and the resident is convinced."""
    await bens.sees("You have a task")
    await bens.page.locator("a[href^='#/task/']").first.click()
    await arrived(bens)
    await bens.tap("Convinced")
    # The thanks may be gone at once, for the next offer.
    await bens.tap("Save “Convinced”")
    await bens.nothing_unsent()


async def picture(board: Board, name: str) -> None:
    """Take the README's picture, where `make pictures` asks for it."""
    if folder := os.environ.get("OUTREACH_PICTURES"):
        await board.page.screenshot(path=Path(folder) / "board" / f"{name}.png", animations="disabled")


async def get_in(phone: Phone, running: Process, link: str) -> None:
    await phone.page.goto(link)
    await phone.tap("Send a code")
    await phone.sees("it comes within a minute")
    await phone.page.locator("input:focus").wait_for()
    await phone.page.keyboard.type(await told(running, r"Ben's phone: .*?(\d{6})"))
    # Whoever is on duty already, and is asked while they sign in, sees that first.
    switch, offer = phone.page.get_by_role("switch"), phone.page.get_by_text("Answer by")
    await switch.or_(offer).first.wait_for()
    if await switch.count() and await switch.get_attribute("aria-checked") == "false":
        await switch.click()


async def visit(phone: Phone) -> None:
    await phone.tap("Accept")
    await phone.tap("Show it large", role="link")
    await phone.tap("Close", role="link")
    await phone.in_the_shell()
    await phone.context.set_offline(True)
    await phone.tap("I’ve arrived")
    await phone.tap("Tell the outcome", role="link")
    await phone.tap("Convinced")
    await phone.tap("Save “Convinced”")
    await phone.sees("Saved, goes when there is signal")
    await phone.context.set_offline(False)
    await phone.sees("The coordinator and whoever warned have been told.")
    await phone.nothing_unsent()
