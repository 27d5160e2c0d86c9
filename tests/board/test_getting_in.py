"""How Cleo gets in: by a link once, then by what she set up with it."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Browser

from outreach.access import make_link
from outreach.clock import WallClock
from tests.board.conftest import a_board
from tests.harness.authenticator import digits_of
from tests.harness.cast import Cast


async def test_cleo_sets_a_password_by_her_link_and_signs_in_with_it_ever_after(
    browser: Browser, server: str, cast: Cast
) -> None:
    now = WallClock().now()
    link = await make_link(cast.cleo.id, now)
    async with a_board(browser, server, cast, None) as board:
        await board.open(f"/board#/join/{link.code}")
        await board.sees("Welcome, Cleo")
        await board.tap("Set a password")
        secret = (await board.page.inner_text(".qr code")).replace(" ", "")
        await board.page.get_by_label("New password").fill("a long enough sentence")
        await board.page.get_by_label("6 digits").fill(digits_of(secret, now))
        await board.tap("Set and enter")
        await board.page.locator(".me").wait_for()
        await board.tap("Cleo")
        await board.tap("Sign out")
        await board.sees("No password?")
        await board.page.get_by_label("Name").fill("Cleo")
        await board.page.get_by_label("Password").fill("a long enough sentence")
        # The digits of a step count once; the next step's are taken too, for clocks differ.
        await board.page.get_by_label("6 digits").fill(digits_of(secret, now + timedelta(seconds=30)))
        await board.tap("Sign in")
        await board.sees("Live")
