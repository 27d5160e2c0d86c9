"""A coordinator puts right what is known of a resident or a responder; nothing that others refer to is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from outreach.errors import BadInput, FieldFault
from outreach.geo import Point, cell_of, point_text
from outreach.models import Absence, Address, Category, Phone, Resident, Responder, Shift, TrustedContact
from outreach.models.sealing import name_hash
from outreach.models.searching import Whom, index_anew
from outreach.registry.phones import PhoneNumber

M = TypeVar("M", bound=Model)
ORIGIN = "coordinator"
TAKEN = "another responder has it"
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class SaidPhone:
    """A number of theirs; `id` is that of one known, and `wrong` says that it is somebody else's."""

    id: UUID | None
    number: PhoneNumber
    kind: str
    wrong: bool


@dataclass(frozen=True)
class SaidAddress:
    """A place of theirs, likewise; a known one without a new point keeps its own."""

    id: UUID | None
    text: str | None
    point: Point | None
    kind: str
    wrong: bool


@dataclass(frozen=True)
class SaidContact:
    """Somebody they trust; without their consent nothing is told."""

    id: UUID | None
    name: str
    number: PhoneNumber
    relation: str
    language: str | None
    may_be_told: str
    consents: bool


@dataclass(frozen=True)
class SaidResident:
    """What is right of a resident now; what is known and not named here stays."""

    name: str | None
    language: str | None
    area_id: UUID | None
    vulnerabilities: list[str]
    phones: Sequence[SaidPhone]
    addresses: Sequence[SaidAddress]
    contacts: Sequence[SaidContact]


async def put_resident(resident_id: UUID, said: SaidResident, now: datetime) -> None:
    """Keep it, inside the caller's transaction; raises BadInput for a number or place that is another's."""
    own = {"name": said.name, "language": said.language, "area_id": said.area_id}
    hashed = name_hash(said.name) if said.name else None
    resident = await Resident.get(id=resident_id)
    fresh: dict[str, Any] = {**own, "name_hash": hashed, "vulnerabilities": said.vulnerabilities}
    await resident.update_from_dict(fresh).save(update_fields=list(fresh))
    await _put_phones(resident_id, said.phones, now)
    await _put_addresses(resident_id, said.addresses, now)
    await _put_contacts(resident_id, said.contacts, now)
    await index_anew(Whom.RESIDENT, [resident_id])


async def _put_phones(resident_id: UUID, said: Sequence[SaidPhone], now: datetime) -> None:
    known = {row.id: row for row in await Phone.filter(resident_id=resident_id)}
    same = {row.number_hash: row for row in known.values()}
    hashes = [each.number.hash for each in said]
    for index, each in enumerate(said):
        row = _known(known, each.id, f"phones.{index}.id") or same.get(each.number.hash)
        others = {other.number_hash for other in known.values() if other is not row}
        if each.number.hash in others or hashes.count(each.number.hash) > 1:
            raise fault(f"phones.{index}.number", "is given twice")
        number = {"number": each.number.e164, "number_hash": each.number.hash, "country": each.number.country}
        changed = row is None or row.number_hash != each.number.hash
        fresh = {"kind": each.kind, "wrong_at": _when_wrong(row, each.wrong, now), **(number if changed else {})}
        made = {"origin": ORIGIN, "made_at": now} if changed else {}
        await _keep(row or Phone(resident_id=resident_id), {**fresh, **made}, new=row is None)


async def _put_addresses(resident_id: UUID, said: Sequence[SaidAddress], now: datetime) -> None:
    known = {row.id: row for row in await Address.filter(resident_id=resident_id)}
    for index, each in enumerate(said):
        row = _known(known, each.id, f"addresses.{index}.id")
        if not each.text and each.point is None and row is None:
            raise fault(f"addresses.{index}.text", "give words or a point")
        changed = row is None or row.text != each.text or each.point is not None
        fresh = {"text": each.text, "kind": each.kind, "wrong_at": _when_wrong(row, each.wrong, now)}
        point = {"point": point_text(each.point)} if each.point else {}
        made = {"origin": ORIGIN, "made_at": now} if changed else {}
        await _keep(row or Address(resident_id=resident_id), {**fresh, **point, **made}, new=row is None)


async def _put_contacts(resident_id: UUID, said: Sequence[SaidContact], now: datetime) -> None:
    known = {row.id: row for row in await TrustedContact.filter(resident_id=resident_id)}
    for index, each in enumerate(said):
        row = _known(known, each.id, f"trusted_contacts.{index}.id")
        since = row.consent_at if row is not None and row.consent_at else now
        fresh = {
            "name": each.name,
            "number": each.number.e164,
            "number_hash": each.number.hash,
            "country": each.number.country,
            "relation": each.relation,
            "language": each.language,
            "may_be_told": each.may_be_told,
            "consent_at": since if each.consents else None,
        }
        await _keep(row or TrustedContact(resident_id=resident_id), fresh, new=row is None)


@dataclass(frozen=True)
class SaidResponder:
    """What is right of a responder now; `shifts` and `absences` are those planned that have not ended yet."""

    name: str
    number: PhoneNumber
    role: str
    area_id: UUID
    languages: list[str]
    trained: list[str]
    capacity: int
    vetted_until: datetime | None
    home: Point
    shifts: Sequence[Span]
    absences: Sequence[Span]
    unit_id: UUID | None = None
    names_unit: bool = False
    """Whether `unit_id` was said at all; else the unit stays as it is."""


async def put_responder(responder_id: UUID, said: SaidResponder, now: datetime) -> None:
    """Keep it, inside the caller's transaction; raises BadInput naming what does not fit."""
    row = await Responder.get(id=responder_id)
    if said.capacity < row.load:
        raise fault("capacity", "they hold more than that now")
    await refuse_unfit(said, responder_id)
    fresh = responder_fields(said)
    if row.lat is None:
        fresh["cell"] = cell_of(*said.home)
    with unless_taken("phone", TAKEN):
        await row.update_from_dict(fresh).save(update_fields=list(fresh))
    await put_hours(responder_id, said, now)
    await index_anew(Whom.RESPONDER, [responder_id])


def responder_fields(said: SaidResponder) -> dict[str, Any]:
    """The columns that say it."""
    unit = {"unit_id": said.unit_id} if said.names_unit else {}
    return {
        **unit,
        "name": said.name,
        "number": said.number.e164,
        "number_hash": said.number.hash,
        "country": said.number.country,
        "role": said.role,
        "area_id": said.area_id,
        "languages": said.languages,
        "language": said.languages[0],
        "trained": said.trained,
        "capacity": said.capacity,
        "vetted_until": said.vetted_until,
        "home_lat": said.home[0],
        "home_lon": said.home[1],
    }


async def put_hours(responder_id: UUID, said: SaidResponder, now: datetime) -> None:
    """Put the shifts planned and the absences that have not ended in place of those known."""
    coming = {"responder_id": responder_id, "ends_at__gt": now}
    await _keep_spans(Shift, await Shift.filter(**coming, origin="plan"), responder_id, said.shifts)
    await _keep_spans(Absence, await Absence.filter(**coming), responder_id, said.absences)


async def _keep_spans(
    kind: type[Shift] | type[Absence], known: Sequence[Shift | Absence], responder_id: UUID, said: Sequence[Span]
) -> None:
    # One that stays keeps its id: somebody else may just be ending it.
    kept = {(row.starts_at, row.ends_at): row.id for row in known if (row.starts_at, row.ends_at) in set(said)}
    await kind.filter(id__in=[row.id for row in known if row.id not in kept.values()]).delete()
    for begin, end in dict.fromkeys(said):
        if (begin, end) not in kept:
            await kind.create(responder_id=responder_id, starts_at=begin, ends_at=end)


async def refuse_unfit(said: SaidResponder, responder_id: UUID | None = None) -> None:
    """Raises BadInput for a number that another responder has, or a training that there is none of."""
    others = Responder.filter(number_hash=said.number.hash)
    if await (others.exclude(id=responder_id) if responder_id else others).exists():
        raise fault("phone", TAKEN)
    known = await Category.all().values("code", "family")
    if set(said.trained) - {str(each[key]) for each in known for key in ("code", "family")}:
        raise fault("trained", "no category or family has this code")


def _known(rows: dict[UUID, M], row_id: UUID | None, field: str) -> M | None:
    if row_id is not None and row_id not in rows:
        raise fault(field, "is not theirs")
    return rows[row_id] if row_id is not None else None


def _when_wrong(row: Phone | Address | None, wrong: bool, now: datetime) -> datetime | None:
    return ((row.wrong_at if row is not None else None) or now) if wrong else None


async def _keep(row: Model, fresh: dict[str, Any], *, new: bool) -> None:
    row.update_from_dict(fresh)
    await row.save(force_create=True) if new else await row.save(update_fields=list(fresh))


def fault(field: str, reason: str) -> BadInput:
    """The refusal of one field."""
    return BadInput(faults=(FieldFault(field, reason),))


@contextmanager
def unless_taken(field: str, reason: str) -> Iterator[None]:
    """Raises BadInput naming `field` where the database finds it taken: two may have been free to take it at once."""
    try:
        yield
    except IntegrityError:
        raise fault(field, reason) from None
