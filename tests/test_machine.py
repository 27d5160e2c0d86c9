"""Anything may happen in any order, on the real rooms and a real database: some promises hold after each of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as pace
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tortoise.transactions import in_transaction

from outreach import assignment, attempts, intake, ladder, notices, outcomes, tasks
from outreach.errors import Refusal
from outreach.geo import cell_of
from outreach.messaging import Accepted, Report
from outreach.messaging.facts import Call, Text
from outreach.messaging.messenger import Capability
from outreach.models import Attempt, Notice, Offer, Outreach, Responder, Shift, Target, Task, Warning
from outreach.models.connecting import connect
from outreach.models.sealing import keyed_hash
from outreach.models.states import (
    LIVE_TASK,
    CheckInKind,
    EndState,
    OfferStatus,
    OutreachStatus,
    ResponderRole,
    SendStatus,
    TaskKind,
    TaskStatus,
)
from outreach.settings import Settings
from tests.conftest import KEYS, NOON
from tests.harness.cast import ADA_PHONE, HOME, Cast, call_the_cast
from tests.harness.databases import ENGINES, Stored, in_a_thread, migrated_on
from tests.harness.provider_side import said_in

SETTINGS = Settings(language="en", public_url="http://house.test", _env_file=None)
EVE_PHONE = "+447700900010"
FOUND = (
    *("convinced", "not_convinced", "defrauded", "false_alarm", "nobody_home", "no_answer", "refused"),
    *("wrong_address", "wrong_number", "safe"),
)
SAID: tuple[dict[str, str], ...] = (
    *({"MessageStatus": word} for word in ("queued", "sent", "delivered", "undelivered", "failed")),
    *({"CallStatus": word} for word in ("ringing", "busy", "no-answer", "completed")),
    *({"CallStatus": "in-progress", "AnsweredBy": who} for who in ("human", "machine_start")),
)
WAITING = (SendStatus.QUEUED, SendStatus.SENDING)
pick = st.integers(0, 40)
mostly = st.sampled_from([True, True, True, False])


@dataclass
class Carrier:
    """The provider's boundary: it takes everything, remembers it, and notes what should never have come to it."""

    handed: list[tuple[str, UUID, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    can: frozenset[Capability] = frozenset({"sms", "voice", "two_way"})
    pace: Mapping[str, float] = field(default_factory=dict)

    async def send_sms(self, to: str, body: str, callback_url: str) -> Accepted:
        """Take a text."""
        return await self._take(callback_url)

    async def call(self, to: str, words_url: str, callback_url: str) -> Accepted:
        """Take a call."""
        return await self._take(callback_url)

    async def find(self, kind: str, to: str, body: str, since: datetime) -> list[Report]:
        """Nothing was ever lost here."""
        return []

    async def close(self) -> None:
        """Nothing is held open."""

    async def _take(self, callback_url: str) -> Accepted:
        what, row_id = callback_url.split("/")[-3], UUID(callback_url.split("/")[-2])
        sid = f"S{len(self.handed)}"
        if any(row_id == known for _, known, _ in self.handed):
            self.wrong.append(f"{what}: handed over twice")
        self.handed.append((what, row_id, sid))
        about = await self._of_whom(what, row_id)
        if about is not None and about.status is OutreachStatus.ENDED:
            self.wrong.append(f"{what}: its outreach had ended")
        if about is not None and about.exercise and what == "attempts":
            self.wrong.append("an exercise rang somebody real")
        return Accepted(sid)

    async def _of_whom(self, what: str, row_id: UUID) -> Outreach | None:
        if what == "attempts":
            return (await Attempt.get(id=row_id).select_related("outreach")).outreach
        notice = await Notice.get(id=row_id)
        # A word that something is over comes after its end, and should.
        return await Outreach.get(id=notice.outreach_id) if notice.kind == "offer" else None


@dataclass
class House:
    """A migrated database with the cast in it, to copy for each run."""

    stored: Stored
    cast: Cast
    responders: list[Responder]


@pytest.fixture(scope="module", params=ENGINES)
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The cast, and two more on shift near Ada, on each engine in turn."""
    empty, folder = migrated_on(request.param, request), tmp_path_factory.mktemp("house")
    made: list[House] = []

    async def furnish() -> None:
        stored = await empty.copy(folder)
        context = await connect(stored.url, KEYS)
        with context:
            cast = await call_the_cast(SETTINGS, NOON)
            more = [await _responder(cast, number) for number in (1, 2)]
            made.append(House(stored, cast, [cast.ben, *more]))
            await context.close_connections()

    in_a_thread(furnish())
    yield made[0]
    in_a_thread(made[0].stored.drop())


async def _responder(cast: Cast, nth: int) -> Responder:
    number, lat = f"+44770090002{nth}", HOME[0] + 0.003 + nth / 1000
    row = await Responder.create(
        name=f"Responder {nth}", number=number, number_hash=keyed_hash(number), country="GB", language="en",
        languages=["en"], role=ResponderRole.GRID_WORKER, trained=["fraud", "welfare"], area=cast.grid, capacity=1,
        vetted_until=NOON + timedelta(days=365), home_lat=lat, home_lon=HOME[1], cell=cell_of(lat, HOME[1]),
    )  # fmt: skip
    await Shift.create(responder=row, starts_at=NOON - timedelta(hours=1), ends_at=NOON + timedelta(days=5))
    return row


class Anything(RuleBasedStateMachine):
    """Sources, residents, responders, the provider, coordinators and the clock, each acting when it likes."""

    def __init__(self, house: House, folder: Path) -> None:
        super().__init__()
        self.house, self.now, self.carrier = house, NOON, Carrier()
        self.forms: list[intake.WarningForm] = []
        self.check_ins: list[tasks.CheckInForm] = []
        self.asked = self.held = self.known = 0
        self.runner = asyncio.Runner()
        self.run(self._open(folder))

    async def _open(self, folder: Path) -> None:
        self.stored = await self.house.stored.copy(folder)
        self.context = await connect(self.stored.url, KEYS)
        self.context.__enter__()
        self.web = httpx2.AsyncClient(verify=False)

    async def _close(self) -> None:
        await self.web.aclose()
        await self.context.close_connections()
        await self.stored.drop()

    def teardown(self) -> None:
        """Close the database and forget it."""
        self.run(self._close())
        self.runner.close()

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """Do it; a named refusal is an answer like any other."""

        async def done() -> Any:
            try:
                return await doing
            except Refusal:
                return None

        return self.runner.run(done())

    def one_of(self, rows: Iterable[Any], nth: int) -> Any:
        """The nth from the end, round and round: the newest is the likeliest; None of none."""
        known = list(rows)
        return known[-1 - nth % len(known)] if known else None

    async def _turn(self) -> None:
        for _ in range(60):
            moved = await ladder.climb_due(SETTINGS, self.now)
            moved += await attempts.send_due(self.carrier, SETTINGS, self.now)
            moved += await notices.send_due(self.carrier, self.web, SETTINGS, self.now)
            if not moved:
                return
        raise AssertionError("The loops never come to rest.")

    @initialize(severity=st.sampled_from(["high", "medium"]))
    def a_first_warning(self, severity: str) -> None:
        self.warn("impersonation", severity, ADA_PHONE, False, "alert")
        self.only_the_ladder_turns(0)

    @rule(
        category=st.sampled_from(["impersonation", "investment", "missing_contact"]),
        severity=st.sampled_from(["high", "medium", "low"]),
        phone=st.sampled_from([ADA_PHONE, ADA_PHONE, EVE_PHONE]),
        exercise=st.sampled_from([False] * 9 + [True]),
        kind=st.sampled_from(["alert", "alert", "update"]),
    )
    def warn(self, category: str, severity: str, phone: str, exercise: bool, kind: str) -> None:
        place = {"lat": HOME[0], "lon": HOME[1]}
        body = {"external_id": f"w{len(self.forms)}", "category": category, "severity": severity, "summary": "x"}
        body |= {"detected_at": self.now.isoformat(), "resident": {"phone": phone, "location": place}}  # type: ignore[dict-item]
        about = self.forms[-1].external_id if kind == "update" and self.forms else None
        body |= {"exercise": exercise, "kind": kind if about else "alert", "references": [about] if about else []}  # type: ignore[dict-item]
        form, _ = intake.parse_warning(body)
        if self.run(intake.receive_warning(form, self.house.cast.source.id, SETTINGS, self.now)) is not None:
            self.forms.append(form)

    @rule(nth=pick)
    def warn_again(self, nth: int) -> None:
        form = self.one_of(self.forms, nth)
        again = self.run(intake.receive_warning(form, self.house.cast.source.id, SETTINGS, self.now))
        assert again is not None and not again.created

    @rule(nth=pick)
    def cancel(self, nth: int) -> None:
        about = self.one_of(self.forms, nth)
        body = {"external_id": uuid4().hex, "category": about.category, "severity": about.severity.value}
        body |= {"summary": "", "detected_at": self.now.isoformat(), "kind": "cancel"}
        form, _ = intake.parse_warning(body | {"references": [about.external_id]})
        assert self.run(intake.receive_warning(form, self.house.cast.source.id, SETTINGS, self.now)) is not None

    @rule(minutes=st.sampled_from([0, 1, 2, 3, 5, 10, 30, 120, 600]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.run(self._turn())

    @rule(minutes=st.sampled_from([0, 1, 3, 10]))
    def only_the_ladder_turns(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.run(ladder.climb_due(SETTINGS, self.now))

    @precondition(lambda self: self.carrier.handed)
    @rule(nth=pick, said=st.sampled_from(SAID), same=mostly)
    def provider_says(self, nth: int, said: dict[str, str], same: bool) -> None:
        what, row_id, sid = self.one_of(self.carrier.handed, nth)
        form = said | {"MessageSid": sid if same else "another"}
        self.run((attempts if what == "attempts" else notices).settle(row_id, said_in(form), self.now))

    @precondition(lambda self: self.asked)
    @rule(nth=pick, yes=mostly)
    def answer_open_offer(self, nth: int, yes: bool) -> None:
        self.run(self._answer(nth, yes, True, [OfferStatus.OFFERED]))

    @precondition(lambda self: self.known)
    @rule(nth=pick, yes=st.booleans(), own=mostly)
    def answer_any_offer(self, nth: int, yes: bool, own: bool) -> None:
        self.run(self._answer(nth, yes, own, list(OfferStatus)))

    async def _answer(self, nth: int, yes: bool, own: bool, among: list[OfferStatus]) -> None:
        offer = self.one_of(await Offer.filter(status__in=among).order_by("offered_at", "id"), nth)
        if offer is not None:
            who = offer.responder_id if own else self.house.cast.dov.id
            await (tasks.accept(offer.id, who, self.now) if yes else tasks.decline(offer.id, who, "busy", self.now))

    @precondition(lambda self: self.held)
    @rule(nth=pick, found=st.sampled_from(FOUND), late=pick)
    def say_what_was_found(self, nth: int, found: str, late: int) -> None:
        self.run(self._check_in(nth, CheckInKind.OUTCOME, found, late, list(LIVE_TASK)))

    @precondition(lambda self: self.held)
    @rule(nth=pick, kind=st.sampled_from([CheckInKind.ARRIVED, CheckInKind.NOTE]))
    def say_where_one_is(self, nth: int, kind: CheckInKind) -> None:
        self.run(self._check_in(nth, kind, "", 0, list(LIVE_TASK)))

    @precondition(lambda self: self.known)
    @rule(nth=pick, found=st.sampled_from(FOUND), late=pick)
    def say_it_of_any_task(self, nth: int, found: str, late: int) -> None:
        self.run(self._check_in(nth, CheckInKind.OUTCOME, found, late, list(TaskStatus)))

    async def _check_in(self, nth: int, kind: CheckInKind, found: str, late: int, among: list[TaskStatus]) -> None:
        task = self.one_of(await Task.filter(status__in=among).order_by("accepted_at", "id"), nth)
        if task is not None:
            made_at = self.now - timedelta(minutes=late)
            outcome = found if kind is CheckInKind.OUTCOME else None
            form = tasks.CheckInForm(uuid4(), task.id, kind, made_at, outcome)
            self.check_ins.append(form)
            await tasks.check_in(form, task.responder_id, self.now, self.now, SETTINGS)

    @precondition(lambda self: self.check_ins)
    @rule(nth=pick)
    def check_in_again(self, nth: int) -> None:
        self.run(self._again(self.one_of(self.check_ins, nth)))

    async def _again(self, form: tasks.CheckInForm) -> None:
        task = await Task.get(id=form.task_id)
        await tasks.check_in(form, task.responder_id, self.now, self.now, SETTINGS)

    @rule(nth=pick, what=st.sampled_from(["pause", "resume", "close", "reopen", "take"]))
    def decide(self, nth: int, what: str) -> None:
        actor = outcomes.Actor("coordinator", self.house.cast.cleo.id)
        decisions: dict[str, Callable[[Outreach], Awaitable[None]]] = {
            "pause": lambda row: outcomes.pause(row, "x", actor, self.now),
            "resume": lambda row: outcomes.resume(row, "x", actor, self.now),
            "reopen": lambda row: outcomes.reopen(row, "x", actor, self.now),
            "close": lambda row: outcomes.end_outreach(row, EndState.CLOSED, "x", self.now, actor),
            "take": lambda row: outcomes.take(row, self.house.cast.cleo.id, self.now),
        }
        self.run(self._decide(nth, decisions[what]))

    @rule(nth=pick, to=pick, kind=st.sampled_from([None, TaskKind.VISIT, TaskKind.CALL]))
    def reassign(self, nth: int, to: int, kind: TaskKind | None) -> None:
        responder, by = self.one_of(self.house.responders, to), self.house.cast.cleo.id
        self.run(
            self._decide(nth, lambda row: assignment.reassign(row, responder.id, kind, "x", by, SETTINGS, self.now))
        )

    async def _decide(self, nth: int, decision: Callable[[Outreach], Awaitable[Any]]) -> None:
        seen = self.one_of(await Outreach.all().order_by("opened_at", "id"), nth)
        async with in_transaction():
            await decision(await Outreach.select_for_update().get(id=seen.id))

    @rule(phone=st.sampled_from([ADA_PHONE, EVE_PHONE]), body=st.sampled_from(["1", "STOP", "who is this?"]))
    def resident_writes(self, phone: str, body: str) -> None:
        self.run(attempts.inbound_sms(Text(phone, body, uuid4().hex), SETTINGS, self.now))

    @rule(nth=pick, key=st.sampled_from(["1", "2", "9", ""]))
    def resident_presses(self, nth: int, key: str) -> None:
        about = self.one_of([row_id for what, row_id, _ in self.carrier.handed if what == "attempts"], nth)
        if about is not None:
            self.run(attempts.key_pressed(about, Call(keys=key, speech=""), SETTINGS, self.now))

    @invariant()
    def the_promises_hold(self) -> None:
        self.runner.run(self._hold())

    async def _hold(self) -> None:
        cases = {row.id: row for row in await Outreach.all()}
        ended = [row.id for row in cases.values() if row.status is OutreachStatus.ENDED]
        live = Counter((row.resident_id, row.family) for row in cases.values() if row.id not in ended)
        assert all(count == 1 for count in live.values()), "two live outreaches to one resident in one family"
        held = await Task.filter(status__in=LIVE_TASK)
        assert all(n == 1 for n in Counter((t.outreach_id, t.kind) for t in held).values()), "two live tasks of a kind"
        self.held, self.known = len(held), await Offer.all().count()
        self.asked = await Offer.filter(status=OfferStatus.OFFERED).count()
        loads = Counter(t.responder_id for t in held)
        for who in await Responder.all():
            assert who.load == loads[who.id] <= who.capacity, "a load that is not the number of live tasks"
        if ended:
            waiting = Attempt.filter(outreach_id__in=ended, status__in=WAITING)
            assert not await waiting.exists(), "a message still waits though its outreach has ended"
            asked = Offer.filter(outreach_id__in=ended, status=OfferStatus.OFFERED)
            assert not await asked.exists(), "somebody is still asked though the outreach has ended"
        for target in await Target.filter(ended_at__isnull=True):
            case = cases[target.outreach_id]
            assert case.status is not OutreachStatus.ENDED and case.due_at is not None, "a target nobody looks after"
        assert await Warning.filter(kind__not="cancel").count() == len(self.forms), "a warning twice, or lost"
        assert not self.carrier.wrong, self.carrier.wrong


@pytest.mark.slow
def test_whatever_happens_in_whatever_order_nobody_is_forgotten_overbooked_or_rung_after_the_end(
    house: House, tmp_path: Path
) -> None:
    run_state_machine_as_test(
        lambda: Anything(house, tmp_path),  # type: ignore[arg-type]
        settings=pace(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            # Shrinking takes minutes: add Phase.shrink to read a failure.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
