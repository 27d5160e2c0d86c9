"""A phone in Ben's hand: Chromium of a phone's size, before a real server with the cast in its database."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright

from outreach.access import issue_token
from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import CheckIn, Offer, Outreach, Task
from outreach.models.connecting import connect
from outreach.models.states import TaskKind, TokenKind
from outreach.settings import Settings
from outreach.web import Parts, make_web
from outreach.web.live import end_streams
from tests.conftest import KEYS
from tests.harness.cast import ADA_PHONE, Cast, call_the_cast

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "No Chromium here, and the phone's app is tried in a real one. On Debian or Ubuntu: `apt-get install chromium`; "
    "elsewhere put a `chromium` on the PATH."
)
PHONE = {"width": 360, "height": 780}
PATIENCE_MS = 10_000
NOT_SIGNED_IN = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the browser share it, and so its event loop, with their worker's; each has its own context."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()) and item.path.parent.name in ("phone", "board"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def database_url(sqlite_template: Any, tmp_path: Any) -> str:
    """One engine: what differs between the two is tried without a browser."""
    shutil.copy(sqlite_template, tmp_path / "test.sqlite3")
    return f"sqlite:///{tmp_path / 'test.sqlite3'}"


@pytest_asyncio.fixture(loop_scope="session")
async def database(database_url: str) -> AsyncIterator[str]:
    """A fresh migrated database, connected on the browser's loop; answers its URL."""
    context = await connect(database_url, KEYS)
    with context:
        yield database_url
        await context.close_connections()


@dataclass
class Phone:
    """Ben's phone, and the server it talks to. `sent` are the requests that change something, as they left."""

    page: Page
    context: BrowserContext
    at: str
    cast: Cast
    sent: list[Request] = field(default_factory=list)

    async def open(self, path: str = "/app") -> None:
        """Open the app, and wait until it shows something."""
        await self.page.goto(self.at + path)
        await self.page.wait_for_selector("main h1")

    async def tap(self, words: str, role: Any = "button") -> None:
        """Touch what begins with these words."""
        await self.page.get_by_role(role, name=re.compile(f"^{re.escape(words)}")).click()

    async def sees(self, words: str) -> None:
        """Wait until the screen says so."""
        await self.page.get_by_text(words, exact=False).first.wait_for()

    async def until(self, holds: str) -> None:
        """Wait until this holds in the page, asked from outside: the page's own rules forbid a polled `eval`."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while not await self.page.evaluate(holds):
                await asyncio.sleep(0.05)

    async def stored(self, store: str) -> list[Any]:
        """What the phone keeps in one of its stores."""
        return await self.page.evaluate(READ, store)  # type: ignore[no-any-return]

    async def nothing_unsent(self) -> None:
        """Wait until each row has its receipt, as long as the app takes to hear the server again by itself."""
        async with asyncio.timeout(2 * PATIENCE_MS / 1000):
            while await self.stored("outbox"):
                await asyncio.sleep(0.05)

    async def in_the_shell(self) -> None:
        """Wait until the service worker holds the app."""
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    async def check_ins(self) -> list[CheckIn]:
        """What the server holds, in the order made."""
        return await CheckIn.all().order_by("made_at")


READ = """(store) => new Promise((done, failed) => {
  const asked = indexedDB.open("outreach");
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction(store).objectStore(store).getAll();
    rows.onsuccess = () => { asked.result.close(); done(rows.result); };
  };
})"""


@pytest_asyncio.fixture(loop_scope="session")
async def cast(database: str) -> Cast:
    """Ada, Ben on his shift, Cleo, and the bank."""
    return await call_the_cast(Settings(), WallClock().now())


@pytest.fixture
def came() -> list[str]:
    """What came to the server: method and path of each request."""
    return []


@pytest.fixture
def more_settings() -> dict[str, Any]:
    """What a test sets beside the usual: it names this as a parameter."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def server(cast: Cast, came: list[str], more_settings: dict[str, Any]) -> AsyncIterator[str]:
    """The address of a server of this test's own."""
    listening = socket.create_server(("127.0.0.1", 0))
    at = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = Settings(**{"public_url": at, "service_name": "City Care", "hotline": "12345", **more_settings})
    app = make_web(Parts(settings, WallClock(), lambda: None))

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        came.append(f"{scope['method']} {scope['path']}")
        await app(scope, receive, send)

    serving = uvicorn.Server(uvicorn.Config(counting, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    running = asyncio.create_task(serving.serve(sockets=[listening]))
    yield at
    end_streams(app)
    serving.should_exit = True
    await running


def chromium() -> str:
    """The browser's path; the test fails where there is none, for nobody would notice a skip."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(NO_BROWSER, pytrace=False)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """This worker's Chromium."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, server: str, cast: Cast) -> AsyncIterator[Phone]:
    """Ben's phone, signed in."""
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, WallClock().now())) as bens:
        yield bens


@asynccontextmanager
async def a_phone(
    browser: Browser, server: str, cast: Cast, token: str, scale: float = 2, **given: Any
) -> AsyncIterator[Phone]:
    """A phone with this session, or NOT_SIGNED_IN; any error on its page fails the test."""
    look = {"viewport": PHONE, "device_scale_factor": scale, "has_touch": True, "is_mobile": True}
    context = await browser.new_context(**{**look, "locale": "en-GB", "reduced_motion": "reduce", **given})
    if token:
        await context.add_cookies([{"name": "outreach_session", "value": token, "url": server, "httpOnly": True}])
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    bens = Phone(page, context, server, cast)
    context.on("request", lambda request: request.method != "GET" and bens.sent.append(request))
    yield bens
    await context.close()
    assert not faults


async def warn(server: str, cast: Cast, **given: Any) -> UUID:
    """The bank warns of Ada; answers the outreach."""
    now = WallClock().now()
    token = await issue_token(TokenKind.SOURCE, cast.source.id, now)
    usual = {"external_id": "w-1", "category": "impersonation", "severity": "high", "summary": "A caller says police."}
    resident = {"phone": ADA_PHONE}
    async with httpx2.AsyncClient(base_url=server, headers={"Authorization": f"Bearer {token}"}) as bank:
        body = {**usual, "detected_at": now.isoformat(), "resident": resident, **given}
        answer = await bank.post("/api/warnings", json=body)
    assert answer.status_code == 202, answer.text
    return UUID(answer.json()["outreach_id"])


async def offer_to_ben(server: str, cast: Cast, minutes: float = 5, **given: Any) -> Offer:
    """Ben is offered the visit to Ada."""
    case, now = await warn(server, cast, **given), WallClock().now()
    await Outreach.filter(id=case).update(area_id=cast.grid.id)
    lapses = now + timedelta(minutes=minutes)
    words = {
        "kind": TaskKind.VISIT,
        "step": 2,
        "reason": "nearest",
        "code": "7Q",
        "distance_m": 850.0,
        "travel_s": 720.0,
    }
    return await Offer.create(outreach_id=case, responder=cast.ben, offered_at=now, lapses_at=lapses, **words)


async def the_task() -> Task:
    """The one task there is."""
    return await Task.get()
