"""Cleo brings a workbook in at her desk: one bad row is named, nothing is written before she applies it."""

from __future__ import annotations

from io import BytesIO

import pytest
from axe_playwright_python.async_playwright import Axe
from openpyxl import Workbook
from playwright.async_api import Browser, expect

from outreach.models import Resident
from tests.board.conftest import Board, a_board
from tests.board.test_queue import RULES
from tests.harness.cast import Cast

PHONE = {"width": 360, "height": 780}


def register() -> dict[str, object]:
    """A workbook of three residents, of whom one has no number that can be rung."""
    book, packed = Workbook(), BytesIO()
    assert book.active is not None
    for row in (
        ("external_id", "name", "phone", "area", "colour"),
        ("R1", "Ada", "+447700900031", "g1", "red"),
        ("R2", "Eve", 12, "g1", "red"),
        ("R3", "Bo", "+447700900033", "g1", "red"),
    ):
        book.active.append(row)
    book.save(packed)
    return {"name": "register.xlsx", "mimeType": "application/octet-stream", "buffer": packed.getvalue()}


async def axe_finds_nothing(desk: Board) -> None:
    """No fault on this page as it is now."""
    found = await Axe().run(desk.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


async def test_a_workbook_with_a_bad_row_is_looked_at_sifted_and_applied(board: Board) -> None:
    page, before = board.page, await Resident.all().count()
    await board.open("/board#/registry")
    await board.tap("Bring in a file", "link")
    await board.sees("Choose a file.")
    await page.get_by_label("CSV, Excel").set_input_files(register())  # type: ignore[arg-type]
    await expect(page.locator(".rows tbody tr")).to_have_count(3)
    await board.sees("Not read: colour")
    await board.tap("refused")
    await expect(page.locator(".rows tbody tr")).to_have_count(1)
    await board.sees("R2")
    assert await Resident.all().count() == before
    await board.tap("Apply: 2 new, 0 changed")
    await board.sees("Applied: 2 new, 0 changed, 1 refused.")
    assert await Resident.all().count() == before + 2
    # The same file again changes nothing, and so there is nothing to apply.
    await page.get_by_label("CSV, Excel").set_input_files([])
    await page.get_by_label("CSV, Excel").set_input_files(register())  # type: ignore[arg-type]
    await expect(page.get_by_role("button", name="Apply: 0 new, 0 changed")).to_be_disabled()
    await page.get_by_label("CSV, Excel").set_input_files(
        {"name": "a.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK"}
    )
    await board.sees("is not a workbook")


@pytest.mark.parametrize(("locale", "size"), [("zh-CN", PHONE), ("en-GB", None)])
async def test_axe_finds_no_fault_with_a_file_brought_in(
    browser: Browser, server: str, cast: Cast, locale: str, size: dict[str, int] | None
) -> None:
    given = {"viewport": size} if size else {}
    async with a_board(browser, server, cast, cast.cleo, locale=locale, **given) as desk:
        await desk.open("/board#/import")
        await desk.page.locator("input[type=file]").set_input_files(register())  # type: ignore[arg-type]
        await desk.page.wait_for_selector(".rows tr.refused")
        await axe_finds_nothing(desk)
        assert await desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
