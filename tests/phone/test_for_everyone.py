"""What somebody of 55 with big letters, a screen reader or another language needs of each screen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

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
    for path, name in (("/app#/", "home"), ("/app#/mine", "mine"), ("/app#/records", "records")):
        await page.goto(server + path)
        await page.wait_for_selector(".tabs")
        yield name
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
    await page.click(".dock button.go")
    await page.click(".dock a.go")
    await page.wait_for_selector(".tile")
    await page.click(".tile")
    yield "outcome"
    await phone.context.set_offline(True)
    await page.click(".dock .go")
    await page.wait_for_selector(".times")
    yield "done"
    await page.click(".chip.lamp")
    await page.wait_for_selector(".item")
    yield "unsent"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_every_target_is_large_and_named(phone: Phone, server: str, cast: Cast, language: str) -> None:
    await phone.page.add_init_script(f"localStorage.setItem('language', '{language}')")
    found: dict[str, Any] = {}
    async for name in each_screen(phone, server, cast):
        assert await phone.page.evaluate("document.documentElement.lang") == language
        found[name] = await phone.page.evaluate(TOO_SMALL, LEAST_TARGET) + await phone.page.evaluate(NAMELESS)
    assert len(found) == 9 and not any(found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_nothing_is_cut_off_when_the_letters_are_twice_as_large(
    phone: Phone, server: str, cast: Cast, language: str
) -> None:
    larger = "document.addEventListener('DOMContentLoaded', () => document.documentElement.style.fontSize = '225%')"
    await phone.page.add_init_script(f"localStorage.setItem('language', '{language}'); {larger}")
    found: dict[str, Any] = {}
    async for name in each_screen(phone, server, cast):
        found[name] = await phone.page.evaluate(CLIPPED)
    assert len(found) == 9 and not any(found.values()), found
