"""Cleo away from her desk: what she decides about a case, and a warning she is told on the way."""

from __future__ import annotations

from playwright.async_api import Browser

from outreach.models import Event
from tests.board.conftest import a_board
from tests.board.test_a_case import adas_case
from tests.harness.cast import Cast
from tests.phone.conftest import PHONE


async def test_on_a_phone_cleo_pauses_a_case_lets_it_go_on_each_with_a_reason_and_types_in_a_warning(
    browser: Browser, server: str, cast: Cast
) -> None:
    case = await adas_case(server, cast)
    async with a_board(browser, server, cast, cast.cleo, viewport=PHONE, has_touch=True) as board:
        await board.open(f"/board#/case/{case}")
        for does, why, says in (
            ("Pause", "police_there", "Paused: nothing queued leaves"),
            ("Go on", "danger_again", "The ladder goes on"),
        ):
            await board.tap(does)
            dialog = board.page.get_by_role("dialog")
            await dialog.get_by_label("Reason").select_option(why)
            await dialog.get_by_role("button", name=does).click()
            await board.sees(says)
        await board.tap("New warning", role="link")
        await board.sees("Type in a warning")
    said = await Event.filter(kind__in=("paused", "resumed")).order_by("seq")
    assert [line.data["reason"] for line in said] == ["police_there", "danger_again"]
