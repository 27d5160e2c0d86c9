"""Each fault of the provider wherever our process dies: the same end, and one message at the phone."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pytest
from tortoise.transactions import in_transaction

from outreach import attempts
from outreach.delivery import Room
from outreach.messaging import Accepted, Messenger, Report
from outreach.messaging.messenger import Capability
from outreach.models import Attempt
from outreach.models.states import Channel, SendStatus
from tests.harness.adas_case import an_attempt, an_outreach
from tests.harness.provider_side import Line, line_to

pytestmark = pytest.mark.slow

Death = Literal["lives", "before the request", "after the answer"]


class Killed(BaseException):
    """The process dies here: nothing after this line of it happens."""


@dataclass
class Mortal:
    """The real client in a process that dies, once, before its request left or after the answer came."""

    real: Messenger
    dies: Death

    @property
    def can(self) -> frozenset[Capability]:
        """What the real one can do."""
        return self.real.can

    async def status(self, kind: Literal["sms", "voice"], sid: str) -> Report | None:
        """Ask after one, as the next process does."""
        return await self.real.status(kind, sid)

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Send a text, and perhaps die."""
        self._die("before the request")
        accepted = await self.real.send_sms(to, body, callback_url)
        self._die("after the answer")
        return accepted

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Ring, and perhaps die."""
        self._die("before the request")
        accepted = await self.real.call(to, words_url, callback_url)
        self._die("after the answer")
        return accepted

    async def find(self, kind: Literal["sms", "voice"], to: str, body: str, since: datetime) -> list[Report]:
        """Look up, as the next process does."""
        return await self.real.find(kind, to, body, since)

    async def close(self) -> None:
        """The line closes the real one."""

    def _die(self, at: Death) -> None:
        if self.dies == at:
            self.dies = "lives"
            raise Killed


TEXT_ENDS = {
    "": SendStatus.DELIVERED,
    "30003": SendStatus.FAILED,
    "30008": SendStatus.FAILED,
    "failed": SendStatus.FAILED,
    "canceled": SendStatus.FAILED,
    "429": SendStatus.DELIVERED,
    "500": SendStatus.DELIVERED,
    "lost": SendStatus.DELIVERED,
    "hang": SendStatus.DELIVERED,
    "duplicate": SendStatus.DELIVERED,
    "early": SendStatus.DELIVERED,
    "reordered": SendStatus.DELIVERED,
    "silent": SendStatus.DELIVERED,
}
CALL_ENDS = {
    "": SendStatus.ANSWERED,
    "busy": SendStatus.FAILED,
    "no-answer": SendStatus.FAILED,
    "voicemail": SendStatus.FAILED,
    "failed": SendStatus.FAILED,
    "canceled": SendStatus.FAILED,
    "429": SendStatus.ANSWERED,
    "500": SendStatus.ANSWERED,
    "lost": SendStatus.ANSWERED,
    "hang": SendStatus.ANSWERED,
    "duplicate": SendStatus.ANSWERED,
    "early": SendStatus.ANSWERED,
    "reordered": SendStatus.ANSWERED,
    "silent": SendStatus.ANSWERED,
}
CASES = [(Channel.SMS, fault, end) for fault, end in TEXT_ENDS.items()]
CASES += [(Channel.VOICE, fault, end) for fault, end in CALL_ENDS.items()]


async def go_on(line: Line, messenger: Messenger, minutes: int = 4) -> None:
    """What the loops do, in a process that is started again whenever it died."""
    for _ in range(minutes * 4):
        with contextlib.suppress(Killed):
            await attempts.send_due(messenger, line.settings, line.clock.time)
        await line.provider.settle_down()
        await attempts.resolve_stale(messenger, line.settings, line.clock.advance(seconds=15))


@pytest.mark.parametrize("dies", ["lives", "before the request", "after the answer"])
@pytest.mark.parametrize(("channel", "fault", "ends"), CASES)
async def test_each_fault_ends_the_same_wherever_the_process_dies_and_ada_hears_once(
    database: str, now: datetime, channel: Channel, fault: str, ends: SendStatus, dies: Death
) -> None:
    row = await an_attempt(await an_outreach(now), now, channel)
    async with line_to(now, provider_timeout_s=0.5) as line:
        line.provider.faults.append(fault)  # type: ignore[arg-type]
        await go_on(line, Mortal(line.messenger, dies))
        if fault == "silent":
            # What no callback tells is asked after within the hour.
            line.clock.advance(hours=1)
            await go_on(line, line.messenger, minutes=1)
        kept = await Attempt.get(id=row.id)
        assert [(item.kind, item.sid) for item in line.provider.items] == [(channel.value, kept.sid)]
        assert kept.status is ends


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
async def test_a_process_that_dies_before_its_claim_is_kept_leaves_the_row_to_the_next(
    database: str, now: datetime, channel: Channel
) -> None:
    row = await an_attempt(await an_outreach(now), now, channel)
    async with line_to(now) as line:
        with contextlib.suppress(Killed):
            async with in_transaction():
                assert len(await attempts.take_up(line.messenger, line.settings, now, Room(1))) == 1
                raise Killed
        assert (await Attempt.get(id=row.id)).status is SendStatus.QUEUED and line.provider.items == []
        await go_on(line, line.messenger)
        assert [item.sid for item in line.provider.items] == [(await Attempt.get(id=row.id)).sid]
