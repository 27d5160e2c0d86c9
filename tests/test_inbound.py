"""What comes back from the phones: wishes to be left alone, wrong numbers, and the word of those whom Ada trusts."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from outreach import attempts
from outreach.attempts import Heard, case_word, cases_of_word
from outreach.messaging.facts import Call, Text, Wish
from outreach.models import (
    Attempt,
    Event,
    Notice,
    Offer,
    OptOut,
    Outreach,
    Phone,
    ProviderEvent,
    Resident,
    TrustedContact,
)
from outreach.models.sealing import keyed_hash
from outreach.models.states import Channel, OfferStatus, OutreachStatus, SendStatus
from outreach.settings import Settings
from tests.harness.adas_case import ADA, an_attempt, an_offer, an_outreach, ben
from tests.harness.provider_side import line_to, said_in

SISTER = "+447700900777"
SETTINGS = Settings(service_name="City Care", language="en", hotline="+15005550009")


async def a_number(number: str, now: datetime, resident_id: Any = None) -> Phone:
    """One more phone: of that resident, or of somebody new."""
    owner = resident_id or (await Resident.create(name="Dov", language="en", made_at=now)).id
    return await Phone.create(
        resident_id=owner, number=number, number_hash=keyed_hash(number), country="GB", made_at=now
    )  # fmt: skip


async def a_sister(case: Outreach, now: datetime, **given: Any) -> TrustedContact:
    """Whom Ada trusts, with consent."""
    fields = {"name": "Eve", "number": SISTER, "number_hash": keyed_hash(SISTER), "country": "GB", "language": "en"}
    fields |= {"relation": "sister", "consent_at": now} | given
    return await TrustedContact.create(resident_id=case.resident_id, **fields)


async def told(case: Outreach, contact: TrustedContact, now: datetime, **given: Any) -> Attempt:
    """The text to her is due."""
    fields = {"step": 4, "text_key": "please_call", "queued_at": now, "send_after": now} | given
    return await Attempt.create(outreach=case, channel=Channel.TRUSTED_CONTACT, trusted_contact=contact, **fields)


async def texts(number: str, body: str, now: datetime, sid: str = "SM1", provider_says: Wish = "") -> Heard:
    """Somebody texts us."""
    heard = await attempts.inbound_sms(Text(number, body, sid, provider_says), SETTINGS, now)
    assert isinstance(heard, Heard)
    return heard


async def lines(case: Outreach, kind: str) -> list[dict[str, Any]]:
    """The data of the timeline's lines of one kind."""
    return [event.data for event in await Event.filter(outreach_id=case.id, kind=kind).order_by("seq")]


def arrived(at: datetime) -> dict[str, Any]:
    """What a text that arrived then has."""
    return {"status": SendStatus.DELIVERED, "sending_at": at, "sent_at": at, "delivered_at": at, "sid": "SM0"}


async def sent_to_ada(case: Outreach, now: datetime) -> None:
    """A text to Ada arrived."""
    await an_attempt(case, now, **arrived(now))


async def test_a_wrong_number_is_rung_no_more_for_whoever_has_it_and_brings_the_next_step_at_once(
    database: str, now: datetime
):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    own, of_dov = await a_number("+447700900999", now, case.resident_id), await a_number(ADA, now)
    later = now + timedelta(minutes=1)
    assert await texts(ADA, "打错了。", later) == Heard("wrong_number", 1)
    case = await Outreach.get(id=case.id)
    assert (case.contacted_at, case.reached_at, case.evidence, case.status) == (None, None, [], OutreachStatus.OPEN)
    assert case.due_at == case.hurried_at == later
    assert {phone.wrong_at for phone in await Phone.filter(number_hash=keyed_hash(ADA))} == {later}
    assert (await Phone.get(id=own.id)).wrong_at is None and (await Phone.get(id=of_dov.id)).wrong_at == later
    [line] = await lines(case, "no_contact")
    assert line["wrong_number"] is True and line["meaning"] == "wrong_number"
    assert ADA not in str(line) and keyed_hash(ADA) not in str(line)


async def test_what_a_stranger_at_a_wrong_number_writes_next_says_nothing_of_ada(database: str, now: datetime):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    await texts(ADA, "wrong number", now)
    assert await texts(ADA, "1", now, "SM2") == Heard("yes", 0)
    assert await texts(ADA, "stop", now, "SM3") == Heard("stop", 0)
    assert (await Outreach.get(id=case.id)).contacted_at is None
    assert [(each.resident_id, each.channel) for each in await OptOut.all()] == [(None, "sms")]


async def test_the_same_wrong_number_told_twice_hurries_once(database: str, now: datetime):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    heard = [await texts(ADA, "not me", now + timedelta(minutes=at)) for at in (1, 2)]
    assert heard == [Heard("wrong_number", 1), Heard("wrong_number", 0)]
    assert (await Outreach.get(id=case.id)).due_at == now + timedelta(minutes=1)


async def test_a_text_that_comes_again_two_hours_later_says_nothing_of_the_next_case(database: str, now: datetime):
    case = await an_outreach(now, "fraud_low")
    await sent_to_ada(case, now)
    assert await texts(ADA, "1", now) == Heard("yes", 1)
    later = now + timedelta(hours=2)
    fields = {"resident_id": case.resident_id, "family": case.family, "category_id": case.category_id}
    fields |= {"severity": case.severity, "policy_id": case.policy_id, "area_id": case.area_id}
    fields |= dict.fromkeys(("opened_at", "ladder_from", "step_at", "due_at"), later)
    following = await Outreach.create(**fields)
    await an_attempt(following, later, **arrived(later) | {"sid": "SM9"})
    assert await texts(ADA, "1", later) == Heard("yes", 0)
    following = await Outreach.get(id=following.id)
    assert (following.status, following.contacted_at) == (OutreachStatus.OPEN, None)
    assert await texts(ADA, "1", later, "SM2") == Heard("yes", 1)


async def test_a_wish_that_comes_again_takes_back_no_later_one(database: str, now: datetime):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    for body, sid in (("stop", "SM1"), ("start", "SM2"), ("stop", "SM3"), ("start", "SM2")):
        await texts(ADA, body, now, sid)
    assert await OptOut.filter(lifted_at__isnull=True).count() == 1


async def test_her_sisters_word_that_comes_again_says_nothing_of_the_next_case(database: str, now: datetime):
    case = await an_outreach(now)
    sister = await a_sister(case, now)
    assert await texts(SISTER, "reached", now) == Heard("words", 0)
    await told(case, sister, now, **arrived(now))
    assert (await texts(SISTER, "reached", now)).outreaches == 0
    assert (await Outreach.get(id=case.id)).evidence == []
    assert await texts(SISTER, "reached", now, "SM2") == Heard("reported", 1)


async def test_what_is_kept_of_a_text_is_that_it_came_and_with_what_followed_or_not_at_all(
    database: str, now: datetime
):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    with contextlib.suppress(KeyboardInterrupt):
        async with in_transaction():
            await texts(ADA, "1", now)
            raise KeyboardInterrupt
    assert await texts(ADA, "1", now) == Heard("yes", 1)
    [word] = await ProviderEvent.all().values()
    assert (word["sid"], word["status"]) == ("SM1", "received") and ADA not in str(word)


async def test_a_stop_told_by_the_provider_is_kept_and_a_start_lifts_it(database: str, now: datetime):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    assert await texts(ADA, "ARRET", now, "SM1", "stop") == Heard("stop", 1)
    kept = await OptOut.get()
    assert (kept.resident_id, kept.channel, kept.scope, kept.origin) == (case.resident_id, "sms", "all", "sms_reply")
    assert kept.at == now and kept.lifted_at is None
    later = now + timedelta(hours=1)
    assert (await texts(ADA, "START", later, "SM2", "start")).meaning == "start"
    assert (await OptOut.get()).lifted_at == later
    assert (await Outreach.get(id=case.id)).status is OutreachStatus.OPEN


async def test_a_yes_that_the_provider_takes_for_a_start_is_both(database: str, now: datetime):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    await texts(ADA, "stop", now)
    assert await texts(ADA, "YES", now, "SM2", "start") == Heard("yes", 1)
    assert (await OptOut.get()).lifted_at == now


async def test_a_start_by_text_lifts_no_wish_about_calls(database: str, now: datetime):
    await an_outreach(now)
    fields = {"number_hash": keyed_hash(ADA), "origin": "coordinator", "at": now}
    for channel in ("voice", "all"):
        await OptOut.create(channel=channel, **fields)
    await texts(ADA, "start", now)
    assert [each.lifted_at for each in await OptOut.all()] == [None, None]


async def test_a_text_refused_since_they_told_the_provider_stop_is_an_opt_out_and_closes_nothing(
    database: str, now: datetime
):
    case = await an_outreach(now)
    row = await an_attempt(case, now)
    async with line_to(now) as line:
        line.provider.faults.append("21610")
        await line.send()
        await an_attempt(case, now, step=4)
        await line.send()
    assert (await Attempt.get(id=row.id)).failure == "21610"
    kept = await OptOut.get()
    assert (kept.resident_id, kept.channel, kept.origin, kept.at) == (case.resident_id, "sms", "provider", now)
    case = await Outreach.get(id=case.id)
    assert case.status is OutreachStatus.OPEN and case.due_at == case.hurried_at == now and case.evidence == []
    assert [told["origin"] for told in await lines(case, "opted_out")] == ["provider"]
    assert [row.failure for row in await Attempt.filter(step=4)] == ["opted_out"]


async def test_a_callback_with_that_code_says_the_same(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now, status=SendStatus.SENT, sending_at=now, sent_at=now, sid="SM1")
    said = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "21610"}
    for _ in range(2):
        await attempts.settle(row.id, said_in(said), now)
    assert [each.origin for each in await OptOut.all()] == ["provider"]


@pytest.mark.parametrize(("level", "more"), [("please_call", False), ("more_by_phone", True)])
async def test_her_sister_is_told_what_she_may_be_told_with_a_word_for_the_hotline(
    database: str, now: datetime, level: str, more: bool
):
    case = await an_outreach(now)
    # Whatever text the policy names, the resident's own words are not for her.
    await told(case, await a_sister(case, now, may_be_told=level), now, text_key="warned")
    async with line_to(now, hotline="+15005550009") as line:
        await line.send()
    [item] = line.provider.items
    assert item.to == SISTER and "Somebody who named you" in item.body and "Ada" not in item.body
    assert case_word(case.id) in item.body and ("to hear more" in item.body) == more
    assert await cases_of_word(f" {case_word(case.id).lower()}. ") == [case.id]


@pytest.mark.parametrize("given", [{"may_be_told": "nothing"}, {"may_be_told": "?"}, {"consent_at": None}])
async def test_without_consent_or_with_a_level_that_says_nothing_she_is_told_nothing(
    database: str, now: datetime, given: dict[str, Any]
):
    case = await an_outreach(now)
    row = await told(case, await a_sister(case, now, **given), now)
    async with line_to(now) as line:
        await line.send()
    assert line.provider.items == [] and (await Attempt.get(id=row.id)).failure == "may_not_be_told"
    assert (await Outreach.get(id=case.id)).due_at == now


async def test_a_case_word_is_of_one_case_only_and_of_none_that_has_ended(database: str, now: datetime):
    case = await an_outreach(now)
    assert len(case_word(case.id)) == 5 and await cases_of_word("A2A2A") == []
    await Outreach.filter(id=case.id).update(status=OutreachStatus.ENDED, end_state="closed", ended_at=now, due_at=None)
    assert await cases_of_word(case_word(case.id)) == []


async def test_her_sisters_word_is_evidence_that_quiets_the_texts_and_calls_nobody_off(database: str, now: datetime):
    case = await an_outreach(now)
    sister = await a_sister(case, now)
    await told(case, sister, now, **arrived(now))
    text = await an_attempt(case, now, send_after=now + timedelta(minutes=5))
    offer = await an_offer(case, await ben(now), now)
    assert await texts(SISTER, "联系上了", now) == Heard("reported", 1)
    case = await Outreach.get(id=case.id)
    assert case.evidence == ["reported_by_contact"] and case.reached_at is None and case.status is OutreachStatus.OPEN
    assert (await Attempt.get(id=text.id)).status is SendStatus.CANCELLED
    assert (await Offer.get(id=offer.id)).status is OfferStatus.OFFERED
    event = await Event.get(outreach_id=case.id, kind="contact")
    assert (event.actor_kind, event.actor_id, event.data["evidence"]) == ("contact", sister.id, "reported_by_contact")
    assert (await texts(SISTER, "联系上了", now)).outreaches == 0


@pytest.mark.parametrize(("body", "meaning"), [("ok", "words"), ("who is this", "words"), ("STOP", "stop")])
async def test_what_else_her_sister_writes_is_on_the_timeline_and_proves_nothing(
    database: str, now: datetime, body: str, meaning: str
):
    case = await an_outreach(now)
    await told(case, await a_sister(case, now), now, **arrived(now))
    text = await an_attempt(case, now, send_after=now + timedelta(minutes=5))
    assert await texts(SISTER, body, now) == Heard(meaning, 1)  # type: ignore[arg-type]
    case = await Outreach.get(id=case.id)
    assert (case.evidence, case.contacted_at, case.hurried_at) == ([], None, None)
    assert (await Attempt.get(id=text.id)).status is SendStatus.QUEUED
    assert [line["meaning"] for line in await lines(case, "contact_wrote")] == [meaning]
    assert await OptOut.filter(number_hash=keyed_hash(SISTER)).count() == (meaning == "stop")


async def test_a_stranger_at_her_sisters_number_is_written_to_no_more_and_the_next_step_comes(
    database: str, now: datetime
):
    case = await an_outreach(now)
    sister = await a_sister(case, now)
    await told(case, sister, now, **arrived(now))
    assert await texts(SISTER, "wrong number", now) == Heard("wrong_number", 1)
    again = await told(case, sister, now, try_no=2)
    async with line_to(now) as line:
        await line.send()
    assert line.provider.items == [] and (await Attempt.get(id=again.id)).failure == "opted_out"
    case = await Outreach.get(id=case.id)
    assert case.due_at == now and case.evidence == [] and (await Phone.get()).wrong_at is None


@pytest.mark.parametrize(
    "state",
    [{}, {"paused_at": True}, {"status": OutreachStatus.FOLLOWING_UP, "contacted_at": True, "reached_at": True}],
)
@pytest.mark.parametrize(("body", "says"), [("help, police", ""), ("救命", ""), ("INFO", "help")])
async def test_a_cry_for_help_is_on_the_board_at_once_and_calls_off_nobody(
    database: str, now: datetime, body: str, says: str, state: dict[str, Any]
):
    case = await an_outreach(now)
    await sent_to_ada(case, now)
    await Outreach.filter(id=case.id).update(**{name: now if value is True else value for name, value in state.items()})
    offer = await an_offer(case, await ben(now), now)
    later = now + timedelta(minutes=1)
    assert await texts(ADA, body, later, "SM1", says) == Heard("help", 1)
    word = await Notice.get(channel="board")
    assert (word.kind, word.outreach_id, word.queued_at) == ("emergency", case.id, later)
    after = await Outreach.get(id=case.id)
    before = now if "reached_at" in state else None
    assert (after.contacted_at, after.reached_at) == (before or later, before)
    assert after.due_at == after.hurried_at == later
    assert after.status is state.get("status", OutreachStatus.OPEN) and await OptOut.all().count() == 0
    assert (await Offer.get(id=offer.id)).status is OfferStatus.OFFERED
    [line] = await lines(case, "contact")
    assert (line["evidence"], line["meaning"], line["accepted"]) == ("sms_reply", "help", False)
    assert body not in str(await Event.all().values()) and body not in str(await Notice.all().values())


@pytest.mark.parametrize("policy", ["fraud_low", "welfare_high"])
async def test_who_cries_for_help_is_not_reached_even_where_a_text_would_do(database: str, now: datetime, policy: str):
    case = await an_outreach(now, policy)
    await texts(ADA, "help", now)
    after = await Outreach.get(id=case.id)
    assert (after.status, after.contacted_at, after.reached_at) == (OutreachStatus.OPEN, now, None)


async def test_her_sisters_cry_for_help_is_on_the_board_too(database: str, now: datetime):
    case = await an_outreach(now)
    sister = await a_sister(case, now)
    await told(case, sister, now, **arrived(now))
    assert await texts(SISTER, "call the police", now) == Heard("help", 1)
    assert (await Notice.get(channel="board")).kind == "emergency"
    after = await Outreach.get(id=case.id)
    assert (after.contacted_at, after.due_at) == (None, now)


async def test_somebody_who_was_told_nothing_lately_reports_nothing(database: str, now: datetime):
    case = await an_outreach(now)
    sister = await a_sister(case, now)
    assert await texts(SISTER, "1", now) == Heard("yes", 0)
    await told(case, sister, now, **arrived(now - timedelta(days=4)))
    assert await texts(SISTER, "1", now, "SM2") == Heard("yes", 0)
    assert (await Outreach.get(id=case.id)).evidence == []


async def test_a_call_that_hears_only_hello_begins_again_twice_then_says_goodbye(database: str, now: datetime):
    case = await an_outreach(now)
    row = await an_attempt(case, now, Channel.VOICE)
    said = [await attempts.key_pressed(row.id, Call(keys="", speech="Hello?"), SETTINGS, now) for _ in range(3)]
    assert ["Gather" in str(each) for each in said] == [True, True, False] and "Goodbye" in str(said[-1])
    assert (await Outreach.get(id=case.id)).contacted_at is None


@pytest.mark.parametrize(("language", "speech"), [("zh-CN", "我明白了。"), ("en", "I understand.")])
async def test_what_is_said_to_the_machine_is_read_in_the_language_of_the_call(
    database: str, now: datetime, language: str, speech: str
):
    case = await an_outreach(now, "fraud_high")
    await Resident.all().update(language=language)
    row = await an_attempt(case, now, Channel.VOICE)
    await attempts.key_pressed(row.id, Call(keys="", speech=speech), SETTINGS, now)
    assert (await Outreach.get(id=case.id)).evidence == ["key"]


async def ended(case: Outreach, at: datetime) -> None:
    """Nobody was reached in time."""
    over = {"status": OutreachStatus.ENDED, "end_state": "unreached", "ended_at": at, "due_at": None}
    await Outreach.filter(id=case.id).update(**over)


async def test_an_answer_that_comes_after_the_end_is_an_answer_all_the_same(database: str, now: datetime):
    case = await an_outreach(now)
    await an_attempt(case, now, **arrived(now))
    await ended(case, now + timedelta(hours=1))
    late = now + timedelta(hours=2)
    assert await texts(ADA, "1", late) == Heard("yes", 1)
    assert await texts(ADA, "1", late) == Heard("yes", 0)
    row = await Outreach.get(id=case.id)
    assert (row.status, row.contacted_at) == (OutreachStatus.ENDED, late)
    assert [line["meaning"] for line in await lines(case, "contact")] == ["yes"]


async def test_an_answer_long_after_the_end_is_about_something_else(database: str, now: datetime):
    case = await an_outreach(now)
    await an_attempt(case, now, **arrived(now))
    await ended(case, now + timedelta(hours=1))
    assert await texts(ADA, "1", now + timedelta(days=5)) == Heard("yes", 0)
