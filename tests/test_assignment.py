from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from outreach.assignment import (
    Candidate,
    LeftOut,
    Shortage,
    candidates_of,
    forget_stale_positions,
    lapse_due,
    offer_step,
    rank,
    reassign,
    return_unacknowledged,
    want_of,
)
from outreach.errors import AtCapacity, IllegalMove, NotEligible, NotFound, Refusal
from outreach.geo import cell_of, point_text
from outreach.models import Absence, Address, Event, Notice, Offer, Outreach, Resident, Responder, Task
from outreach.models.states import LIVE_TASK, OfferStatus, TaskKind, TaskStatus
from outreach.policy import Step
from outreach.settings import Settings
from outreach.tasks import accept, decline
from tests.harness.town import LAKE, METRE, Town, another_outreach, build_town

MINUTE = timedelta(minutes=1)
SETTINGS = Settings()
FAR = 5000


@pytest.fixture
async def town(database: str, now: datetime) -> Town:
    return await build_town(now)


def visit(ask: int = 2, **given: Any) -> Step:
    row = {"do": "visit", "after": timedelta(0), "ask": ask, "lapse": 3 * MINUTE, "within": 40 * MINUTE}
    return Step(**{**row, **given})


async def ranked(town: Town, step: Step | None = None, limit: int = 5) -> tuple[list[Candidate], Shortage | None]:
    return await rank(await want_of(town.outreach, step or visit()), SETTINGS, town.now, limit)


async def who(town: Town, step: Step | None = None, limit: int = 5) -> list[Any]:
    return [each.responder_id for each in (await ranked(town, step, limit))[0]]


async def lacking(town: Town, step: Step | None = None) -> Shortage | None:
    found, shortage = await ranked(town, step)
    assert not found
    return shortage


async def knows_ada(town: Town, responder: Responder) -> None:
    old = await Outreach.create(
        resident=town.ada,
        family="welfare",
        category=town.category,
        severity="low",
        policy_id=town.outreach.policy_id,  # type: ignore[attr-defined]
        status="ended",
        end_state="closed",
        opened_at=town.now,
        ladder_from=town.now,
        step_at=town.now,
        ended_at=town.now,
    )
    offer = await town.offer(responder, outreach=old, status="accepted", settled_at=town.now)
    moments = {"accepted_at": town.now, "due_at": town.now, "closed_at": town.now}
    await Task.create(outreach=old, kind="visit", responder=responder, offer=offer, status="closed", **moments)


async def test_the_nearest_are_asked_first(town: Town) -> None:
    far, near, middle = [await town.responder(n, m) for n, m in ((1, FAR), (2, 300), (3, 2500))]
    found, shortage = await ranked(town)
    assert [each.responder_id for each in found] == [near.id, middle.id, far.id]
    assert found[0] == Candidate(near.id, pytest.approx(300, abs=1), pytest.approx(97, abs=1), "nearest")
    assert shortage is None
    assert await who(town, limit=1) == [near.id]


async def test_whoever_knows_ada_wins_within_the_margin_then_her_own_grids_worker(town: Town) -> None:
    near = await town.responder(1, 100)
    own_grid = await town.responder(2, 400, area=town.grid)
    knows = await town.responder(3, 500)
    await knows_ada(town, knows)
    found, _ = await ranked(town)
    assert [each.reason for each in found] == ["knows_resident", "home_grid", "nearest"]
    assert [each.responder_id for each in found] == [knows.id, own_grid.id, near.id]


async def test_knowing_ada_does_not_outweigh_half_an_hour(town: Town) -> None:
    near, knows = await town.responder(1, 100), await town.responder(2, FAR)
    await knows_ada(town, knows)
    assert await who(town, limit=1) == [near.id]


async def test_a_stale_position_counts_as_being_at_home(town: Town, now: datetime) -> None:
    at_home = await town.responder(1, 1500)
    here = {"lat": LAKE[0], "lon": LAKE[1], "cell": cell_of(*LAKE)}
    stale = await town.responder(2, 3000, position_at=now - 21 * MINUTE, **here)
    fresh = await town.responder(3, 3000, position_at=now - 19 * MINUTE, **here)
    assert await who(town) == [fresh.id, at_home.id, stale.id]


@pytest.mark.parametrize(
    ("given", "shortage"),
    [
        ({"on_shift": False}, Shortage.NobodyOnShift),
        ({"vetted_until": None}, Shortage.NobodyVetted),
        ({"trained": ["welfare"]}, Shortage.NobodyTrained),
        ({"role": "officer"}, Shortage.NobodyTrained),
        ({"languages": ["en"], "language": "en"}, Shortage.NobodyTrained),
        ({"capacity": 2, "load": 2}, Shortage.AllAtCapacity),
        ({"metres_north": 8500}, Shortage.NobodyWithin),
    ],
)
async def test_each_shortage_has_its_name(town: Town, given: dict[str, Any], shortage: Shortage) -> None:
    await town.responder(1, **given)
    step = visit(roles=frozenset({"volunteer"}), same_language=True)
    assert await lacking(town, step) is shortage


async def test_the_furthest_hurdle_names_the_shortage(town: Town) -> None:
    await town.responder(1, vetted_until=None)
    await town.responder(2, load=1)
    assert await lacking(town) is Shortage.AllAtCapacity


async def test_somebody_absent_is_not_on_shift(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await Absence.create(responder=ben, starts_at=now - MINUTE, ends_at=now + MINUTE)
    assert await lacking(town) is Shortage.NobodyOnShift


async def test_training_for_the_one_category_is_enough(town: Town) -> None:
    ben = await town.responder(1, trained=["impersonation"])
    assert await who(town) == [ben.id]


@pytest.mark.parametrize("status", ["declined", "lapsed", "undelivered"])
async def test_nobody_is_asked_twice_in_a_round(town: Town, now: datetime, status: str) -> None:
    ben = await town.responder(1)
    await town.offer(ben, status=status, settled_at=now)
    assert await lacking(town) is Shortage.NobodyLeft
    town.outreach.round = 1
    assert await who(town) == [ben.id]


async def test_a_call_may_be_made_from_anywhere(town: Town) -> None:
    ben = await town.responder(1, 30_000)
    assert await lacking(town) is Shortage.NobodyWithin
    assert await who(town, Step("call", timedelta(0))) == [ben.id]


async def test_without_a_place_her_own_grid_is_asked_first_then_anybody_on_shift(town: Town) -> None:
    await Address.all().delete()
    elsewhere = await town.responder(1)
    assert await who(town) == [elsewhere.id]
    own_grid = await town.responder(2, FAR, area=town.grid)
    found, _ = await ranked(town, limit=1)
    assert found == [Candidate(own_grid.id, None, None, "home_grid")]


async def test_whoever_was_far_away_an_hour_ago_is_looked_for_at_home(town: Town, now: datetime) -> None:
    """Ben lives next door and last said where he was, an hour ago, from the other end of the city."""
    away = {"lat": LAKE[0] + 40_000 * METRE, "lon": LAKE[1]}
    there = {**away, "cell": cell_of(away["lat"], away["lon"])}
    ben = await town.responder(1, 50, position_at=now - 60 * MINUTE, **there)
    fresh = await town.responder(2, 50, position_at=now - 5 * MINUTE, **there)
    other = await town.responder(3, 2500)
    assert await forget_stale_positions(Settings(), now) == 1
    assert await who(town) == [ben.id, other.id]
    assert (await Responder.get(id=fresh.id)).lat == away["lat"]
    assert await forget_stale_positions(Settings(), now) == 0


async def test_nobody_is_sent_out_for_an_exercise(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await Outreach.filter(id=town.outreach.id).update(exercise=True)
    with pytest.raises(IllegalMove):
        await reassign(town.outreach, ben.id, None, "closer", town.cleo.id, Settings(), now)
    assert not await Notice.all().exists()


async def test_the_way_is_measured_to_the_place_that_was_not_found_wrong(town: Town, now: datetime) -> None:
    await Address.all().update(wrong_at=now)
    there = point_text((LAKE[0] + FAR * METRE, LAKE[1]))
    await Address.create(resident=town.ada, point=there, made_at=now - timedelta(days=1))
    ben = await town.responder(1, FAR)
    found, _ = await ranked(town, limit=1)
    assert [(one.responder_id, round(one.distance_m or 0)) for one in found] == [(ben.id, 0)]


async def test_a_step_asks_as_many_as_it_says_each_with_a_word_and_a_code(town: Town, now: datetime) -> None:
    for number in range(4):
        await town.responder(number, 100 * number)
    asked = await offer_step(town.outreach, visit(), SETTINGS, now)
    assert (len(asked.offers), asked.until, asked.shortage) == (2, now + 3 * MINUTE, None)
    assert all(len(offer.code) == 4 and offer.code.isdigit() for offer in asked.offers)
    words = await Notice.filter(kind="offer", audience="responder", channel="sms", status="queued")
    assert {word.offer_id for word in words} == {offer.id for offer in asked.offers}  # type: ignore[attr-defined]
    event = await Event.filter(kind="offered").first()
    assert event is not None
    assert set(event.data) == {"task_kind", "reason", "offer_id", "responder_id", "distance_m", "travel_s"}


async def test_a_decline_is_topped_up_by_the_next(town: Town, now: datetime) -> None:
    for number in range(4):
        await town.responder(number, 100 * number)
    first = await offer_step(town.outreach, visit(), SETTINGS, now)
    again = await offer_step(town.outreach, visit(), SETTINGS, now + MINUTE)
    assert (again.offers, again.until) == ((), now + 3 * MINUTE)
    said_no = first.offers[0]
    await decline(said_no.id, said_no.responder_id, "busy", now + MINUTE)  # type: ignore[attr-defined]
    topped = await offer_step(town.outreach, visit(), SETTINGS, now + MINUTE)
    assert (len(topped.offers), topped.until) == (1, now + 3 * MINUTE)
    assert await Offer.filter(status="offered").count() == 2


async def test_nobody_is_asked_while_somebody_holds_the_task(town: Town, now: datetime) -> None:
    ben, _ = await town.responder(1), await town.responder(2)
    await accept((await town.offer(ben)).id, ben.id, now)
    assert (await offer_step(town.outreach, visit(), SETTINGS, now)).offers == ()
    assert await Offer.filter(status="offered").count() == 0


async def test_an_accepted_offer_gives_the_time_its_own_step_says(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    asked = await offer_step(town.outreach, town.policy.steps[1], SETTINGS, now)
    task = await accept(asked.offers[0].id, ben.id, now)
    assert (task.kind, task.due_at) == (TaskKind.CALL, now + 15 * MINUTE)


async def test_a_shortage_is_written_down_when_it_changes_and_not_each_time(town: Town, now: datetime) -> None:
    for _ in range(3):
        assert (await offer_step(town.outreach, visit(), SETTINGS, now)).shortage is Shortage.NobodyOnShift
    await town.responder(1, load=1)
    await offer_step(town.outreach, visit(), SETTINGS, now)
    names = [event.data["name"] for event in await Event.filter(kind="shortage").order_by("seq")]
    assert names == ["NobodyOnShift", "AllAtCapacity"]


async def test_codes_of_one_responder_are_never_alike(town: Town, now: datetime) -> None:
    ben = await town.responder(1, capacity=100)
    for number in range(25):
        await offer_step(await another_outreach(town, number), visit(), SETTINGS, now)
    codes = [offer.code for offer in await Offer.filter(responder=ben)]
    assert len(codes) == len(set(codes)) == 25


async def test_an_offer_nobody_answers_lapses_and_brings_the_ladder(town: Town, now: datetime) -> None:
    await town.responder(1)
    await offer_step(town.outreach, visit(), SETTINGS, now)
    assert await lapse_due(now + 2 * MINUTE) == 0
    late = now + 4 * MINUTE
    assert await lapse_due(late) == 1
    assert await lapse_due(late) == 0
    assert (await Offer.get()).status is OfferStatus.LAPSED
    assert (await Event.get(kind="lapsed")).at == now + 3 * MINUTE
    assert (await Outreach.get()).due_at == late
    assert (await Notice.get(kind="offer")).status == "cancelled"


async def test_a_coordinator_moves_the_task_to_another_at_once(town: Town, now: datetime) -> None:
    ben, dan = await town.responder(1), await town.responder(2, on_shift=False)
    await accept((await town.offer(ben)).id, ben.id, now)
    late = now + MINUTE
    task = await reassign(town.outreach, dan.id, None, "speaks_dialect", town.cleo.id, SETTINGS, late)
    assert (task.kind, task.acknowledge_by, task.acknowledged_at) == (TaskKind.VISIT, late + 5 * MINUTE, None)
    assert {each.id: each.load for each in await Responder.all()} == {ben.id: 0, dan.id: 1}
    assert await Task.filter(status__in=LIVE_TASK).count() == 1
    outreach = await Outreach.get()
    assert (outreach.version, outreach.acknowledged_at) == (3, late)
    words = {(word.kind, word.responder_id) for word in await Notice.all()}  # type: ignore[attr-defined]
    assert words == {("called_off", ben.id), ("handed_over", dan.id)}
    event = await Event.get(kind="reassigned")
    assert (event.actor_id, event.data["reason"]) == (town.cleo.id, "speaks_dialect")


async def test_reassigning_withdraws_what_was_offered(town: Town, now: datetime) -> None:
    ben, dan = await town.responder(1), await town.responder(2)
    await offer_step(town.outreach, visit(), SETTINGS, now)
    await reassign(town.outreach, dan.id, None, "Ada asked for him", town.cleo.id, SETTINGS, now)
    assert await Offer.filter(status="withdrawn").count() == 2
    offer = await Offer.get(status="accepted")
    assert (offer.responder_id, offer.by_coordinator_id) == (dan.id, town.cleo.id)  # type: ignore[attr-defined]
    assert (await Event.get(kind="reassigned")).data["reason"] == "other"
    assert await Notice.filter(responder=ben, kind="called_off").count() == 0


async def test_a_reassignment_that_cannot_be_changes_nothing(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await accept((await town.offer(ben)).id, ben.id, now)
    before = (await Outreach.get()).version
    refusals = {
        (await town.responder(2, load=1)).id: AtCapacity,
        (await town.responder(3, vetted_until=now)).id: NotEligible,
        (await town.responder(4, trained=[])).id: NotEligible,
        ben.id: NotEligible,
        uuid4(): NotFound,
    }
    for responder_id, refusal in refusals.items():
        with pytest.raises(refusal):
            await reassign(town.outreach, responder_id, None, "near", town.cleo.id, SETTINGS, now)
    assert (await Task.get()).status is TaskStatus.ACCEPTED
    assert (await Outreach.get()).version == before
    assert (await Responder.get(id=ben.id)).load == 1


async def test_an_ended_outreach_is_handed_to_nobody(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await Outreach.all().update(status="ended", end_state="closed", ended_at=now, due_at=None)
    with pytest.raises(IllegalMove):
        await reassign(town.outreach, ben.id, None, "near", town.cleo.id, SETTINGS, now)


async def test_a_handover_nobody_acknowledges_goes_back_to_the_ladder(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await reassign(town.outreach, ben.id, TaskKind.VISIT, "near", town.cleo.id, SETTINGS, now)
    assert await return_unacknowledged(now + 4 * MINUTE) == 0
    late = now + 5 * MINUTE
    assert await return_unacknowledged(late) == 1
    assert ((await Task.get()).close_reason, (await Responder.get()).load) == ("unacknowledged", 0)
    outreach = await Outreach.get()
    assert (outreach.due_at, outreach.hurried_at) == (late, late)
    assert await lacking(town) is Shortage.NobodyLeft


async def test_a_handover_acknowledged_in_time_stays(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    await reassign(town.outreach, ben.id, TaskKind.VISIT, "near", town.cleo.id, SETTINGS, now)
    await accept((await Offer.get()).id, ben.id, now + MINUTE)
    assert await return_unacknowledged(now + 9 * MINUTE) == 0
    assert (await Task.get()).acknowledged_at == now + MINUTE


async def test_accepting_reassigning_and_lapsing_at_once_leave_one_holder(town: Town, now: datetime) -> None:
    crowd = [await town.responder(number, 50 * number) for number in range(8)]
    dan = await town.responder(9)
    offers = [await town.offer(each) for each in crowd]
    taking = [accept(offer.id, each.id, now) for offer, each in zip(offers, crowd, strict=True)]
    handing = [reassign(town.outreach, dan.id, TaskKind.VISIT, "near", town.cleo.id, SETTINGS, now) for _ in range(2)]
    rest = [lapse_due(now + 3 * MINUTE), offer_step(town.outreach, visit(), SETTINGS, now)]
    answers = await asyncio.gather(*taking, *handing, *rest, return_exceptions=True)
    broken = [each for each in answers if isinstance(each, Exception) and not isinstance(each, Refusal)]
    assert broken == []
    holders = [each.responder_id for each in await Task.filter(status__in=LIVE_TASK)]  # type: ignore[attr-defined]
    assert len(holders) == 1
    assert {each.id: each.load for each in await Responder.all() if each.load} == {holders[0]: 1}


async def test_cleo_sees_who_may_be_asked_and_why_the_others_may_not(town: Town, now: datetime) -> None:
    away = await town.responder(1, 50, on_shift=False)
    full = await town.responder(2, 60, load=1)
    fit = await town.responder(3, 900)
    far = await town.responder(4, 9000)
    asked = await town.responder(5, 700)
    await town.offer(asked, status="declined", settled_at=now)
    seen = await candidates_of(town.outreach, TaskKind.VISIT, SETTINGS, now)
    assert [(each.responder_id, each.left_out) for each in seen] == [
        (fit.id, None),
        (away.id, LeftOut.NOT_ON_SHIFT),
        (full.id, LeftOut.AT_CAPACITY),
        (asked.id, LeftOut.ASKED_ALREADY),
        (far.id, LeftOut.TOO_FAR),
    ]
    # Shift, distance and an answer of before are Cleo's to overrule; a full load is not.
    assert [each.givable for each in seen] == [True, True, False, True, True]


async def test_candidates_are_at_most_fifty_and_those_left_out_are_among_them(town: Town, now: datetime) -> None:
    for number in range(55):
        await town.responder(number, 10 * number)
    away = await town.responder(56, 2000, on_shift=False)
    seen = await candidates_of(town.outreach, TaskKind.VISIT, SETTINGS, now)
    assert len(seen) == 50 and [each.responder_id for each in seen if each.left_out] == [away.id]


async def test_a_ring_farther_out_is_not_missed_for_somebody_who_knows_her(town: Town) -> None:
    cell = cell_of(*LAKE)
    edge = next(m for m in range(100, 2000, 10) if cell_of(LAKE[0] - m * METRE, LAKE[1]) != cell)
    near, knows = await town.responder(1, 50 - edge), await town.responder(2, -edge - 400)
    await knows_ada(town, knows)
    assert await who(town, limit=1) == [knows.id]
    assert near.id != knows.id
    assert await Resident.all().count() == 1
