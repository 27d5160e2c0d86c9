"""The registry on the board: people are found and put right, and an admin draws a grid and lets a source in."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from outreach.clock import WallClock
from outreach.models import Area, Category, Coordinator, Phone, Resident, Shift, Source
from outreach.models.searching import Whom, index_anew
from outreach.models.states import TokenKind
from tests.board.conftest import Board, a_board
from tests.harness.cast import ADA_PHONE, Cast
from tests.phone.conftest import PHONE

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def known(cast: Cast) -> Resident:
    """Guilan, who lives beside Ada; she, Ada and Ben can be found."""
    guilan = await Resident.create(name="郑桂兰", language="zh-CN", area=cast.grid, made_at=WallClock().now())
    await index_anew(Whom.RESIDENT, [cast.ada.id, guilan.id])
    await index_anew(Whom.RESPONDER, [cast.ben.id])
    return guilan


async def looks_for(board: Board, text: str) -> None:
    """Type what is looked for, from wherever the focus is."""
    await board.page.locator(".rg-list li").first.wait_for()
    await board.page.evaluate("document.activeElement.blur()")
    await board.press("/")
    await board.page.keyboard.press("Control+a")
    await board.page.keyboard.type(text)


async def test_cleo_finds_people_and_what_another_changed_meanwhile_is_never_overwritten(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    await known(cast)
    listed = board.page.locator(".rg-list li")
    await board.open("/board#/registry")
    await looks_for(board, "zheng guilan")
    await listed.filter(has_text="Ada").wait_for(state="detached")
    assert await listed.count() == 1 and "郑桂兰" in await listed.inner_text()
    await board.page.get_by_role("searchbox").fill(ADA_PHONE[-4:])
    await board.sees("A phone number is found by all of its digits.")
    await board.page.get_by_role("searchbox").fill("")
    await looks_for(board, ADA_PHONE)
    await listed.filter(has_text="Ada").click()
    assert "guilan" not in board.page.url and ADA_PHONE not in board.page.url

    lina = await Coordinator.create(name="Lina", area=cast.city)
    name = board.page.get_by_label("Name", exact=True)
    await name.fill("Ada Byron")
    async with a_board(browser, server, cast, lina) as linas:
        await linas.open(f"/board#/registry/residents/{cast.ada.id}")
        await linas.page.get_by_label("Name", exact=True).fill("Ada Lovelace")
        await linas.page.get_by_label("Language").select_option("yue")
        await linas.tap("Save")
        await linas.sees("Saved")
    await board.tap("Save")
    await board.sees("Somebody changed this meanwhile")
    await board.sees("yours: Ada Byron")
    assert (await Resident.get(id=cast.ada.id)).name == "Ada Lovelace"
    await board.tap("Save mine")
    await board.page.get_by_role("heading", name="Ada Byron").wait_for()
    ada = await Resident.get(id=cast.ada.id)
    assert (ada.name, ada.language) == ("Ada Byron", "yue")

    await board.tap("New resident", role="link")
    number = board.page.get_by_role("textbox", name=re.compile("^Number"))
    await number.fill("no number")
    await board.tap("Save")
    await board.sees("There is none, or not in your area.")
    await board.page.locator(".rg-form").get_by_label("Area").select_option("g1")
    await board.tap("Save")
    await board.sees("This is not written as it should be.")
    await number.fill("+447700900044")
    await board.tap("Save")
    await listed.filter(has_text="+447700900044").wait_for()
    assert await Phone.filter(origin="coordinator").count() == 1


async def test_cleo_plans_bens_hours_and_invites_him_and_a_chief_only_reads(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    await known(cast)
    await board.open(f"/board#/registry/responders/{cast.ben.id}")
    await board.page.get_by_role("heading", name="Ben").wait_for()
    day = (WallClock().now() + timedelta(days=9)).date().isoformat()
    plan = board.page.get_by_role("form", name="Plan this shift")
    await plan.get_by_label("From").fill(f"{day}T16:00")
    await plan.get_by_label("Until").fill(f"{day}T08:00")
    await board.tap("Plan this shift")
    await board.sees("It has to end after it starts.")
    await plan.get_by_label("Until").fill(f"{day}T20:00")
    await board.tap("Plan this shift")
    await board.page.get_by_role("button", name=re.compile("^Take back")).wait_for()
    # The shift is none of the form's own: what is typed there is kept on the version that came since.
    await board.page.get_by_label("Tasks at once").fill("3")
    await board.tap("Save")
    await board.sees("Saved")
    assert await Shift.filter(responder=cast.ben).count() == 2
    await board.tap("Take back")
    await board.sees("Taken back")
    assert await Shift.filter(responder=cast.ben).count() == 1
    await board.tap("Make an invitation")
    assert "/app#/join/" in await board.page.get_by_label("Link to send them").input_value()
    async with a_board(browser, server, cast, cast.cleo, TokenKind.CHIEF) as chiefs:
        await chiefs.open(f"/board#/registry/responders/{cast.ben.id}")
        await chiefs.page.get_by_role("heading", name="Ben").wait_for()
        offered = chiefs.page.get_by_role("button", name=re.compile("^(Save|Add|End now|Plan|Make)"))
        assert await offered.count() == 0 == await chiefs.page.get_by_role("link", name=re.compile("^New")).count()


async def test_an_admin_draws_a_grid_and_makes_a_source_whose_key_warns_until_it_is_revoked(
    browser: Browser, server: str, cast: Cast
) -> None:
    async with a_board(browser, server, cast, await Coordinator.create(name="Cleo"), TokenKind.ADMIN) as admins:
        await admins.open(f"/board#/registry/areas/{cast.grid.id}")
        ground = admins.page.locator(".rg-map.leaflet-container")
        for n, (x, y) in enumerate(((200, 80), (400, 220), (400, 80), (200, 220))):
            await ground.click(position={"x": x, "y": y})
            await admins.page.locator(".map-corner").nth(n).wait_for()
        await admins.tap("Save")
        await admins.sees("The line crosses itself, or encloses nothing.")
        for _ in range(3):
            await admins.tap("Corner back")
        for n, (x, y) in enumerate(((400, 80), (400, 220), (200, 220))):
            await ground.click(position={"x": x, "y": y})
            await admins.page.locator(".map-corner").nth(n + 1).wait_for()
        await admins.tap("Save")
        await admins.sees("Saved")
        drawn = (await Area.get(id=cast.grid.id)).boundary
        assert drawn is not None and len(drawn["coordinates"][0]) == 5  # type: ignore[index]

        await admins.open("/board#/registry/sources/new")
        await admins.page.get_by_label("Unit").select_option("bank")
        await admins.page.get_by_label("Name", exact=True).fill("Lake branch")
        await admins.page.get_by_label("Code", exact=True).fill("bank")
        await admins.tap("Save")
        await admins.sees("This is taken already.")
        await admins.page.get_by_label("Code").last.fill("lake")
        await admins.tap("Save")
        await admins.sees("Copy it now")
        key = await admins.page.get_by_label("Key", exact=True).input_value()
        assert await warned(server, key, "w-1") == 202
        await admins.page.reload()
        await admins.page.get_by_role("heading", name="Lake branch").wait_for()
        assert key not in await admins.page.content()
        await admins.tap("Revoke")
        await admins.page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        await admins.page.locator(".rg-form").get_by_text("no key").wait_for()
        assert await warned(server, key, "w-2") == 401 and await Source.filter(code="lake").exists()


async def test_an_admin_puts_right_what_is_said_and_adds_what_may_be_found(
    browser: Browser, server: str, cast: Cast
) -> None:
    category = await Category.get(code="impersonation")
    async with a_board(browser, server, cast, await Coordinator.create(name="Cleo"), TokenKind.ADMIN) as admins:
        await admins.open(f"/board#/registry/categories/{category.id}")
        await admins.page.get_by_label(re.compile("^May be said.*English")).fill(
            "Your branch asks after you.\nMay I come in?"
        )
        await admins.tap("Add")
        fresh = admins.page.locator(".rg-rows details").last
        await fresh.get_by_label("Code").fill("gone_away")
        await fresh.get_by_label(re.compile("^Name.*English")).fill("Gone away")
        await fresh.get_by_label("Again after").fill("two hours")
        await admins.tap("Save")
        await admins.sees("This is not written as it should be.")
        await admins.page.locator(".rg-rows details").last.get_by_label("Again after").fill("2h")
        await admins.tap("Save")
        await admins.sees("Saved")
    kept = await Category.get(id=category.id)
    assert kept.scripts["say"]["en"] == ["Your branch asks after you.", "May I come in?"]  # type: ignore[index]
    assert kept.outcomes[:-1] == category.outcomes
    assert kept.outcomes[-1] == {"code": "gone_away", "name": {"en": "Gone away"}, "again_after": "2h"}


async def warned(server: str, key: str, external_id: str) -> int:
    """The status that a source gets which warns of Ada with this key."""
    body = {"external_id": external_id, "category": "impersonation", "severity": "high", "summary": "A caller."}
    body |= {"detected_at": WallClock().now().isoformat(), "resident": {"phone": ADA_PHONE}}
    async with httpx2.AsyncClient(base_url=server, headers={"Authorization": f"Bearer {key}"}) as source:
        return (await source.post("/api/warnings", json=body)).status_code


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_everybody_can_use_the_registry(browser: Browser, server: str, cast: Cast, locale: str) -> None:
    await known(cast)
    category = (await Category.get(code="impersonation")).id
    paths = {
        f"residents/{cast.ada.id}": ".rg-fields",
        f"responders/{cast.ben.id}": ".rg-small li",
        f"shifts/{cast.ben.id}": ".rg-small li",
        f"areas/{cast.grid.id}": ".leaflet-container",
        f"units/{cast.source.unit_id}": ".rg-fields",
        f"sources/{cast.source.id}": ".rg-part",
        f"categories/{category}": ".rg-fields details",
    }
    whole = await Coordinator.create(name="Cleo")
    async with a_board(browser, server, cast, whole, TokenKind.ADMIN, locale=locale) as admins:
        for path, waits in paths.items():
            await admins.open(f"/board#/registry/{path}")
            await admins.page.wait_for_selector(f".rg-form {waits}")
            for size in ({"width": 1280, "height": 800}, PHONE):
                await admins.page.set_viewport_size(size)
                found = await Axe().run(admins.page, options=RULES)
                assert not found.response["violations"], (path, size, found.generate_report())
                assert await admins.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, size)
