"""A story on the whole product: the real web on real HTTP, the stand-in provider, phones that speak, time by hand."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
from starlette.types import ASGIApp, Receive, Scope, Send
from twilio.request_validator import RequestValidator

from outreach import access, attempts, ladder, notices
from outreach.clock import SetClock
from outreach.messaging import Messenger
from outreach.messaging.choosing import chosen_messenger
from outreach.models.states import TokenKind
from outreach.rehearsal.calling import walk
from outreach.rehearsal.provider import Item, People, Provider
from outreach.reports import time_to_reach
from outreach.settings import Settings
from outreach.web import Parts, make_web
from tests.harness.cast import ADA_PHONE, BEN_PHONE, DOV_PHONE, Cast, call_the_cast
from tests.harness.described import hold_to_the_description
from tests.harness.provider_side import TOKEN, serving

STEP = timedelta(seconds=20)


@dataclass
class Expected:
    """One message or call a phone awaits, and what its owner does then."""

    kind: str
    containing: str
    answer: str | None


@dataclass
class Phone:
    """A phone that speaks: it fails the test at a message that nobody expected."""

    number: str
    expected: list[Expected] = field(default_factory=list)
    unexpected: list[Item] = field(default_factory=list)
    received: list[Item] = field(default_factory=list)

    def expect_sms(self, containing: str = "") -> Phone:
        """The next text holds these words."""
        self.expected.append(Expected("sms", containing, None))
        return self

    def expect_call(self) -> Phone:
        """It rings; the owner picks up and presses nothing."""
        self.expected.append(Expected("voice", "", ""))
        return self

    def then_reply(self, words: str) -> Phone:
        """To the text just expected the owner writes this back."""
        return self._then("sms", words)

    def then_press(self, keys: str) -> Phone:
        """In the call just expected the owner presses these keys in turn."""
        return self._then("voice", keys)

    def _then(self, kind: str, answer: str) -> Phone:
        assert self.expected and self.expected[-1].kind == kind, "say first what is expected"
        self.expected[-1].answer = answer
        return self

    def take(self, item: Item) -> str | None:
        """What the owner does with `item`."""
        for at, awaited in enumerate(self.expected):
            if awaited.kind == item.kind and awaited.containing in item.body:
                self.received.append(item)
                return self.expected.pop(at).answer
        self.unexpected.append(item)
        return None


class Later:
    """An application that is wired after its address is known."""

    app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        assert self.app is not None
        await self.app(scope, receive, send)


@dataclass
class Story:
    """Everything a journey needs: the cast, their phones, their tokens, the clock, and the API as a client."""

    cast: Cast
    clock: SetClock
    settings: Settings
    provider: Provider
    messenger: Messenger
    http: httpx2.AsyncClient
    ada: Phone
    ben: Phone
    dov: Phone
    tokens: dict[str, str]

    async def advance(self, minutes: float) -> None:
        """Let that much time pass, a loop's turn every 20 seconds of it."""
        end = self.clock.now() + timedelta(minutes=minutes)
        await self.settle()
        while self.clock.now() < end:
            self.clock.advance(min(STEP, end - self.clock.now()))
            await self.settle()

    async def settle(self) -> None:
        """Turn the loops until nothing more is due now."""
        for _ in range(50):
            now = self.clock.now()
            moved = await ladder.climb_due(self.settings, now)
            moved += await attempts.send_due(self.messenger, self.settings, now)
            moved += await notices.send_due(self.messenger, self.http, self.settings, now)
            moved += await attempts.resolve_stale(self.messenger, self.settings, now)
            await self.provider.settle_down()
            if not moved:
                return
        raise AssertionError("The loops never come to rest.")

    async def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """A request of the API with the token of `bank`, `ben`, `dov` or `cleo`; the answer is a described one."""
        given = {"Authorization": f"Bearer {self.tokens[who]}", "Phone-Now": self.clock.now().isoformat(), **headers}
        answer = await self.http.request(method, path, json=body, headers=given)
        await hold_to_the_description(answer)
        return answer

    async def accept_offer(self, who: str = "ben") -> dict[str, Any]:
        """`who` takes the first task they were offered; answers it."""
        offer = (await self.call(who, "GET", "/api/me/offers")).json()["offers"][0]
        taken = await self.call(who, "POST", f"/api/offers/{offer['id']}/accept")
        assert taken.status_code == 200, taken.text
        task: dict[str, Any] = taken.json()
        return task

    async def ring_the_line(self, phone: Phone, keys: str = "") -> list[str]:
        """Somebody rings the official line, and presses these keys where it asks for them; answers what they hear."""
        url = f"{self.settings.public_url}/twilio/voice"
        rung = Item("CA" + uuid4().hex, "voice", "", phone.number, "", url, "", self.clock.now())

        async def post(address: str, form: dict[str, str]) -> httpx2.Response:
            signature = RequestValidator(TOKEN).compute_signature(address, form)
            answer = await self.http.post(address, data=form, headers={"X-Twilio-Signature": signature})
            await hold_to_the_description(answer)
            return answer

        await walk(rung, keys, post)
        return rung.said

    def check_in(self, task_id: str, kind: str, outcome: str | None = None) -> dict[str, Any]:
        """A check-in as a phone with a true clock makes it now; nothing is sent."""
        made_at = self.clock.now().isoformat()
        return {"id": str(uuid4()), "task_id": task_id, "kind": kind, "outcome": outcome, "made_at": made_at}

    async def report_outcome(self, outcome: str, minutes: float = 5, who: str = "ben") -> None:
        """`who` takes the task offered, arrives after `minutes`, and after as many more says what they found."""
        task = await self.accept_offer(who)
        for kind, found in (("arrived", None), ("outcome", outcome)):
            await self.advance(minutes=minutes)
            sent = await self.call(who, "POST", "/api/checkins", self.check_in(task["id"], kind, found))
            assert sent.status_code == 201, sent.text

    async def case(self, warned: dict[str, Any], who: str = "cleo") -> httpx2.Response:
        """The outreach as a coordinator opens it."""
        return await self.call(who, "GET", f"/api/outreaches/{warned['outreach_id']}")

    async def decide(self, warned: dict[str, Any], name: str, version: str | None, **body: Any) -> httpx2.Response:
        """Cleo decides on the version (ETag) that she read, or on none."""
        headers = {} if version is None else {"If-Match": version}
        return await self.call("cleo", "POST", f"/api/outreaches/{warned['outreach_id']}/{name}", body, **headers)

    def warning(self, external_id: str = "w-1", **given: Any) -> dict[str, Any]:
        """A warning that Ada is in danger now; nothing is sent."""
        body = {"external_id": external_id, "category": "impersonation", "severity": "high", "summary": "on the phone"}
        return (
            body
            | {"detected_at": self.clock.now().isoformat(), "resident": {"phone": self.ada.number, "name": "Ada"}}
            | given
        )

    async def warn(self, external_id: str = "w-1", **given: Any) -> dict[str, Any]:
        """The bank warns that Ada is in danger now; answers what the 202 said."""
        answer = await self.call("bank", "POST", "/api/warnings", self.warning(external_id, **given))
        assert answer.status_code in (200, 202), answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def status_of(self, warned: dict[str, Any]) -> dict[str, Any]:
        """What the source is told when it asks."""
        answer = await self.call("bank", "GET", f"/api/warnings/{warned['id']}")
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def report(self) -> dict[str, Any]:
        """The report of the last day."""
        now = self.clock.now()
        told = await time_to_reach(now - timedelta(days=1), now + timedelta(seconds=1), now, by=None)
        return told.to_json()

    def nothing_unexpected(self) -> None:
        """Fails at a message nobody expected, or one that never came."""
        for phone in (self.ada, self.ben, self.dov):
            assert not phone.unexpected, f"unexpected: {[(i.kind, i.body) for i in phone.unexpected]}"
            assert not phone.expected, f"never came: {phone.expected}"


def twilio(now: Callable[[], datetime], people: People, public: str) -> Provider:
    """The stand-in for Twilio, which texts and calls go through in a story where nothing else is said."""
    return Provider(TOKEN, now, people=people, inbound_url=f"{public}/twilio/sms")


def twilios_account(api: str) -> dict[str, Any]:
    """The settings of an account with it."""
    named = {"twilio_account_sid": "AC" + "0" * 32, "twilio_auth_token": TOKEN, "twilio_from": "+15005550006"}
    return named | {"twilio_api_url": api}


@contextlib.asynccontextmanager
async def story(
    now: datetime, carrier: Any = twilio, account: Any = twilios_account, **given: Any
) -> AsyncIterator[Story]:
    """Open a story on the connected database at `now`; `carrier` makes the provider, `account` our settings for it."""
    clock, later = SetClock(now), Later()
    ada, ben, dov = Phone(ADA_PHONE), Phone(BEN_PHONE), Phone(DOV_PHONE)

    async def people(item: Item) -> str | None:
        [rung] = [phone for phone in (ada, ben, dov) if phone.number == item.to]
        return rung.take(item)

    async with serving(later) as public:  # type: ignore[arg-type]
        provider = carrier(clock.now, people, public)
        async with serving(provider.app) as api:
            chosen = {"texts_per_s": 0, "calls_per_s": 0, "public_url": public}
            chosen |= {"service_name": "City Care", "language": "en"}
            settings = Settings(**(chosen | account(api) | given))
            later.app = make_web(Parts(settings, clock, lambda: None))
            cast = await call_the_cast(settings, now)
            messenger = chosen_messenger(settings)
            try:
                async with httpx2.AsyncClient(base_url=public, timeout=20) as http:
                    tokens = await _tokens(cast, now)
                    told = Story(cast, clock, settings, provider, messenger, http, ada, ben, dov, tokens)
                    yield told
            finally:
                if isinstance(provider, Provider):
                    provider.released.set()
                await messenger.close()
    told.nothing_unexpected()


async def _tokens(cast: Cast, now: datetime) -> dict[str, str]:
    holders = {
        "bank": (TokenKind.SOURCE, cast.source.id),
        "ben": (TokenKind.RESPONDER, cast.ben.id),
        "dov": (TokenKind.RESPONDER, cast.dov.id),
        "cleo": (TokenKind.COORDINATOR, cast.cleo.id),
    }
    return {name: await access.issue_token(kind, holder, now) for name, (kind, holder) in holders.items()}
