"""Climbing in batches: whoever is due is climbed, and no case holds up another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from outreach import outcomes
from outreach.ladder import BATCH, climb_due
from outreach.models import (
    Area,
    Attempt,
    Coordinator,
    EscalationPolicy,
    Event,
    Notice,
    Offer,
    Outreach,
    Phone,
    Resident,
    Shift,
    Task,
)
from outreach.models.statements import fetch
from outreach.models.states import EndState, Evidence, OfferStatus, Severity
from outreach.outcomes import SYSTEM, Contact, policy_of, record_contact
from outreach.settings import Settings
from tests.harness.town import Town, build_town


async def policy_of_steps(now: datetime, name: str, *steps: dict[str, str]) -> EscalationPolicy:
    """A version of a policy as it is kept."""
    same = {"name": name, "family": "fraud", "severity": "high"}
    body = {**same, "accepts": ["speech"], "gives_up_after": "24h", "steps": list(steps)}
    return await EscalationPolicy.create(**same, version=1, digest=name, body=body, made_at=now)


async def due(town: Town, policy: EscalationPolicy, now: datetime) -> Outreach:
    """Somebody with a phone, whose outreach is due now."""
    person = await Resident.create(made_at=now)
    await Phone.create(resident=person, number="+12025550150", number_hash=str(person.id), country="US", made_at=now)
    moments = dict.fromkeys(("opened_at", "ladder_from", "step_at", "due_at"), now)
    same = {"family": "fraud", "severity": "high", "category_id": town.outreach.category_id}
    return await Outreach.create(resident=person, policy=policy, **same, **moments)


async def test_a_case_that_cannot_be_climbed_holds_up_nobody_else(
    database: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    town = await build_town(now)
    # It can no longer be read, as after a downgrade.
    future = await policy_of_steps(now, "from_the_future", {"do": "send_a_drone", "after": "0s"})
    stuck = await due(town, future, now - timedelta(minutes=1))
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    others = [await due(town, text, now) for _ in range(3)]
    assert await climb_due(Settings(), now) >= 4
    climbed = await Outreach.filter(id__in=[each.id for each in others])
    assert all(each.due_at is not None and each.due_at > now and each.step >= 0 for each in climbed)
    again = await Outreach.get(id=stuck.id)
    # It is looked at again in a minute, and the log says which one it is.
    assert again.due_at == now + timedelta(minutes=1) and again.step == -1
    assert str(stuck.id) in capsys.readouterr().out


async def test_an_offer_that_cannot_lapse_holds_up_nobody_else(
    database: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    town = await build_town(now)
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    stuck, other, third = [await due(town, text, now) for _ in range(3)]
    given = {"kind": "visit", "step": 0, "reason": "nearest", "code": "1234", "offered_at": now, "lapses_at": now}
    unreadable = await Offer.create(outreach=stuck, responder=await town.responder(1), **given)
    await fetch("UPDATE offer SET kind = 'drone' WHERE outreach_id = $1", stuck.id)
    lapses = await Offer.create(outreach=other, responder=await town.responder(2), **given)
    assert await climb_due(Settings(), now) >= 2
    assert (await Offer.get(id=lapses.id)).status is OfferStatus.LAPSED
    assert await Attempt.filter(outreach_id__in=[other.id, third.id]).count() == 2
    left = await Offer.filter(id=unreadable.id).values_list("status", "lapses_at")
    assert left == [(OfferStatus.OFFERED, now + timedelta(minutes=1))]
    assert str(stuck.id) in capsys.readouterr().out


async def test_a_task_that_cannot_be_given_back_holds_up_nobody_else(
    database: str, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    town = await build_town(now)
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    stuck, other, third = [await due(town, text, now) for _ in range(3)]
    for number, case in enumerate((stuck, other), 1):
        to = await town.responder(number, load=1)
        offer = await town.offer(to, outreach=case, status=OfferStatus.ACCEPTED, settled_at=now)
        given = {"kind": "visit", "offer": offer, "accepted_at": now, "due_at": now + timedelta(hours=1)}
        await Task.create(outreach=case, responder=to, acknowledge_by=now, **given)
    await fetch("UPDATE task SET kind = 'drone' WHERE outreach_id = $1", stuck.id)
    assert await climb_due(Settings(), now) >= 2
    assert (await Task.get(outreach_id=other.id)).close_reason == "unacknowledged"
    assert await Attempt.filter(outreach_id__in=[other.id, third.id]).count() == 2
    left = await Task.filter(outreach_id=stuck.id).values_list("closed_at", "acknowledge_by")
    assert left == [(None, now + timedelta(minutes=1))]
    assert str(stuck.id) in capsys.readouterr().out


async def test_a_grave_case_is_climbed_before_a_flood_of_calm_ones(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now + timedelta(days=1))
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    calm = [await due(town, text, now - timedelta(minutes=1)) for _ in range(BATCH + 5)]
    await Outreach.filter(id__in=[each.id for each in calm]).update(severity=Severity.LOW)
    grave = await due(town, text, now)
    assert await climb_due(Settings(), now) == BATCH
    assert await Attempt.filter(outreach_id=grave.id).count() == 1
    assert await climb_due(Settings(), now) == 6
    assert await Attempt.all().count() == BATCH + 6


async def test_everybody_of_a_batch_gets_a_text_and_nobody_two(database: str, now: datetime) -> None:
    town = await build_town(now)
    text = await policy_of_steps(now, "text", {"do": "sms", "after": "0s"})
    many = [await due(town, text, now) for _ in range(60)]
    assert await climb_due(Settings(), now) == 50
    assert await climb_due(Settings(), now) >= 10
    texted = await Attempt.filter(channel="sms").values_list("outreach_id", flat=True)
    assert sorted(map(str, texted)) == sorted(str(each.id) for each in many)


async def test_nobody_due_is_nobody_climbed(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now + timedelta(seconds=1))
    assert await climb_due(Settings(), now) == 0


async def area(code: str, parent: Area | None = None) -> Area:
    """An area below `parent`."""
    path = f"{parent.path if parent else '/'}{code}/"
    return await Area.create(kind="grid", code=code, name=code, path=path, parent=parent)


async def climb(minutes: range, now: datetime) -> list[tuple[int, str]]:
    """Let the ladder turn each minute; answers at which of them which coordinators were alarmed."""
    seen: list[tuple[int, str]] = []
    for minute in minutes:
        await climb_due(Settings(), now + timedelta(minutes=minute))
        for notice in await Notice.filter(kind="alarm").order_by("id").select_related("coordinator"):
            if notice.queued_at == now + timedelta(minutes=minute):
                seen.append((minute, notice.coordinator.name if notice.coordinator else "the board"))
    return seen


async def test_an_alarm_climbs_by_those_who_watch_and_loses_no_time_on_a_level_nobody_watches(
    database: str, now: datetime
) -> None:
    town = await build_town(now)
    city = await area("c")
    street = await area("s", await area("d", city))
    grid = await area("g", street)
    for name, watches in (("Cleo", street), ("Carl", street), ("the chief", None)):
        await Coordinator.create(name=name, area=watches)
    policy = await policy_of_steps(now, "alarm", {"do": "coordinator", "after": "0s", "every": "10m"})
    case = await due(town, policy, now)
    await Outreach.filter(id=case.id).update(area_id=grid.id)
    assert await climb(range(45), now) == [(0, "Cleo"), (0, "Carl"), (10, "the chief")]


async def test_with_nobody_to_alarm_the_word_stands_on_the_board(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Coordinator.all().delete()
    policy = await policy_of_steps(now, "alarm", {"do": "coordinator", "after": "0s", "every": "10m"})
    await due(town, policy, now)
    assert await climb(range(25), now) == [(0, "the board")]


async def test_a_case_that_is_reopened_calls_for_a_coordinator_again(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Coordinator.create(name="the chief")
    policy = await policy_of_steps(now, "alarm", {"do": "coordinator", "after": "0s", "every": "10m"})
    case = await due(town, policy, now)
    await climb(range(1), now)
    row = await Outreach.get(id=case.id)
    await outcomes.end_outreach(row, EndState.CLOSED, "left_town", now)
    later = now + timedelta(hours=1)
    await outcomes.reopen(await Outreach.get(id=case.id), "came_back", SYSTEM, later)
    assert [minute for minute, _ in await climb(range(3), later)] == [0]


async def test_at_night_nobody_is_asked_to_go_where_the_matter_can_wait_until_morning(
    database: str, now: datetime
) -> None:
    """At ten at night nobody is on shift; when Ben's shift begins at one, he is not sent to a door before seven."""
    town = await build_town(now)
    policy = await policy_of_steps(now, "by_day", {"do": "visit", "after": "0s", "lapse": "3m"})
    body = {**policy.body, "severity": "medium", "hours": {"start": "07:00", "end": "22:00"}}
    policy.body, policy.severity = body, Severity.MEDIUM
    await policy.save()
    evening = now.replace(hour=13, minute=50)  # 21:50 in Shanghai
    case = {"policy_id": policy.id, "severity": "medium", "ladder_from": evening, "step_at": evening, "due_at": evening}
    await Outreach.filter(id=town.outreach.id).update(**case)
    await climb_due(Settings(), evening)
    assert (await Outreach.get(id=town.outreach.id)).step == 0
    ben = await town.responder(1, on_shift=False)
    await Shift.create(responder=ben, starts_at=evening, ends_at=evening + timedelta(hours=12))
    for hours in range(1, 9):
        await climb_due(Settings(), evening + timedelta(hours=hours))
    assert not await Offer.all().exists()
    await climb_due(Settings(), evening.replace(hour=23, minute=0))
    assert [offer.responder_id for offer in await Offer.all()] == [ben.id]


ALARM = {"do": "coordinator", "after": "0s", "every": "10m"}
CAME_OF = {
    "nobody_home": {"channel": "visit", "outcome": "nobody_home"},
    "refused": {"channel": "visit", "outcome": "refused"},
    "no_answer": {"channel": "call", "outcome": "busy"},
    "not_spoken_with": {"channel": "voice", "evidence": Evidence.KEY},
    # Where they were sent to was not theirs: that says nothing of who is at home.
    "time_ran_out": {"channel": "visit", "outcome": "wrong_address", "wrong_place": True},
}


async def found(case: Outreach, at: datetime, **what: Any) -> None:
    """Somebody found that."""
    row = await Outreach.get(id=case.id)
    await record_contact(row.id, await policy_of(row), Contact(at=at, **what), at)


async def why(case: Outreach, now: datetime) -> str | None:
    """The reason with which it ends unreached, a day later."""
    while await climb_due(Settings(), now + timedelta(hours=25)):
        pass
    row = await Outreach.get(id=case.id)
    assert row.end_state is EndState.UNREACHED
    return row.end_reason


@pytest.mark.parametrize("reason", CAME_OF)
async def test_who_was_not_reached_ends_with_what_people_found(database: str, now: datetime, reason: str) -> None:
    town = await build_town(now)
    case = await due(town, await policy_of_steps(now, "alarm", ALARM), now)
    await climb_due(Settings(), now)
    await found(case, now + timedelta(minutes=5), **CAME_OF[reason])
    assert await why(case, now) == reason
    assert (await Event.get(outreach_id=case.id, kind="ended")).data["limit"] == "time_ran_out"


async def test_whom_nobody_could_go_to_ends_with_that_however_many_were_asked(database: str, now: datetime) -> None:
    town = await build_town(now)
    await Outreach.filter(id=town.outreach.id).update(due_at=now)
    await climb_due(Settings(), now)
    assert await why(town.outreach, now) == "no_responder"
    text, visit = {"do": "sms", "after": "0s"}, {"do": "visit", "after": "0s", "lapse": "3m"}
    policy = await policy_of_steps(now, "text_and_visit", text, visit)
    for takes, reason in ((False, "no_responder"), (True, "no_answer")):
        case = await due(town, policy, now)
        await Attempt.create(
            outreach=case, channel="sms", step=0, text_key="warned", status="sent",
            queued_at=now, send_after=now, sent_at=now,
        )  # fmt: skip
        ben = await town.responder(2 if takes else 1)
        offer = await town.offer(ben, outreach=case)
        if takes:
            # Who took it on and never got there: they were written to, and nothing else is known.
            await Offer.filter(id=offer.id).update(status="accepted", settled_at=now)
            task = {"outreach": case, "kind": "visit", "responder": ben, "offer": offer}
            await Task.create(**task, accepted_at=now, due_at=now + timedelta(minutes=40))
        assert await why(case, now) == reason


async def test_of_whom_no_number_and_no_place_is_right_the_reason_says_so(database: str, now: datetime) -> None:
    town = await build_town(now)
    case = await due(town, await policy_of_steps(now, "alarm", ALARM), now)
    await climb_due(Settings(), now)
    await found(case, now + timedelta(minutes=5), channel="call", outcome="wrong_number", wrong_number=True)
    assert await why(case, now) == "nothing_known"


async def test_a_case_that_is_reopened_ends_with_what_came_of_it_since(database: str, now: datetime) -> None:
    town = await build_town(now)
    case = await due(town, await policy_of_steps(now, "alarm", ALARM), now)
    await found(case, now + timedelta(minutes=5), channel="visit", outcome="nobody_home")
    assert await why(case, now) == "nobody_home"
    later = now + timedelta(days=2)
    await outcomes.reopen(await Outreach.get(id=case.id), "danger_again", SYSTEM, later)
    assert await why(case, later) == "time_ran_out"


async def test_an_exercise_ends_as_its_time_runs_out_since_nothing_was_tried(database: str, now: datetime) -> None:
    town = await build_town(now)
    case = await due(town, await policy_of_steps(now, "alarm", ALARM), now)
    await Outreach.filter(id=case.id).update(exercise=True)
    assert await why(case, now) == "time_ran_out"
