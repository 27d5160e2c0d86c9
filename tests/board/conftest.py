"""Cleo at her desk: Chromium of a desk's size, before a real server with the cast in its database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Coordinator
from outreach.models.states import TokenKind
from tests.harness.cast import Cast

# The same server, browser and database as the phone's.
from tests.phone.conftest import (
    PATIENCE_MS,
    Phone,
    browser,
    came,
    cast,
    database,
    database_url,
    more_settings,
    pytest_collection_modifyitems,
    server,
)

__all__ = [
    "Board",
    "Phone",
    "a_board",
    "browser",
    "came",
    "cast",
    "database",
    "database_url",
    "more_settings",
    "pytest_collection_modifyitems",
    "server",
]

DESK = {"width": 1280, "height": 800}


@dataclass
class Board:
    """A coordinator's board, and the server it talks to."""

    page: Page
    context: BrowserContext
    at: str
    cast: Cast

    async def open(self, path: str = "/board") -> None:
        """Open the board, and wait until it shows something."""
        await self.page.goto(self.at + path)
        await self.page.wait_for_selector("main:not(.opening)")

    async def tap(self, words: str, role: Any = "button") -> None:
        """Click what begins with these words."""
        await self.page.get_by_role(role, name=re.compile(f"^{re.escape(words)}")).first.click()

    async def sees(self, words: str) -> None:
        """Wait until the page says so."""
        await self.page.get_by_text(words, exact=False).first.wait_for()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)


@pytest_asyncio.fixture(loop_scope="session")
async def board(browser: Browser, server: str, cast: Cast) -> AsyncIterator[Board]:
    """Cleo's board, signed in, in English."""
    async with a_board(browser, server, cast, cast.cleo) as cleos:
        yield cleos


@asynccontextmanager
async def a_board(
    browser: Browser, server: str, cast: Cast, who: Coordinator | None, kind: TokenKind | None = None, **given: Any
) -> AsyncIterator[Board]:
    """The board of somebody (None: of nobody who signed in yet); any error on its page fails the test."""
    context = await browser.new_context(
        **{"viewport": DESK, "locale": "en-GB", "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce", **given}
    )
    if who is not None:
        token = await start_session(who.id, WallClock().now(), kind=kind or TokenKind.COORDINATOR)
        await context.add_cookies([{"name": "outreach_session", "value": token, "url": server, "httpOnly": True}])
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield Board(page, context, server, cast)
    await context.close()
    assert not faults
