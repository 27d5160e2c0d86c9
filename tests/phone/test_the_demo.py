"""`outreach demo --serve`, as a newcomer tries it: be Ben on a phone, and lose the signal at the door."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from playwright.async_api import Browser

from tests.phone.conftest import NOT_SIGNED_IN, Phone, a_phone

RUN = "from outreach.cli import main; main()"
WHOLE_S, VISIT_S = 420, 60


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


async def test_a_newcomer_does_a_whole_visit_as_ben_and_loses_the_signal_in_the_middle(browser: Browser) -> None:
    async with asyncio.timeout(WHOLE_S), demo() as running:
        link = await told(running, r"Be Ben.*: (http\S+)")
        nobody = cast(Any, None)
        async with a_phone(browser, link.partition("/app")[0], nobody, NOT_SIGNED_IN) as phone:
            phone.context.set_default_timeout(WHOLE_S * 1000)
            await get_in(phone, running, link)
            await phone.sees("Answer by")
            begun = time.monotonic()
            await visit(phone)
            assert time.monotonic() - begun < VISIT_S


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
