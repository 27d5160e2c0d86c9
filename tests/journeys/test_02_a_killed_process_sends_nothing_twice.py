"""Promise 2: steps run when due, once, whatever process is alive; a send whose answer was lost is looked up first."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach import attempts, ladder
from outreach.models import Attempt, Event
from outreach.models.states import SendStatus
from tests.harness.story import Story, story

NOWHERE = "http://127.0.0.1:9"
"""Where the provider's callbacks go while no process of ours is alive."""


async def until_the_provider_has_it(tale: Story) -> None:
    """Let the other tasks run until a send has arrived at the provider."""
    while not tale.provider.items:
        await asyncio.sleep(0)
    await tale.provider.settle_down()


async def killed_while_sending(tale: Story) -> None:
    """A process climbs, commits *sending*, hands the text over, and dies before the provider answers."""
    public, tale.settings.public_url = tale.settings.public_url, NOWHERE
    await ladder.climb_due(tale.settings, tale.clock.now())
    tale.provider.faults.append("hang")
    sending = asyncio.create_task(attempts.send_due(tale.messenger, tale.settings, tale.clock.now()))
    await until_the_provider_has_it(tale)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    tale.provider.released.set()
    tale.settings.public_url = public


async def test_a_process_killed_while_sending_leaves_ada_with_exactly_one_text(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await tale.warn(severity="low")
        tale.ada.expect_sms("City Care")
        await killed_while_sending(tale)
        assert (await Attempt.get()).status is SendStatus.SENDING
        await tale.advance(minutes=3)
        told = await Attempt.get()
        assert (told.status, told.sid) == (SendStatus.DELIVERED, tale.provider.items[0].sid)
        assert tale.provider.requests == len(tale.ada.received) == 1


async def test_an_answer_lost_on_the_way_is_looked_up_and_not_sent_again(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await tale.warn(severity="low")
        tale.ada.expect_sms("City Care")
        tale.provider.faults.append("lost")
        public, tale.settings.public_url = tale.settings.public_url, NOWHERE
        await tale.settle()
        assert (await Attempt.get()).status is SendStatus.UNKNOWN
        tale.settings.public_url = public
        await tale.advance(minutes=3)
        assert (await Attempt.get()).status is SendStatus.DELIVERED
        assert tale.provider.requests == 1


async def test_a_text_that_never_left_is_sent_after_all(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await tale.warn(severity="low")
        tale.ada.expect_sms("City Care")
        tale.provider.faults.append("500")
        await tale.settle()
        assert not tale.provider.items
        await tale.advance(minutes=3)
        assert len(tale.ada.received) == 1


async def test_two_processes_at_once_take_no_step_twice(database: str, now: datetime) -> None:
    async with story(now) as tale:
        await tale.warn()
        tale.ada.expect_sms().expect_call()
        for _ in range(2):
            await asyncio.gather(*(ladder.climb_due(tale.settings, now) for _ in range(4)))
            await asyncio.gather(*(attempts.send_due(tale.messenger, tale.settings, now) for _ in range(4)))
            await tale.provider.settle_down()
        steps = [event.data["index"] for event in await Event.filter(kind="step").order_by("seq")]
        assert steps == [0, 1] and await Attempt.all().count() == tale.provider.requests == 2
