"""The cast, with a token each, and the web application on a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from twilio.request_validator import RequestValidator

from outreach.access import issue_token
from outreach.clock import SetClock
from outreach.geo import cell_of
from outreach.models import Area, Coordinator, EscalationPolicy, Offer, Outreach, Responder, Source, Unit
from outreach.models.sealing import keyed_hash
from outreach.models.states import AreaKind, ResponderRole, TaskKind, TokenKind
from outreach.registry import seed
from outreach.settings import Settings
from outreach.web import Parts, make_web
from tests.harness.described import Seen, hold_to_the_description

PUBLIC = "https://outreach.example"
SIGNING = "signing-secret"
ADAS_PHONE = "+14155550101"
PUSH_KEYS = {
    "p256dh": "BNNL5ZaTfK81qhXOx23-wewhigUeFb632jN6LvRWCFH1ubQr77FE_9qV1FuojuRmHP42zmf34rXgW80OvUVDgTk",
    "auth": "zqbxT6JKstKSY9JKibZLSQ",
}
"""A browser's public key, and the secret it shares with whoever pushes to it."""


@dataclass
class Cast:
    """Who takes part, and the web they ask."""

    client: httpx2.AsyncClient
    clock: SetClock
    area: Area
    elsewhere: Area
    source: Source
    ben: Responder
    tokens: dict[str, str]
    woken: list[bool] = field(default_factory=list)
    seen: set[Seen] = field(default_factory=set)
    """The answers given so far, each held against the description: method, path and status."""

    async def hold(self, answer: httpx2.Response) -> None:
        """Fails for an answer that the API's description does not list."""
        told = await hold_to_the_description(answer)
        if told is not None:
            self.seen.add(told)

    async def ask(self, whose: str | None, method: str, path: str, **given: Any) -> httpx2.Response:
        """One request with somebody's token."""
        headers = dict(given.pop("headers", {}))
        if whose is not None:
            headers["Authorization"] = f"Bearer {self.tokens[whose]}"
        return await self.client.request(method, path, headers=headers, **given)

    async def warn(self, **given: Any) -> httpx2.Response:
        """The bank warns of Ada."""
        return await self.ask("bank", "POST", "/api/warnings", json=self.warning(**given))

    def warning(self, **given: Any) -> dict[str, Any]:
        """A warning of Ada as the bank words it."""
        usual = {
            "external_id": "w-1",
            "category": "impersonation",
            "severity": "high",
            "summary": "Somebody claims to be the police.",
            "detected_at": self.clock.now().isoformat(),
            "resident": {"phone": ADAS_PHONE, "name": "Ada", "location": {"lat": 30.25, "lon": 120.15}},
        }
        return usual | given

    async def called_back(self, path: str, fields: dict[str, str]) -> httpx2.Response:
        """The provider calls back, signed."""
        signature = RequestValidator(SIGNING).compute_signature(PUBLIC + path, fields)
        return await self.client.post(path, data=fields, headers={"X-Twilio-Signature": signature})

    async def offered(self, outreach_id: str) -> Offer:
        """Ben is offered the visit."""
        now = self.clock.now()
        return await Offer.create(
            outreach_id=outreach_id,
            kind=TaskKind.VISIT,
            responder=self.ben,
            step=0,
            reason="nearest",
            code="7Q",
            offered_at=now,
            lapses_at=now + timedelta(minutes=5),
        )


@pytest.fixture
def settings() -> Settings:
    """The settings of these tests."""
    return Settings(twilio_auth_token=SIGNING, public_url=PUBLIC, body_limit_bytes=50_000, country="US")


@pytest.fixture
async def cast(database: str, now: datetime, settings: Settings) -> AsyncIterator[Cast]:
    """Ben and Cleo in the same district, Dov in another, a bank, and a second bank."""
    await seed(settings, now)
    area = await Area.create(kind=AreaKind.DISTRICT, code="xh", name="West Lake", path="/hz/xh/", lat=30.25, lon=120.15)
    elsewhere = await Area.create(kind=AreaKind.DISTRICT, code="yh", name="Yuhang", path="/hz/yh/")
    unit = await Unit.create(code="bank", name="Bank", kind="bank")
    source = await Source.create(unit=unit, code="bank", name="Bank")
    other = await Source.create(unit=unit, code="other", name="Other bank")
    ben = await Responder.create(
        name="Ben",
        number="+14155550102",
        number_hash=keyed_hash("+14155550102"),
        country="US",
        role=ResponderRole.GRID_WORKER,
        trained=["impersonation", "fraud"],
        vetted_until=now + timedelta(days=90),
        area=area,
        home_lat=30.25,
        home_lon=120.15,
        cell=cell_of(30.25, 120.15),
    )
    cleo = await Coordinator.create(name="Cleo", area=area, source=source)
    dov = await Coordinator.create(name="Dov", area=elsewhere)
    holders = {
        "bank": (TokenKind.SOURCE, source.id),
        "other bank": (TokenKind.SOURCE, other.id),
        "Ben": (TokenKind.RESPONDER, ben.id),
        "Cleo": (TokenKind.COORDINATOR, cleo.id),
        "Cleo at the hotline": (TokenKind.HOTLINE, cleo.id),
        "Cleo as chief": (TokenKind.CHIEF, cleo.id),
        "Cleo as admin": (TokenKind.ADMIN, cleo.id),
        "Dov": (TokenKind.COORDINATOR, dov.id),
        "Dov at the hotline": (TokenKind.HOTLINE, dov.id),
        "Dov as chief": (TokenKind.CHIEF, dov.id),
        "Dov as admin": (TokenKind.ADMIN, dov.id),
    }
    tokens = {name: await issue_token(*holder, now) for name, holder in holders.items()}
    clock, woken = SetClock(now), list[bool]()
    app = make_web(Parts(settings, clock, lambda: woken.append(True)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=PUBLIC) as client:
        everybody = Cast(client, clock, area, elsewhere, source, ben, tokens, woken)
        client.event_hooks = {"response": [everybody.hold]}
        yield everybody


async def an_outreach(cast: Cast) -> str:
    """The outreach to Ada, in Cleo's district."""
    answer = await cast.warn()
    assert answer.status_code == 202, answer.text
    outreach_id = str(answer.json()["outreach_id"])
    await Outreach.filter(id=outreach_id).update(area_id=cast.area.id)
    assert await EscalationPolicy.all().exists()
    return outreach_id
