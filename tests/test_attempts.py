"""Texts and calls to Ada, through the real client and a stand-in over HTTP, with signed callbacks."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta

import pytest

from outreach import attempts
from outreach.attempts import Heard, OfferReply
from outreach.delivery import Room, claim, under_way
from outreach.messaging.facts import Call, Text
from outreach.messaging.speaking import Gather
from outreach.models import Attempt, Event, OptOut, Outreach
from outreach.models.states import Channel, EndState, OutreachStatus, SendStatus
from outreach.rehearsal.provider import Item, Provider
from tests.harness.adas_case import ADA, BEN, an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import line_to, said_in


def presses(keys: str | None):
    async def people(item: Item) -> str | None:
        return keys if item.kind == "voice" else None

    return people


def replies(words: str):
    async def people(item: Item) -> str | None:
        return words if item.kind == "sms" else None

    return people


async def kinds(case: Outreach) -> list[str]:
    return [event.kind for event in await Event.filter(outreach_id=case.id).order_by("seq")]


async def test_a_text_leaves_and_is_known_to_be_delivered(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        assert await line.send() == 1
        assert await line.send() == 0
    row = await Attempt.get(id=row.id)
    assert row.status is SendStatus.DELIVERED and row.sid == line.provider.items[0].sid
    assert row.sent_at == now and row.delivered_at == now and row.tries == 1
    assert line.provider.items[0].to == ADA and line.provider.items[0].body.startswith("This is City Care.")
    assert set(await kinds(case)) == {"attempt_sent", "attempt_delivered"}
    assert not line.forged


async def test_four_processes_at_once_send_each_text_once(database: str, now: datetime):
    case = await an_outreach(now)
    for step in range(12):
        await an_attempt(case, now, step=step)
    claimed = await asyncio.gather(*(claim(Attempt, now, Room(5)) for _ in range(4)))
    ids = [row.id for rows in claimed for row in rows]
    assert len(ids) == len(set(ids)) and len(ids) <= 12
    rest = await claim(Attempt, now, Room(50))
    assert len(ids) + len(rest) == 12


async def test_a_text_queued_for_later_waits(database: str, now: datetime):
    case = await an_outreach(now)
    await an_attempt(case, now, send_after=now + timedelta(minutes=1))
    async with line_to(now) as line:
        assert await line.send() == 0
        line.clock.advance(minutes=1)
        assert await line.send() == 1


async def test_no_text_leaves_while_the_case_is_paused_and_it_leaves_once_it_goes_on(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    await Outreach.filter(id=case.id).update(paused_at=now)
    async with line_to(now) as line:
        for _ in range(4):
            await line.send()
            line.clock.advance(minutes=2)
        row = await Attempt.get(id=row.id)
        assert not line.provider.items and (row.status, row.tries) == (SendStatus.QUEUED, 0)
        assert await kinds(case) == []
        await Outreach.filter(id=case.id).update(paused_at=None)
        await line.send()
        assert len(line.provider.items) == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


@pytest.mark.parametrize(
    ("fault", "channel"),
    [("30003", Channel.SMS), ("30008", Channel.SMS), ("busy", Channel.VOICE), ("no-answer", Channel.VOICE),
     ("voicemail", Channel.VOICE)],
)  # fmt: skip
async def test_a_failure_brings_the_next_step_at_once(database: str, now: datetime, fault: str, channel: Channel):
    case = await an_outreach(now)
    row = await an_attempt(case, now, channel)
    async with line_to(now) as line:
        line.provider.faults.append(fault)  # type: ignore[arg-type]
        await line.send()
    row, case = await Attempt.get(id=row.id), await Outreach.get(id=case.id)
    assert row.status is SendStatus.FAILED and row.failure == fault
    assert case.due_at == now and case.hurried_at == now and case.contacted_at is None
    assert "attempt_failed" in await kinds(case)


@pytest.mark.parametrize("fault", ["early", "duplicate", "reordered"])
async def test_callbacks_early_twice_or_out_of_order_end_the_same(database: str, now: datetime, fault: str):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append(fault)  # type: ignore[arg-type]
        await line.send()
    row = await Attempt.get(id=row.id)
    assert row.status is SendStatus.DELIVERED and row.sid == line.provider.items[0].sid
    assert (await kinds(case)).count("attempt_delivered") == 1


@pytest.mark.parametrize("end", ["delivered", "undelivered"])
async def test_whatever_the_order_of_callbacks_the_state_never_moves_back(database: str, now: datetime, end: str):
    case = await an_outreach(now)
    states = set()
    for order in itertools.permutations(["queued", "sent", end]):
        row = await an_attempt(case, now)
        await claim(Attempt, now, Room(1))
        for word in [*order, *order]:
            await attempts.settle(row.id, said_in({"MessageSid": f"SM{row.id.hex}", "MessageStatus": word}), now)
        states.add((await Attempt.get(id=row.id)).status)
    assert states == {SendStatus.DELIVERED if end == "delivered" else SendStatus.FAILED}


async def test_a_send_whose_answer_was_lost_is_looked_up_and_not_sent_twice(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("lost")
        # Nor do its callbacks arrive: nothing listens there.
        line.settings.public_url, public = "http://127.0.0.1:9", line.settings.public_url
        await line.send()
        line.settings.public_url = public
        assert (await Attempt.get(id=row.id)).status is SendStatus.UNKNOWN
        assert await line.send() == 0
        found = await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=15))
        assert found == 1 and line.provider.requests == 1
    row = await Attempt.get(id=row.id)
    assert row.status in (SendStatus.SENT, SendStatus.DELIVERED) and row.sid == line.provider.items[0].sid


async def test_a_callback_tells_what_became_of_a_send_whose_answer_was_lost(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("lost")
        await line.send()
    row = await Attempt.get(id=row.id)
    assert row.status is SendStatus.DELIVERED and row.sid == line.provider.items[0].sid and row.sent_at == now


async def test_a_late_callback_stops_a_second_send(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    await claim(Attempt, now, Room(1))
    await Attempt.filter(id=row.id).update(status=SendStatus.QUEUED)
    await attempts.settle(row.id, said_in({"MessageSid": "SM1", "MessageStatus": "sent"}), now)
    assert await claim(Attempt, now, Room(1)) == [] and (await Attempt.get(id=row.id)).status is SendStatus.SENT


async def test_a_machine_that_answers_is_a_failure_before_it_has_heard_a_word(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now) as line:
        await claim(Attempt, now, Room(1))
        words = await attempts.picked_up(row.id, Call(sid="CA1", by="machine"), line.settings, now)
    assert not any(isinstance(step, Gather) for step in words.steps)
    assert (await Attempt.get(id=row.id)).failure == "voicemail"


async def test_a_word_said_to_the_machine_counts_no_more_than_a_key(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now) as line:
        await line.send()
        await attempts.key_pressed(row.id, Call(keys="", speech="Yes."), line.settings, now)
    assert (await Outreach.get(id=case.id)).evidence == ["key"]


async def test_a_send_that_never_arrived_is_sent_again_after_it_was_looked_for(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("500")
        await line.send()
        await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=15))
        assert (await Attempt.get(id=row.id)).status is SendStatus.UNKNOWN
        await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=60))
        assert await line.send() == 1
        assert len(line.provider.items) == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


async def test_a_slow_send_of_this_process_is_not_taken_for_lost(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        with under_way(await claim(Attempt, now, Room(1))):
            await attempts.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=90))
            assert (await Attempt.get(id=row.id)).status is SendStatus.SENDING


async def test_what_a_killed_process_left_sending_is_looked_up_then_sent(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    await claim(Attempt, now, Room(1))
    async with line_to(now + timedelta(seconds=61)) as line:
        await attempts.resolve_stale(line.messenger, line.settings, line.clock.time)
        await line.send()
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED and len(line.provider.items) == 1


async def test_a_busy_provider_is_asked_again_a_little_later(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("429")
        await line.send()
        assert (await Attempt.get(id=row.id)).status is SendStatus.QUEUED and await line.send() == 0
        line.clock.advance(seconds=8)
        assert await line.send() == 1
    assert (await Attempt.get(id=row.id)).status is SendStatus.DELIVERED


async def test_a_text_that_waits_to_be_tried_again_is_not_sent_once_ada_is_safe(database: str, now: datetime):
    case = await an_outreach(now, "welfare_high")
    row = await an_attempt(case, now, step=1)
    async with line_to(now) as line:
        line.provider.faults.append("429")
        await line.send()
        ended = {"status": OutreachStatus.ENDED, "end_state": EndState.CONVINCED, "ended_at": now, "due_at": None}
        await Outreach.filter(id=case.id).update(**ended)
        line.clock.advance(seconds=8)
        await line.send()
    assert line.provider.items == [] and (await Attempt.get(id=row.id)).failure == "called_off"


async def test_china_is_not_called_and_the_next_step_comes_at_once(database: str, now: datetime):
    case = await an_outreach(now, number="+8613800138000")
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now) as line:
        await line.send()
    row = await Attempt.get(id=row.id)
    assert row.failure == "country_without_voice" and (await Outreach.get(id=case.id)).due_at == now
    assert line.provider.items == []


async def test_an_exercise_contacts_nobody(database: str, now: datetime):
    case = await an_outreach(now)
    await Outreach.filter(id=case.id).update(exercise=True)
    await an_attempt(case, now)
    async with line_to(now) as line:
        await line.send()
    assert line.provider.requests == 0


async def test_ada_is_well_and_presses_1_and_nobody_need_come(database: str, now: datetime):
    case = await an_outreach(now, "welfare_high")
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses("91")) as line:
        await line.send()
    case = await Outreach.get(id=case.id)
    assert case.status is OutreachStatus.ENDED and case.end_state is EndState.CONVINCED
    assert (await Attempt.get(id=row.id)).status is SendStatus.ANSWERED
    call = line.provider.items[0]
    assert call.keys == ["9", "1"] and call.said[0] == call.said[1] and call.said[-1] == "Thank you. Take care."


async def test_a_coached_victim_who_presses_1_still_gets_a_visit(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    await an_attempt(case, now, Channel.VOICE)
    text = await an_attempt(case, now, send_after=now + timedelta(minutes=5))
    async with line_to(now, presses("1")) as line:
        await line.send()
    case = await Outreach.get(id=case.id)
    assert case.status is OutreachStatus.OPEN and case.contacted_at == now and case.reached_at is None
    assert (await Attempt.get(id=text.id)).status is SendStatus.CANCELLED


async def test_ada_presses_2_and_is_put_through_to_the_hotline(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses("2"), hotline="+15005550009") as line:
        await line.send()
    assert line.provider.items[0].said[-1] == "(connected)"
    assert (await Outreach.get(id=case.id)).convinced_at is None


@pytest.mark.parametrize("fate", ["busy", "no-answer", "voicemail"])
async def test_a_line_that_people_leave_busy_or_unanswered_is_a_failure(database: str, now: datetime, fate: str):
    case = await an_outreach(now)
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses(fate)) as line:
        await line.send()
    assert (await Attempt.get(id=row.id)).failure == fate


async def test_who_presses_nothing_hears_it_twice_more_and_then_goodbye(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses("")) as line:
        await line.send()
    *asked, last = line.provider.items[0].said
    assert len(asked) == 3 and len(set(asked)) == 1 and last.endswith("Goodbye.") and line.provider.items[0].keys == []
    assert (await Outreach.get(id=case.id)).contacted_at is None
    assert (await Attempt.get(id=row.id)).status is SendStatus.ANSWERED


async def test_a_machine_is_told_apart_while_the_words_are_said_and_is_not_asked_again(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    row = await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses("voicemail")) as line:
        await line.send()
    said = line.provider.items[0].said
    assert len(said) == 2 and said[-1].endswith("We will try again. Goodbye.")
    assert (await Attempt.get(id=row.id)).failure == "voicemail" and (await Outreach.get(id=case.id)).due_at == now


@pytest.mark.parametrize("heard_first", ["the key", "the machine"])
async def test_a_key_counts_whatever_is_said_of_machines(database: str, now: datetime, heard_first: str):
    case = await an_outreach(now, "welfare_high")
    row = await an_attempt(case, now, Channel.VOICE, status=SendStatus.SENDING, sending_at=now)
    machine, later = {"CallSid": "CA1", "AnsweredBy": "machine_start"}, now + timedelta(seconds=4)
    async with line_to(now) as line:
        if heard_first == "the machine":
            await attempts.settle(row.id, said_in(machine), now)
        await attempts.key_pressed(row.id, Call(keys="1", speech=""), line.settings, now)
        await attempts.settle(row.id, said_in(machine), later)
    case = await Outreach.get(id=case.id)
    assert case.end_state is EndState.CONVINCED and case.contacted_at == now
    ends = SendStatus.ANSWERED if heard_first == "the key" else SendStatus.FAILED
    assert (await Attempt.get(id=row.id)).status is ends


async def test_the_words_are_repeated_twice_at_most(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    await an_attempt(case, now, Channel.VOICE)
    async with line_to(now, presses("9999")) as line:
        await line.send()
    assert len(line.provider.items[0].said) == 4 and line.provider.items[0].keys == ["9", "9", "9"]


async def test_a_reply_ends_it_where_the_policy_accepts_replies(database: str, now: datetime):
    case = await an_outreach(now, "welfare_high")
    await an_attempt(case, now)
    async with line_to(now, replies("OK")) as line:
        await line.send()
    case = await Outreach.get(id=case.id)
    assert line.heard == [Heard("yes", 1)] and case.end_state is EndState.CONVINCED


async def test_the_same_reply_twice_is_one_contact(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    await an_attempt(case, now)
    async with line_to(now) as line:
        await line.send()
        heard = [await attempts.inbound_sms(Text(ADA, "who is this", "SM1"), line.settings, now) for _ in range(2)]
    assert heard == [Heard("words", 1), Heard("words", 0)]
    assert (await kinds(case)).count("contact") == 1
    assert (await Outreach.get(id=case.id)).reached_at is None


async def test_stop_is_kept_obeyed_and_at_high_severity_brings_the_door_forward(database: str, now: datetime):
    case = await an_outreach(now, "fraud_high")
    await an_attempt(case, now)
    async with line_to(now) as line:
        await line.send()
        await attempts.inbound_sms(Text(ADA, "退订", "SM1"), line.settings, line.clock.advance(minutes=1))
        await attempts.inbound_sms(Text(ADA, "please stop it", "SM2"), line.settings, line.clock.time)
        again = await an_attempt(case, line.clock.time, step=4)
        await line.send()
    case = await Outreach.get(id=case.id)
    assert await OptOut.all().count() == 1 and case.status is OutreachStatus.OPEN
    assert case.due_at == line.clock.time and "stop" in case.evidence
    assert (await Attempt.get(id=again.id)).failure == "opted_out" and len(line.provider.items) == 1


async def test_ben_replies_with_the_code_of_his_offer(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    await an_offer(case, responder, now)
    async with line_to(now) as line:
        assert await attempts.inbound_sms(Text(BEN, " b7 ", "SM1"), line.settings, now) == OfferReply(
            responder.id, "B7"
        )


async def test_a_text_from_dov_whom_nobody_wrote_to_changes_nothing(database: str, now: datetime):
    case = await an_outreach(now)
    async with line_to(now) as line:
        assert await attempts.inbound_sms(Text("+447700900999", "1", "SM1"), line.settings, now) == Heard("yes", 0)
    assert (await Outreach.get(id=case.id)).contacted_at is None


async def test_a_forged_callback_is_not_believed(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    await claim(Attempt, now, Room(1))
    async with line_to(now) as line:
        forger = Provider("another-token", line.clock.now, inbound_url=f"{line.settings.public_url}/twilio/sms")
        assert await forger.inbound(ADA, "1") == 403
    assert (await Attempt.get(id=row.id)).status is SendStatus.SENDING
