"""Trusted contacts come in: whom a resident named, and what they may be told."""

from __future__ import annotations

from typing import Any

from outreach.models import Resident, TrustedContact
from outreach.models.fields import new_id
from outreach.registry.reading import Row
from outreach.registry.rows import ContactRow
from outreach.registry.run import Run


async def take(run: Run, rows: list[Row]) -> None:
    """Make, change or leave each contact; they are known again by whose they are and their number."""
    sound = run.checked(rows, ContactRow, "contact")
    ids, source_id = [given.external_id for _, given in sound], run.source.id if run.source else None
    # The ids of a file without a source are the register's own.
    whose = Resident.filter(source_id=source_id) if source_id else Resident.filter(source_id__isnull=True)
    people = {each.external_id: each.id for each in await whose.filter(external_id__in=ids) if run.sees(each.area_id)}
    named = await TrustedContact.filter(resident_id__in=list(people.values()))
    kept = {(each.resident_id, each.number_hash): each for each in named}
    new: list[TrustedContact] = []
    for row, given in sound:
        resident_id = people.get(given.external_id)
        if resident_id is None:
            run.refuse(row, "external_id: no resident has it")
            continue
        known = kept.get((resident_id, given.phone.hash))
        if known is not None:
            await _change(run, row, known, given)
            continue
        new.append(TrustedContact(id=new_id(), resident_id=resident_id, **_said(given)))
        run.create(row)
    if run.apply and new:
        await TrustedContact.bulk_create(new)


def _said(given: ContactRow) -> dict[str, Any]:
    said = {
        "name": given.name,
        "number": given.phone.e164,
        "number_hash": given.phone.hash,
        "country": given.phone.country,
        "relation": given.relation,
        "language": given.language,
        "may_be_told": given.may_be_told,
        "consent_at": given.consented_at,
    }
    return {column: value for column, value in said.items() if value is not None}


async def _change(run: Run, row: Row, known: TrustedContact, given: ContactRow) -> None:
    fresh = {column: value for column, value in _said(given).items() if value != getattr(known, column)}
    if run.apply and fresh:
        await known.update_from_dict(fresh).save(update_fields=list(fresh))
    run.change(row, list(fresh))
