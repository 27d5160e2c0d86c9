"""What somebody at the door or on the line learnt of a resident's place and number, beside what was known before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from outreach.geo import Point, point_text
from outreach.models import Address, Area, Phone, Resident
from outreach.models.searching import Whom, index_person
from outreach.registry.phones import PhoneNumber
from outreach.registry.places import grid_of

ORIGIN = "responder"
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Correction:
    """Where the resident is to be found, in words or as a point (lat, lon), and by which number; None: as before."""

    address: str | None = None
    point: Point | None = None
    phone: PhoneNumber | None = None

    @property
    def has_place(self) -> bool:
        """Whether it says anything of the place."""
        return self.address is not None or self.point is not None


async def put_right(resident_id: UUID, given: Correction, at: datetime) -> Area | None:
    """Keep what is right from `at` on and mark what was known before as wrong; answers the grid of a new point."""
    # Later than what the same report finds to be wrong, and before what a report made later does.
    made_at = at + TICK
    if given.phone is not None:
        await _put_phone_right(resident_id, given.phone, at, made_at)
    return await _put_place_right(resident_id, given, at, made_at) if given.has_place else None


async def _put_phone_right(resident_id: UUID, phone: PhoneNumber, at: datetime, made_at: datetime) -> None:
    mine = Phone.filter(resident_id=resident_id)
    await mine.filter(wrong_at__isnull=True, made_at__lte=at).exclude(number_hash=phone.hash).update(wrong_at=at)
    said: dict[str, Any] = {"origin": ORIGIN, "made_at": made_at, "wrong_at": None}
    if await mine.filter(number_hash=phone.hash).update(**said):
        return
    await Phone.create(
        resident_id=resident_id, number=phone.e164, number_hash=phone.hash, country=phone.country, **said
    )


async def _put_place_right(resident_id: UUID, given: Correction, at: datetime, made_at: datetime) -> Area | None:
    grid = await grid_of(given.point) if given.point else None
    await Address.filter(resident_id=resident_id, wrong_at__isnull=True, made_at__lte=at).update(wrong_at=at)
    await Address.create(
        resident_id=resident_id,
        text=given.address,
        point=point_text(given.point) if given.point else None,
        area_id=cast(Any, grid).id if grid else None,
        origin=ORIGIN,
        made_at=made_at,
    )
    await index_person(resident_id, Whom.RESIDENT, None, given.address)
    if grid is not None:
        await Resident.filter(id=resident_id).update(area_id=grid.id)
    return grid
