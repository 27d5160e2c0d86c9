"""Whatever the order and number of callbacks, an attempt ends the same, and its timeline says it once."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from outreach import attempts
from outreach.delivery import Room, claim, store_sent
from outreach.models import Attempt, Event
from outreach.models.states import Channel, SendStatus
from tests.harness.adas_case import an_attempt, an_outreach
from tests.harness.provider_side import said_in

pytestmark = pytest.mark.slow

HUMAN, MACHINE = {"AnsweredBy": "human"}, {"AnsweredBy": "machine_start"}
Word = dict[str, str]


def texts(*words: str, **more: str) -> list[Word]:
    """Callbacks of one text; `more` is on the last."""
    told = [{"MessageStatus": word} for word in words]
    return [*told[:-1], told[-1] | more]


def calls(*words: str, answered: Word | None = None) -> list[Word]:
    """Callbacks of one call; who answered is said from the pick-up on."""
    late = ("in-progress", "completed")
    return [{"CallStatus": word} | ((answered or {}) if word in late else {}) for word in words]


RUNS: dict[str, tuple[Channel, list[Word], SendStatus, str | None]] = {
    "a text that arrives": (Channel.SMS, texts("queued", "sent", "delivered"), SendStatus.DELIVERED, None),
    "a text to a phone that is off": (
        Channel.SMS,
        texts("queued", "sent", "undelivered", ErrorCode="30003"),
        SendStatus.FAILED,
        "30003",
    ),
    "a text that the carrier refuses": (
        Channel.SMS,
        texts("queued", "failed", ErrorCode="30007"),
        SendStatus.FAILED,
        "30007",
    ),
    "a call that Ada takes": (
        Channel.VOICE,
        calls("initiated", "ringing", "in-progress", "completed", answered=HUMAN),
        SendStatus.ANSWERED,
        None,
    ),
    "a call that a machine takes": (
        Channel.VOICE,
        calls("initiated", "ringing", "in-progress", "completed", answered=MACHINE),
        SendStatus.FAILED,
        "voicemail",
    ),
    "a call over before anybody knows who took it": (
        Channel.VOICE,
        [*calls("initiated", "ringing", "in-progress", "completed"), HUMAN],
        SendStatus.ANSWERED,
        None,
    ),
    "a call that a machine was heard to take": (
        Channel.VOICE,
        [*calls("initiated", "ringing", "in-progress", "completed"), MACHINE],
        SendStatus.FAILED,
        "voicemail",
    ),
    "a busy line": (Channel.VOICE, calls("initiated", "ringing", "busy"), SendStatus.FAILED, "busy"),
    "a call nobody takes": (Channel.VOICE, calls("initiated", "ringing", "no-answer"), SendStatus.FAILED, "no-answer"),
    "a call taken back": (Channel.VOICE, calls("initiated", "canceled"), SendStatus.FAILED, "canceled"),
}
ROUNDS = 25


def shuffled(words: list[Word], dice: random.Random) -> list[Word | None]:
    """Each word at least once, some again, in any order; None is where the answer to our own request comes in."""
    told: list[Word | None] = [*words, *dice.choices(words, k=dice.randrange(4)), None]
    dice.shuffle(told)
    return told


@pytest.mark.parametrize("name", list(RUNS))
async def test_any_order_and_number_of_callbacks_ends_in_the_same_state(
    database: str, now: datetime, name: str
) -> None:
    channel, words, ends, failure = RUNS[name]
    case, dice = await an_outreach(now), random.Random(name)
    for number in range(ROUNDS):
        row, sid = await an_attempt(case, now, channel), f"S{number}"
        assert [claimed.id for claimed in await claim(Attempt, now, Room(1))] == [row.id]
        told = shuffled(words, dice)
        for second, word in enumerate(told):
            at = now + timedelta(seconds=second)
            if word is None:
                await store_sent(Attempt, row.id, sid, at)
            else:
                await attempts.settle(
                    row.id, said_in(word | {"MessageSid" if channel is Channel.SMS else "CallSid": sid}), at
                )
        kept = await Attempt.get(id=row.id)
        assert (kept.status, kept.failure, kept.sid) == (ends, failure, sid), told
    lines = [event.kind for event in await Event.filter(outreach_id=case.id)]
    assert lines.count(f"attempt_{ends.value}") == ROUNDS
    assert set(lines) == {f"attempt_{ends.value}"}
