"""Cleo lets somebody in and out again, sees who looked, and finds that two are one person; by keys where she likes."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from outreach.clock import WallClock
from outreach.models import AccessToken, Coordinator, Outreach, Phone, Resident
from outreach.models.states import TokenKind
from outreach.web import live
from tests.board.conftest import Board, a_board
from tests.board.test_a_case import adas_case
from tests.harness.cast import ADA_PHONE, Cast

A_PHONE = {"width": 360, "height": 780}


@pytest.fixture(autouse=True)
def quick_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that was ended is found to be over within a second, and not within fifteen."""
    monkeypatch.setattr(live, "BEAT_S", 1.0)


async def a_double(cast: Cast) -> UUID:
    """Ada is known once more, by the same number."""
    now = WallClock().now()
    double = await Resident.create(name="Ada Byron", area=cast.grid, made_at=now)
    phone = await Phone.get(number_hash=cast.ada_phone.number_hash)
    await Phone.create(
        resident=double, number=ADA_PHONE, number_hash=phone.number_hash, country="GB", made_at=now - timedelta(days=1)
    )
    return double.id


async def test_an_admin_lets_a_chief_in_by_a_link_and_out_again_and_the_chiefs_board_says_so(
    browser: Browser, server: str, cast: Cast
) -> None:
    await Coordinator.filter(id=cast.cleo.id).update(role=TokenKind.ADMIN)
    async with (
        a_board(browser, server, cast, cast.cleo, TokenKind.ADMIN) as cleos,
        a_board(browser, server, cast, None) as chis,
    ):
        await cleos.open("/board#/people/new")
        await cleos.page.get_by_label("Name").fill("Chi")
        await cleos.page.get_by_label("Role").select_option("chief")
        await cleos.page.locator(".rg-fields select").last.select_option("lin")
        await cleos.tap("Save")
        await cleos.sees("No way yet")
        await cleos.tap("Make a link")
        link = await cleos.page.get_by_label("Link", exact=True).input_value()
        await chis.page.goto(server + link[link.index("/board#") :])
        await chis.sees("Welcome, Chi")
        await chis.tap("Enter just this once")
        await chis.sees("Live")
        await chis.page.goto(f"{server}/board#/people")
        await chis.sees("Password and authenticator")
        await cleos.page.reload()
        await cleos.tap("End ")
        await chis.sees("Your session is over. Please sign in again.")
        await chis.sees("No password?")
        await cleos.tap("Take access away")
        await cleos.page.get_by_role("dialog").get_by_role("button", name="Take access away").click()
        await cleos.sees("Chi gets in no more")
        assert (await Coordinator.exclude(left_at__isnull=True).get()).name == "Chi"
        assert not await AccessToken.filter(kind=TokenKind.CHIEF, revoked_at__isnull=True).exists()
        # Nobody but Cleo is left who could say who coordinates here.
        await cleos.page.goto(f"{server}/board#/people/{cast.cleo.id}")
        await cleos.page.get_by_role("heading", name="Cleo").wait_for()
        await cleos.tap("Take access away")
        await cleos.page.get_by_role("dialog").get_by_role("button", name="Take access away").click()
        await cleos.sees("Nobody else is an admin here")


async def test_cleo_makes_one_person_of_two_by_keys_and_the_chief_reads_that_she_looked(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case, double = await adas_case(server, cast), await a_double(cast)
    await board.open(f"/board#/case/{case}")
    await board.tap("Possibly two of one person", "link")
    await board.page.get_by_role("heading", name="One person or two?").wait_for()
    await board.press("2", "1", "j", "k", "ArrowRight", "m")
    await board.sees("Both become Ada Byron")
    await board.press("Enter")
    await board.sees("Merged: they are one person now")
    await board.page.get_by_role("heading", name=re.compile("Ada Byron")).wait_for()
    kept = await Resident.get(id=cast.ada.id)
    assert kept.name == "Ada Byron" and (await Resident.get(id=double)).merged_into == cast.ada.id
    assert str((await Outreach.get(resident_id=cast.ada.id)).id) == str(case)
    # Whoever comes to the two a moment later is told who was there first.
    await board.page.goto(f"{server}/board?again#/merge/{cast.ada.id}/{double}")
    await board.sees("Cleo was quicker: This person was merged into another already.")
    await board.open("/board?again#/audit")
    await board.sees("Your role may not do that.")
    await expect(board.page.get_by_role("table")).to_have_count(0)
    async with a_board(browser, server, cast, cast.cleo, TokenKind.CHIEF) as chiefs:
        await chiefs.open("/board#/audit")
        await chiefs.sees("opened a record")
        await chiefs.sees("saw names on the board")
        await chiefs.page.get_by_label("What").select_option("record")
        await expect(chiefs.page.get_by_text("saw names on the board")).to_have_count(0)
        await chiefs.page.locator("summary").first.click()
        await chiefs.page.get_by_role("link", name=f"person …{str(cast.ada.id)[-6:]}").first.click()
        async with chiefs.page.expect_download() as saved:
            await chiefs.page.get_by_role("link", name="Export for this person").click()
        told = (await (await saved.value).path()).read_text()
        assert told.splitlines()[0] == "at,who,organisation,outreach_id,how" and "record" in told
        assert "Ada" not in told and "Cleo" not in told


async def test_who_says_that_they_are_two_is_not_asked_again(board: Board, server: str, cast: Cast) -> None:
    case, double = await adas_case(server, cast), await a_double(cast)
    await board.open(f"/board#/merge/{cast.ada.id}/{double}")
    await board.sees("is merged into the other")
    await board.press("x")
    await board.sees("Two people; nobody is asked about them again")
    await board.page.get_by_role("heading", name=re.compile("Ada")).wait_for()
    assert board.page.url.endswith(str(case))
    await expect(board.page.get_by_text("Possibly two of one person")).to_have_count(0)


@pytest.mark.parametrize(("locale", "size"), [("en-GB", A_PHONE), ("zh-CN", {"width": 1280, "height": 800})])
async def test_everybody_can_use_the_pages_about_people_and_looks(
    browser: Browser, server: str, cast: Cast, locale: str, size: dict[str, int]
) -> None:
    await adas_case(server, cast)
    double = await a_double(cast)
    await Coordinator.filter(id=cast.cleo.id).update(role=TokenKind.ADMIN)
    async with a_board(browser, server, cast, cast.cleo, TokenKind.ADMIN, locale=locale, viewport=size) as cleos:
        await cleos.open()
        await cleos.page.wait_for_selector(".q")
        for path, there in (
            (f"/people/{cast.cleo.id}", ".rg-part"),
            ("/people/me", ".rg-small li"),
            ("/audit", ".looks td"),
            (f"/merge/{cast.ada.id}/{double}", ".mg td"),
        ):
            await cleos.open(f"/board#{path}")
            await cleos.page.wait_for_selector(there)
            found = await Axe().run(cleos.page)
            assert not found.response["violations"], (path, found.generate_report())
            wide = await cleos.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path
