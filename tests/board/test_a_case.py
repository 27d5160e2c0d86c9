"""Cleo at one case, with her keys, beside another coordinator and the phones of those it is given to."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

import outreach
from outreach.access.sessions import start_session
from outreach.clock import WallClock
from outreach.models import Attempt, Coordinator, Event, Outreach, Responder, Shift, Task
from outreach.models.sealing import keyed_hash
from outreach.models.states import TokenKind
from outreach.policy import unreached
from tests.board.conftest import Board, a_board
from tests.harness.cast import Cast
from tests.phone.conftest import a_phone, warn

ALIKE = ("country", "language", "languages", "role", "trained", "vetted_until")
ALIKE += ("home_lat", "home_lon", "cell", "area_id", "capacity")


async def adas_case(server: str, cast: Cast) -> UUID:
    """Ada's case, in the grid that Cleo watches."""
    case = await warn(server, cast)
    await Outreach.filter(id=case).update(area_id=cast.grid.id)
    return case


async def bea(cast: Cast) -> Responder:
    """Bea, on duty a little farther from Ada than Ben."""
    return await another(cast, "Bea", "+447700900006", farther=0.004)


async def another(cast: Cast, name: str, number: str, farther: float) -> Responder:
    """One more like Ben, on duty, whose home is so many degrees north of his."""
    given = {field: getattr(cast.ben, field) for field in ALIKE} | {"home_lat": cast.ben.home_lat + farther}
    made = await Responder.create(name=name, number=number, number_hash=keyed_hash(number), **given)
    now = WallClock().now()
    await Shift.create(responder=made, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8))
    return made


async def held_by(case: UUID) -> list[str]:
    """Who holds a task of this case."""
    tasks = await Task.filter(outreach_id=case).exclude(status="closed").select_related("responder")
    return [task.responder.name for task in tasks]


async def test_cleo_gives_it_to_ben_who_is_not_on_shift_and_cannot_to_bea_who_is_not_vetted(
    board: Board, server: str, cast: Cast
) -> None:
    case, beas = await adas_case(server, cast), await bea(cast)
    await Responder.filter(id=beas.id).update(vetted_until=None)
    await Shift.all().delete()
    await board.open(f"/board#/case/{case}")
    await board.page.locator("summary", has_text="Why not").click()
    left_out = board.page.locator(".why li")
    assert await left_out.filter(has_text="Bea").get_by_role("button").count() == 0
    await left_out.filter(has_text="Ben").get_by_role("button", name="Give").click()
    await board.sees("Given to Ben")
    assert await held_by(case) == ["Ben"]


async def test_cleo_gives_the_case_to_ben_in_three_keys_and_takes_it_back(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await board.open(f"/board#/case/{case}")
    await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
    await board.press("r", "1", "Enter")
    await board.sees("Given to Ben")
    assert await held_by(case) == ["Ben"]
    await board.sees("Cleo gave it: nobody → Ben")
    await board.tap("Undo")
    await board.sees("Taken back; both phones were told")
    assert await held_by(case) == []


async def test_from_the_queue_r_points_at_the_first_who_could_go_and_t_takes_the_case(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await bea(cast)
    await board.open()
    await board.sees("Ada")
    await board.press("j", "r")
    await board.page.locator(".cd tr.pick").filter(has_text="Ben").wait_for()
    await board.press("1", "Enter")
    await board.sees("Given to Ben")
    assert await held_by(case) == ["Ben"]
    await board.press("Escape")
    await board.page.locator(".strip").wait_for()
    await board.press("t")
    await board.sees("You have this case")
    assert (await Outreach.get(id=case)).taken_by_id == cast.cleo.id
    # What was meant once is not meant again by whoever only opens it.
    await board.press("Escape")
    await board.page.locator(".strip").wait_for()
    await board.press("Enter")
    await board.page.locator(".cd tr").first.wait_for()
    assert await board.page.locator(".cd tr.pick").count() == 0


async def test_the_tenth_who_could_go_is_given_the_case_by_keys_as_the_first_is(
    board: Board, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    for n in range(10):
        await another(cast, f"Responder {n}", f"+4477009002{n:02}", farther=0.004 + n / 10_000)
    await board.open(f"/board#/case/{case}")
    more, listed = board.page.get_by_text("2 more who fit"), board.page.locator(".cd tr")
    await more.wait_for()
    await expect(listed.nth(9)).to_be_hidden()
    await board.press("r", *"jjjjjjjjjj", "k")
    await expect(listed.nth(9)).to_have_attribute("aria-current", "true")
    await expect(listed.nth(9)).to_be_in_viewport()
    await board.press("Enter")
    await board.sees("Given to Responder 8")
    assert await held_by(case) == ["Responder 8"]


async def test_the_second_of_two_coordinators_sees_who_was_quicker_and_overwrites_nothing(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    await bea(cast)
    lina = await Coordinator.create(name="Lina", area=cast.city)
    async with a_board(browser, server, cast, lina) as linas:
        await board.open(f"/board#/case/{case}")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Bea")).wait_for()
        # What Cleo read is not what stands any more: her line is slow.
        await board.context.route("**/api/live*", lambda route: route.abort())
        await board.page.reload()
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Bea")).wait_for()
        await linas.open(f"/board#/case/{case}")
        await linas.page.get_by_role("row", name=re.compile("Ben")).wait_for()
        await linas.press("r", "1", "Enter")
        await linas.sees("Given to Ben")
        await board.press("r", "2", "Enter")
        await board.sees("Lina was quicker:")
        await board.sees("given from nobody to Ben")
        assert await held_by(case) == ["Ben"]
        await board.tap("Do mine all the same")
        await board.sees("Cleo gave it: Ben → Bea")
        assert await held_by(case) == ["Bea"]


async def test_both_phones_know_of_a_reassignment_within_two_seconds(
    board: Board, browser: Browser, server: str, cast: Cast
) -> None:
    case, now = await adas_case(server, cast), WallClock().now()
    tokens = [await start_session(each.id, now) for each in (cast.ben, await bea(cast))]
    async with a_phone(browser, server, cast, tokens[0]) as bens, a_phone(browser, server, cast, tokens[1]) as beas:
        await bens.open()
        await beas.open()
        await beas.sees("No task now")
        await board.open(f"/board#/case/{case}")
        await board.page.locator(".cd").get_by_role("row", name=re.compile("Ben")).wait_for()
        for gets, loses in ((bens, None), (beas, bens)):
            await board.page.get_by_role("button", name=re.compile("^Give")).first.click()
            clicked = time.monotonic()
            await gets.sees("You have a task")
            if loses is not None:
                await loses.sees("No task now")
            assert time.monotonic() - clicked < 2
            await (
                board.page.locator(".cd")
                .get_by_role("row", name=re.compile("Ben"))
                .wait_for(state="detached" if gets is bens else "visible")
            )


async def test_cleo_rings_on_behalf_and_records_what_was_said_in_three_taps(
    board: Board, server: str, cast: Cast
) -> None:
    case, now = await adas_case(server, cast), WallClock().now()
    await Attempt.create(outreach_id=case, channel="sms", step=0, text_key="warned", queued_at=now, send_after=now)
    await board.open(f"/board#/case/{case}")
    await board.sees("+447••••01")
    await board.sees("Waiting to be sent: text")
    looks = Event.filter(outreach_id=case, kind="details_shown")
    assert await looks.count() == 0
    await board.press("c")
    await board.tap("Look at the numbers")
    await board.page.get_by_role("dialog").get_by_role("link", name="+447700900001").wait_for()
    await board.tap("Convinced")
    await board.sees("Recorded: Convinced")
    await board.page.get_by_text("Not sent: text").locator("xpath=..").get_by_text("Ada was reached first").wait_for()
    assert (await Outreach.get(id=case)).convinced_at is not None and await looks.count() >= 1


async def test_a_chief_reads_a_case_and_finds_nothing_to_press(browser: Browser, server: str, cast: Cast) -> None:
    case = await adas_case(server, cast)
    async with a_board(browser, server, cast, cast.cleo, TokenKind.CHIEF) as chiefs:
        await chiefs.open(f"/board#/case/{case}")
        await chiefs.sees("What happened")
        assert await chiefs.page.get_by_role("button", name=re.compile("^(Take it|Pause|Give|Call)")).count() == 0


async def test_a_warning_that_is_rung_in_becomes_a_case(board: Board, cast: Cast) -> None:
    await board.open("/board")
    await board.sees("Live")
    await board.press("n")
    await board.page.get_by_label("What is known").fill("Somebody claims to be the police.")
    await board.page.get_by_label("Phone").fill("+447700900001")
    await board.tap("Begin to reach them")
    await board.page.get_by_role("heading", name="Ada").wait_for()
    assert await Outreach.all().count() == 1


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
async def test_everybody_can_use_the_case_and_the_new_warning(
    browser: Browser, server: str, cast: Cast, locale: str
) -> None:
    case = await adas_case(server, cast)
    async with a_board(browser, server, cast, cast.cleo, locale=locale) as cleos:
        for path, waits in ((f"case/{case}", ".tl"), ("new", "form.new option")):
            await cleos.open(f"/board#/{path}")
            await cleos.page.wait_for_selector(waits, state="attached")
            found = await Axe().run(cleos.page)
            assert not found.response["violations"], found.generate_report()


def test_every_line_of_a_timeline_has_words_in_both_languages() -> None:
    root = Path(outreach.__file__).parent
    named = re.compile(r'(?:note_event|Line)\(\s*[^"()]*(?:\([^()]*\))?[^"()]*"([a-z_]+)"')
    kinds = {kind for file in root.rglob("*.py") for kind in named.findall(file.read_text())}
    assert {"opened", "offered", "accepted", "alarm", "details_shown"} <= kinds
    # Those that are named elsewhere than where they are written.
    kinds |= {
        "taken",
        "handed_on",
        "paused",
        "resumed",
        "reopened",
        "contact",
        "no_contact",
        "found",
        "arrived",
        "note",
    }
    kinds |= {"fine", "attempt_failed", "attempt_delivered", "attempt_answered", "attempt_held_up", "unacknowledged"}
    kinds |= {"reassigned", "released", "reassign_undone", "place_missing", "visit_code_wrong"}
    for language in ("en", "zh"):
        files = (root.parent / f"static/board/words/{language}").glob("*.js")
        words = "".join(file.read_text() for file in files)
        assert not {kind for kind in kinds - {"step"} if f"case_line_{kind}:" not in words}, language


def test_every_reason_that_a_case_ends_with_by_itself_has_words_in_both_languages() -> None:
    reasons = {code for name, code in vars(unreached).items() if name.isupper()}
    assert {"nobody_home", "no_responder"} < reasons
    reasons |= {"time_ran_out", "warning_expired", "follow_ups_done", "resident_said", "cancelled_by_source"}
    reasons |= {"exercise_overtaken", "merged"}
    for language in ("en", "zh"):
        words = (Path(outreach.__file__).parent.parent / f"static/board/words/{language}/case.js").read_text()
        assert not {reason for reason in reasons if f"case_reason_{reason}:" not in words}, language
