"""The city's people act: residents at the stand-in's end of the line, responders by the public API and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2

from outreach.geo import Point, haversine
from outreach.rehearsal.loading import CityResident, CityResponder
from outreach.rehearsal.people import OfferSeen, RehearsedResponder
from outreach.rehearsal.provider import FATES, Item
from outreach.rehearsal.town import Town

YES = "1"
KEYS_THAT_COUNT = "12"
"""Understood, and put me through; 9 only asks to hear it again."""
TELLS_EVERY_MIN = 3
"""As often as the app does while it is open: EVERY in static/phone/data/position.js."""


class PhoneUser:
    """A responder with a phone: it rings, they look into the app, decide, go, and report."""

    def __init__(self, town: Town, person: CityResponder, token: str, client: httpx2.AsyncClient) -> None:
        self.town, self.id = town, person.external_id
        self.person = RehearsedResponder(person.external_id, town.seed, town.rates, person.role)
        self.at: Point = (person.lat, person.lon)
        self._client, self._token = client, {"Authorization": f"Bearer {token}"}
        self._held: set[str] = set()
        self._seen: set[str] = set()

    @property
    def has_looked(self) -> bool:
        """Whether they were ever asked something, and saw it."""
        return bool(self._seen)

    async def look(self) -> None:
        """A text came: after a while they look what is asked of them, and what they still hold."""
        plan = self.person.sees_offer(f"text {self.town.nth('rung', self.id)}")
        if not (plan.sees and await self.town.passes(plan.after_min)):
            return
        await self.tell_place()
        if self._held:
            self._held = {task["id"] for task in (await self._get("/api/me/tasks"))["tasks"]}
        for offer in (await self._get("/api/me/offers"))["offers"]:
            if offer["id"] not in self._seen:
                self._seen.add(offer["id"])
                await self._decide(offer, plan)

    async def _decide(self, offer: dict[str, Any], plan: OfferSeen) -> None:
        if not await self.town.passes(plan.decides_min):
            return
        if not plan.accepts:
            await self._post(f"/api/offers/{offer['id']}/decline", {"reason": plan.reason})
            return
        answer = await self._post(f"/api/offers/{offer['id']}/accept", {})
        if answer.status_code == 200:
            task = answer.json()
            self._held.add(task["id"])
            self.town.start(self._do(task))

    async def _do(self, task: dict[str, Any]) -> None:
        resident = self._resident_of(task["resident"])
        await (self._visit(task, resident) if task["kind"] == "visit" else self._call(task, resident))
        self._held.discard(task["id"])

    def _resident_of(self, shown: dict[str, Any]) -> CityResident:
        """The person in the city whom the app's details lead to."""
        for phone in shown["phones"]:
            return self.town.residents[self.town.who_has[phone["number"]]]
        return next(self.town.by_address[place["text"]] for place in shown["addresses"])

    async def _visit(self, task: dict[str, Any], resident: CityResident) -> None:
        door = (resident.lat, resident.lon)
        nth = self.town.nth("visit", resident.external_id)
        behaves = self.town.as_rehearsed(resident)
        plan = self.person.visits(behaves, _family(task), haversine(self.at, door), nth)
        on_the_way = await self._keeps_at(task, plan.sets_off_min) and await self._goes(task, door, plan.travel_min)
        if not (on_the_way and await self._keeps_at(task, plan.searches_min)):
            return
        await self._check_in(task, {"kind": "arrived"})
        if await self._keeps_at(task, plan.talks_min if _met(task, plan.outcome) else 0.0) and plan.tells:
            await self._report(task, resident, plan.outcome)

    async def _goes(self, task: dict[str, Any], door: Point, minutes: float) -> bool:
        """Whether they come to the door, telling where they are as the app does; called back, they stop."""
        start, legs = self.at, max(1, round(minutes / TELLS_EVERY_MIN))
        for leg in range(1, legs + 1):
            if not await self._keeps_at(task, minutes / legs):
                return False
            self.at = (start[0] + (door[0] - start[0]) * leg / legs, start[1] + (door[1] - start[1]) * leg / legs)
            await self.tell_place()
        return True

    async def tell_place(self) -> None:
        """Tell where they are, as the app does while it is open."""
        await self._post("/api/me/position", {"lat": self.at[0], "lon": self.at[1]})

    async def _call(self, task: dict[str, Any], resident: CityResident) -> None:
        nth = self.town.nth("call", resident.external_id)
        plan = self.person.calls(self.town.as_rehearsed(resident), _family(task), nth)
        if await self._keeps_at(task, plan.dials_min + plan.talks_min) and plan.tells:
            await self._report(task, resident, plan.outcome)

    async def _keeps_at(self, task: dict[str, Any], minutes: float) -> bool:
        """Whether after so many minutes the task is still theirs, as far as their phone has told them."""
        return await self.town.passes(minutes) and task["id"] in self._held

    async def _report(self, task: dict[str, Any], resident: CityResident, outcome: str) -> None:
        answer = await self._check_in(task, {"kind": "outcome", "outcome": outcome})
        if answer.status_code == 201:
            met = _met(task, outcome)
            self.town.write_down(resident.external_id, task["kind"], outcome, counts=met, by=self.id)

    async def _check_in(self, task: dict[str, Any], what: dict[str, Any]) -> httpx2.Response:
        now = self.town.clock.now().isoformat()
        body = {"id": str(uuid4()), "task_id": task["id"], "made_at": now, **what}
        return await self._post("/api/checkins", body, {"Phone-Now": now})

    async def _get(self, path: str) -> dict[str, Any]:
        answer = await self._client.get(path, headers=self._token)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def _post(self, path: str, body: dict[str, Any], more: dict[str, str] | None = None) -> httpx2.Response:
        answer = await self._client.post(path, json=body, headers={**self._token, **(more or {})})
        # A conflict is part of the work: somebody else was faster.
        if answer.status_code not in (200, 201, 409):
            answer.raise_for_status()
        return answer


class AtTheStandIn:
    """Everybody's end of the line: texts are read or not, calls taken or not, and a responder's phone rings."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.phones: dict[str, PhoneUser] = {}

    async def __call__(self, item: Item) -> str | None:
        """What becomes of one text or call: the reply, the keys pressed, what the line does, or None."""
        owner = self.town.who_has.get(item.to)
        if owner is None:
            # Whoever tries the city by hand may warn of a number that nobody in it has.
            return None
        if owner in self.town.residents:
            resident = self.town.residents[owner]
            return await (self._reads(resident) if item.kind == "sms" else self._takes(item, resident))
        if item.kind == "sms" and not self.town.over.is_set():
            self.town.start(self.phones[owner].look())
        return None

    async def _reads(self, resident: CityResident) -> str | None:
        nth = self.town.nth("text", resident.external_id)
        plan = self.town.as_rehearsed(resident).reads_sms(f"text {nth}")
        if not plan.reply or not await self.town.passes(plan.after_min + plan.reply_min):
            return None
        self.town.write_down(resident.external_id, "sms", plan.reply, counts=plan.reply == YES)
        return plan.reply

    async def _takes(self, item: Item, resident: CityResident) -> str | None:
        nth = self.town.nth("ring", resident.external_id)
        plan = self.town.as_rehearsed(resident).answers_call(f"call {nth}")
        if not await self.town.passes(plan.after_min):
            return None
        if plan.how in FATES:
            return plan.how
        if not plan.answers or not await self.town.passes(plan.digits_min):
            return None
        counts = any(key in KEYS_THAT_COUNT for key in plan.digits)
        self.town.write_down(resident.external_id, "voice", plan.digits, counts=counts, by=item.sid)
        return plan.digits


def _family(task: dict[str, Any]) -> str:
    return "welfare" if any(outcome["code"] == "safe" for outcome in task["outcomes"]) else "fraud"


def _met(task: dict[str, Any], outcome: str) -> bool:
    return any(each["code"] == outcome and each.get("reached") for each in task["outcomes"])
