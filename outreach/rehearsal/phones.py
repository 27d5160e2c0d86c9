"""Phones that somebody holds: the stand-in's texts and calls, answered by hand over HTTP."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from typing import Literal

import httpx2
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from outreach.rehearsal.provider import FATES, Item, Provider

NUMBER = re.compile(r"\+\d{4,15}")
KEYS = re.compile(r"[0-9*#]*")


@dataclass(frozen=True)
class Sight:
    """What the phone with this `number` shows; the `words` of a call that was answered are heard and pressed in turn.

    `unanswered` has one word, one of the provider's FATES.
    """

    what: Literal["text", "reply", "ringing", "unanswered", "call"]
    number: str
    words: tuple[str, ...] = ()


Show = Callable[[Sight], None]


class Phones:
    """The stand-in with a phone at every number; `product` is the address that replies go to, `show` is told all.

    A call rings for `rings_s` seconds. `app` has the provider's routes, `/phones/{number}/reply` and `/answer`.
    """

    def __init__(self, token: str, now: Callable[[], datetime], product: str, show: Show, rings_s: float) -> None:
        self.product, self.show, self.rings_s = product.rstrip("/"), show, rings_s
        self._ringing: dict[str, list[asyncio.Future[str]]] = defaultdict(list)
        self._next: dict[str, str] = {}
        # The product is on this machine: no proxy of the environment stands between.
        client = httpx2.AsyncClient(timeout=10, trust_env=False)
        inbound = f"{self.product}/twilio/sms"
        self.provider = Provider(token, now, people=self._take, over=self._over, inbound_url=inbound, own_client=client)
        self.app = self.provider.app
        self.app.router.routes += [
            Route("/phones/{number}/reply", self._reply, methods=["POST"]),
            Route("/phones/{number}/answer", self._answer, methods=["POST"]),
        ]

    def put_down(self) -> None:
        """Let nothing ring any longer: the stand-in is about to stop."""
        self.rings_s = 0.0
        for answer in (each for calls in self._ringing.values() for each in calls if not each.done()):
            answer.set_result("no-answer")

    async def _take(self, item: Item) -> str | None:
        if item.kind == "sms":
            self.show(Sight("text", item.to, (item.body,)))
            return None
        self.show(Sight("ringing", item.to))
        answer = self._next.pop(item.to) if item.to in self._next else await self._rings(item.to)
        if answer in FATES:
            self.show(Sight("unanswered", item.to, (answer,)))
        return answer

    async def _rings(self, number: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._ringing[number].append(answer)
        try:
            return await asyncio.wait_for(answer, self.rings_s)
        except TimeoutError:
            return "no-answer"
        finally:
            self._ringing[number].remove(answer)

    def _over(self, item: Item) -> None:
        if item.kind == "voice" and not item.fault:
            in_turn = chain.from_iterable(zip_longest(item.said, item.keys, fillvalue=""))
            self.show(Sight("call", item.to, tuple(in_turn)))

    async def _reply(self, request: Request) -> PlainTextResponse:
        number, body = request.path_params["number"], (await request.body()).decode(errors="replace").strip()
        if not NUMBER.fullmatch(number) or not body:
            return _said("Write the number with its +, and the words as the body: `-d 1`.", 400)
        try:
            status = await self.provider.inbound(number, body)
        except httpx2.TransportError:
            return _said(f"Nobody answers at {self.product}: does `outreach serve` run there?", 502)
        if status != 200:
            return _said(f"{self.product} refused it ({status}): was it started with the lines shown here?", 502)
        self.show(Sight("reply", number, (body,)))
        return _said(f"{number} has replied.")

    async def _answer(self, request: Request) -> PlainTextResponse:
        number, answer = request.path_params["number"], (await request.body()).decode(errors="replace").strip()
        if not NUMBER.fullmatch(number) or not (answer in FATES or KEYS.fullmatch(answer)):
            return _said(f"Write the number with its +, and as the body keys, or one of {', '.join(FATES)}.", 400)
        calls = [call for call in self._ringing[number] if not call.done()]
        if not calls:
            self._next[number] = answer
            return _said(f"{number} will answer the next call so.")
        # Of two calls, the one that came last is the one somebody means.
        calls[-1].set_result(answer)
        return _said(f"{number} has answered.")


def _said(words: str, status: int = 200) -> PlainTextResponse:
    return PlainTextResponse(words + "\n", status)
