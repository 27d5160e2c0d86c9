"""How fast texts and calls leave: within the provider's limits, the gravest first, and not too many to one phone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from outreach import attempts, notices
from outreach.attempts.sending import lanes
from outreach.clock import SetClock
from outreach.clockwork import Clockwork
from outreach.delivery import Room, claim
from outreach.delivery.storing import pause_of
from outreach.errors import MisSet
from outreach.ladder import climb_due
from outreach.messaging import Messenger, Report
from outreach.messaging.pacing import rates_of
from outreach.messaging.twilio.pace import usual_pace
from outreach.models import Attempt, Event, Notice, Outreach, Phone, Resident
from outreach.models.sealing import MARK, keyed_hash
from outreach.models.states import Channel, SendStatus
from outreach.rehearsal.provider import Item
from outreach.settings import Settings, read_settings
from tests.harness.adas_case import an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import Line, line_to

SPOILT = f"{MARK}0:AAAA"
CHINA = "+8613800138000"


async def several(case: Outreach, now: datetime, count: int, **given: Any) -> list[Attempt]:
    """So many texts to Ada, each queued a second after the one before."""
    spread = [now - timedelta(seconds=count - number) for number in range(count)]
    return [await an_attempt(case, at, step=step, **given) for step, at in enumerate(spread)]


async def statuses() -> list[SendStatus]:
    return [row.status for row in await Attempt.all().order_by("queued_at")]


async def test_texts_leave_no_faster_than_the_sender_may_send(database: str, now: datetime):
    await several(await an_outreach(now), now, 5)
    async with line_to(now, texts_per_s=2) as line:
        assert await line.send() == 2
        assert await line.send() == 0
        line.clock.advance(seconds=0.5)
        assert await line.send() == 1
        line.clock.advance(seconds=60)
        assert await line.send() == 2


async def test_a_slow_sender_still_sends(database: str, now: datetime):
    await several(await an_outreach(now), now, 2)
    async with line_to(now, texts_per_s=0.1) as line:
        assert await line.send() == 1
        line.clock.advance(seconds=9)
        assert await line.send() == 0
        line.clock.advance(seconds=1)
        assert await line.send() == 1


async def test_four_processes_keep_one_limit_together(database: str, now: datetime):
    await several(await an_outreach(now), now, 12)
    async with line_to(now, texts_per_s=3) as line:
        ways = lanes(line.messenger, line.settings)
        taken = await asyncio.gather(*(claim(Attempt, now, Room(5), ways) for _ in range(4)))
    assert sum(map(len, taken)) == 3


async def test_what_is_urgent_leaves_before_what_has_waited_longer(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 3)
    late = await an_attempt(case, now, step=9, urgent=True)
    async with line_to(now, texts_per_s=1) as line:
        await line.send()
    assert (await Attempt.get(id=late.id)).status is SendStatus.DELIVERED
    assert len(line.provider.items) == 1


async def test_the_last_hands_are_kept_for_what_is_urgent(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 3)
    late = await an_attempt(case, now, step=9, urgent=True)
    assert [row.id for row in await claim(Attempt, now, Room(2, urgent_only=True))] == [late.id]


async def test_a_grave_case_queues_urgent_texts_and_offers(database: str, now: datetime):
    case = await an_outreach(now)
    await ben(now)
    await Outreach.filter(id=case.id).update(due_at=now)
    await climb_due(Settings(), now)
    assert [row.urgent for row in await Attempt.all()] == [True, True]


async def test_a_country_with_a_limit_of_its_own_holds_up_no_other(database: str, now: datetime):
    case = await an_outreach(now, number=CHINA)
    await several(case, now, 4)
    british = await Phone.create(
        resident_id=case.resident_id, number="+447700900123", number_hash="h", country="GB", made_at=now
    )
    for step in (5, 6):
        fields = {"step": step, "text_key": "warned", "queued_at": now, "send_after": now}
        await Attempt.create(outreach=case, channel=Channel.SMS, phone=british, **fields)
    async with line_to(now, country_texts_per_s={"CN": 1}) as line:
        await line.send()
        to = [item.to for item in line.provider.items]
        assert sorted(to) == sorted([CHINA, "+447700900123", "+447700900123"])


async def test_calls_and_texts_wait_apart(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 2)
    await several(case, now, 2, channel=Channel.VOICE)
    async with line_to(now, texts_per_s=1, calls_per_s=1) as line:
        await line.send()
    assert sorted(item.kind for item in line.provider.items) == ["sms", "voice"]


async def test_a_long_text_takes_the_time_of_its_segments(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 2)
    async with line_to(now, texts_per_s=1, service_name="City Care " * 30) as line:
        assert await line.send() == 1
        line.clock.advance(seconds=2)
        assert await line.send() == 0
        line.clock.advance(seconds=1)
        assert await line.send() == 1


async def test_responders_texts_keep_the_same_limit(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 1)
    offer = await an_offer(case, await ben(now), now)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "queued_at": now, "send_after": now}
    await Notice.create(offer=offer, outreach=case, responder_id=offer.responder_id, **given)
    async with line_to(now, texts_per_s=1) as line:
        assert await line.send() == 1
        assert await tell(line) == 0
        line.clock.advance(seconds=1)
        assert await tell(line) == 1


async def tell(line: Line) -> int:
    sends = await notices.take_up(line.messenger, line.settings, line.clock.time, Room(50))
    await asyncio.gather(*(send() for send in sends))
    await line.provider.settle_down()
    return len(sends)


async def test_an_answer_that_never_comes_keeps_no_other_text_waiting(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 6)
    arrived = asyncio.Event()

    async def people(item: Item) -> str | None:
        if sum(held.status == "delivered" for held in line.provider.items) == 6:
            arrived.set()
        return None

    async with line_to(now, people=people) as line:
        line.provider.faults.append("hang")
        clockwork = Clockwork(line.settings, SetClock(now), line.messenger)
        clockwork.start()
        await asyncio.wait_for(arrived.wait(), 8)
        line.provider.released.set()
        await clockwork.stop()


async def test_one_phone_is_sent_so_many_texts_a_day_and_then_people_go(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 3)
    async with line_to(now, texts_a_day=2) as line:
        await line.send()
        assert len(line.provider.items) == 2
        [refused] = await Attempt.filter(status=SendStatus.FAILED)
        assert refused.failure == "enough_for_a_day" and (await Outreach.get(id=case.id)).due_at == now
        await an_attempt(case, line.clock.advance(hours=25), step=8)
        assert await line.send() == 1 and len(line.provider.items) == 3


async def test_the_days_texts_are_counted_over_all_cases_of_a_number(database: str, now: datetime):
    case = await an_outreach(now)
    other = await a_case_of_the_same_number(case, now)
    await several(case, now, 2)
    phone = await Phone.get(resident_id=other.resident_id)
    late = {"step": 0, "text_key": "welfare", "queued_at": now, "send_after": now}
    await Attempt.create(outreach=other, channel=Channel.SMS, phone=phone, **late)
    async with line_to(now, texts_a_day=2) as line:
        await line.send()
        assert len(line.provider.items) == 2
    assert (await Attempt.get(outreach=other)).failure == "enough_for_a_day"


async def a_case_of_the_same_number(case: Outreach, now: datetime) -> Outreach:
    """Somebody else who is rung at Ada's number is warned too."""
    await case.fetch_related("category", "policy", "area")
    number = (await Phone.get(resident_id=case.resident_id)).number
    dov = await Resident.create(name="Dov", language="en", area=case.area, made_at=now)
    await Phone.create(resident=dov, number=number, number_hash=keyed_hash(number), country="GB", made_at=now)
    return await Outreach.create(
        resident=dov, family=case.family, category=case.category, severity=case.severity, policy=case.policy,
        area=case.area, opened_at=now, ladder_from=now, step_at=now, due_at=now,
    )  # fmt: skip


async def test_no_two_texts_of_a_day_to_one_number_are_alike(database: str, now: datetime):
    case = await an_outreach(now)
    async with line_to(now) as line:
        for later in (0, 1, 2):
            at = line.clock.advance(seconds=later)
            if later:
                await a_case_of_the_same_number(case, at)
            else:
                await Outreach.filter(id=case.id).update(due_at=at)
            await climb_due(line.settings, at)
            await line.send()
    bodies = [item.body for item in line.provider.items if item.kind == "sms"]
    assert len(bodies) == 3 == len(set(bodies)) and bodies[0].endswith("this.") and bodies[2].endswith("(3)")


async def test_a_provider_that_is_out_brings_the_door_sooner_and_alarms_once(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 1)
    async with line_to(now) as line:
        line.provider.faults.extend(["429"] * 3)
        await line.send()
        assert (await Outreach.get(id=case.id)).due_at == now + timedelta(hours=1)
        for _ in range(2):
            line.clock.advance(seconds=30)
            await line.send()
        assert (await Outreach.get(id=case.id)).due_at == now + timedelta(seconds=30)
        assert await Event.filter(outreach_id=case.id, kind="attempt_held_up").count() == 1
        [alarm] = await Notice.filter(kind="provider_trouble")
        assert alarm.data == {"code": "20429"}
        line.clock.advance(minutes=2)
        await line.send()
    assert len(line.provider.items) == 1 and await statuses() == [SendStatus.DELIVERED]


async def test_a_provider_nobody_can_connect_to_loses_nothing(database: str, now: datetime):
    case = await an_outreach(now)
    [row] = await several(case, now, 1)
    async with line_to(now) as line, line_to(now, twilio_api_url="http://127.0.0.1:9") as dead:
        for minutes in range(30):
            await attempts.send_due(dead.messenger, dead.settings, now + timedelta(minutes=minutes))
        assert (await Attempt.get(id=row.id)).status is SendStatus.QUEUED
        line.clock.advance(minutes=32)
        assert await line.send() == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED and len(line.provider.items) == 1


async def test_a_provider_that_answers_nothing_but_errors_is_trouble_too(database: str, now: datetime):
    case = await an_outreach(now)
    [row] = await several(case, now, 1)
    async with line_to(now) as line, line_to(now, twilio_api_url="http://127.0.0.1:9") as dead:
        line.provider.faults.append("500")
        await line.send()
        for seconds in (10, 20, 30, 40):
            await attempts.resolve_stale(dead.messenger, dead.settings, now + timedelta(seconds=seconds))
        assert await Event.filter(outreach_id=case.id, kind="attempt_held_up").count() == 1
        assert await Notice.filter(kind="provider_trouble").count() == 1
        line.clock.advance(minutes=2)
        await attempts.resolve_stale(line.messenger, line.settings, line.clock.time)
        await line.send()
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED and len(line.provider.items) == 1


async def test_words_of_this_morning_are_not_sent_in_the_evening(database: str, now: datetime):
    [row] = await several(await an_outreach(now), now, 1)
    async with line_to(now) as line:
        line.provider.faults.extend(["429"] * 2)
        await line.send()
        line.clock.advance(hours=5)
        await line.send()
    assert (await Attempt.get(id=row.id)).failure == "20429" and not line.provider.items


async def test_of_two_texts_that_had_to_wait_the_newer_one_is_sent(database: str, now: datetime):
    case = await an_outreach(now)
    async with line_to(now) as line:
        line.provider.faults.append("429")
        old = await an_attempt(case, now)
        await line.send()
        later = line.clock.advance(hours=2)
        new = await an_attempt(case, later, try_no=2)
        await line.send()
    assert (await Attempt.get(id=old.id)).failure == "superseded"
    assert (await Attempt.get(id=new.id)).status is SendStatus.DELIVERED and len(line.provider.items) == 1


def test_those_that_were_refused_together_do_not_all_come_back_together():
    rows = [Attempt(tries=tries) for tries in (1, 1, 1, 2, 9) for _ in range(40)]
    first = {pause_of(row) for row in rows if row.tries == 1}
    assert len(first) > 20 and all(timedelta(seconds=5) <= pause < timedelta(seconds=7.5) for pause in first)
    assert all(timedelta(minutes=1) <= pause_of(row) <= timedelta(seconds=90) for row in rows if row.tries == 9)


@pytest.mark.parametrize(
    ("sender", "texts"),
    [("+12025550100", 1), ("+18005550100", 3), ("+447700900000", 10), ("12345", 100), ("CityCare", 10), ("MG1", None)],
)
def test_each_kind_of_sender_has_its_pace(sender: str, texts: float | None):
    assert usual_pace(sender).get("sms") == texts and usual_pace(sender)["voice"] == 1


async def test_what_is_set_wins_over_what_the_provider_lets_one_send(now: datetime):
    async with line_to(now, texts_per_s=None, country_texts_per_s={"CN": 5}) as line:
        usual = rates_of("sms", line.messenger, line.settings)
        assert usual.overall == 1 and usual.countries == {"CN": 5}
        free = line.settings.model_copy(update={"texts_per_s": 0.0, "country_texts_per_s": {}})
        assert rates_of("sms", line.messenger, free).unlimited


def test_a_rate_for_what_is_no_country_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OUTREACH_COUNTRY_TEXTS_PER_S", '{"China": 5}')
    with pytest.raises(MisSet, match="country_texts_per_s"):
        read_settings()


async def test_calm_words_to_responders_wait_for_urgent_texts_to_residents(database: str, now: datetime):
    case = await an_outreach(now)
    offer = await an_offer(case, await ben(now), now)
    given = {"audience": "responder", "channel": "sms", "kind": "called_off", "queued_at": now, "send_after": now}
    await Notice.create(offer=offer, outreach=case, responder_id=offer.responder_id, **given)
    await several(case, now, 2, urgent=True)
    async with line_to(now, texts_per_s=1) as line:
        assert await tell(line) == 0
        assert await line.send() == 1
        line.clock.advance(seconds=1)
        assert await tell(line) == 0
        assert await line.send() == 1
        line.clock.advance(seconds=1)
        assert await tell(line) == 1


async def test_a_clock_that_is_ahead_stops_nobody_for_long(database: str, now: datetime):
    await several(await an_outreach(now), now, 2)
    async with line_to(now + timedelta(hours=1), texts_per_s=1) as ahead:
        assert await ahead.send() == 1
    async with line_to(now, texts_per_s=1) as line:
        assert await line.send() == 0
        line.clock.advance(seconds=40)
        assert await line.send() == 1


async def test_a_responders_long_text_takes_the_time_of_its_segments(database: str, now: datetime):
    case = await an_outreach(now)
    offer = await an_offer(case, await ben(now), now)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "queued_at": now, "send_after": now}
    for _ in range(2):
        await Notice.create(offer=offer, outreach=case, responder_id=offer.responder_id, **given)
    async with line_to(now, texts_per_s=1, service_name="City Care " * 30) as line:
        assert await tell(line) == 1
        line.clock.advance(seconds=2)
        assert await tell(line) == 0
        line.clock.advance(seconds=1)
        assert await tell(line) == 1


async def test_a_countrys_limit_counts_segments_too(database: str, now: datetime):
    await several(await an_outreach(now), now, 2)
    async with line_to(now, country_texts_per_s={"GB": 1}, service_name="City Care " * 30) as line:
        assert await line.send() == 1
        line.clock.advance(seconds=2)
        assert await line.send() == 0


async def test_texts_that_never_arrived_use_up_nobodys_day(database: str, now: datetime):
    await several(await an_outreach(now), now, 3)
    async with line_to(now, texts_a_day=1) as line:
        line.provider.faults.extend(["30003", "30003"])
        for _ in range(3):
            sends = await attempts.take_up(line.messenger, line.settings, line.clock.time, Room(1))
            await asyncio.gather(*(send() for send in sends))
            await line.provider.settle_down()
    assert await statuses() == [SendStatus.FAILED, SendStatus.FAILED, SendStatus.DELIVERED]


async def test_trouble_of_every_kind_in_turn_brings_the_door_sooner(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 1)
    async with line_to(now) as line:
        line.provider.faults.extend(["429", "500", "429", "429"])
        for _ in range(8):
            await line.send()
            await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=30))
        await line.send()
        assert await Event.filter(outreach_id=case.id, kind="attempt_held_up").count() == 1
        assert await Notice.filter(kind="provider_trouble").count() == 1
    assert await statuses() == [SendStatus.DELIVERED]


async def test_one_text_that_cannot_be_read_keeps_no_other_from_leaving(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 2)
    broken = await Phone.create(
        resident_id=case.resident_id, number="+447700900999", number_hash="h", country="GB", made_at=now
    )
    await Attempt.create(
        outreach=case, channel="sms", phone=broken, step=7, text_key="warned", queued_at=now, send_after=now
    )
    await get_connection("default").execute_script(f"UPDATE phone SET number = '{SPOILT}' WHERE id = '{broken.id}'")
    async with line_to(now) as line:
        await line.send()
        assert len(line.provider.items) == 2
    assert (await Attempt.get(phone_id=broken.id)).failure == "unreadable"
    assert (await Outreach.get(id=case.id)).due_at == now


async def test_two_processes_that_look_for_one_lost_text_send_it_once(database: str, now: datetime):
    [row] = await several(await an_outreach(now), now, 1)
    async with line_to(now) as line:
        line.provider.faults.append("500")
        await line.send()
        slow, go_on = Slow(line.messenger), line.clock.advance(seconds=15)
        await attempts.resolve_stale(line.messenger, line.settings, go_on)
        at = line.clock.advance(seconds=20)
        looking = asyncio.create_task(attempts.resolve_stale(slow, line.settings, at))  # type: ignore[arg-type]
        await slow.asked.wait()
        await attempts.resolve_stale(line.messenger, line.settings, at)
        await line.send()
        line.provider.list_lag = timedelta(minutes=1)
        slow.answer.set()
        await looking
        await line.send()
        assert len(line.provider.items) == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


class Slow:
    """Another process's messenger, which looked before the text was sent again and hears the answer after."""

    def __init__(self, messenger: Messenger) -> None:
        self.asked, self.answer = asyncio.Event(), asyncio.Event()
        self._messenger, self.can, self.pace = messenger, messenger.can, messenger.pace

    async def find(self, *asked: Any) -> list[Report]:
        found = await self._messenger.find(*asked)
        self.asked.set()
        await self.answer.wait()
        return found


async def test_one_lost_text_that_cannot_be_looked_up_keeps_no_other_from_being_found(database: str, now: datetime):
    case = await an_outreach(now)
    await several(case, now, 2)
    async with line_to(now) as line:
        line.provider.faults.extend(["lost", "lost"])
        await line.send()
        [first, _] = await Attempt.all().order_by("queued_at")
        spoilt = await Phone.create(
            resident_id=case.resident_id, number="+447700900999", number_hash="h", country="GB", made_at=now
        )
        await Attempt.filter(id=first.id).update(phone_id=spoilt.id)
        await get_connection("default").execute_script(f"UPDATE phone SET number = '{SPOILT}' WHERE id = '{spoilt.id}'")
        await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=15))
    assert SendStatus.DELIVERED in await statuses()


async def test_a_stop_lets_what_is_under_way_end(database: str, now: datetime):
    await several(await an_outreach(now), now, 1)
    arrived = asyncio.Event()

    async def people(item: Item) -> str | None:
        arrived.set()
        return None

    async with line_to(now, people=people) as line:
        line.provider.faults.append("hang")
        clockwork = Clockwork(line.settings, SetClock(now), line.messenger)
        clockwork.start()
        await asyncio.wait_for(arrived.wait(), 8)
        stopping = asyncio.create_task(clockwork.stop())
        await asyncio.sleep(0)
        line.provider.released.set()
        await stopping
        assert (await Attempt.get()).sid == line.provider.items[0].sid


@pytest.mark.parametrize(("country", "leaves"), [("US", True), ("GB", False)])
async def test_urgent_texts_that_wait_for_their_countrys_limit_hold_back_calm_ones_of_that_country_alone(
    database: str, now: datetime, country: str, leaves: bool
):
    case, responder = await an_outreach(now), await ben(now)
    responder.country = country
    await responder.save()
    await several(case, now, 3, urgent=True)
    given = {"audience": "responder", "channel": "sms", "kind": "offer", "responder": responder}
    offer = await an_offer(case, responder, now)
    await Notice.create(outreach=case, offer=offer, queued_at=now, send_after=now, **given)
    async with line_to(now, texts_per_s=100, country_texts_per_s={"GB": 1}) as line:
        taken = await claim(Attempt, now, Room(9), attempts.sending.lanes(line.messenger, line.settings))
        told = await claim(Notice, now, Room(9), notices.sending.lanes(line.messenger, line.settings))
    assert len(taken) == 1 and bool(told) is leaves
