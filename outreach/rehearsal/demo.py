"""The rehearsal: the whole product in an invented city, over real HTTP, with a clock that runs fast."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx2

from outreach.app import running
from outreach.clock import Clock, FastClock, WallClock
from outreach.rehearsal.accounting import Account, account_of, by_the_diaries
from outreach.rehearsal.acting import AtTheStandIn, PhoneUser
from outreach.rehearsal.loading import CityWarning, load_city
from outreach.rehearsal.people import read_rates
from outreach.rehearsal.provider import Fault, Provider
from outreach.rehearsal.serving import free_port, serving
from outreach.rehearsal.staging import COUNTRY, Staged, stage
from outreach.rehearsal.town import Entry, Town
from outreach.rehearsal.view import Board
from outreach.reports import Report, time_to_reach
from outreach.settings import Settings, read_settings

FAULTS: tuple[Fault, ...] = ("30003", "30008", "lost", "429", "500", "duplicate", "early", "reordered")
SENDS, FAULTY = 600, 0.04
ACCOUNT = "AC" + "0" * 32
NUMBER = "+12025550100"
CATCHING_UP = 600.0
TOLERANCE_S = 5.0
"""How many real seconds the product may take to note what the diaries say."""


@dataclass(frozen=True)
class Plan:
    """How a rehearsal is run: its seed, how fast the clock runs, for how many city minutes, and how many come after."""

    seed: int = 7
    rate: float = 60.0
    minutes: float = 90.0
    afterwards: float = 0.0


class LateClock:
    """The wall clock while the city is set up, the fast one from then on; all rooms hold this one object."""

    def __init__(self) -> None:
        self._clock: Clock = FastClock(timedelta(0), 1.0)

    def set_off(self, clock: Clock) -> None:
        """Show `clock`'s time from now on."""
        self._clock = clock

    def now(self) -> datetime:
        """The time now, in UTC."""
        return self._clock.now()

    def real_seconds(self, span: timedelta) -> float:
        """How many real seconds `span` takes."""
        return self._clock.real_seconds(span)


@dataclass
class Rehearsal:
    """One rehearsal, under way or done; its tokens and address are of use while it is served."""

    town: Town
    start: datetime
    url: str
    staged: Staged
    provider: Provider
    board: Board
    client: httpx2.AsyncClient
    ids: dict[str, str]
    clock: LateClock
    phones: dict[str, PhoneUser]
    heard: dict[str, int] = field(default_factory=dict)

    async def catch_up(self, behind: timedelta = timedelta(0)) -> None:
        """Let the city's time pass fast, until its clock is only so far behind the time of day."""
        left = WallClock().now() - self.clock.now()
        self.clock.set_off(FastClock(left, CATCHING_UP))
        await asyncio.sleep(self.clock.real_seconds(max(left - behind, timedelta(0))))
        # As far behind from now on; without, it meets the time of day by itself.
        if behind:
            self.clock.set_off(FastClock(WallClock().now() - self.clock.now(), 1.0))

    async def watch(self) -> None:
        """Bring the board up to date, as a coordinator's screen does."""
        answer = await self._asks("/api/outreaches?limit=200", self.staged.cleo)
        self.board.outreaches = answer["outreaches"]
        await self.tell_sources()

    async def tell_sources(self) -> None:
        """Each source asks what became of its warnings, as those do that take no webhooks."""
        for code, token in self.staged.sources.items():
            answer = await self._asks(f"/api/feed?after={self.heard.get(code, 0)}", token)
            self.heard[code] = answer["next"]

    async def tell_places(self, but: str) -> None:
        """Everybody who was asked something has the app open still, and it tells where they are; not `but` this one."""
        for external_id, phone in self.phones.items():
            if phone.has_looked and external_id != but:
                await phone.tell_place()

    async def report(self) -> Report:
        """The report on all that was warned of."""
        now = self.town.clock.now()
        return await time_to_reach(self.start, now + timedelta(seconds=1), now, by="severity")

    async def accounts(self) -> list[Account]:
        """What the API says of each warning, beside what the diaries say."""
        found = []
        for warning in self.town.city.warnings:
            status = await self._asks(f"/api/warnings/{self.ids[warning.body['external_id']]}", self.token_of(warning))
            found.append(account_of(warning.resident_id, family_of(warning), status))
        for account in found:
            account.by_diary = by_the_diaries(account, found, self.diary(), self.staged.accepts)
        return found

    def diary(self) -> list[Entry]:
        """What the people wrote down, less the keys of calls that never asked for one."""
        pressed = {item.sid: item.keys for item in self.provider.items}
        return [entry for entry in self.town.diary if entry.channel != "voice" or pressed[entry.by]]

    def token_of(self, warning: CityWarning) -> str:
        """The token of the source that sends this warning."""
        return self.staged.sources[warning.source]

    def disagreements(self, accounts: list[Account], rate: float) -> list[Account]:
        """The warnings of which product and diaries tell different things."""
        return [each for each in accounts if not each.agrees(timedelta(seconds=TOLERANCE_S * rate))]

    async def _asks(self, path: str, token: str) -> dict[str, Any]:
        answer = await self.client.get(path, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def family_of(warning: CityWarning) -> str:
    """The family of danger that this warning is of."""
    return "welfare" if warning.body["category"] == "missing_contact" else "fraud"


@contextlib.asynccontextmanager
async def opened(folder: Path, plan: Plan, database_url: str | None = None) -> AsyncIterator[Rehearsal]:
    """The product on an empty database (by default in `folder`), the stand-in beside it, and the city moved in."""
    city, token = load_city(), secrets.token_hex(16)
    (ours, url), (theirs, stand_in_url) = free_port(), free_port()
    database_url = database_url or f"sqlite:///{folder / 'city.sqlite3'}"
    settings = _settings(database_url, folder, url, stand_in_url, token)
    clock = LateClock()
    async with contextlib.AsyncExitStack() as stack:
        town = Town(city, clock, plan.seed, read_rates())
        people = AtTheStandIn(town)
        provider = Provider(token, clock.now, people=people, inbound_url=f"{url}/twilio/sms")
        provider.faults.extend(_faults(plan.seed))
        await stack.enter_async_context(serving(provider.app, theirs, lifespan="on"))
        application = await stack.enter_async_context(running(settings, clock))
        await stack.enter_async_context(serving(application, ours))
        client = await stack.enter_async_context(httpx2.AsyncClient(base_url=url, timeout=60))
        head_start = timedelta(minutes=plan.minutes + plan.afterwards)
        staged = await stage(city, clock.now() - head_start)
        for person in city.read_responders():
            phone = PhoneUser(town, person, staged.responders[person.external_id], client)
            people.phones[person.external_id] = phone
        clock.set_off(FastClock(head_start, plan.rate))
        start = clock.now()
        board = Board(start, len(city.warnings), staged.steps)
        stack.push_async_callback(town.close)
        yield Rehearsal(town, start, url, staged, provider, board, client, {}, clock, people.phones)


async def play(rehearsal: Rehearsal, plan: Plan) -> None:
    """Let the warnings come in and the city live until its minutes are over, then let everybody finish."""
    for warning in rehearsal.town.city.warnings:
        rehearsal.town.start(_warn(rehearsal, warning))
    await rehearsal.town.until(rehearsal.start + timedelta(minutes=plan.minutes))
    await rehearsal.town.close()
    await rehearsal.provider.settle_down()
    await rehearsal.watch()


async def follow(rehearsal: Rehearsal, show: Callable[[datetime], None], every_s: float = 0.5) -> None:
    """Keep the board up to date and show it, until cancelled."""
    while True:
        await rehearsal.watch()
        show(rehearsal.town.clock.now())
        await asyncio.sleep(every_s)


async def _warn(rehearsal: Rehearsal, warning: CityWarning) -> None:
    if not await rehearsal.town.until(rehearsal.start + timedelta(minutes=warning.offset_min)):
        return
    told = {"Authorization": f"Bearer {rehearsal.token_of(warning)}"}
    answer = await rehearsal.client.post("/api/warnings", json=warning.request(rehearsal.start), headers=told)
    answer.raise_for_status()
    received = answer.json()
    rehearsal.ids[warning.body["external_id"]] = received["id"]
    rehearsal.board.warnings.setdefault(received["outreach_id"], []).append(warning.body["external_id"])


def _settings(database_url: str, folder: Path, url: str, stand_in_url: str, token: str) -> Settings:
    return read_settings(
        DATABASE_URL=database_url,
        public_url=url,
        keys_file=folder / "keys.json",
        keys=None,
        policies_dir=None,
        service_name="Yunting Outreach",
        country=COUNTRY,
        # Whatever carries the real ones here, an invented city must never ring anybody real.
        messenger="twilio",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=token,
        twilio_from=NUMBER,
        twilio_api_url=stand_in_url,
        # As a city's short code sends; the invented number alone would send one text a second.
        texts_per_s=100.0,
        calls_per_s=10.0,
        run_clockwork=True,
    )


def _faults(seed: int) -> list[Fault]:
    """What goes wrong with which send, the same for the same seed; mostly nothing."""
    dice = random.Random(seed)  # noqa: S311 - invents trouble, keeps no secret
    nothing = cast(Fault, "")
    return [dice.choice(FAULTS) if dice.random() < FAULTY else nothing for _ in range(SENDS)]
