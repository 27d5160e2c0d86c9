"""The phone's app as a browser gets it: whole, private, kept where it may be, and small."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

import httpx2
import pytest

from outreach.clock import SetClock
from outreach.settings import Settings
from outreach.web import Parts, make_web
from tests.web.conftest import PUBLIC

ASSETS = files("outreach") / "assets"


@pytest.fixture
async def browser(settings: Settings, now: datetime) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who opens the app and has no token yet."""
    app = make_web(Parts(settings, SetClock(now), lambda: None))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        yield client


async def test_the_page_names_its_files_and_each_is_kept_for_good(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/app")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-cache"
    named = re.findall(r'"(/app/files/[^"]+)"', page.text)
    assert len(named) >= 4
    for path in named:
        file = await browser.get(path)
        assert file.status_code == 200 and "immutable" in file.headers["cache-control"], path
    assert (await browser.get("/app/files/unknown.js")).status_code == 404


async def test_the_page_runs_no_script_but_its_own_files(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/app")
    rule = page.headers["content-security-policy"]
    assert "default-src 'none'" in rule and "script-src 'self';" in rule and "unsafe" not in rule
    assert page.headers["x-content-type-options"] == "nosniff"
    assert not re.findall(r"<script(?![^>]* src=)", page.text)


async def test_the_service_worker_covers_the_app_and_is_asked_for_again(browser: httpx2.AsyncClient) -> None:
    worker = await browser.get("/app/sw.js")
    assert worker.headers["service-worker-allowed"] == "/app"
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["content-type"].startswith("text/javascript") and "[[" not in worker.text


async def test_the_app_bears_the_name_of_the_service(browser: httpx2.AsyncClient) -> None:
    manifest = json.loads((await browser.get("/app/manifest.webmanifest")).text)
    assert manifest["name"] == "Outreach" and manifest["scope"] == "/app"
    for icon in manifest["icons"]:
        assert (await browser.get(icon["src"])).headers["content-type"] == icon["type"]


def test_a_volunteer_on_a_slow_line_waits_for_little() -> None:
    built = json.loads((ASSETS / "built.json").read_text())["phone"]
    weights = {name: packed(ASSETS / "files" / file) for name, file in built.items()}
    worker, page = packed(ASSETS / "phone-sw.js"), packed(ASSETS / "phone.html")
    assert weights["js"] + max(weights["zh"], weights["en"]) <= 30 * 1024, weights
    assert worker <= 8 * 1024
    # The service worker fetches both languages, so that they can be switched without signal.
    assert sum(weights[name] for name in ("js", "zh", "en", "css", "icon")) + worker + page <= 60 * 1024


def test_a_coordinator_with_an_old_machine_waits_for_little() -> None:
    board = json.loads((ASSETS / "built.json").read_text())["board"]
    weights = {name: packed(ASSETS / "files" / name) for name in board["scripts"]}
    zh, en = (weights[name] for name in board["languages"])
    # Of the two languages one is read: the heavier, at the worst.
    assert sum(weights.values()) - min(zh, en) <= 120 * 1024, weights


def packed(file: Traversable) -> int:
    """Its bytes as they travel."""
    return len(gzip.compress(file.read_bytes(), 9))
