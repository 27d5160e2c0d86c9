"""Whom a warning is about: found among those known, or made; never overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.connection import get_connection

from outreach.errors import BadInput, FieldFault
from outreach.geo import Point, point_text
from outreach.models import Address, Area, Phone, Resident
from outreach.models.sealing import name_hash
from outreach.models.searching import Whom, index_person
from outreach.models.statements import select
from outreach.registry.phones import PhoneNumber
from outreach.registry.places import grid_of

SHARING = """
    SELECT r.* FROM phone p JOIN resident r ON r.id = p.resident_id
    WHERE p.number_hash = $1 AND p.wrong_at IS NULL AND r.merged_into IS NULL ORDER BY r.id"""
"""Everybody who is known to have this number; a double that was merged is nobody of their own."""


@dataclass(frozen=True)
class Given:
    """What a warning says of its resident; the point is (lat, lon) in WGS-84."""

    id: UUID | None = None
    external_id: str | None = None
    phone: PhoneNumber | None = None
    name: str | None = None
    language: str | None = None
    address: str | None = None
    point: Point | None = None


@dataclass(frozen=True)
class Matched:
    """The resident, whether made just now, and whether somebody else known may be the same person.

    `has_phone`: a number not known to be wrong. `has_place`: words or a point. `placed`: enough to send somebody there.
    """

    resident: Resident
    made: bool
    possible_double: bool
    has_phone: bool
    has_place: bool
    placed: bool


async def find_or_make_resident(source_id: UUID | None, given: Given, now: datetime) -> Matched:
    """Match by id, by (source, external_id), then by phone, where on a shared one the name decides; else make one.

    Run it inside a transaction. A new phone or address is added beside those known, with origin `warning`.
    Raises BadInput for an id that nobody has.
    """
    if given.phone is not None:
        await _one_at_a_time(given.phone)
    found, double_of = await _find(source_id, given)
    resident = found or await _make(source_id, given, double_of, now)
    area = await grid_of(given.point) if given.point else None
    if area is not None and _id_of_area(resident) is None:
        await Resident.filter(id=resident.id).update(area_id=area.id)
        resident.area_id = area.id
    phones = await _add_phone(resident, given, now, new=found is None)
    addresses = await _add_address(resident, given, area, now, new=found is None)
    # Only what this warning adds: whoever is known and at a place that is known costs no statement.
    added = bool(addresses) and addresses[-1].made_at == now and addresses[-1].text == given.address
    if found is None or added:
        name = given.name if found is None else None
        await index_person(resident.id, Whom.RESIDENT, name, given.address if added else None)
    return Matched(
        resident,
        found is None,
        found is None and double_of is not None,
        has_phone=any(phone.wrong_at is None for phone in phones),
        has_place=bool(addresses),
        placed=any(a.wrong_at is None and (a.point or _id_of_area(a) or _id_of_area(resident)) for a in addresses),
    )


async def _one_at_a_time(phone: PhoneNumber) -> None:
    # Two warnings about one unknown number at once would each make a resident; SQLite has one writer anyway.
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        key = int(phone.hash[:15], 16)
        await connection.execute_query("SELECT pg_advisory_xact_lock($1::bigint)", [key])


async def _find(source_id: UUID | None, given: Given) -> tuple[Resident | None, Resident | None]:
    """The one meant, and else the one of whom a new resident may be a double."""
    if given.id is not None:
        named = await Resident.get_or_none(id=given.id)
        if named is None:
            raise BadInput(faults=(FieldFault("resident.id", "nobody has this id"),))
        return await _who_is_kept(named), None
    if given.external_id is not None and source_id is not None:
        known = await Resident.get_or_none(source_id=source_id, external_id=given.external_id)
        if known is not None:
            return await _who_is_kept(known), None
    return await _find_by_phone(source_id, given) if given.phone is not None else (None, None)


async def _who_is_kept(found: Resident) -> Resident:
    """The same, or whom they were merged into."""
    return found if found.merged_into is None else await Resident.get(id=found.merged_into)


async def _find_by_phone(source_id: UUID | None, given: Given) -> tuple[Resident | None, Resident | None]:
    assert given.phone is not None
    sharing = await select(Resident, SHARING, given.phone.hash)
    others = [resident for resident in sharing if not _known_otherwise(resident, source_id, given)]
    wanted = name_hash(given.name) if given.name else None
    same = [resident for resident in others if resident.name_hash == wanted]
    if same:
        return same[0], None
    undecided = len(sharing) == len(others) == 1 and (wanted is None or others[0].name_hash is None)
    return (others[0], None) if undecided else (None, sharing[0] if sharing else None)


def _known_otherwise(resident: Resident, source_id: UUID | None, given: Given) -> bool:
    """Whether this source itself says, by another id of its own, that this is somebody else."""
    if source_id is None or given.external_id is None or resident.external_id is None:
        return False
    return resident.source_id == source_id and resident.external_id != given.external_id


async def _make(source_id: UUID | None, given: Given, double_of: Resident | None, now: datetime) -> Resident:
    return await Resident.create(
        source_id=source_id if given.external_id else None,
        external_id=given.external_id,
        name=given.name,
        name_hash=name_hash(given.name) if given.name else None,
        language=given.language,
        possible_double_of=double_of,
        made_at=now,
    )


async def _add_phone(resident: Resident, given: Given, now: datetime, *, new: bool) -> list[Phone]:
    phones = [] if new else await Phone.filter(resident_id=resident.id)
    if given.phone is not None and all(phone.number_hash != given.phone.hash for phone in phones):
        number = given.phone
        made = await Phone.create(
            resident=resident, number=number.e164, number_hash=number.hash, country=number.country, made_at=now
        )
        phones.append(made)
    return phones


async def _add_address(
    resident: Resident, given: Given, area: Area | None, now: datetime, *, new: bool
) -> list[Address]:
    addresses = [] if new else await Address.filter(resident_id=resident.id)
    point = point_text(given.point) if given.point else None
    if not given.address and not point:
        return addresses
    unknown = all(given.address not in (None, a.text) or point not in (None, a.point) for a in addresses)
    if unknown:
        made = await Address.create(resident=resident, text=given.address, point=point, area=area, made_at=now)
        addresses.append(made)
    return addresses


def _id_of_area(row: Resident | Address) -> UUID | None:
    found: UUID | None = getattr(row, "area_id", None)
    return found
