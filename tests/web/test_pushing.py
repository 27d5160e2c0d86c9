"""Ben's browser is pushed to: end to end, to a push service of our own on this machine that opens what it is sent."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import http_ece
import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tortoise.connection import get_connection

from outreach import notices
from outreach.access import Subscription, subscribe
from outreach.assignment.telling import tell
from outreach.delivery import Room
from outreach.models import Notice, Offer, PushSubscription, Responder
from outreach.models.states import NoticeChannel, OfferStatus, SendStatus
from outreach.rehearsal.serving import free_port, serving
from outreach.settings import Settings
from tests.web.conftest import ADAS_PHONE, Cast, an_outreach

GOOD = "https://push.example/send/abc"


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Browser:
    """Ben's browser: its keys, the push service it is at, and what that was sent."""

    url: str = GOOD
    status: int = 201
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"p256dh": text(point), "auth": text(self.auth)}

    def body(self) -> dict[str, Any]:
        return {"endpoint": self.url, "keys": self.keys()}

    async def take(self, request: Request) -> Response:
        self.came.append((dict(request.headers), await request.body()))
        return Response(status_code=self.status)

    def opened(self) -> dict[str, Any]:
        """The last push, as the browser reads it."""
        raw = http_ece.decrypt(self.came[-1][1], private_key=self.key, auth_secret=self.auth, version="aes128gcm")
        said: dict[str, Any] = json.loads(raw)
        return said


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser whose push service is on this machine."""
    found = Browser()
    at, url = free_port()
    found.url = f"{url}/send/abc"
    async with serving(Starlette(routes=[Route("/send/abc", found.take, methods=["POST"])]), at):
        yield found


async def offered(cast: Cast, browser: Browser) -> Offer:
    """Ben subscribes on this machine and is offered the visit, with its words."""
    given = Subscription(browser.url, **browser.keys())
    await subscribe(cast.ben.id, cast.tokens["Ben"], given, cast.clock.now())
    offer = await cast.offered(await an_outreach(cast))
    await tell(offer, "offer", cast.clock.now(), urgent=True)
    return offer


async def pushed(cast: Cast, settings: Settings) -> Notice:
    """All that is due is sent; answers the push."""
    async with httpx2.AsyncClient() as client:
        sends = await notices.take_up_webhooks(client, settings, cast.clock.now(), Room(50))
        await asyncio.gather(*(send() for send in sends))
    return await Notice.get(channel=NoticeChannel.PUSH)


async def test_an_offer_is_pushed_beside_the_text_and_opens_in_bens_browser_alone(
    cast: Cast, settings: Settings, browser: Browser
) -> None:
    offer = await offered(cast, browser)
    assert {row.channel for row in await Notice.filter(offer_id=offer.id)} == {NoticeChannel.SMS, NoticeChannel.PUSH}
    assert (await pushed(cast, settings)).status is SendStatus.SENT
    headers, body = browser.came[-1]
    assert browser.opened() == {"kind": "offer", "offer_id": str(offer.id)}
    assert headers["content-encoding"] == "aes128gcm" and headers["ttl"] == "300" and headers["urgency"] == "high"
    assert ADAS_PHONE.encode() not in body and str(offer.id).encode() not in body
    assert (await Offer.get(id=offer.id)).sent_at == cast.clock.now()


async def test_the_push_service_knows_us_by_the_key_that_browsers_were_given(
    cast: Cast, settings: Settings, browser: Browser
) -> None:
    await offered(cast, browser)
    await pushed(cast, settings)
    signed = browser.came[-1][0]["authorization"]
    assert Vapid02.verify(signed)
    key = (await cast.ask(None, "GET", "/api/service")).json()["push_key"]
    assert signed.endswith(f",k={key}") and key == notices.push_key()
    claims = json.loads(base64.urlsafe_b64decode(signed.split("t=")[1].split(".")[1] + "=="))
    assert claims["aud"] == browser.url.removesuffix("/send/abc") and claims["sub"] == settings.public_url
    assert 0 < claims["exp"] - cast.clock.now().timestamp() <= 24 * 3600


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten_and_the_offer_stands(
    cast: Cast, settings: Settings, browser: Browser, status: int
) -> None:
    browser.status = status
    offer = await offered(cast, browser)
    assert (await pushed(cast, settings)).failure == f"http_{status}"
    assert not await PushSubscription.exists() and (await Offer.get(id=offer.id)).status is OfferStatus.OFFERED


async def test_a_push_service_in_trouble_is_tried_three_times(cast: Cast, settings: Settings, browser: Browser) -> None:
    browser.status = 503
    await offered(cast, browser)
    for tries in (1, 2, 3):
        row = await pushed(cast, settings)
        assert row.status is (SendStatus.QUEUED if tries < 3 else SendStatus.FAILED) and len(browser.came) == tries
        cast.clock.advance(timedelta(seconds=5))
    assert await PushSubscription.all().count() == 1


async def test_an_offer_that_is_over_is_pushed_no_more(cast: Cast, settings: Settings, browser: Browser) -> None:
    offer = await offered(cast, browser)
    await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/decline", json={})
    assert (await pushed(cast, settings)).failure == "nobody" and not browser.came


async def test_without_a_browser_there_is_a_text_and_nothing_else(cast: Cast) -> None:
    await tell(await cast.offered(await an_outreach(cast)), "offer", cast.clock.now())
    assert [row.channel for row in await Notice.filter(responder_id=cast.ben.id)] == [NoticeChannel.SMS]


async def test_a_browser_is_pushed_to_until_it_signs_out_and_only_for_its_owner(cast: Cast) -> None:
    browser = Browser()
    for _ in range(2):
        assert (await cast.ask("Ben", "PUT", "/api/me/push", json=browser.body())).json() == {"subscribed": True}
    rows = await get_connection("default").execute_query_dict("SELECT * FROM push_subscription")
    assert len(rows) == 1 and not {browser.url, *browser.keys().values()} & set(map(str, rows[0].values()))
    assert (await cast.ask("Ben", "DELETE", "/api/me/push")).status_code == 204
    assert not await PushSubscription.exists()
    await cast.ask("Ben", "PUT", "/api/me/push", json=browser.body())
    await cast.ask("Ben", "DELETE", "/api/session")
    assert not await PushSubscription.exists() and await Responder.exists(id=cast.ben.id)


@pytest.mark.parametrize(
    "url", ["http://push.example/x", "https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x",
            "https://database.internal/x", "https://ben@push.example/x", "https://push.example:x/", "push"],
)  # fmt: skip
async def test_no_push_knocks_at_a_door_of_our_own_network(cast: Cast, url: str) -> None:
    answer = await cast.ask("Ben", "PUT", "/api/me/push", json=Browser(url=url).body())
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "endpoint"


async def test_what_is_on_the_screen_has_come(cast: Cast) -> None:
    offer = await cast.offered(await an_outreach(cast))
    await cast.ask("Ben", "POST", f"/api/offers/{offer.id}/seen")
    shown = await Offer.get(id=offer.id)
    assert shown.seen_at == shown.delivered_at == cast.clock.now()
