"""The stand-in provider and a small edge that hands its signed callbacks to the product, both over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
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
from outreach.messaging.twilio import TwilioMessenger, check_signature
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
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        running = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


def edge(line: dict[str, Any]) -> Starlette:
    """Routes as the product's web floor has them, reading the test's clock; `line["line"]` is filled in later."""

    async def taken(request: Request) -> Response:
        here: Line = line["line"]
        form = await request.form()
        url = here.settings.public_url + request.url.path
        if not check_signature(TOKEN, url, form, request.headers.get("X-Twilio-Signature")):
            here.forged.append(request.url.path)
            return Response(status_code=403)
        given = {name: str(value) for name, value in form.items()}
        return Response(await _hand_on(here, request, given), media_type="text/xml")

    paths = ["/twilio/{what}/{id:uuid}/{do}", "/twilio/sms"]
    return Starlette(routes=[Route(path, taken, methods=["POST"]) for path in paths])


async def _hand_on(here: Line, request: Request, form: dict[str, str]) -> str:
    now, settings = here.clock.time, here.settings
    if "id" not in request.path_params:
        heard = await attempts.inbound_sms(form["From"], form["Body"], form["MessageSid"], settings, now)
        here.heard.append(heard)
        return ""
    row_id: UUID = request.path_params["id"]
    match request.path_params["what"], request.path_params["do"]:
        case "notices", _:
            await notices.settle(row_id, form, now)
        case _, "status":
            await attempts.settle(row_id, form, now)
        case _, "voice":
            return await attempts.voice_twiml(row_id, settings, now, form)
        case _, "key":
            return await attempts.key_pressed(row_id, form.get("Digits", ""), "", settings, now)
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
