"""What somebody of 55 with big letters, a screen reader or another language needs of each screen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe

from outreach.models.states import TaskKind
from tests.harness.cast import Cast
from tests.phone.conftest import Phone, offer_to_ben

WORDS = Path(__file__).parents[2] / "static" / "phone" / "words"
LEAST_TARGET = 48
ENTRY = re.compile(r'^  (\w+): "(.*)",$', re.MULTILINE)
TOO_SMALL = """(least) => [...document.querySelectorAll("a[href], button, [role=switch], textarea")]
  .filter((one) => one.checkVisibility()).map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => Math.min(box.width, box.height) < least && !one.matches(".chip"))
  .map(([one, box]) => `${one.textContent || one.getAttribute("aria-label")} ${box.width}x${box.height}`)"""
CLIPPED = """() => [document.body, ...document.querySelectorAll("main *, .dock *, .bar *, .foot *, dialog *")]
  .filter((one) => !one.closest("svg") && !one.matches(".badge") && getComputedStyle(one).display !== "inline")
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className} ${one.scrollWidth}>${one.clientWidth} ${one.textContent.slice(0, 30)}`)"""
NAMELESS = """() => [...document.querySelectorAll("a[href], button, textarea, [role=switch], [role=timer]")]
  .filter((one) => !(one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length))
  .map((one) => one.outerHTML)"""


SCREENS = (
    *("mine", "records", "home", "times", "hours", "offer", "reasons", "visit", "correcting", "help"),
    *("outcome", "again", "done", "unsent", "call"),
)


def faults(told: dict[str, Any]) -> list[str]:
    """What axe found against WCAG 2.2 AA and good practice: the rule, and where it is broken."""
    return [f"{rule['id']}: {node['html'][:120]}" for rule in told["violations"] for node in rule["nodes"]]


def entries(language: str) -> dict[str, str]:
    """Every word of one dictionary."""
    return dict(ENTRY.findall((WORDS / f"{language}.js").read_text()))


def test_both_languages_have_every_word_and_fill_in_the_same() -> None:
    zh, en = entries("zh"), entries("en")
    assert len(zh) > 100 and set(zh) == set(en)
    assert not [word for word in zh if re.findall(r"\{\w+\}", zh[word]) != re.findall(r"\{\w+\}", en[word])]


def test_no_word_is_left_in_the_language_it_came_from() -> None:
    assert not [word for word, said in entries("en").items() if re.search("[\u4e00-\u9fff]", said)]
    assert not [word for word, said in entries("zh").items() if not re.search("[\u4e00-\u9fff]", said)]


async def each_screen(phone: Phone, server: str, cast: Cast) -> AsyncIterator[str]:
    """Every screen of a visit in turn, by its name."""
    page = phone.page
    for path, name in (("/app#/mine", "mine"), ("/app#/records", "records"), ("/app#/", "home")):
        await page.goto(server + path)
        await page.wait_for_selector(".figures" if name == "home" else ".tabs")
        yield name
    await page.click(".wide")
    yield "times"
    await page.click(".sheet .text")
    await page.goto(server + "/app#/hours")
    await page.wait_for_selector(".certificate")
    yield "hours"
    await offer_to_ben(server, cast)
    await page.goto(server + "/app?again")
    await page.wait_for_selector(".ring")
    yield "offer"
    await page.click(".dock .text")
    yield "reasons"
    await page.click(".sheet .text")
    await page.click(".dock .go")
    await page.wait_for_selector(".badge")
    yield "visit"
    await page.click("main .btn.text")
    yield "correcting"
    await page.click(".sheet .text")
    await page.click(".dock .help")
    yield "help"
    await page.click(".sheet .text")
    await page.click(".dock button.go")
    await page.click(".dock a.go")
    await page.wait_for_selector(".tile")
    await page.click(".tile >> nth=1")
    yield "outcome"
    await page.click(".dock .go")
    yield "again"
    await phone.context.set_offline(True)
    await page.click(".sheet .line")
    await page.wait_for_selector(".times")
    yield "done"
    await page.click(".chip.lamp")
    await page.wait_for_selector(".item")
    yield "unsent"
    await phone.context.set_offline(False)
    await phone.nothing_unsent()
    offer = await offer_to_ben(server, cast, external_id="w-2")
    await offer.update_from_dict({"kind": TaskKind.CALL}).save()
    await page.goto(server + "/app?call")
    await page.click(".dock .go")
    await page.wait_for_selector(".tile")
    yield "call"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_axe_finds_no_fault_and_every_target_is_large_and_named(
    phone: Phone, server: str, cast: Cast, language: str
) -> None:
    await phone.page.add_init_script(f"localStorage.setItem('language', '{language}')")
    # Dark in one language and light in the other: colours know no language.
    await phone.page.emulate_media(color_scheme="dark" if language == "zh-CN" else "light")
    found: dict[str, Any] = {}
    async for name in each_screen(phone, server, cast):
        assert await phone.page.evaluate("document.documentElement.lang") == language
        found[name] = await phone.page.evaluate(TOO_SMALL, LEAST_TARGET) + await phone.page.evaluate(NAMELESS)
        found[name] += faults((await Axe().run(phone.page)).response)
    assert len(found) == len(SCREENS) and not any(found.values()), found


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_nothing_is_cut_off_when_the_letters_are_twice_as_large(
    phone: Phone, server: str, cast: Cast, language: str
) -> None:
    larger = "document.addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '225%')"
    await phone.page.add_init_script(f"localStorage.setItem('language', '{language}'); {larger}")
    found: dict[str, Any] = {}
    async for name in each_screen(phone, server, cast):
        found[name] = await phone.page.evaluate(CLIPPED)
    assert len(found) == len(SCREENS) and not any(found.values()), found
