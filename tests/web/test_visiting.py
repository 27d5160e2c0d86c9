"""Is this visitor one of yours? Asked over the line and by a hotline operator."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs
from tortoise.connection import get_connection

from outreach import tasks
from outreach.models import Event, Notice, Offer, Outreach, Responder, Task, Unit, VisitCode, VisitCodeTry
from outreach.models.states import TaskKind
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

HOUR = timedelta(hours=1)


async def held_by_ben(cast: Cast) -> dict[str, Any]:
    """Ben takes the visit to Ada; answers the task as his phone shows it."""
    offer = await cast.offered(await an_outreach(cast))
    task: dict[str, Any] = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json()
    return task


async def check(cast: Cast, code: str, whose: str = "Cleo at the hotline", **given: Any) -> httpx2.Response:
    """Cleo, at the hotline, asks about a code."""
    return await cast.ask(whose, "POST", "/api/visit-codes/check", json={"code": code, **given})


async def line(cast: Cast, **said: str) -> str:
    """Ada rings the line; answers what it says."""
    answer = await cast.called_back("/twilio/voice", {"CallSid": "CA1", "From": ADAS_PHONE, **said})
    assert answer.status_code == 200
    return answer.text


def another(code: str) -> str:
    """Six digits that nobody shows."""
    return f"{(int(code) + 1) % 10**6:06}"


async def test_the_hotline_is_told_yes_and_the_unit_and_nothing_else(cast: Cast) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    assert (await check(cast, code)).json() == {"valid": True, "organisation": "Outreach"}
    unit = await Unit.create(code="westlake", name="West Lake Station", kind="police")
    await Responder.filter(id=cast.ben.id).update(unit_id=unit.id)
    assert (await check(cast, code)).json() == {"valid": True, "organisation": "West Lake Station"}


async def test_whoever_answers_the_hotline_sees_no_case(cast: Cast) -> None:
    task = await held_by_ben(cast)
    assert (await check(cast, task["visit_code"], whose="Cleo")).json()["valid"] is True
    for method, path in (("GET", "/api/outreaches"), ("GET", f"/api/outreaches/{task['outreach_id']}")):
        assert (await cast.ask("Cleo at the hotline", method, path)).status_code == 403


async def test_a_wrong_code_is_no_and_stands_on_the_board(cast: Cast) -> None:
    task = await held_by_ben(cast)
    assert (await check(cast, another(task["visit_code"]))).json() == {"valid": False, "organisation": None}
    assert (await Notice.get(kind="visit_code_wrong")).outreach_id is None
    await check(cast, another(task["visit_code"]), caller=ADAS_PHONE)
    told = await Notice.filter(kind="visit_code_wrong", outreach_id=task["outreach_id"]).get()
    assert told.data == {"way": "api"}


async def test_a_code_that_is_over_tells_of_the_case_it_was_for(cast: Cast) -> None:
    task = await held_by_ben(cast)
    await cast.ask("Cleo", "POST", f"/api/outreaches/{task['outreach_id']}/close", headers={"If-Match": "*"},
                   json={"reason": "left_town"})  # fmt: skip
    assert (await check(cast, task["visit_code"])).json()["valid"] is False
    assert str((await Notice.get(kind="visit_code_wrong")).outreach_id) == task["outreach_id"]


async def test_the_code_of_a_visit_to_another_is_no_for_a_resident_who_awaits_their_own(cast: Cast) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    grace = "+14155550144"
    await cast.warn(external_id="w-2", resident={"phone": grace, "location": {"lat": 30.25, "lon": 120.15}})
    assert (await check(cast, code, caller=grace)).json()["valid"] is False
    assert (await check(cast, code, caller=ADAS_PHONE)).json()["valid"] is True
    assert (await check(cast, code, caller="+14155550199")).json()["valid"] is True


async def test_ten_tries_in_an_hour_are_all_that_one_code_gets(cast: Cast) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    for _ in range(10):
        assert (await check(cast, code)).status_code == 200
        cast.clock.advance(timedelta(minutes=1))
    refused = await check(cast, code)
    assert refused.status_code == 429 and refused.json()["type"] == "urn:outreach:TooManyTries"
    wait_s = int(refused.headers["retry-after"])
    assert wait_s == 50 * 60
    cast.clock.advance(timedelta(seconds=wait_s - 1))
    assert (await check(cast, code)).status_code == 429
    cast.clock.advance(timedelta(seconds=1))
    assert (await check(cast, code)).status_code == 200


async def test_an_operator_has_sixty_tries_an_hour_and_the_line_shuts_nobody_out_of_them(cast: Cast) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    for digits in range(6):
        await line(cast, Digits=f"{digits:06}")
    assert (await check(cast, code, caller=ADAS_PHONE)).json()["valid"] is True
    for digits in range(100, 159):
        assert (await check(cast, f"{digits:06}")).status_code == 200
    assert (await check(cast, "999999")).status_code == 429


async def test_many_calls_at_once_get_no_more_tries_than_one_after_the_other(cast: Cast) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    said = await asyncio.gather(*(line(cast, Digits=another(code)) for _ in range(12)))
    assert sum("不是" in words for words in said) <= 5
    assert await VisitCodeTry.filter(said="no").count() <= 5 and await VisitCodeTry.all().count() == 12


@pytest.mark.parametrize("say", ["{}", "一二三", "My code is {}.", "one two three"])
async def test_a_code_may_be_said_to_the_line(cast: Cast, say: str) -> None:
    code = (await held_by_ben(cast))["visit_code"]
    spelt = " ".join(code)
    words = say.format(spelt) if "{}" in say else " ".join(_SAID[say][int(digit)] for digit in code)
    assert "来自Outreach" in await line(cast, SpeechResult=words)


_SAID = {
    "一二三": "零一二三四五六七八九",
    "one two three": ("oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


async def test_the_line_asks_for_six_digits_and_then_rings_the_hotline(cast: Cast) -> None:
    said = await line(cast)
    assert 'numDigits="6"' in said and 'input="dtmf speech"' in said and "https://outreach.example/twilio/voice" in said
    assert not await VisitCodeTry.exists()


async def test_a_code_is_the_same_each_time_ben_looks_however_often_at_once(cast: Cast) -> None:
    task = await held_by_ben(cast)
    await VisitCode.all().delete()
    looks = await asyncio.gather(*(cast.ask("Ben", "GET", "/api/me/tasks") for _ in range(8)))
    [code] = {look.json()["tasks"][0]["visit_code"] for look in looks}
    assert await VisitCode.all().count() == 1 and code.isdigit() and task["id"]


async def test_two_visits_never_show_the_same_code(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await held_by_ben(cast)
    drawn = iter([int(first["visit_code"]), int(first["visit_code"]), 424242])
    monkeypatch.setattr("outreach.tasks.visit_codes.secrets.randbelow", lambda most: next(drawn))
    assert await tasks.visit_code(await _another_visit(cast), cast.clock.now()) == "424242"


async def test_a_code_whose_visit_is_over_may_be_given_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await held_by_ben(cast)
    cast.clock.advance(13 * HOUR)
    monkeypatch.setattr("outreach.tasks.visit_codes.secrets.randbelow", lambda most: int(first["visit_code"]))
    assert await tasks.visit_code(await _another_visit(cast), cast.clock.now()) == first["visit_code"]
    assert (await check(cast, first["visit_code"])).json()["valid"] is True


async def test_a_call_by_a_person_has_no_code_to_show(cast: Cast) -> None:
    await held_by_ben(cast)
    await Task.all().update(kind=TaskKind.CALL)
    [task] = (await cast.ask("Ben", "GET", "/api/me/tasks")).json()["tasks"]
    assert task["visit_code"] is None


async def test_no_code_and_no_number_is_kept_in_plain_or_logged(cast: Cast) -> None:
    with capture_logs() as logged:
        code = (await held_by_ben(cast))["visit_code"]
        assert (await check(cast, code, caller=ADAS_PHONE)).json()["valid"] is True
        await line(cast, Digits=another(code))
    kept = []
    for table in ("visit_code", "visit_code_try", "event", "notice"):
        rows = await get_connection("default").execute_query_dict(f"SELECT * FROM {table}")
        # Ids and times are digits too.
        kept += [{name: said for name, said in row.items() if not name.endswith(("id", "at"))} for row in rows]
    told = str(kept) + str([{k: v for k, v in entry.items() if not k.endswith("id")} for entry in logged])
    assert code not in told and another(code) not in told and ADAS_PHONE not in told
    assert [entry["said"] for entry in logged if entry["event"] == "visit_code_checked"] == ["yes", "no"]
    assert await Event.filter(kind="visit_code_wrong").count() == 1


async def _another_visit(cast: Cast) -> Task:
    """Somebody else's visit, under way."""
    body = {"external_id": "w-9", "resident": {"phone": "+14155550166", "location": {"lat": 30.25, "lon": 120.15}}}
    answer = await cast.warn(**body)
    case, now = await Outreach.get(id=answer.json()["outreach_id"]), cast.clock.now()
    offer: Offer = await cast.offered(str(case.id))
    return await Task.create(
        outreach=case, kind=TaskKind.VISIT, responder=cast.ben, offer=offer, accepted_at=now, due_at=now + HOUR
    )
