"""The stand-in provider and a small edge that hands its signed callbacks to the product, both over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach import attempts, notices
from outreach.delivery import Said, told
from outreach.messaging.inbound import Came
from outreach.messaging.twilio import TwilioInbound, TwilioMessenger, report_of
from outreach.rehearsal.provider import People, Provider, nobody
from outreach.settings import Settings

TOKEN = "a-token-for-tests"


@dataclass
class Clock:
    """The time of a test: moved by hand."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def advance(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


@dataclass
class Line:
    """Everything a test needs to send: the stand-in, the real client, the settings, the clock, and what came in."""

    provider: Provider
    messenger: TwilioMessenger
    settings: Settings
    clock: Clock
    heard: list[object]
    forged: list[str]

    async def send(self) -> int:
        taken = await attempts.send_due(self.messenger, self.settings, self.clock.time)
        await self.provider.settle_down()
        return taken


@contextlib.asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[str]:
    """The address of `app`, served on a free port of this loop."""
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # Without the loop of `serve`, which looks ten times a second whether it shall end: hundreds of tests end one.
        await server.startup([listening])
        await server.on_tick(0)  # the Date that its answers carry
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await _ended(server, listening)


async def _ended(server: uvicorn.Server, listening: socket.socket) -> None:
    """As uvicorn ends it, but without its tenth of a second where nobody is being answered."""
    state = server.server_state
    for listener in server.servers:
        listener.close()
    for connection in list(state.connections):
        connection.shutdown()
    for _ in range(100):
        if not state.connections and not state.tasks:
            await server.lifespan.shutdown()
            return
        await asyncio.sleep(0)
    await server.shutdown([listening])


def said_in(form: Mapping[str, str]) -> Said:
    """What a status callback with this form says to a row."""
    return told(report_of(form), "twilio")


def edge(line: dict[str, Any]) -> Starlette:
    """Routes as the product's web floor has them, reading the test's clock; `line["line"]` is filled in later."""

    async def taken(request: Request) -> Response:
        here: Line = line["line"]
        url = here.settings.public_url + request.url.path
        came = Came(url, request.headers, await request.body(), here.clock.time)
        if not TwilioInbound(here.settings).is_genuine(came):
            here.forged.append(request.url.path)
            return Response(status_code=403)
        return Response(await _hand_on(here, request, came), media_type="text/xml")

    paths = ["/twilio/{what}/{id:uuid}/{do}", "/twilio/sms"]
    return Starlette(routes=[Route(path, taken, methods=["POST"]) for path in paths])


async def _hand_on(here: Line, request: Request, came: Came) -> str:
    inbound, now, settings = TwilioInbound(here.settings), here.clock.time, here.settings
    if "id" not in request.path_params:
        heard = await attempts.inbound_sms(inbound.text(came), settings, now)
        here.heard.append(heard)
        return ""
    row_id: UUID = request.path_params["id"]
    match request.path_params["what"], request.path_params["do"]:
        case "notices", _:
            await notices.settle(row_id, told(inbound.report(came), settings.messenger), now)
        case _, "status":
            await attempts.settle(row_id, told(inbound.report(came), settings.messenger), now)
        case _, "voice":
            return inbound.document(await attempts.picked_up(row_id, inbound.call(came), settings, now))
        case _, "key":
            return inbound.document(await attempts.key_pressed(row_id, inbound.call(came), settings, now))
    return ""


@contextlib.asynccontextmanager
async def line_to(now: datetime, people: People = nobody, **given: Any) -> AsyncIterator[Line]:
    """A product whose texts and calls go to the stand-in, and whose callbacks come back signed."""
    late: dict[str, Any] = {}
    clock = Clock(now.astimezone(UTC))
    async with serving(edge(late)) as public:
        provider = Provider(TOKEN, clock.now, people=people, inbound_url=f"{public}/twilio/sms")
        async with serving(provider.app) as api:
            chosen = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": TOKEN, "twilio_from": "+15005550006"}
            chosen |= {"texts_per_s": 0, "calls_per_s": 0}
            chosen |= {"public_url": public, "twilio_api_url": api, "service_name": "City Care", "language": "en"}
            settings = Settings(**(chosen | given))
            messenger = TwilioMessenger(settings)
            late["line"] = Line(provider, messenger, settings, clock, [], [])
            try:
                yield late["line"]
            finally:
                provider.released.set()
                await messenger.close()
