"""The queue: who runs out of time first, live, on a desk and on a phone, by keys, and with the line cut."""

from __future__ import annotations

import asyncio
import math
import re
from datetime import timedelta
from importlib.resources import files
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from outreach.clock import WallClock
from outreach.models import (
    Attempt,
    Category,
    Coordinator,
    EscalationPolicy,
    Offer,
    Outreach,
    Resident,
    Target,
    Task,
    Warning,
)
from tests.board.conftest import DESK, Board, a_board
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE, warn

OPEN, FAR = 500, 25
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


async def of_the_grid(case: UUID, cast: Cast, minutes: float = 1) -> None:
    """Let this case be of Cleo's grid, opened so many minutes ago."""
    opened = WallClock().now() - timedelta(minutes=minutes)
    await Outreach.filter(id=case).update(area_id=cast.grid.id, opened_at=opened, step_at=opened)


async def test_a_new_case_appears_by_itself_and_one_past_its_target_is_said_to_be_late(
    board: Board, server: str, cast: Cast
) -> None:
    await board.open()
    await board.sees("There is nobody to reach now.")
    case = await warn(server, cast)
    await board.sees("Ada")
    await of_the_grid(case, cast, minutes=41)
    await board.page.reload()
    await board.sees("11:0")
    assert "late" in await board.page.inner_text(f"#row-{case}")
    assert await board.page.inner_text(".fig.late b") == "1"


async def test_what_happened_while_the_line_was_cut_is_there_when_it_is_back(
    board: Board, server: str, cast: Cast
) -> None:
    case = await warn(server, cast)
    await of_the_grid(case, cast)
    await board.open()
    await board.sees("Ada")
    await board.context.set_offline(True)
    await board.sees("The link is down")
    another = {"phone": "+447700900044", "name": "Another"}
    await of_the_grid(await warn(server, cast, external_id="w-2", resident=another), cast)
    assert await board.page.get_by_text("Another").count() == 0
    await board.context.set_offline(False)
    await board.sees("Another")
    await board.page.get_by_text("The link is down").wait_for(state="detached")


PARTS_HERE = "performance.getEntriesByType('resource').filter(({ name }) => /part-.*js$/.test(name)).length"


async def test_a_line_that_is_cut_takes_no_screen_and_no_language_away(board: Board) -> None:
    await board.open()
    parts = sum(file.name.startswith("part-") for file in (files("outreach") / "assets" / "files").iterdir())
    async with asyncio.timeout(20):
        while await board.page.evaluate(PARTS_HERE) != parts:
            await asyncio.sleep(0.05)
    await board.context.set_offline(True)
    for screen, words in (("registry", "Registry"), ("policies", "Policies"), ("report", "Report")):
        await board.page.evaluate(f"location.hash = '#/{screen}'")
        await board.page.get_by_role("main", name=re.compile(words)).wait_for()
    await board.page.locator(".who-menu .me").click()
    await board.tap("中文")
    await board.sees("报告")


async def test_a_part_that_did_not_come_is_said_and_comes_when_the_board_is_loaded_again(board: Board) -> None:
    await board.page.add_init_script("window.requestIdleCallback = () => {}")
    await board.open()
    await board.sees("Who goes where")
    await board.context.set_offline(True)
    await board.page.evaluate("location.hash = '#/report'")
    await board.sees("This part of the board did not come.")
    await board.context.set_offline(False)
    await board.tap("Load the board again")
    await board.page.get_by_role("main", name="Report").wait_for()


async def test_cleo_goes_down_the_queue_by_keys_and_opens_a_case(board: Board, server: str, cast: Cast) -> None:
    await board.open()
    for n, minutes in enumerate((5, 35, 25)):
        resident = {"phone": f"+4477009000{50 + n}", "name": f"Person {minutes}"}
        await of_the_grid(await warn(server, cast, external_id=f"w-{n}", resident=resident), cast, minutes)
    await board.page.reload()
    await board.page.locator(".q .name", has_text="Person 5").first.wait_for()
    names = await board.page.eval_on_selector_all(".q .name", "all => all.map(one => one.textContent)")
    assert names == ["Person 35", "Person 25", "Person 5"]
    await board.press("j", "j")
    assert await board.page.inner_text(".sel-row .name") == "Person 25"
    await board.press("?")
    await board.sees("next case")
    await board.press("Escape", "Enter")
    await board.page.wait_for_url("**/board#/case/*")


async def test_no_key_is_lost_that_is_pressed_as_a_dialog_opens_or_closes(
    board: Board, server: str, cast: Cast
) -> None:
    case = await warn(server, cast)
    await of_the_grid(case, cast)
    await board.open(f"/board#/case/{case}")
    call, dialog = board.page.locator(".acts .btn", has_text="Call"), board.page.locator("dialog[open]")
    await call.click()
    for keys, opens in ((("Escape", "c"), ".found"), (("Escape", "?"), ".keylist"), (("Escape", "?"), ".keylist")):
        await dialog.wait_for()
        # One after the other, as fast as the browser takes them.
        await asyncio.gather(*map(board.page.keyboard.press, keys))
        await dialog.locator(opens).wait_for()
    await board.press("Escape")
    await dialog.wait_for(state="detached")
    await asyncio.gather(*map(board.page.keyboard.press, ("c", "Escape")))
    await expect(board.page.locator("dialog")).to_have_count(0)
    assert str(case) in board.page.url
    await call.click()
    await dialog.get_by_role("button", name="Close").click()
    await expect(call).to_be_focused()


async def taken_on(case: UUID, cast: Cast, kind: str = "visit", status: str = "accepted") -> None:
    """Let Ben have said yes to it, or stand at the door."""
    now = WallClock().now()
    due = now + timedelta(minutes=20)
    asked: dict[str, Any] = {"step": 2, "reason": "nearest", "code": "7Q", "offered_at": now, "lapses_at": due}
    alike: dict[str, Any] = {"outreach_id": case, "kind": kind, "responder": cast.ben}
    offer = await Offer.create(**alike, **asked, status="accepted", distance_m=900.0, travel_s=600.0, settled_at=now)
    arrived = now if status == "arrived" else None
    await Task.create(**alike, offer=offer, status=status, accepted_at=now, arrived_at=arrived, due_at=due)


async def test_cleo_sees_only_who_is_on_the_way_at_a_door_or_paused_and_is_told_what_that_hides(
    board: Board, server: str, cast: Cast
) -> None:
    cases = {}
    for n, who in enumerate(("Visited", "Rung", "At home", "Paused", "Waiting")):
        cases[who] = await warn(server, cast, external_id=who, resident={"phone": f"+4477009000{60 + n}", "name": who})
        await of_the_grid(cases[who], cast, minutes=50 if who == "Waiting" else 5)
    await taken_on(cases["Visited"], cast)
    await taken_on(cases["Rung"], cast, "call")
    await taken_on(cases["At home"], cast, status="arrived")
    await Outreach.filter(id=cases["Paused"]).update(paused_at=WallClock().now())
    await board.open()
    state, names = board.page.get_by_label("State"), board.page.locator(".q .name")
    for option, only in (("On the way 1", "Visited"), ("At the door 1", "At home"), ("Paused 1", "Paused")):
        await state.select_option(label=option)
        await expect(names).to_have_text([only])
    await board.page.reload()
    await expect(names).to_have_text(["Paused"])
    # Beside a case, and back from it, it is the same queue.
    await board.press("j", "Enter")
    await board.page.get_by_role("button", name="Paused ×").wait_for()
    await expect(names).to_have_text(["Paused"])
    await board.press("Escape")
    await expect(state).to_have_value("paused")
    await board.page.get_by_label("Severity").select_option("low")
    await board.sees("Paused · Low: no case.")
    await board.sees("Without these filters there are 5, 1 of them late.")
    await board.press("Escape")
    await expect(names).to_have_count(5)
    assert await state.input_value() == ""
    await board.page.get_by_label("Name, grid").fill("rung")
    await expect(names).to_have_text(["Rung"])
    assert "rung" not in board.page.url


async def test_who_is_on_the_way_and_which_colleague_has_the_case_are_both_named_on_a_desk_and_on_a_phone(
    board: Board, server: str, cast: Cast
) -> None:
    case = await warn(server, cast)
    await of_the_grid(case, cast)
    lina = await Coordinator.create(name="Lina", area=cast.city)
    await Outreach.filter(id=case).update(taken_by=lina)
    await taken_on(case, cast)
    await board.open()
    row = board.page.locator(f"#row-{case}")
    for size, high in ((DESK, 37), (PHONE, 72)):
        await board.page.set_viewport_size(size)
        await expect(row.locator(".c-who")).to_contain_text("Ben")
        await expect(row.locator(".took")).to_have_text("taken by LinaLina")
        names = [row.get_by_text(name, exact=True) for name in ("Ada", "Ben", "Lina")]
        boxes = [await name.bounding_box() for name in names]
        assert all(box and box["x"] > 0 and box["x"] + box["width"] < size["width"] for box in boxes)
        assert len({(box["x"], box["y"]) for box in boxes if box}) == len(boxes)
        whole = await row.bounding_box()
        assert whole and whole["height"] <= high


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_axe_finds_no_fault_with_the_board(browser: Browser, server: str, cast: Cast, locale: str) -> None:
    await of_the_grid(await warn(server, cast), cast, minutes=41)
    for size in ({"width": 1280, "height": 800}, PHONE):
        async with a_board(browser, server, cast, cast.cleo, locale=locale, viewport=size) as board:
            await board.open()
            await board.sees("Ada")
            found = await Axe().run(board.page, options=RULES)
            assert found.violations_count == 0, found.generate_report()


async def test_nobody_who_is_not_signed_in_sees_the_board(browser: Browser, server: str, cast: Cast) -> None:
    await warn(server, cast)
    async with a_board(browser, server, cast, None) as board:
        await board.open()
        await board.sees("6 digits from your authenticator")
        assert "Ada" not in await board.page.inner_text("body")


async def many(cast: Cast, count: int, apart_s: int) -> None:
    """So many people of Cleo's grid with an open case, each begun so long before the last, with two texts each."""
    now = WallClock().now()
    category, policy = await Category.get(code="impersonation"), await EscalationPolicy.get(name="fraud_high")
    people = [Resident(name=f"Person {n}", area=cast.grid, made_at=now) for n in range(count)]
    await Resident.bulk_create(people)
    usual: dict[str, Any] = {"category": category, "severity": "high"}
    opened = [now - timedelta(seconds=apart_s * n) for n in range(count)]
    cases = [
        Outreach(
            **usual, resident_id=who.id, family="fraud", policy=policy, area=cast.grid, due_at=now + timedelta(days=1),
            opened_at=at, ladder_from=at, step_at=at, status="open",
        )
        for who, at in zip(people, opened, strict=True)
    ]  # fmt: skip
    await Outreach.bulk_create(cases)
    from_bank = {"source": cast.source, "content_hash": "h", "summary": "s"}
    warnings = [
        Warning(**usual, **from_bank, external_id=f"many-{n}", detected_at=at, received_at=at)
        for n, at in enumerate(opened)
    ]
    await Warning.bulk_create(warnings)
    of = [
        (who.id, case.id, warning.id, at)
        for who, case, warning, at in zip(people, cases, warnings, opened, strict=True)
    ]
    await Target.bulk_create([Target(warning_id=w, resident_id=r, outreach_id=o, joined_at=at) for r, o, w, at in of])
    sent = {"channel": "sms", "text_key": "warned", "status": "delivered"}
    tries = [(o, at, n) for _, o, _, at in of for n in (1, 2)]
    await Attempt.bulk_create(
        Attempt(**sent, outreach_id=o, step=0, try_no=n, queued_at=at, send_after=at, sent_at=at, delivered_at=at)
        for o, at, n in tries
    )


async def test_five_hundred_open_cases_are_gone_through_by_keys_and_the_next_one_is_seen(
    board: Board, server: str, cast: Cast
) -> None:
    await many(cast, OPEN, apart_s=5)
    await board.open()
    await board.sees(f"Person {OPEN - 1}")
    assert await board.page.locator(".q tbody tr:not(.grp)").count() == OPEN
    not_drawn = sum(map(int, await board.page.locator(".runway g text:not(.edge)").all_text_contents()))
    assert not_drawn > 0 and await board.page.locator(".runway .dot").count() + not_drawn == OPEN
    for _ in range(FAR):
        await board.press("j")
    assert await board.page.inner_text(".sel-row .name") == f"Person {OPEN - FAR}"
    await warn(server, cast)
    await board.sees("Ada")
    assert await board.page.inner_text(".sel-row .name") == f"Person {OPEN - FAR}"


SPOTS = """[...document.querySelectorAll(".runway .dot")].map((dot) => {
  const { x, y } = dot.getBoundingClientRect();
  return [x, y];
})"""


async def test_each_of_sixty_cases_has_its_own_place_on_the_line_of_time_however_late_it_is(
    browser: Browser, server: str, cast: Cast
) -> None:
    await many(cast, 60, apart_s=91)
    for size in (PHONE, DESK):
        async with a_board(browser, server, cast, cast.cleo, viewport=size) as board:
            await board.open()
            await expect(board.page.locator(".runway .dot.late")).to_have_count(40)
            spots = await board.page.evaluate(SPOTS)
            assert len(spots) == 60
            assert min(math.dist(one, other) for one, other in combinations(spots, 2)) > 3
            await board.page.locator(".runway .dot").first.click()
            await expect(board.page.get_by_role("heading", level=1)).to_contain_text("Person 59")
