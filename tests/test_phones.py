"""The stand-in's phones, answered by hand: what they show, what an answer does, and that none rings for ever."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
import pytest
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.cli.stand_in import drawn
from outreach.messaging.speaking import ask_for_key, say
from outreach.messaging.twilio import check_signature
from outreach.messaging.twilio.speaking import document
from outreach.rehearsal.phones import Phones, Sight
from outreach.rehearsal.serving import free_port, serving

pytestmark = pytest.mark.slow

ADA = "+12025550123"
TOKEN = "a-token-for-tests"
SENDS = "/2010-04-01/Accounts/AC0"


@dataclass
class Street:
    """A stand-in at `api`, whose customer keeps what it is told; `sights` are what the phones showed, in order."""

    phones: Phones
    client: httpx2.AsyncClient
    customer: str
    told: list[dict[str, str]]
    sights: list[Sight] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def text(self, words: str) -> None:
        form = {"To": ADA, "From": "+12025550100", "Body": words, "StatusCallback": f"{self.customer}/told"}
        assert (await self.client.post(f"{SENDS}/Messages.json", data=form)).status_code == 201

    async def ring(self) -> None:
        form = {"To": ADA, "From": "+12025550100", "Url": f"{self.customer}/says"}
        form |= {"StatusCallback": f"{self.customer}/told"}
        assert (await self.client.post(f"{SENDS}/Calls.json", data=form)).status_code == 201

    async def do(self, what: str, words: str, number: str = ADA) -> httpx2.Response:
        return await self.client.post(f"/phones/{number}/{what}", content=words)

    async def sees(self, *wanted: str) -> list[Sight]:
        """Wait until the phones have shown exactly this, in this order."""
        async with asyncio.timeout(10):
            while [sight.what for sight in self.sights] != list(wanted):
                await asyncio.sleep(0.01)
        return self.sights

    def statuses(self) -> list[str]:
        return [form["CallStatus"] for form in self.told if "CallStatus" in form]


@contextlib.asynccontextmanager
async def street(token: str = TOKEN, rings_s: float = 10.0) -> AsyncIterator[Street]:
    told: list[dict[str, str]] = []
    (theirs, customer), (ours, api) = free_port(), free_port()

    async def taken(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not check_signature(TOKEN, customer + request.url.path, form, request.headers.get("X-Twilio-Signature")):
            return Response(status_code=403)
        told.append({"path": request.url.path, **form})
        if request.url.path == "/says":
            return Response(document(ask_for_key("Press 1.", f"{customer}/key", "Goodbye.", "en")))
        return Response(document(say("Thank you.", "en")))

    paths = ("/told", "/says", "/key", "/twilio/sms")
    product = Starlette(routes=[Route(path, taken, methods=["POST"]) for path in paths])
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(serving(product, theirs))
        sights: list[Sight] = []
        phones = Phones(token, lambda: datetime.now(UTC), customer, sights.append, rings_s)
        await stack.enter_async_context(serving(phones.app, ours, lifespan="on"))
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=api, timeout=10))
        stack.callback(phones.put_down)
        yield Street(phones, client, customer, told, sights)


async def test_ada_reads_a_text_and_her_reply_reaches_the_product_signed() -> None:
    async with street() as here:
        await here.text("Are you all right?")
        await here.sees("text")
        answer = await here.do("reply", "是的")
        assert answer.status_code == 200 and answer.text == f"{ADA} has replied.\n"
        assert here.sights == [Sight("text", ADA, ("Are you all right?",)), Sight("reply", ADA, ("是的",))]
    heard = [form for form in here.told if form["path"] == "/twilio/sms"]
    assert [(form["From"], form["Body"]) for form in heard] == [(ADA, "是的")]


async def test_ada_picks_up_while_it_rings_and_presses_a_key() -> None:
    async with street() as here:
        await here.ring()
        await here.sees("ringing")
        assert (await here.do("answer", "1")).text == f"{ADA} has answered.\n"
        shown = await here.sees("ringing", "call")
        assert shown[-1].words[:3] == ("Press 1.", "1", "Thank you.")
    assert [form["Digits"] for form in here.told if form["path"] == "/key"] == ["1"]
    assert here.statuses()[-1] == "completed"


@pytest.mark.parametrize("line", ["busy", "no-answer", "voicemail"])
async def test_how_the_next_call_goes_can_be_said_before_it_rings(line: str) -> None:
    async with street() as here:
        assert (await here.do("answer", line)).text == f"{ADA} will answer the next call so.\n"
        await here.ring()
        shown = await here.sees("ringing", "unanswered")
        assert shown[-1].words == (line,)
    assert here.statuses()[-1] == ("completed" if line == "voicemail" else line)


async def test_ada_may_pick_up_and_press_nothing() -> None:
    async with street() as here:
        await here.do("answer", "")
        await here.ring()
        shown = await here.sees("ringing", "call")
        assert [words for words in shown[-1].words if words] == ["Press 1.", "Goodbye."]


async def test_of_two_calls_the_answer_is_for_the_later_one() -> None:
    async with street() as here:
        await here.ring()
        await here.sees("ringing")
        await here.ring()
        await here.sees("ringing", "ringing")
        await here.do("answer", "1")
        await here.sees("ringing", "ringing", "call")
        first, second = here.phones.provider.items
        assert (first.status, second.keys) == ("queued", ["1"])


async def test_a_phone_that_nobody_answers_rings_out() -> None:
    async with street(rings_s=0.05) as here:
        await here.ring()
        await here.sees("ringing", "unanswered")
    assert here.statuses() == ["ringing", "no-answer"]


async def test_the_stand_in_stops_at_once_though_a_phone_rings() -> None:
    async with street(rings_s=3600) as here:
        await here.ring()
        await here.sees("ringing")
    assert here.statuses()[-1] == "no-answer"


async def test_a_reply_that_the_product_refuses_or_never_gets_is_said_to_be_so() -> None:
    async with street(token="another") as here:
        answer = await here.do("reply", "1")
        assert answer.status_code == 502 and "(403)" in answer.text
        here.phones.provider.inbound_url = "http://127.0.0.1:9/twilio/sms"
        assert "does `outreach serve` run there?" in (await here.do("reply", "1")).text
        assert here.sights == []


@pytest.mark.parametrize(
    ("what", "words", "number"), [("reply", "1", "12025550123"), ("reply", " ", ADA), ("answer", "hello", ADA)]
)
async def test_what_no_phone_could_do_is_refused(what: str, words: str, number: str) -> None:
    async with street() as here:
        assert (await here.do(what, words, number)).status_code == 400
        assert here.sights == []


def test_a_phone_is_drawn_with_its_words_whole_and_the_line_to_answer_by() -> None:
    console = Console(width=80, record=True)
    words = "This is Outreach. Reply 1 if you have read this, [bold]and[/] 好的."
    with console.capture() as seen:
        for line in drawn(Sight("text", ADA, (words,)), datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "http://here"):
            console.print(line)
    assert words in " ".join(seen.get().replace("│", " ").split())
    assert f"{ADA} · 09:30:00" in seen.get() and f"curl http://here/phones/{ADA}/reply -d 1" in seen.get()
