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
from pathlib import Path
from typing import Any, cast

import pytest_asyncio
from playwright.async_api import Browser

from tests.board.conftest import DESK, Board
from tests.phone.conftest import NOT_SIGNED_IN, Phone, a_phone
from tests.phone.test_a_visit import arrived

RUN = "from outreach.cli import main; main()"
WHOLE_S, VISIT_S, LATE_S = 420, 60, 200
JUST_LATE = re.compile(r"\b\d:\d\d late")
MY_NAME = "fetch('/api/me').then((said) => said.json()).then((me) => me.name)"


@asynccontextmanager
async def demo() -> AsyncIterator[Process]:
    """The command itself, as the README has it; it ends cleanly when it is told to."""
    command = (sys.executable, "-u", "-c", RUN, "demo", "--serve")
    running = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    try:
        yield running
    finally:
        running.send_signal(signal.SIGINT)
        _, complaints = await running.communicate()
    assert (running.returncode, complaints) == (0, b"")


async def told(running: Process, pattern: str) -> str:
    """Read on until a line says this; answers what is in the brackets."""
    assert running.stdout
    async for line in running.stdout:
        if found := re.search(pattern, line.decode()):
            return found[1]
    raise AssertionError(f"the demo ended before it said {pattern}")


@dataclass
class Newcomer:
    """Who tries it: Ben's phone signed in, and the link by which they are Cleo."""

    bens: Phone
    cleos_link: str


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def newcomer(browser: Browser) -> AsyncIterator[Newcomer]:
    """The city runs, and Ben's phone is on duty."""
    async with demo() as running:
        async with asyncio.timeout(WHOLE_S):
            cleos, bens = await told(running, r"Be Cleo.*: (http\S+)"), await told(running, r"Be Ben.*: (http\S+)")
        async with a_phone(browser, bens.partition("/app")[0], cast(Any, None), NOT_SIGNED_IN) as phone:
            phone.context.set_default_timeout(LATE_S * 1000)
            async with asyncio.timeout(WHOLE_S):
                await get_in(phone, running, bens)
            yield Newcomer(phone, cleos)


async def test_a_newcomer_does_a_whole_visit_as_ben_and_loses_the_signal_in_the_middle(newcomer: Newcomer) -> None:
    await newcomer.bens.sees("Answer by")
    begun = time.monotonic()
    await visit(newcomer.bens)
    assert time.monotonic() - begun < VISIT_S


async def test_as_cleo_they_see_a_case_go_late_give_it_to_ben_and_find_it_in_the_curve(
    newcomer: Newcomer, browser: Browser
) -> None:
    context = await browser.new_context(viewport=DESK, locale="en-GB", timezone_id="Asia/Shanghai")
    context.set_default_timeout(LATE_S * 1000)
    board = Board(await context.new_page(), context, newcomer.bens.at, cast(Any, None))
    await board.page.goto(newcomer.cleos_link)
    await board.tap("Enter just this once")
    row = board.page.locator("[id^=row-]").filter(has_text=JUST_LATE).first
    case = str(await row.get_attribute("id")).removeprefix("row-")
    await picture(board, "queue")
    await row.click()
    await board.page.locator(".cd tr").first.wait_for()
    await picture(board, "case")
    await give_to(board, await newcomer.bens.page.evaluate(MY_NAME))
    await end_what_was_given(newcomer.bens)
    await board.open("/board#/report")
    await board.page.locator(".funnel").get_by_role("button", name="Convinced").click()
    await board.page.locator(f".behind a[href*='{case}']").wait_for()
    await board.page.keyboard.press("Escape")
    await picture(board, "report")
    await board.page.locator(".curve summary").click()
    by_minute = dict(re.findall(r"(\d+)\s+([\d.]+) %", await board.page.locator(".curve table").inner_text()))
    assert float(by_minute["45"]) > float(by_minute["30"])
    await context.close()


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
    await phone.page.keyboard.type(await told(running, r"Ben's phone: .*?(\d{6})"))
    switch = phone.page.get_by_role("switch")
    await switch.wait_for()
    if await switch.get_attribute("aria-checked") == "false":
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
