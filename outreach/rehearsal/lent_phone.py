"""After a rehearsal somebody may hold a responder's phone: what it is sent is shown, and a case near by begins."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from outreach.access import make_link, phoned_in
from outreach.geo import haversine
from outreach.models import Coordinator
from outreach.models.states import TokenKind
from outreach.rehearsal.demo import Rehearsal
from outreach.rehearsal.loading import CityResident, CityResponder

EVERY_S, SOURCES_EVERY_S, PLACES_EVERY_S = 0.5, 5.0, 60.0


class LentPhone:
    """The phone of one responder of the city; `show` is told each text that comes to it."""

    def __init__(self, rehearsal: Rehearsal, external_id: str, show: Callable[[str], None]) -> None:
        self.rehearsal, self.show = rehearsal, show
        self._warned: set[str] = set()
        people = rehearsal.town.city.read_responders()
        self.owner: CityResponder = next(each for each in people if each.external_id == external_id)
        self._headers = {"Authorization": f"Bearer {rehearsal.staged.responders[external_id]}"}

    async def invitation(self) -> str:
        """A link by which whoever holds the phone gets in, made by the coordinator as any other is."""
        asked = self.rehearsal.client
        mine = (await asked.get("/api/me", headers=self._headers)).raise_for_status().json()
        cleo = {"Authorization": f"Bearer {self.rehearsal.staged.cleo}"}
        made = await asked.post(f"/api/responders/{mine['id']}/invite", headers=cleo)
        url: str = made.raise_for_status().json()["url"]
        return url

    async def board(self) -> str:
        """A link by which somebody gets in as Cleo, once, and sees the city on her board."""
        return await self._link(await Coordinator.get(role=TokenKind.COORDINATOR))

    async def office(self) -> str:
        """A link by which somebody gets in as Lina, once, who administers the centre."""
        return await self._link(
            await Coordinator.create(name="Lina", role=TokenKind.ADMIN, source=await phoned_in(None))
        )

    async def _link(self, coordinator: Coordinator) -> str:
        return (await make_link(coordinator.id, self.rehearsal.town.clock.now())).url(self.rehearsal.url)

    async def watch(self) -> None:
        """Show what comes, until cancelled; with the first text somebody is in danger near by."""
        # The rehearsed faults were for the rehearsal: whoever tries it now waits for one text.
        self.rehearsal.provider.faults.clear()
        seen, warned, told, placed = len(self.rehearsal.provider.items), False, monotonic(), -PLACES_EVERY_S
        while True:
            items = self.rehearsal.provider.items[seen:]
            seen += len(items)
            for item in items:
                if item.to == self.owner.phone and item.kind == "sms":
                    self.show(item.body)
                    warned = warned or await self._warn("after")
            if monotonic() - told > SOURCES_EVERY_S:
                await self.rehearsal.tell_sources()
                told = monotonic()
            if monotonic() - placed > PLACES_EVERY_S:
                await self.rehearsal.tell_places(but=self.owner.external_id)
                placed = monotonic()
            await asyncio.sleep(EVERY_S)

    async def warn_of_others(self, minutes: float, many: int = 3) -> None:
        """So many more people near by are in danger, so long ago when the city's clock shows the time of day."""
        await self.rehearsal.catch_up(timedelta(minutes=minutes))
        for number in range(many):
            await self._warn(f"later-{number}")
        await self.rehearsal.catch_up()

    async def _warn(self, name: str) -> bool:
        resident, now = self._near_by(), self.rehearsal.town.clock.now()
        self._warned.add(resident.external_id)
        code, token = next(iter(self.rehearsal.staged.sources.items()))
        body = {
            "external_id": f"{code}-{name}",
            "category": "impersonation",
            "severity": "high",
            "summary": "On a call with a false officer",
            "detected_at": (now - timedelta(minutes=1)).isoformat(),
            "resident": {
                "phone": resident.phone,
                "name": resident.name,
                "address": resident.address,
                "location": {"lat": resident.lat, "lon": resident.lon},
            },
        }
        told = await self.rehearsal.client.post(
            "/api/warnings", json=body, headers={"Authorization": f"Bearer {token}"}
        )
        told.raise_for_status()
        return True

    def _near_by(self) -> CityResident:
        """The nearest of those of whom nobody has warned yet."""
        town, home = self.rehearsal.town, (self.owner.lat, self.owner.lon)
        warned = {warning.resident_id for warning in town.city.warnings}
        others = (each for each in town.residents.values() if each.external_id not in warned | self._warned)
        return min(others, key=lambda each: haversine(home, (each.lat, each.lon)))
