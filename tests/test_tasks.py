from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from outreach.errors import (
    AlreadyTaken,
    AtCapacity,
    DifferentContent,
    NotEligible,
    NotFound,
    OfferOver,
    Refusal,
    UnknownOutcome,
)
from outreach.models import (
    Address,
    CheckIn,
    CheckInKeptAside,
    Event,
    Notice,
    Offer,
    Outreach,
    Phone,
    Responder,
    Target,
    Task,
)
from outreach.models.states import LIVE_TASK, CheckInKind, OfferStatus, TaskStatus
from outreach.settings import Settings
from outreach.tasks import CheckInForm, accept, check_in, decline, live_tasks, open_offers, outcome_rules
from tests.harness.town import OUTCOMES, Town, another_outreach, build_town

MINUTE = timedelta(minutes=1)
SETTINGS = Settings()


@pytest.fixture
async def town(database: str, now: datetime) -> Town:
    return await build_town(now)


def form(task: Task, made_at: datetime, kind: str = "arrived", **given: Any) -> CheckInForm:
    return CheckInForm(**{"id": uuid4(), "task_id": task.id, "kind": CheckInKind(kind), "made_at": made_at, **given})


async def held(town: Town, number: int = 1) -> tuple[Responder, Task]:
    ben = await town.responder(number)
    return ben, await accept((await town.offer(ben)).id, ben.id, town.now)


async def test_a_coordinator_who_read_that_nobody_holds_it_must_read_again(town: Town, now: datetime) -> None:
    read = (await Outreach.get(id=town.outreach.id)).version
    ben, task = await held(town)
    taken = (await Outreach.get(id=town.outreach.id)).version
    await check_in(form(task, now, "outcome", outcome="nobody_home"), ben.id, now, now, SETTINGS)
    assert read < taken < (await Outreach.get(id=town.outreach.id)).version


async def test_accepting_books_the_responder_and_makes_the_task(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    assert (await Responder.get(id=ben.id)).load == 1
    assert (task.status, task.due_at) == (TaskStatus.ACCEPTED, now + 40 * MINUTE)
    assert (await Offer.get()).status is OfferStatus.ACCEPTED
    assert await Event.filter(kind="accepted").count() == 1
    assert (await Outreach.get(id=town.outreach.id)).due_at == now


async def test_the_others_who_were_asked_are_told_why_not(town: Town, now: datetime) -> None:
    ben, dan = await town.responder(1), await town.responder(2)
    mine, his = await town.offer(ben), await town.offer(dan)
    told = {"audience": "responder", "channel": "sms", "kind": "offer", "queued_at": now, "send_after": now}
    await Notice.create(**told, responder=dan, offer=his, outreach=town.outreach, status="sent")
    await accept(mine.id, ben.id, now)
    assert (await Offer.get(id=his.id)).status is OfferStatus.WITHDRAWN
    assert (await Notice.get(kind="called_off")).data == {"why": "taken"}


async def test_of_thirty_who_accept_at_once_exactly_one_holds_the_task(town: Town, now: datetime) -> None:
    crowd = [await town.responder(number) for number in range(30)]
    offers = [await town.offer(each) for each in crowd]
    tries = [accept(offer.id, each.id, now) for offer, each in zip(offers, crowd, strict=True)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Task) == 1
    assert {type(answer) for answer in answers} <= {Task, AlreadyTaken}
    assert await Task.filter(status__in=LIVE_TASK).count() == 1
    assert sum(each.load for each in await Responder.all()) == 1


async def test_nobody_is_booked_past_their_capacity_however_many_accept_at_once(town: Town, now: datetime) -> None:
    ben = await town.responder(1, capacity=3)
    cases = [await another_outreach(town, number) for number in range(30)]
    offers = [await town.offer(ben, outreach=case) for case in cases]
    answers = await asyncio.gather(*(accept(o.id, ben.id, now) for o in offers), return_exceptions=True)
    assert [type(answer) for answer in answers].count(Task) == 3
    assert {type(answer) for answer in answers} == {Task, AtCapacity}
    assert (await Responder.get(id=ben.id)).load == 3


async def test_accepting_twice_is_accepting_once(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    offer = await Offer.get()
    assert (await accept(offer.id, ben.id, now + MINUTE)).id == task.id
    assert (await Responder.get(id=ben.id)).load == 1
    await Task.all().update(acknowledged_at=None)
    assert (await accept(offer.id, ben.id, now + MINUTE)).acknowledged_at == now + MINUTE


async def test_somebody_elses_offer_is_not_to_be_found(town: Town, now: datetime) -> None:
    offer, dov = await town.offer(await town.responder(1)), await town.responder(2)
    for refused in (
        accept(offer.id, dov.id, now),
        decline(offer.id, dov.id, "busy", now),
        accept(uuid4(), dov.id, now),
    ):
        with pytest.raises(NotFound):
            await refused


async def test_an_offer_that_lapsed_or_was_withdrawn_is_over(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await town.offer(ben)
    with pytest.raises(OfferOver):
        await accept(offer.id, ben.id, now + 3 * MINUTE)
    await Offer.all().update(status="withdrawn", settled_at=now)
    for refused in (accept(offer.id, ben.id, now), decline(offer.id, ben.id, "busy", now)):
        with pytest.raises(OfferOver):
            await refused
    assert (await Responder.get()).load == 0


async def test_a_responder_whose_vetting_ran_out_is_not_booked(town: Town, now: datetime) -> None:
    ben = await town.responder(1, vetted_until=now)
    with pytest.raises(NotEligible):
        await accept((await town.offer(ben)).id, ben.id, now)
    assert await Task.all().count() == 0


async def test_a_decline_keeps_a_code_and_brings_the_ladder_at_once(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await town.offer(ben)
    assert (await decline(offer.id, ben.id, "too_far", now)).decline_reason == "too_far"
    assert (await decline(offer.id, ben.id, "too_far", now)).status is OfferStatus.DECLINED
    assert (await Outreach.get(id=town.outreach.id)).due_at == now
    assert await Event.filter(kind="declined").count() == 1


async def test_free_words_in_a_decline_reach_neither_column_nor_timeline(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    offer = await decline((await town.offer(ben)).id, ben.id, "Ada owes me money", now)
    assert offer.decline_reason == "other"
    assert "Ada" not in str((await Event.get(kind="declined")).data)


async def test_an_arrival_made_without_signal_counts_when_it_was_made(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    phone_now = now + 20 * MINUTE - 5 * MINUTE
    kept, fresh = await check_in(form(task, now + 5 * MINUTE), ben.id, phone_now, now + 20 * MINUTE, SETTINGS)
    assert (fresh, kept.corrected_at, kept.clock_error_s, kept.bounded) == (True, now + 10 * MINUTE, 300, False)
    task = await Task.get()
    assert (task.status, task.arrived_at) == (TaskStatus.ARRIVED, now + 10 * MINUTE)
    event = await Event.get(kind="arrived")
    assert (event.at, event.recorded_at) == (now + 10 * MINUTE, now + 20 * MINUTE)


@pytest.mark.parametrize(("made", "counts"), [(-30, 0), (90, 20)])
async def test_no_clock_puts_a_check_in_before_the_task_or_into_the_future(
    town: Town, now: datetime, made: int, counts: int
) -> None:
    ben, task = await held(town)
    late = now + 20 * MINUTE
    kept, _ = await check_in(form(task, now + made * MINUTE), ben.id, late, late, SETTINGS)
    assert (kept.corrected_at, kept.bounded) == (now + counts * MINUTE, True)


async def test_a_clock_a_year_off_is_corrected_no_further_than_the_limit(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    kept, _ = await check_in(form(task, now), ben.id, now - timedelta(days=365), now, SETTINGS)
    assert (kept.clock_error_s, kept.bounded) == (720 * 60, True)


async def test_a_check_in_sent_ten_times_is_kept_once(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    sent = form(task, now, "outcome", outcome="convinced", note="She hung up on them", location=(30.2, 120.1))
    tries = [check_in(sent, ben.id, now, now + n * MINUTE, SETTINGS) for n in range(10)]
    answers = await asyncio.gather(*tries)
    assert [fresh for _, fresh in answers].count(True) == 1
    assert await CheckIn.all().count() == 1
    assert await Event.filter(kind="contact").count() == 1
    assert (await CheckIn.get()).note == "She hung up on them"


async def test_other_content_under_the_same_id_is_refused_and_kept_aside(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    first = form(task, now, "note", note="At the gate")
    await check_in(first, ben.id, now, now, SETTINGS)
    for _ in range(2):
        with pytest.raises(DifferentContent):
            await check_in(form(task, now, "note", note="Inside", id=first.id), ben.id, now, now, SETTINGS)
    assert (await CheckIn.get()).note == "At the gate"
    assert "Inside" in (await CheckInKeptAside.get()).body


async def test_only_whoever_holds_the_task_may_check_in(town: Town, now: datetime) -> None:
    _, task = await held(town)
    dov = await town.responder(2)
    with pytest.raises(NotFound):
        await check_in(form(task, now), dov.id, now, now, SETTINGS)


async def test_an_outcome_nobody_defined_changes_nothing(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    for outcome in ("moved_to_mars", None):
        with pytest.raises(UnknownOutcome):
            await check_in(form(task, now, "outcome", outcome=outcome), ben.id, now, now, SETTINGS)
    assert await CheckIn.all().count() == 0
    assert (await Task.get()).status is TaskStatus.ACCEPTED


async def test_convinced_at_the_door_closes_the_task_and_ends_the_outreach(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    said = form(task, now + 5 * MINUTE, "outcome", outcome="convinced")
    await check_in(said, ben.id, now + 9 * MINUTE, now + 9 * MINUTE, SETTINGS)
    task, target = await Task.get(), await Target.get()
    assert (task.status, task.closed_at, task.close_reason) == (TaskStatus.CLOSED, now + 5 * MINUTE, "done")
    assert (await Responder.get(id=ben.id)).load == 0
    assert (target.reached_at, target.reached_by, target.reached_role) == (now + 5 * MINUTE, "visit", "volunteer")
    assert (target.reached_evidence, target.accurate, target.end_state) == ("in_person", True, "convinced")


async def test_nobody_home_reaches_nobody_and_hurries_the_ladder(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    late = now + 9 * MINUTE
    await check_in(form(task, late, "outcome", outcome="nobody_home"), ben.id, late, late, SETTINGS)
    outreach = await Outreach.get(id=town.outreach.id)
    assert (outreach.contacted_at, outreach.reached_at, outreach.hurried_at) == (None, None, late)
    assert (await Responder.get(id=ben.id)).load == 0


async def test_a_wrong_number_is_marked_on_the_residents_phones(town: Town, now: datetime) -> None:
    ben = await town.responder(1)
    task = await accept((await town.offer(ben, kind="call", step=1)).id, ben.id, now)
    assert task.due_at == now + 15 * MINUTE
    await check_in(form(task, now, "outcome", outcome="wrong_number"), ben.id, now, now, SETTINGS)
    assert (await Phone.get()).wrong_at == now


async def test_that_the_money_is_gone_alarms_cleo_once_however_often_it_is_sent(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    said = form(task, now + MINUTE, "outcome", outcome="defrauded")
    for minute in (2, 3):
        await check_in(said, ben.id, now + minute * MINUTE, now + minute * MINUTE, SETTINGS)
    assert (await Notice.get(kind="emergency")).coordinator_id == town.cleo.id
    event = await Event.get(kind="emergency")
    assert (event.actor_kind, event.actor_id, event.at) == ("responder", ben.id, now + MINUTE)


async def handed_from_ben_to_dan(town: Town, now: datetime) -> tuple[Responder, Task, Task]:
    """Ben, the visit he had, and the one that Dan has now."""
    ben, task = await held(town)
    await Task.all().update(status="closed", closed_at=now, close_reason="reassigned")
    dan = await town.responder(2)
    return ben, task, await accept((await town.offer(dan)).id, dan.id, now)


async def test_an_emergency_found_by_somebody_reassigned_meanwhile_is_an_emergency(town: Town, now: datetime) -> None:
    ben, task, _ = await handed_from_ben_to_dan(town, now)
    await check_in(form(task, now, "outcome", outcome="defrauded"), ben.id, now, now, SETTINGS)
    assert (await Notice.get(kind="emergency")).coordinator_id == town.cleo.id


async def test_a_wrong_address_closes_bens_visit_and_a_coordinator_is_asked_where_ada_is(
    town: Town, now: datetime
) -> None:
    ben, task = await held(town)
    await check_in(form(task, now, "outcome", outcome="wrong_address"), ben.id, now, now, SETTINGS)
    assert ((await Task.get()).close_reason, (await Address.get()).wrong_at) == ("done", now)
    assert await Notice.filter(kind="locate").count() == 1
    assert not await Notice.filter(kind="called_off").exists()
    assert (await Event.get(kind="no_contact")).data["wrong_place"] is True
    assert (await Outreach.get(id=town.outreach.id)).hurried_at == now


async def test_a_wrong_address_from_somebody_reassigned_turns_back_whoever_is_on_the_way_there(
    town: Town, now: datetime
) -> None:
    ben, task, his = await handed_from_ben_to_dan(town, now)
    await check_in(form(task, now, "outcome", outcome="wrong_address"), ben.id, now, now, SETTINGS)
    assert ((await Task.get(id=his.id)).close_reason, (await Address.get()).wrong_at) == ("wrong_place", now)
    assert (await Notice.get(kind="called_off")).responder_id == his.responder_id
    assert (await Outreach.get(id=town.outreach.id)).hurried_at == now


async def test_one_from_somebody_reassigned_meanwhile_is_kept_flagged_and_counts(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    await Task.all().update(status="closed", closed_at=now + MINUTE, close_reason="reassigned")
    said = form(task, now + 2 * MINUTE, "outcome", outcome="convinced")
    kept, _ = await check_in(said, ben.id, now + 9 * MINUTE, now + 9 * MINUTE, SETTINGS)
    task = await Task.get()
    assert (kept.after_handover, task.closed_at, task.close_reason) == (True, now + MINUTE, "reassigned")
    assert (await Target.get()).reached_at == now + 2 * MINUTE


async def test_nobody_home_from_somebody_reassigned_hurries_nobody(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    await Task.all().update(status="closed", closed_at=now, close_reason="reassigned")
    await check_in(form(task, now, "outcome", outcome="nobody_home"), ben.id, now, now, SETTINGS)
    assert (await Outreach.get(id=town.outreach.id)).hurried_at is None
    assert (await Event.get(kind="found")).data["after_handover"] is True


async def test_an_arrival_that_comes_after_its_outcome_is_still_an_arrival(town: Town, now: datetime) -> None:
    ben, task = await held(town)
    late = now + 9 * MINUTE
    await check_in(form(task, late, "outcome", outcome="nobody_home"), ben.id, late, late, SETTINGS)
    kept, _ = await check_in(form(task, now + MINUTE), ben.id, late, late, SETTINGS)
    assert not kept.after_handover
    assert (await Task.get()).arrived_at == now + MINUTE


async def test_ben_sees_his_offers_and_his_tasks_and_nobody_elses(town: Town, now: datetime) -> None:
    ben, dan = await town.responder(1), await town.responder(2)
    offer, _ = await town.offer(ben), await town.offer(dan)
    seen = await open_offers(ben.id, now)
    assert [(o.id, o.seen_at, o.outreach.category.code) for o in seen] == [(offer.id, None, "impersonation")]
    assert await open_offers(ben.id, now + 3 * MINUTE) == []
    task = await accept(offer.id, ben.id, now)
    assert [t.id for t in await live_tasks(ben.id)] == [task.id]
    assert await live_tasks(dan.id) == []


def test_outcomes_are_read_as_they_are_stored() -> None:
    rules = outcome_rules("impersonation", "fraud", OUTCOMES)
    assert rules["not_convinced"].follow_up == 30 * MINUTE
    assert rules["convinced"].ends == "convinced"
    assert issubclass(UnknownOutcome, Refusal)
