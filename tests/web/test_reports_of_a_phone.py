"""What a phone reports besides what was found: the case is elsewhere, help is needed, all is well; and hours done."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from outreach.models import (
    Absence,
    Address,
    Area,
    CheckIn,
    Coordinator,
    Event,
    Notice,
    Offer,
    Outreach,
    Phone,
    Responder,
    Shift,
    Task,
)
from outreach.models.states import AreaKind, TaskKind
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

MINUTE = timedelta(minutes=1)
NEW_PLACE, NEW_PHONE = {"lat": 30.26, "lon": 120.16}, "+14155550188"


async def held_by_ben(cast: Cast, kind: TaskKind = TaskKind.VISIT) -> dict[str, Any]:
    offer = await cast.offered(await an_outreach(cast))
    await Offer.filter(id=offer.id).update(kind=kind)
    task: dict[str, Any] = (await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/accept")).json()
    return task


def made(cast: Cast, task: dict[str, Any], kind: str, **more: Any) -> dict[str, Any]:
    """What Ben's phone makes."""
    at = cast.clock.now().isoformat()
    return {"id": str(uuid.uuid4()), "task_id": task["id"], "kind": kind, "made_at": at, **more}


async def send(cast: Cast, body: dict[str, Any]) -> httpx2.Response:
    return await cast.ask(
        "Ben", "POST", "/api/checkins", json=body, headers={"Phone-Now": cast.clock.now().isoformat()}
    )


async def test_ada_has_moved_and_her_case_goes_along_with_its_clock_running(cast: Cast) -> None:
    grid = await Area.create(kind=AreaKind.GRID, code="g", name="Gate", path="/hz/xh/g/", lat=30.26, lon=120.16)
    task = await held_by_ben(cast)
    cast.clock.advance(10 * MINUTE)
    body = made(cast, task, "moved", correction={"address": "2 Elm Street", "location": NEW_PLACE})
    assert [(await send(cast, body)).status_code for _ in range(3)] == [201, 200, 200]
    [held] = (await cast.ask("Ben", "GET", "/api/me/tasks")).json()["tasks"]
    assert held["resident"]["addresses"] == [{"text": "2 Elm Street", "location": NEW_PLACE}]
    assert held["resident"]["phones"][0]["number"] == ADAS_PHONE and held["due_at"] == task["due_at"]
    case = await Outreach.get(id=task["outreach_id"])
    assert case.area_id == grid.id and case.opened_at == cast.clock.now() - 10 * MINUTE and case.reached_at is None
    shown = (await cast.ask("Cleo", "GET", f"/api/outreaches/{case.id}")).json()["resident"]["addresses"]
    assert [(row["origin"], row["wrong_at"] is None) for row in shown] == [("warning", False), ("responder", True)]
    assert await Notice.filter(kind="moved").count() == 1
    for row in (await Event.get(kind="moved"), await Notice.get(kind="moved")):
        assert "Elm" not in str(row.data)


async def test_a_new_number_takes_the_place_of_the_wrong_one(cast: Cast) -> None:
    task = await held_by_ben(cast, TaskKind.CALL)
    cast.clock.advance(MINUTE)
    await send(cast, made(cast, task, "moved", correction={"phone": "(415) 555-0188"}))
    [held] = (await cast.ask("Ben", "GET", "/api/me/tasks")).json()["tasks"]
    assert [phone["number"] for phone in held["resident"]["phones"]] == [NEW_PHONE]
    assert len(held["resident"]["addresses"]) == 1
    # He was mistaken; both reports may have waited for a signal.
    cast.clock.advance(MINUTE)
    await send(cast, made(cast, task, "moved", correction={"phone": ADAS_PHONE}))
    [right] = await Phone.filter(wrong_at__isnull=True)
    assert right.number == ADAS_PHONE and await Phone.all().count() == 2


async def test_of_two_corrections_that_waited_for_a_signal_the_one_made_later_stands(cast: Cast) -> None:
    task = await held_by_ben(cast)
    bodies = []
    for street in ("2 Elm Street", "3 Oak Street"):
        cast.clock.advance(MINUTE)
        bodies.append(made(cast, task, "moved", correction={"address": street}))
    cast.clock.advance(30 * MINUTE)
    for body in bodies:
        await send(cast, body)
    assert [address.text for address in await Address.filter(wrong_at__isnull=True)] == ["3 Oak Street"]


async def taken_from_ben(cast: Cast, task: dict[str, Any]) -> None:
    """Cleo ends the case, ten minutes after Ben took it."""
    cast.clock.advance(10 * MINUTE)
    closed = await cast.ask("Cleo", "POST", f"/api/outreaches/{task['outreach_id']}/close", headers={"If-Match": "*"},
                            json={"reason": "left_town"})  # fmt: skip
    assert closed.status_code == 200


CORRECTED = {"phone": NEW_PHONE, "address": "2 Elm Street"}


async def nothing_was_put_right(cast: Cast, task: dict[str, Any]) -> bool:
    """Whether all is as it was, and Cleo is told and reads what Ben said."""
    [phone], [address] = await Phone.all(), await Address.all()
    assert (phone.number, phone.wrong_at, address.wrong_at) == (ADAS_PHONE, None, None)
    for row in (await Event.get(kind="correction_kept_aside"), await Notice.get(kind="correction_kept_aside")):
        assert "Elm" not in str(row.data) and "0188" not in str(row.data)
    [kept] = (await cast.ask("Cleo", "GET", f"/api/outreaches/{task['outreach_id']}")).json()["check_ins"]
    return kept["after_handover"] and "2 Elm Street" in kept["kept_aside"][0]["body"]


async def test_whoever_no_longer_has_the_task_changes_nothing_of_where_ada_is(cast: Cast) -> None:
    task = await held_by_ben(cast)
    await taken_from_ben(cast, task)
    cast.clock.advance(MINUTE)
    body = made(cast, task, "moved", correction=CORRECTED)
    assert [(await send(cast, body)).status_code for _ in range(2)] == [201, 200]
    assert await nothing_was_put_right(cast, task)


async def test_a_correction_said_to_be_of_sixty_days_ago_changes_nothing(cast: Cast) -> None:
    task = await held_by_ben(cast)
    body = made(cast, task, "moved", correction=CORRECTED)
    await taken_from_ben(cast, task)
    cast.clock.advance(timedelta(days=60))
    assert (await send(cast, body)).status_code == 201
    assert await nothing_was_put_right(cast, task)


async def test_a_wrong_number_of_sixty_days_ago_marks_none(cast: Cast) -> None:
    task = await held_by_ben(cast, TaskKind.CALL)
    body = made(cast, task, "outcome", outcome="wrong_number")
    await taken_from_ben(cast, task)
    cast.clock.advance(timedelta(days=60))
    assert (await send(cast, body)).status_code == 201
    assert (await Phone.get()).wrong_at is None


async def test_a_correction_made_while_he_had_the_task_counts_when_it_comes_without_signal(cast: Cast) -> None:
    task = await held_by_ben(cast)
    cast.clock.advance(MINUTE)
    body = made(cast, task, "moved", correction=CORRECTED)
    await taken_from_ben(cast, task)
    cast.clock.advance(timedelta(hours=30))
    await send(cast, body)
    assert (await Phone.get(wrong_at__isnull=True)).number == NEW_PHONE
    assert (await Address.get(wrong_at__isnull=True)).text == "2 Elm Street"


async def test_a_wrong_address_with_the_right_one_asks_nobody_to_locate_her(cast: Cast) -> None:
    task = await held_by_ben(cast)
    cast.clock.advance(MINUTE)
    right = {"address": "2 Elm Street", "location": NEW_PLACE}
    await send(cast, made(cast, task, "outcome", outcome="wrong_address", correction=right))
    assert await Address.filter(wrong_at__isnull=True).count() == 1
    assert not await Notice.filter(kind="locate").exists()
    case = await Outreach.get(id=task["outreach_id"])
    assert case.due_at == case.hurried_at == cast.clock.now()


async def test_not_convinced_is_followed_up_when_ben_was_told_to_come_again(cast: Cast) -> None:
    task = await held_by_ben(cast)
    again = cast.clock.now() + timedelta(hours=3)
    await send(cast, made(cast, task, "outcome", outcome="not_convinced", again_at=again.isoformat()))
    assert (await Outreach.get(id=task["outreach_id"])).due_at == again


async def test_a_call_for_help_is_before_all_who_watch_at_once_with_where_ben_was_last(cast: Cast) -> None:
    boss = await Coordinator.create(name="Eve")
    task = await held_by_ben(cast)
    await cast.ask("Ben", "POST", "/api/me/position", json={"lat": 30.3, "lon": 120.2})
    body = made(cast, task, "help")
    assert [(await send(cast, body)).status_code for _ in range(2)] == [201, 200]
    told = await Notice.filter(kind="help").values_list("coordinator_id", flat=True)
    cleo = await Coordinator.get(area_id=cast.area.id)
    assert set(told) == {cleo.id, boss.id} and len(told) == 2
    assert (await Event.get(kind="help")).data["located"] is True
    [kept] = (await cast.ask("Cleo", "GET", f"/api/outreaches/{task['outreach_id']}")).json()["check_ins"]
    assert (kept["kind"], kept["location"]) == ("help", "30.300000,120.200000")
    assert (await Task.get(id=task["id"])).closed_at is None


async def test_help_comes_through_after_the_visit_was_given_to_another(cast: Cast) -> None:
    task = await held_by_ben(cast)
    body = made(cast, task, "help")
    await cast.ask("Cleo", "POST", f"/api/outreaches/{task['outreach_id']}/close", headers={"If-Match": "*"},
                   json={"reason": "left_town"})  # fmt: skip
    assert (await send(cast, body)).status_code == 201 and await Notice.filter(kind="help").exists()


async def test_whoever_says_that_they_are_well_is_overdue_later(cast: Cast) -> None:
    task = await held_by_ben(cast)
    due = datetime.fromisoformat(task["due_at"])
    cast.clock.advance(30 * MINUTE)
    assert (await send(cast, made(cast, task, "fine"))).status_code == 201
    assert (await Task.get(id=task["id"])).due_at == due + 30 * MINUTE
    assert await Event.filter(kind="fine").count() == 1


@pytest.mark.parametrize("outcome", ["busy", "no_answer"])
async def test_a_line_that_is_busy_or_not_answered_brings_the_next_step_at_once(cast: Cast, outcome: str) -> None:
    task = await held_by_ben(cast, TaskKind.CALL)
    await Outreach.filter(id=task["outreach_id"]).update(due_at=cast.clock.now() + timedelta(hours=1))
    cast.clock.advance(MINUTE)
    await send(cast, made(cast, task, "outcome", outcome=outcome))
    case = await Outreach.get(id=task["outreach_id"])
    assert case.due_at == case.hurried_at == cast.clock.now() and case.contacted_at is None
    assert (await Task.get(id=task["id"])).closed_at == cast.clock.now()


async def test_in_an_exercise_nothing_is_learnt_of_a_real_persons_home(cast: Cast) -> None:
    task = await held_by_ben(cast)
    await Outreach.filter(id=task["outreach_id"]).update(exercise=True)
    await send(cast, made(cast, task, "moved", correction={"address": "2 Elm Street"}))
    assert await Address.filter(origin="responder").count() == 0 and await CheckIn.all().count() == 1


async def test_bens_week_counts_his_hours_on_duty_once_and_whom_he_spoke_with(cast: Cast) -> None:
    now = cast.clock.now()
    mine, hour = {"responder_id": cast.ben.id}, 60 * MINUTE
    await Shift.filter(**mine).delete()
    await Shift.create(**mine, starts_at=now - 9 * hour, ends_at=now - 4 * hour)
    await Shift.create(**mine, starts_at=now - 5 * hour, ends_at=now + 2 * hour)
    await Absence.create(**mine, starts_at=now - 8 * hour, ends_at=now - 7 * hour)
    task = await held_by_ben(cast)
    cast.clock.advance(MINUTE)
    await send(cast, made(cast, task, "outcome", outcome="not_convinced"))
    since = (now - 8 * hour).isoformat().replace("+", "%2B")
    told = (await cast.ask("Ben", "GET", f"/api/me/hours?from={since}")).json()
    assert (told["on_duty_minutes"], told["reached"]) == (7 * 60 + 1, 1)


async def test_bens_hours_count_what_he_finished_and_not_what_was_taken_from_him(cast: Cast) -> None:
    task = await held_by_ben(cast)
    cast.clock.advance(25 * MINUTE)
    await send(cast, made(cast, task, "outcome", outcome="nobody_home"))
    again = await cast.offered(task["outreach_id"])
    await cast.ask("Ben", "POST", f"/api/offers/{again.id}/accept")
    cast.clock.advance(5 * MINUTE)
    await cast.ask("Cleo", "POST", f"/api/outreaches/{task['outreach_id']}/close", headers={"If-Match": "*"},
                   json={"reason": "left_town"})  # fmt: skip
    told = (await cast.ask("Ben", "GET", "/api/me/hours")).json()
    assert (told["name"], told["visits"], told["calls"], told["minutes"]) == ("Ben", 1, 0, 25)
    assert told["done"] == [{"kind": "visit", "at": task["accepted_at"], "minutes": 25}]
    assert told["reached"] == 0
    assert not {ADAS_PHONE, "Ada"} & set(map(str, told.values()))
    since = (cast.clock.now() - MINUTE).isoformat().replace("+", "%2B")
    assert (await cast.ask("Ben", "GET", f"/api/me/hours?from={since}")).json()["visits"] == 0
    assert (await Responder.get(id=cast.ben.id)).load == 0
