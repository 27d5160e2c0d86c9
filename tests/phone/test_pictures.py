"""The README's pictures: four screens as a phone shows them. `make pictures` renews those in `docs/phone/`."""

from __future__ import annotations

import os
import re
import struct
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Shift
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE, Phone, a_phone, offer_to_ben
from tests.phone.test_a_visit import arrived

ROOT = Path(__file__).parents[2]
NAMES = ["home", "offer", "visit", "outcome"]
LARGEST = 100_000
AS_ON_A_PHONE = """document.addEventListener("DOMContentLoaded", () =>
  document.documentElement.style.setProperty("--font", "Roboto, 'Noto Sans', 'Liberation Sans', Arial, system-ui"))"""
"""A desk's usual letters are wider than a phone's."""


async def test_a_run_of_the_tests_takes_the_four_pictures(
    browser: Browser, server: str, cast: Cast, tmp_path: Path
) -> None:
    folder = Path(os.environ.get("OUTREACH_PICTURES") or tmp_path) / "phone"
    folder.mkdir(exist_ok=True)
    now = WallClock().now()
    await Shift.all().update(ends_at=now + timedelta(hours=3, minutes=40))
    async with a_phone(browser, server, cast, await start_session(cast.ben.id, now), scale=1) as phone:
        await phone.page.add_init_script(AS_ON_A_PHONE)
        taken = []
        async for name in screens(phone, server, cast):
            await phone.page.screenshot(path=folder / f"{name}.png")
            taken.append(name)
    assert taken == NAMES
    for name in NAMES:
        assert size_of(folder / f"{name}.png") == (PHONE["width"], PHONE["height"])


def test_the_readme_shows_them_and_each_is_there_and_small() -> None:
    shown = re.findall(r'src="docs/phone/(\w+)\.png"', (ROOT / "README.md").read_text())
    assert shown == NAMES
    for name in NAMES:
        file = ROOT / "docs" / "phone" / f"{name}.png"
        assert size_of(file) == (PHONE["width"], PHONE["height"]) and file.stat().st_size < LARGEST


async def screens(phone: Phone, server: str, cast: Cast) -> AsyncIterator[str]:
    """Each of the four in turn, by its name."""
    await phone.open()
    await phone.sees("No task now")
    yield "home"
    await offer_to_ben(server, cast)
    await phone.page.reload()
    await phone.sees("Answer by")
    yield "offer"
    await phone.tap("Accept")
    await phone.sees("1 Willow Lane")
    yield "visit"
    await arrived(phone)
    await phone.tap("Convinced")
    yield "outcome"


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height
