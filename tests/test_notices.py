"""Words to Ben and to the source that warned: texts without personal data, and signed webhooks."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from standardwebhooks.webhooks import Webhook
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach import notices
from outreach.models import Notice, Offer, Outreach, Target
from outreach.models.states import Audience, NoticeChannel, OfferStatus, SendStatus
from tests.harness.adas_case import ADA, an_offer, an_outreach, ben
from tests.harness.provider_side import Line, line_to, serving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Bank:
    """A source's own server: keeps what it is told, and answers `status`."""

    def __init__(self) -> None:
        self.status, self.told = 204, list[dict[str, Any]]()
        self.app = Starlette(routes=[Route("/told", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        Webhook(SECRET).verify(await request.body(), dict(request.headers))
        self.told.append(json.loads(await request.body()))
        return Response(status_code=self.status)


@contextlib.asynccontextmanager
async def sent_by(line: Line) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(timeout=5) as client:
        yield client


async def send(line: Line) -> int:
    async with sent_by(line) as client:
        taken = await notices.send_due(line.messenger, client, line.settings, line.clock.time)
    await line.provider.settle_down()
    return taken


async def a_notice(case: Outreach, now: datetime, **given: Any) -> Notice:
    fields = {"audience": Audience.RESPONDER, "channel": NoticeChannel.SMS, "kind": "offer"} | given
    return await Notice.create(outreach=case, queued_at=now, send_after=now, **fields)


async def test_ben_is_asked_by_text_without_a_word_about_ada(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    offer = await an_offer(case, responder, now)
    await a_notice(case, now, responder=responder, offer=offer, number=7)
    async with line_to(now) as line:
        assert await send(line) == 1
    text = line.provider.items[0].body
    assert (
        text == "City Care (#7): a visit asked in Grid One, about 5 min away. Reply B7 to take it. Details in the app."
    )
    assert "Ada" not in text and ADA not in text
    offer = await Offer.get(id=offer.id)
    assert offer.sent_at == now and offer.delivered_at == now and offer.status is OfferStatus.OFFERED


async def test_an_offer_that_cannot_be_delivered_makes_room_for_the_next_at_once(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    offer = await an_offer(case, responder, now)
    await a_notice(case, now, responder=responder, offer=offer)
    async with line_to(now) as line:
        line.provider.faults.append("30003")
        await send(line)
    assert (await Offer.get(id=offer.id)).status is OfferStatus.UNDELIVERED
    assert (await Outreach.get(id=case.id)).due_at == now


async def test_ben_is_told_that_a_coordinator_gave_him_the_visit(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    await a_notice(case, now, responder=responder, offer=await an_offer(case, responder, now), kind="handed_over")
    async with line_to(now) as line:
        await send(line)
    assert "a coordinator has given you a visit in Grid One" in line.provider.items[0].body


async def test_no_two_texts_to_ben_are_identical(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    for number in (1, 2, 3):
        given = {"kind": "called_off", "data": {"why": "reached"}, "number": number}
        await a_notice(case, now, responder=responder, **given)
    async with line_to(now) as line:
        await send(line)
    assert len({item.body for item in line.provider.items}) == 3
    assert all("the person was reached" in item.body for item in line.provider.items)


async def test_a_word_whose_answer_was_lost_is_found_and_not_sent_twice(database: str, now: datetime):
    case = await an_outreach(now)
    responder = await ben(now)
    await a_notice(case, now, responder=responder, kind="called_off", data={"why": "taken"})
    async with line_to(now) as line:
        line.provider.faults.append("lost")
        line.settings.public_url, public = "http://127.0.0.1:9", line.settings.public_url
        await send(line)
        line.settings.public_url = public
        assert await notices.resolve_stale(line.messenger, line.settings, line.clock.advance(seconds=15)) == 1
        assert await send(line) == 0 and line.provider.requests == 1


async def test_the_bank_is_told_signed_as_soon_as_ada_is_reached(database: str, now: datetime):
    bank = Bank()
    wall = datetime.now(UTC)
    async with serving(bank.app) as url, line_to(wall) as line:
        case = await an_outreach(wall, webhook_url=f"{url}/told", webhook_secret=SECRET)
        target = await Target.get(outreach_id=case.id).prefetch_related("warning")
        given = {"audience": Audience.SOURCE, "channel": NoticeChannel.WEBHOOK, "kind": "reached"}
        await a_notice(case, wall, source_id=target.warning.source_id, target=target, **given)
        await send(line)
    assert bank.told[0]["type"] == "target.reached" and bank.told[0]["data"]["external_id"] == "w1"
    assert (await Target.get(id=target.id)).told_at == wall


async def test_a_bank_that_is_down_is_told_later_for_a_day(database: str, now: datetime):
    bank = Bank()
    wall = datetime.now(UTC)
    bank.status = 503
    async with serving(bank.app) as url, line_to(wall) as line:
        case = await an_outreach(wall, webhook_url=f"{url}/told", webhook_secret=SECRET)
        target = await Target.get(outreach_id=case.id).prefetch_related("warning")
        given = {"audience": Audience.SOURCE, "channel": NoticeChannel.WEBHOOK, "kind": "ended"}
        row = await a_notice(case, wall, source_id=target.warning.source_id, target=target, **given)
        await send(line)
        assert (await Notice.get(id=row.id)).send_after > wall and await send(line) == 0
        bank.status = 200
        line.clock.advance(seconds=6)
        await send(line)
        assert (await Target.get(id=target.id)).told_at == wall + timedelta(seconds=6)
        late = await a_notice(
            case, wall - timedelta(days=1), source_id=target.warning.source_id, target=target, **given
        )
        bank.status = 503
        await send(line)
        assert (await Notice.get(id=late.id)).status is SendStatus.FAILED


async def test_what_cannot_be_pushed_is_never_said_to_be_sent(database: str, now: datetime):
    case = await an_outreach(now)
    row = await a_notice(case, now, channel=NoticeChannel.PUSH, kind="called_off")
    async with line_to(now) as line:
        await send(line)
    row = await Notice.get(id=row.id)
    assert (row.status, row.failure, row.failed_at, row.sent_at) == (SendStatus.FAILED, "nobody", now, None)


async def test_an_offer_that_cannot_be_pushed_stands_by_its_text(database: str, now: datetime):
    case = await an_outreach(now)
    offer = await an_offer(case, await ben(now), now)
    await a_notice(case, now, channel=NoticeChannel.PUSH, offer=offer)
    async with line_to(now) as line:
        await send(line)
    assert (await Offer.get(id=offer.id)).status is OfferStatus.OFFERED
    assert (await Notice.get(channel=NoticeChannel.PUSH)).failure == "nobody"


async def test_a_word_for_the_board_needs_no_sending(database: str, now: datetime):
    case = await an_outreach(now)
    row = await a_notice(case, now, audience=Audience.COORDINATOR, channel=NoticeChannel.BOARD, kind="alarm")
    async with line_to(now) as line:
        await send(line)
    assert (await Notice.get(id=row.id)).status is SendStatus.SENT and line.provider.requests == 0
