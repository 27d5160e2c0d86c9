"""Residents come in from a register, which may correct what it said before and only adds to what others said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from outreach.geo import point_text
from outreach.models import Address, Phone, Resident
from outreach.models.fields import new_id
from outreach.models.sealing import name_hash
from outreach.models.searching import Whom, index_anew
from outreach.registry.reading import Row
from outreach.registry.rows import ResidentRow
from outreach.registry.run import Run

ORIGIN = "import"


@dataclass
class Fresh:
    """What a batch adds, to be written at once."""

    residents: list[Resident] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    """Those known before of whom a name or an address was written."""

    async def write(self) -> None:
        """Write all of it, those first on which the others hang."""
        if self.residents:
            await Resident.bulk_create(self.residents)
        if self.phones:
            await Phone.bulk_create(self.phones)
        if self.addresses:
            await Address.bulk_create(self.addresses)
        told = [each.id for each in self.residents] + self.changed + [each.resident_id for each in self.addresses]
        await index_anew(Whom.RESIDENT, list(dict.fromkeys(told)))


async def take(run: Run, rows: list[Row]) -> None:
    """Make, change or leave each resident."""
    sound = run.checked(rows, ResidentRow, "external_id")
    of_source = Resident.filter(source_id=run.source.id) if run.source else Resident.filter(source_id__isnull=True)
    found = of_source.filter(external_id__in=[given.external_id for _, given in sound])
    kept = {resident.external_id: resident for resident in await found.prefetch_related("phones", "addresses")}
    fresh = Fresh()
    for row, given in sound:
        known = kept.get(given.external_id)
        wrong = _wrong(run, given, known)
        if wrong:
            run.refuse(row, wrong)
        elif known is not None:
            what = await _change(run, known, given, fresh)
            fresh.changed += [known.id] if {"name", "address"} & set(what) else []
            run.change(row, what)
        else:
            _make(run, given, fresh)
            run.create(row)
    if run.apply:
        await fresh.write()


def _wrong(run: Run, given: ResidentRow, known: Resident | None) -> str:
    if known is not None and not run.sees(known.area_id):
        return "external_id: is another area's"
    if known is None and given.area is None and run.within is not None:
        return "area: name one within your own"
    return ""


def _make(run: Run, given: ResidentRow, fresh: Fresh) -> None:
    source_id = run.source.id if run.source else None
    said = _said(run, given)
    resident = Resident(id=new_id(), source_id=source_id, external_id=given.external_id, made_at=run.now, **said)
    fresh.residents.append(resident)
    _add_phone(run, resident.id, given, fresh)
    _add_address(run, resident.id, given, fresh)


def _said(run: Run, given: ResidentRow) -> dict[str, Any]:
    said = {
        "name": given.name,
        "name_hash": name_hash(given.name) if given.name else None,
        "language": given.language,
        "area_id": run.area_id(given.area),
    }
    return {column: value for column, value in said.items() if value is not None}


async def _change(run: Run, known: Resident, given: ResidentRow, fresh: Fresh) -> list[str]:
    said = _said(run, given)
    what = [column for column, value in said.items() if value != getattr(known, column)]
    if run.apply and what:
        await known.update_from_dict({column: said[column] for column in what}).save(update_fields=what)
    what = [column for column in what if column != "name_hash"]
    if given.phone is not None and all(phone.number_hash != given.phone.hash for phone in known.phones):
        _add_phone(run, known.id, given, fresh)
        what.append("phone")
    return what + await _change_address(run, known, given, fresh)


async def _change_address(run: Run, known: Resident, given: ResidentRow, fresh: Fresh) -> list[str]:
    point = point_text(given.point) if given.point else None
    given_now = {"text": given.address, "point": point, "area_id": run.area_id(given.area)}
    said: dict[str, Any] = {column: value for column, value in given_now.items() if value is not None}
    if not (given.address or point):
        return []
    ours = next((address for address in known.addresses if address.origin == ORIGIN), None)
    if ours is None:
        _add_address(run, known.id, given, fresh)
        return ["address"]
    changed = {column: value for column, value in said.items() if value != getattr(ours, column)}
    if changed.keys() & {"text", "point"}:
        # Another place than the one that was found to be wrong, known from now on.
        changed |= {"wrong_at": None, "made_at": run.now}
    if run.apply and changed:
        await ours.update_from_dict(changed).save(update_fields=list(changed))
    return ["address"] if changed else []


def _add_phone(run: Run, resident_id: UUID, given: ResidentRow, fresh: Fresh) -> None:
    if given.phone is None:
        return
    number = given.phone
    fresh.phones.append(
        Phone(
            id=new_id(),
            resident_id=resident_id,
            number=number.e164,
            number_hash=number.hash,
            country=number.country,
            origin=ORIGIN,
            made_at=run.now,
        )
    )


def _add_address(run: Run, resident_id: UUID, given: ResidentRow, fresh: Fresh) -> None:
    if not (given.address or given.point):
        return
    fresh.addresses.append(
        Address(
            id=new_id(),
            resident_id=resident_id,
            text=given.address,
            point=point_text(given.point) if given.point else None,
            area_id=run.area_id(given.area),
            origin=ORIGIN,
            made_at=run.now,
        )
    )
