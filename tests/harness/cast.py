"""The fixed cast, as rows: Ada at risk, Ben on shift nearby, Cleo who watches, Dov from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.geo import cell_of
from outreach.models import Address, Area, Coordinator, Phone, Resident, Responder, Shift, Source, Unit
from outreach.models.sealing import keyed_hash
from outreach.models.states import AreaKind, ResponderRole
from outreach.registry import seed
from outreach.settings import Settings

ADA_PHONE, BEN_PHONE, DOV_PHONE = "+447700900001", "+447700900002", "+447700900003"
HOME = (30.2741, 120.1551)


@dataclass(frozen=True)
class Cast:
    """Everybody a test may name."""

    city: Area
    grid: Area
    elsewhere: Area
    source: Source
    ada: Resident
    ada_phone: Phone
    ben: Responder
    cleo: Coordinator
    dov: Responder


async def call_the_cast(settings: Settings, now: datetime) -> Cast:
    """Seed policies and categories, and put the cast in its places; Dov is another city's and off shift."""
    await seed(settings, now)
    city = await Area.create(kind=AreaKind.CITY, code="lin", name="Linhai", path="/lin/", time_zone="Asia/Shanghai")
    grid = await Area.create(
        kind=AreaKind.GRID, code="g1", name="Willow Lane", path="/lin/g1/", parent=city, lat=HOME[0], lon=HOME[1]
    )
    elsewhere = await Area.create(kind=AreaKind.CITY, code="far", name="Farport", path="/far/")
    unit = await Unit.create(code="bank", name="First Bank", kind="bank")
    source = await Source.create(unit=unit, code="bank", name="First Bank alerts")
    ada = await Resident.create(name="Ada", language="en", area=grid, made_at=now)
    phone = await Phone.create(
        resident=ada, number=ADA_PHONE, number_hash=keyed_hash(ADA_PHONE), country="GB", made_at=now
    )
    await Address.create(resident=ada, text="1 Willow Lane", point=f"{HOME[0]},{HOME[1]}", area=grid, made_at=now)
    ben = await _responder("Ben", BEN_PHONE, grid, now)
    await Shift.create(responder=ben, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=5))
    dov = await _responder("Dov", DOV_PHONE, elsewhere, now)
    cleo = await Coordinator.create(name="Cleo", area=city, source=source)
    return Cast(city, grid, elsewhere, source, ada, phone, ben, cleo, dov)


async def _responder(name: str, number: str, area: Area, now: datetime) -> Responder:
    return await Responder.create(
        name=name,
        number=number,
        number_hash=keyed_hash(number),
        country="GB",
        language="en",
        languages=["en"],
        role=ResponderRole.GRID_WORKER,
        trained=["fraud", "welfare"],
        vetted_until=now + timedelta(days=365),
        area=area,
        home_lat=HOME[0] + 0.003,
        home_lon=HOME[1],
        cell=cell_of(HOME[0] + 0.003, HOME[1]),
        capacity=2,
    )
