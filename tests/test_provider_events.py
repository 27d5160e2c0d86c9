"""What the provider calls back to say is kept once, word for word, and shown to whoever looks at the case."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from outreach import attempts
from outreach.errors import NotFound
from outreach.models import Attempt, ProviderEvent
from outreach.models.states import Channel, SendStatus
from outreach.models.tidying import WORDS_KEPT, forget_words
from outreach.reports.cases import outreach_view
from tests.harness.adas_case import an_attempt, an_outreach
from tests.harness.provider_side import line_to, said_in

SENT = {"MessageSid": "SM1", "MessageStatus": "sent", "To": "+14155550101", "Body": "Please talk to us"}
ARRIVED = SENT | {"MessageStatus": "delivered"}


async def kept() -> list[tuple[str, str, int]]:
    return [(row.sid, row.status, row.sequence) for row in await ProviderEvent.all().order_by("at", "id")]


async def test_a_text_that_arrives_leaves_each_word_with_its_time_in_the_case(database: str, now: datetime) -> None:
    case = await an_outreach(now)
    await an_attempt(case, now)
    async with line_to(now) as line:
        await line.send()
    [shown] = (await outreach_view(case.id))["attempts"]
    told = shown["provider_said"]
    assert [(word["status"], word["sid"]) for word in told] == [("sent", shown["sid"]), ("delivered", shown["sid"])]
    assert all(datetime.fromisoformat(word["at"]) == now for word in told)


async def test_a_word_that_is_repeated_adds_no_row_and_changes_nothing(database: str, now: datetime) -> None:
    row = await an_attempt(await an_outreach(now), now, status=SendStatus.SENDING, sending_at=now)
    for form in (ARRIVED, SENT):
        await attempts.settle(row.id, said_in(form), now)
    before = await Attempt.get(id=row.id).values(), await ProviderEvent.all().order_by("id").values()
    for form in (ARRIVED, SENT, ARRIVED):
        assert not await attempts.settle(row.id, said_in(form), now + timedelta(hours=1))
    assert (await Attempt.get(id=row.id).values(), await ProviderEvent.all().order_by("id").values()) == before
    assert await kept() == [("SM1", "delivered", 0), ("SM1", "sent", 0)]


async def test_a_word_that_comes_before_our_own_answer_is_kept(database: str, now: datetime) -> None:
    row = await an_attempt(await an_outreach(now), now, status=SendStatus.SENDING, sending_at=now)
    await attempts.settle(row.id, said_in(SENT), now)
    assert await kept() == [("SM1", "sent", 0)] and (await Attempt.get(id=row.id)).sid == "SM1"


async def test_a_word_on_what_is_not_there_is_kept_and_named_as_not_found(database: str, now: datetime) -> None:
    for form in (SENT, SENT | {"MessageStatus": "failed"}):
        with pytest.raises(NotFound):
            await attempts.settle(uuid.uuid4(), said_in(form), now)
    assert await kept() == [("SM1", "sent", 0), ("SM1", "failed", 0)]


async def test_a_word_we_do_not_know_is_kept_all_the_same(database: str, now: datetime) -> None:
    row = await an_attempt(await an_outreach(now), now, Channel.VOICE, status=SendStatus.SENDING, sending_at=now)
    await attempts.settle(row.id, said_in({"CallSid": "CA1", "CallStatus": "transferred", "SequenceNumber": "4"}), now)
    assert await kept() == [("CA1", "transferred", 4)]


async def test_no_number_and_no_text_is_kept_with_it(database: str, now: datetime) -> None:
    row = await an_attempt(await an_outreach(now), now, status=SendStatus.SENDING, sending_at=now)
    await attempts.settle(row.id, said_in(ARRIVED), now)
    [word] = await ProviderEvent.all().values()
    assert ARRIVED["To"] not in str(word) and ARRIVED["Body"] not in str(word)


async def test_old_words_are_forgotten_at_night(database: str, now: datetime) -> None:
    row = await an_attempt(await an_outreach(now), now, status=SendStatus.SENDING, sending_at=now)
    await attempts.settle(row.id, said_in(SENT), now)
    await attempts.settle(row.id, said_in(ARRIVED), now + timedelta(days=1))
    assert await forget_words(now + WORDS_KEPT + timedelta(hours=1)) == 1
    assert await kept() == [("SM1", "delivered", 0)]
