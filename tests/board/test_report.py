"""The report's page: its figures are the API's, each opens its cases, and it prints on one sheet."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator

from outreach.access import issue_token
from outreach.clock import WallClock
from outreach.models import Area, EscalationPolicy, Offer, Outreach, Responder, Target, Task, Warning
from outreach.models.states import AreaKind, EndState, Evidence, TokenKind
from tests.board.conftest import Board, a_board
from tests.board.paper import fits_one_sheet
from tests.board.test_queue import RULES
from tests.harness.cast import Cast
from tests.phone.conftest import warn

WARNED, REACHED, LEFT_TOWN, BEFORE = 22, 9, 3, 20


async def a_day(server: str, cast: Cast) -> list[UUID]:
    """Two dozen people are warned of, and a coordinator's call reaches some of them."""
    cases = [await _case(server, cast, n) for n in range(WARNED)]
    await Outreach.filter(id__in=cases).update(area_id=cast.grid.id)
    token = await issue_token(TokenKind.COORDINATOR, cast.cleo.id, WallClock().now())
    async with httpx2.AsyncClient(base_url=server, headers={"Authorization": f"Bearer {token}"}) as cleo:
        for case in cases[:REACHED]:
            answer = await cleo.post(f"/api/outreaches/{case}/contact", json={"outcome": "convinced"})
            assert answer.status_code == 200, answer.text
    return cases


async def told_of(
    cast: Cast, case: UUID, at: datetime, many: int, reached: int, minutes: int = 0, **about: str
) -> None:
    """So many were warned of then, of whom some were reached so many minutes later and the others never."""
    then = at + timedelta(minutes=minutes)
    found = await Outreach.get(id=case)
    kind = {"severity": found.severity, "category_id": found.category_id, "content_hash": "x", "summary": "A caller."}
    for n in range(many):
        given = {"external_id": f"{at}-{n}-{about}", "detected_at": at, "received_at": at}
        made = await Warning.create(source_id=cast.source.id, **given, **kind | about)
        one = Target(warning_id=made.id, resident_id=found.resident_id, outreach_id=case, joined_at=at, contacted_at=at)
        if n < reached:
            one.reached_at, one.reached_by, one.reached_evidence = then, "sms", Evidence.PERSON_BY_PHONE
        else:
            one.ended_at, one.end_state = then, EndState.UNREACHED
        await one.save()


async def a_month_before(cast: Cast, case: UUID) -> None:
    """A period earlier as many were warned of as make a figure, of whom every second was reached at once."""
    await told_of(cast, case, WallClock().now() - timedelta(days=30), BEFORE, BEFORE // 2)


async def ten_go(cast: Cast, cases: list[UUID]) -> None:
    """Ten responders take a visit each, and Ben all the others."""
    ben, now = cast.ben, WallClock().now()
    about = {name: getattr(ben, name) for name in ("country", "role", "area_id", "home_lat", "home_lon", "cell")}
    others = [await Responder.create(name="R", number=f"+86{n}", number_hash=f"{n}", **about) for n in range(9)]
    for n, case in enumerate(cases):
        who = others[n] if n < len(others) else ben
        offer = await Offer.create(
            outreach_id=case, kind="visit", responder=who, step=9, status="accepted", reason="near", code="7",
            offered_at=now, lapses_at=now, settled_at=now,
        )  # fmt: skip
        await Task.create(
            outreach_id=case, kind="visit", responder=who, offer=offer, status="closed", due_at=now, accepted_at=now,
            closed_at=now,
        )  # fmt: skip


async def _case(server: str, cast: Cast, n: int) -> UUID:
    resident = {"phone": f"+4477009001{n:02}", "name": f"Person {n}"}
    return await warn(server, cast, external_id=f"w-{n}", resident=resident)


PLOTS = (".curve", ".funnel", ".stages", ".reasons", ":has(.hours)")
"""Beside these the areas have figures, a plot only where their boundaries are known."""


def said_by(report: dict[str, Any]) -> dict[str, list[int]]:
    """How many cases stand behind each figure that can be clicked, by the part of the page, in its order."""
    said = report["all"]
    within = {int(at["minutes"]): at["reached"] for at in (*said["within"], said["curve"][-1])}
    warned, reached, told = said["warned"], said["funnel"]["reached"]["count"], said["stages"][0]["told"]
    steps = [[step["count"], *filter(None, step["by"].values())] for step in said["funnel"].values()]
    unreached, before = said["unreached"], BEFORE // 2
    cells = [[step["count"], *step["by"].values()] for step in said["funnel"].values()]
    reasons = [one["count"] for one in unreached["reasons"]]
    # In a sentence nobody opens what is nought.
    parts = [(rate["numerator"], rate["denominator"]) for rate in (said["accuracy"], said["feedback"])]
    rates = [[part[0], *filter(None, part)] for part in parts]
    return {
        ".fb": [said["still_open"]],
        ".hero": [within[30], warned, before, within[5], within[15], within[60], reached, reached],
        ".curve": [warned, within[5], within[15], within[30], within[60], within[1440]],
        ".funnel": [
            warned,
            *(n for step in steps for n in step),
            *(n for row in zip(*cells, strict=True) for n in row if n),
        ],
        ".stages": [reached] * 8 + [told],
        f"section:has(table):not({', '.join(PLOTS)})": [area["warned"] for area in report["areas"]],
        "section:has(.hours)": [hour["warned"] for hour in report["hours"] if hour["warned"]],
        ".reasons": [unreached["count"], *reasons, *reasons],
        ".rates": [*(n for rate in rates for n in rate), said["aftermath"]["defrauded"], steps[-1][0]],
    }


async def opened_by(board: Board, figure: Locator) -> int:
    """How many cases the figure opens; as many are listed, by fifties."""
    async with board.page.expect_response(re.compile("/api/reports/cases")) as answer:
        await figure.click()
    count = int((await (await answer.value).json())["count"])
    await board.page.get_by_role("dialog", name=re.compile(rf"^Behind: \D.*, {count} of \d+$")).wait_for()
    assert await board.page.locator(".behind li").count() == min(count, 50)
    return count


async def test_every_figure_is_the_apis_and_opens_as_many_cases_as_it_says(
    board: Board, server: str, cast: Cast
) -> None:
    cases = await a_day(server, cast)
    await a_month_before(cast, cases[-1])
    ended = {"ended_at": WallClock().now(), "end_state": EndState.UNREACHED, "end_reason": "left_town"}
    await Target.filter(outreach_id__in=cases[-1 - LEFT_TOWN : -1]).update(**ended)
    # Somebody has waited long enough for the share of an hour to be known.
    await Warning.filter(external_id="w-0").update(received_at=WallClock().now() - timedelta(hours=2))
    await board.open("/board#/report")
    await board.sees("were reached within 30 minutes")
    report = await (await board.page.request.get(server + "/api/reports/period")).json()
    said = report["all"]
    assert (said["warned"], said["funnel"]["reached"]["count"]) == (WARNED, REACHED)
    [wall] = [one["share"] for one in said["within"] if one["minutes"] == 30]
    assert await board.page.inner_text(".hero .big") == f"{wall * 100:.1f} %"
    await board.page.eval_on_selector_all("details.table", "all => all.forEach((one) => (one.open = true))")
    for part, counts in said_by(report).items():
        figures = await board.page.locator(part).locator(".fig-link, .big").all()
        assert len(figures) == len(counts), part
        for figure, count in zip(figures, counts, strict=True):
            assert await opened_by(board, figure) == count, (part, await figure.inner_text())
            await board.press("Escape")
    assert await opened_by(board, board.page.locator(".curve .opens").first) == said["within"][2]["reached"]
    await board.press("Escape")
    # At a weekend too.
    bars = board.page.locator(".hours .warned:not([height='0'])")
    by_hour = [hour["warned"] for hour in report["hours"] if hour["warned"]]
    assert (await bars.count(), await opened_by(board, bars.first)) == (len(by_hour), by_hour[0])
    await board.press("Escape")
    assert await opened_by(board, board.page.get_by_role("button", name="out of town", exact=True)) == LEFT_TOWN
    await board.sees("unreached · out of town")
    await board.sees(f"Behind: ended unreached, out of town, {LEFT_TOWN} of {WARNED}")
    await board.press("Escape")
    async with board.page.expect_download() as saving:
        await board.tap("PNG")
    saved = await (await saving.value).path()
    assert (saved.read_bytes()[:8], saved.stat().st_size > 5000) == (b"\x89PNG\r\n\x1a\n", True)
    await board.open(f"/board#/report?area={cast.grid.path}&severity=high")
    # On paper it says what was chosen.
    await board.page.locator(".sheet-title", has_text=cast.grid.name).wait_for(state="attached")
    await fits_one_sheet(board)


async def compared(board: Board) -> list[str]:
    """What the two lines are called."""
    head = await board.page.locator(".curve .ch span").inner_text()
    return [part.rpartition(" n ")[0] for part in head.split(" · ")[1:]]


async def test_two_parts_of_a_split_are_compared_by_name_and_the_reader_chooses_which(
    board: Board, server: str, cast: Cast
) -> None:
    cases = await a_day(server, cast)
    used = await EscalationPolicy.get(id=(await Outreach.get(id=cases[0])).policy_id)
    given = {name: getattr(used, name) for name in ("name", "family", "severity", "body", "made_at")}
    newer = [await EscalationPolicy.create(**given, version=used.version + n, digest=f"x{n}") for n in (1, 2)]
    lane = await Area.create(kind=AreaKind.GRID, code="g2", name="Mill Lane", path="/lin/g2/", parent=cast.city)
    await Outreach.filter(id__in=cases[:4]).update(policy_id=newer[0].id, area_id=lane.id)
    await Outreach.filter(id__in=cases[4:7]).update(policy_id=newer[1].id)
    await board.open("/board#/report?split=policy")
    old, new, newest = (f"Fraud·High v{used.version + n}" for n in range(3))
    assert await compared(board) == [newest, new]
    # Of so few nothing is drawn, and they can be compared all the same.
    little = board.page.get_by_role("button", name=f"{old} n<20")
    assert await little.locator(".line").count() == 0
    await little.click()
    await board.page.get_by_role("button", name=f"{new} n<20").click()
    await board.page.get_by_role("button", name=f"{newest} n<20").click()
    await board.page.get_by_role("button", name=f"{old} n<20").click()
    warned = board.page.locator(".curve .ch .fig-link")
    await board.page.get_by_role("button", name=f"{old}: {WARNED - 7}").wait_for()
    # The last two that were clicked are compared.
    assert await compared(board) == [old, newest]
    for figure, count in zip(await warned.all(), (WARNED - 7, 3), strict=True):
        assert await opened_by(board, figure) == count
        await board.press("Escape")
    await board.page.reload()
    await board.sees("Click one to compare it")
    assert await compared(board) == [old, newest]
    await board.page.locator(".curve summary").click()
    cell = board.page.get_by_role("button", name=f"{newest} 30 min")
    assert await opened_by(board, cell) == 3
    await board.sees(f"Behind: reached, in 30 min, {newest}, 3 of 3")
    line = await board.page.locator(".behind li").first.inner_text()
    assert "Willow Lane" in line and "Impersonation of police or a bank" in line
    await board.press("Escape")
    await board.page.get_by_label("Split").select_option("area")
    await board.page.locator(".curve").get_by_role("button", name="Mill Lane: 4").wait_for()
    assert await board.page.locator(".multiples").count() == 0
    assert await compared(board) == ["Willow Lane", "Mill Lane"]
    await board.page.get_by_label("Danger").select_option("impersonation")
    await board.sees(f"of the {WARNED} people")
    await board.page.get_by_label("Danger").select_option("investment")
    await board.sees("Nobody was warned of in this time.")


async def test_it_is_said_by_how_much_one_part_reached_more_or_that_it_cannot_be_told(
    board: Board, server: str, cast: Cast
) -> None:
    cases = await a_day(server, cast)
    earlier = WallClock().now() - timedelta(hours=2)
    await Warning.filter(external_id="w-0").update(received_at=earlier)
    await ten_go(cast, cases[:20])
    for severity, reached, minutes in (("high", 20, 6), ("low", 18, 12), ("medium", 2, 24)):
        await told_of(cast, cases[0], earlier, 24, reached, minutes, severity=severity)
    await board.open("/board#/report?split=severity")
    await board.sees("Within 30 min no difference can be told (95 % ")
    await board.sees("20 tasks over 10 people; median 1, at the most 11. The busiest tenth took 55.0 % of them.")
    severities = board.page.locator(".fb label", has_text="All severities").locator("select")
    await severities.select_option("low")
    await board.sees("0 tasks over 0 people; median 0, at the most 0.")
    await severities.select_option("")
    await board.sees("20 tasks over 10 people")
    # The part that is not compared stands little below, on the same axes, and a click compares it.
    little = board.page.get_by_role("group", name="Click one to compare it").get_by_role("button")
    assert [" ".join(said.split()) for said in await little.all_inner_texts()] == ["Medium n 24 · 8.3 %"]
    assert (await little.locator(".line").get_attribute("d") or "").count("H") > 5
    await little.click()
    await little.get_by_text("Low").click()
    said = board.page.locator(".curve > .small").get_by_text("Low reached")
    await said.wait_for()
    asked = server + "/api/reports/period?split=severity&first=low&second=medium"
    told = (await (await board.page.request.get(asked)).json())["compared"]
    by, low, high = (f"{told[name] * 100:.1f}" for name in ("difference", "difference_low", "difference_high"))
    assert by == "66.7" and float(low) > 40 and float(high) < 90
    # Who reached more is named first, whichever line it is.
    assert await said.inner_text() == f"Low reached {by} points more within 30 min (95 % {low} to {high})"
    await board.page.eval_on_selector_all("details.table", "all => all.forEach((one) => (one.open = true))")
    found = await Axe().run(board.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    # Under each stage of the first stands that of the second, on the same minutes.
    stages = board.page.locator(".stages")
    together = " ".join((await stages.locator(".together").inner_text()).split())
    assert together == "Together Low 12 min Medium 24"
    wide = "all => all.map((one) => Math.round(one.getAttribute('width')))"
    assert await stages.locator(".stage").evaluate_all(wide) == [1, 1, 1, 1, 1, 1, 59, 1]
    assert await stages.locator(".ghost").evaluate_all(wide) == [1, 1, 1, 1, 1, 1, 118, 1]
    assert await opened_by(board, stages.get_by_role("button", name="Cases")) == 18
    await board.sees("Behind: reached, Low, 18 of 24")
    await board.press("Escape")
    sheet = await board.page.pdf(format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
async def test_axe_finds_no_fault_with_the_report(browser: Browser, server: str, cast: Cast, locale: str) -> None:
    await a_day(server, cast)
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as board:
        await board.open("/board#/report")
        await board.page.wait_for_selector(".hero")
        found = await Axe().run(board.page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
