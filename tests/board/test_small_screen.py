"""On a phone of 360 px every screen of the board fits its width and a thumb: nothing is pushed aside to be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.async_api import Browser

from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Coordinator, Phone, Resident
from outreach.models.states import TokenKind
from outreach.outcomes import tell_board
from tests.board.conftest import a_board
from tests.board.test_a_case import adas_case
from tests.harness.cast import ADA_PHONE, Cast
from tests.phone.conftest import PHONE

MAY_SCROLL = ".fl, .rg-tabs, .pic"
"""The filters above the queue, the registry's tabs and a policy's picture are pushed aside in a box of their own."""

SIDEWAYS = """(mayScroll) => {
  const edge = (box) => box === document.documentElement ? innerWidth : box.getBoundingClientRect().right;
  const wide = [document.documentElement, ...document.body.querySelectorAll("*")].filter((box) =>
    box.scrollWidth > (box === document.documentElement ? innerWidth : box.clientWidth)
    && (box === document.documentElement || ["auto", "scroll"].includes(getComputedStyle(box).overflowX))
    && !box.matches(mayScroll));
  return wide.map((box) => {
    const [widest] = [...box.querySelectorAll("*:not([class*=leaflet])")].sort(
      (one, two) => two.getBoundingClientRect().right - one.getBoundingClientRect().right);
    const named = (one) => one.tagName.toLowerCase() + [...one.classList].map((name) => "." + name).join("");
    const by = Math.round(widest.getBoundingClientRect().right - edge(box));
    return `${named(box)} is wider than the screen: ${named(widest)} stands out by ${by} px`;
  });
}"""

THUMB = 44
LOW = """(least) => [...(document.querySelector("dialog[open]") ?? document.body).querySelectorAll(
    `a[href], button, select, textarea, input:not([type=checkbox], [type=radio]),
    label:has([type=checkbox], [type=radio])`)]
  .filter((one) => one.checkVisibility() && !one.matches(".q .name, .fig-link"))
  .map((one) => [one.textContent || one.name, one.getBoundingClientRect().height])
  .filter(([, high]) => high < least).map(([name, high]) => `${name} is ${high} px high`)"""
"""A name in the queue is part of a row that is touched whole; a figure of the report may be a word of a sentence."""


async def test_no_screen_of_the_board_is_wider_than_a_small_phone_or_too_low_for_a_thumb(
    browser: Browser, server: str, cast: Cast
) -> None:
    case, double = await adas_case(server, cast), await _a_double(cast)
    await Coordinator.filter(id=cast.cleo.id).update(role=TokenKind.ADMIN)
    await tell_board("emergency", case, WallClock().now(), cast.cleo.id, outcome="robbed")
    screens = {
        "/": ".q tbody td", "/?side=map": ".map .leaflet-control", "/?side=calls": ".side", f"/case/{case}": ".tl li",
        f"/case/{case}/call": ".tl li", f"/bulk/{cast.ben.id}": "main.bulk", "/new": ".sheet.new",
        "/report": ".hero", "/import": "main.import input", "/policies": ".pg section",
        f"/merge/{cast.ada.id}/{double}": ".mg td", "/people": ".rg-list li", "/people/new": ".rg-form input",
        "/people/me": '[href="#/people/me"][aria-current]', "/audit": ".fb", "/hotline": "form",
        **{f"/registry/{name}": f'.rg-tabs [aria-current][href="#/registry/{name}"]' for name in LISTS},
        **{f"/registry/{name}/new": f'.rg-form [href="#/registry/{name}"]' for name in MADE},
        f"/registry/residents/{cast.ada.id}": ".rg-part li a", f"/registry/responders/{cast.ben.id}": ".rg-form input",
    }  # fmt: skip
    faults: list[str] = []
    async with a_board(browser, server, cast, None, viewport=PHONE) as nobodys:
        await nobodys.page.goto(f"{server}/board#/sign-in")
        await nobodys.page.locator("form input").first.wait_for()
        faults += await _amiss(nobodys.page, "/sign-in")
        token = await start_session(cast.cleo.id, WallClock().now(), kind=TokenKind.ADMIN)
        await nobodys.context.add_cookies([{"name": "outreach_session", "value": token, "url": server}])
        await nobodys.open()
        for path, sign in screens.items():
            await nobodys.page.goto(f"{server}/board#{path}")
            await nobodys.page.locator(sign).first.wait_for()
            await nobodys.page.locator(".standing li").first.wait_for()
            faults += await _amiss(nobodys.page, path)
    assert not faults, "\n".join(faults)


LISTS = ("residents", "responders", "shifts", "areas", "units", "sources", "categories")
MADE = ("residents", "responders", "areas", "units", "sources")


async def _amiss(page: Any, path: str) -> list[str]:
    faults = [*await page.evaluate(SIDEWAYS, MAY_SCROLL), *await page.evaluate(LOW, THUMB)]
    return [f"{path}: {fault}" for fault in faults]


async def _a_double(cast: Cast) -> Any:
    """Ada is known once more, under a long name."""
    now = WallClock().now()
    double = await Resident.create(name="Augusta Ada Byron Lovelace of Ockham", area=cast.grid, made_at=now)
    given = {"number_hash": cast.ada_phone.number_hash, "country": "GB", "made_at": now - timedelta(days=1)}
    await Phone.create(resident=double, number=ADA_PHONE, **given)
    return double.id
