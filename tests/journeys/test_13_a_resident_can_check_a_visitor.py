"""Promise 13: a resident rings the official line with the code a visitor shows, and hears yes or no, no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outreach.models import Event, Notice, Responder, Unit, VisitCodeTry
from tests.harness.story import Story, story

pytestmark = pytest.mark.slow

HOTLINE = "+448000110110"
HOUR = timedelta(hours=1)
YES, NO = "Yes. This is our visitor, from West Lake Station.", "No. Do not open the door."


async def ben_is_on_his_way(tale: Story) -> str:
    """Ada is warned of, Ben of the West Lake Station takes the visit; answers the code that his app shows."""
    unit = await Unit.create(code="westlake", name="West Lake Station", kind="police")
    await Responder.filter(id=tale.cast.ben.id).update(unit_id=unit.id)
    tale.provider.faults.extend(["30003", "busy"])
    tale.ben.expect_sms("a visit")
    await tale.warn()
    await tale.advance(minutes=0)
    code: str = (await tale.accept_offer())["visit_code"]
    assert len(code) == 6 and code.isdigit()
    return code


def another(code: str) -> str:
    """Six digits that nobody shows."""
    return f"{(int(code) + 1) % 10**6:06}"


async def test_ada_keys_the_code_that_ben_shows_and_hears_yes_and_from_where(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        said = await tale.ring_the_line(tale.ada, code)
        assert "City Care" in said[0] and said[1:] == [YES]
        assert not await Notice.filter(kind="visit_code_wrong").exists()


async def test_an_impostors_code_is_told_to_cleo_and_ada_is_put_through(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        said = await tale.ring_the_line(tale.ada, another(code))
        assert NO in said[1] and "stay on the line" in said[1] and said[2] == "(connected)"
        word = await Notice.get(kind="visit_code_wrong")
        line = await Event.get(kind="visit_code_wrong")
        assert word.outreach_id == line.outreach_id is not None
        assert code not in str(word.data) + str(line.data) and another(code) not in str(word.data) + str(line.data)


async def test_a_stranger_with_a_wrong_code_is_told_of_without_a_case(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        assert NO in (await tale.ring_the_line(tale.dov, another(code)))[1]
        assert (await Notice.get(kind="visit_code_wrong")).outreach_id is None
        assert not await Event.filter(kind="visit_code_wrong").exists()


async def test_a_code_says_nothing_once_the_visit_is_over(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        [task] = (await tale.call("ben", "GET", "/api/me/tasks")).json()["tasks"]
        assert task["visit_code"] == code
        done = tale.check_in(task["id"], "outcome", "convinced")
        assert (await tale.call("ben", "POST", "/api/checkins", done)).status_code == 201
        assert NO in (await tale.ring_the_line(tale.ada, code))[1]


async def test_a_code_lasts_twelve_hours_and_then_the_app_shows_another(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        tale.clock.advance(13 * HOUR)
        assert NO in (await tale.ring_the_line(tale.ada, code))[1]
        [task] = (await tale.call("ben", "GET", "/api/me/tasks")).json()["tasks"]
        assert task["visit_code"] != code
        assert (await tale.ring_the_line(tale.ada, task["visit_code"]))[1] == YES


async def test_whoever_keys_nothing_is_put_through_to_people(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        said = await tale.ring_the_line(tale.dov)
        assert said[-1] == "(connected)" and not await VisitCodeTry.exists()


@pytest.mark.parametrize("keys", ["12345", "12#", "*"])
async def test_what_is_no_code_is_answered_by_a_person(database: str, now: datetime, keys: str) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        said = await tale.ring_the_line(tale.ada, keys)
        assert "keep the door closed" in said[1] and said[2] == "(connected)"


async def test_the_sixth_try_in_an_hour_goes_to_a_person_and_is_no_answer(database: str, now: datetime) -> None:
    async with story(now, hotline=HOTLINE) as tale:
        code = await ben_is_on_his_way(tale)
        for _ in range(5):
            assert NO in (await tale.ring_the_line(tale.dov, another(code)))[1]
        said = await tale.ring_the_line(tale.dov, code)
        assert "any more digits" in said[1] and said[2] == "(connected)"
        tale.clock.advance(HOUR)
        assert (await tale.ring_the_line(tale.dov, code))[1] == YES


async def test_without_a_hotline_nobody_is_left_waiting(database: str, now: datetime) -> None:
    async with story(now) as tale:
        said = await tale.ring_the_line(tale.ada, "000000")
        assert NO in said[1] and "ring again" in said[1] and len(said) == 2
