"""A stand-in for Twilio: a real HTTP server that keeps messages, signs callbacks, walks TwiML and presses keys."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from outreach.messaging.twilio import sign
from outreach.rehearsal.account import Account
from outreach.rehearsal.calling import walk
from outreach.rehearsal.faults import REFUSED, refusal
from outreach.rehearsal.faults import Fault as Fault
from outreach.rehearsal.items import Item as Item
from outreach.rehearsal.items import callback, shown, who_answered, words_for

FATES = ("busy", "no-answer", "voicemail")
People = Callable[[Item], Awaitable[str | None]]
"""What somebody does with a text (their reply, or None) or a call (the keys pressed, None, or one of FATES)."""


async def nobody(item: Item) -> str | None:
    """A callee who reads, or picks up, and does nothing."""
    return None if item.kind == "sms" else ""


def unwatched(item: Item) -> None:
    """Nobody wants to know that this text or call is over."""


class Provider:
    """The stand-in. `faults` are used up in order, one per send; `now` is its clock, `inbound_url` where replies go.

    `list_lag` is how long a message stays out of the lists after it was accepted (Twilio: up to 5 s).

    `over` is told of each text and call that has run its course.
    """

    def __init__(
        self,
        token: str,
        now: Callable[[], datetime],
        *,
        people: People = nobody,
        over: Callable[[Item], None] = unwatched,
        inbound_url: str = "",
        list_lag: timedelta = timedelta(0),
        own_client: httpx2.AsyncClient | None = None,
    ) -> None:
        self.items: list[Item] = []
        self.faults: deque[Fault] = deque()
        self.requests = 0
        self.released = asyncio.Event()
        self.people, self.over, self.inbound_url = people, over, inbound_url
        self.list_lag = list_lag
        self._token, self._now = token, now
        self.account = Account(token, lambda: self.inbound_url)
        self._client = own_client or httpx2.AsyncClient(timeout=10)
        self._under_way: set[asyncio.Task[None]] = set()
        self.app = Starlette(routes=self._routes(), lifespan=self._lifespan)

    def _routes(self) -> list[Route]:
        base = "/2010-04-01/Accounts/{account}"
        return [
            Route(f"{base}/Messages.json", self._messages, methods=["GET", "POST"]),
            Route(f"{base}/Calls.json", self._calls, methods=["GET", "POST"]),
            Route(f"{base}/Messages/{{sid}}.json", self._one),
            Route(f"{base}/Calls/{{sid}}.json", self._one),
            *self.account.routes(),
        ]

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.settle_down()
        await self._client.aclose()

    async def settle_down(self) -> None:
        """Wait until every callback and call under way is done."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def inbound(self, sender: str, body: str) -> int:
        """Somebody texts us: post it, signed, to `inbound_url`; answers the HTTP status."""
        form = {"MessageSid": _new_sid("SM"), "From": sender, "To": "", "Body": body}
        return (await self._post(self.inbound_url, form)).status_code

    async def _messages(self, request: Request) -> Response:
        return await self._list_or_make(request, "sms")

    async def _calls(self, request: Request) -> Response:
        return await self._list_or_make(request, "voice")

    async def _one(self, request: Request) -> Response:
        item = next((i for i in self.items if i.sid == request.path_params["sid"]), None)
        return JSONResponse(shown(item)) if item else refusal(20404, 404)

    async def _list_or_make(self, request: Request, kind: Literal["sms", "voice"]) -> Response:
        if request.method == "GET":
            to = request.query_params.get("To")
            listed = [i for i in reversed(self.items) if i.made_at <= self._now() - self.list_lag]
            fit = [shown(i) for i in listed if i.kind == kind and to in (None, i.to)]
            return JSONResponse({"messages" if kind == "sms" else "calls": fit, "next_page_uri": None, "page": 0})
        self.requests += 1
        fault = self.faults.popleft() if self.faults else ""
        if fault in REFUSED:
            return refusal(*REFUSED[fault])
        return await self._make(request, kind, fault)

    async def _make(self, request: Request, kind: Literal["sms", "voice"], fault: str) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not form.get("To", "").startswith("+"):
            return refusal(21211, 400)
        sid, sender = _new_sid("SM" if kind == "sms" else "CA"), form.get("From") or form.get("MessagingServiceSid", "")
        body, url = form.get("Body", ""), form.get("Url", "")
        item = Item(sid, kind, form["To"], sender, body, url, form.get("StatusCallback", ""), self._now(), fault=fault)
        item.amd = form.get("AsyncAmdStatusCallback", "") if form.get("AsyncAmd") == "true" else ""
        self.items.append(item)
        answer = shown(item)
        told = self._start(self._go_through(item))
        if fault == "early":
            await told
        if fault == "hang":
            await self.released.wait()
        # A caller that is cut off learns as little as from a server error after the send.
        return refusal(20500, 500) if fault == "lost" else JSONResponse(answer, 201)

    def _start(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _go_through(self, item: Item) -> None:
        words = words_for(item)
        keys = await self.people(item) if item.kind == "voice" and not words else None
        if item.kind == "voice" and not words:
            item.fault, keys = (keys or "", None) if keys in FATES else (item.fault, keys)
            words = words_for(item) or ["ringing", "no-answer" if keys is None else "in-progress"]
        if item.kind == "voice" and item.fault == "voicemail":
            keys = ""
        await self._tell_all(item, words)
        if keys is not None and item.status == "in-progress":
            # A call whose words cannot be fetched any more has ended all the same.
            with contextlib.suppress(httpx2.TransportError):
                await walk(item, keys, self._post, lambda: self._tell_who(item))
            await self._tell_all(item, ["completed"])
        if item.status == "delivered":
            await self._reply(item)
        self.over(item)

    async def _tell_all(self, item: Item, words: list[str]) -> None:
        item.status = words[-1]
        if item.fault == "silent":
            return
        # Each is numbered as it happened, in whatever order it is told.
        forms = [callback(item, word) for word in words]
        for form in reversed(forms) if item.fault == "reordered" else forms:
            await self._tell(item, item.callback, form)

    async def _tell_who(self, item: Item) -> None:
        if item.amd and item.fault != "silent":
            heard = {"CallSid": item.sid, "AnsweredBy": who_answered(item), "MachineDetectionDuration": "3500"}
            await self._tell(item, item.amd, heard)

    async def _tell(self, item: Item, url: str, form: dict[str, str]) -> None:
        for _ in range(2 if item.fault == "duplicate" else 1):
            # A customer who cannot be told does not keep the text from arriving.
            with contextlib.suppress(httpx2.TransportError):
                await self._post(url, form)

    async def _reply(self, item: Item) -> None:
        reply = await self.people(item)
        if reply and self.inbound_url:
            await self.inbound(item.to, reply)

    async def _post(self, url: str, form: dict[str, str]) -> httpx2.Response:
        signed = {"X-Twilio-Signature": sign(self._token, url, form)}
        return await self._client.post(url, data=form, headers=signed)


def _new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)
