"""Responders come in; each is found and phoned under one number of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from outreach.geo import cell_of
from outreach.models import Category, Responder
from outreach.models.fields import new_id
from outreach.models.searching import Whom, index_anew
from outreach.registry.reading import Row
from outreach.registry.rows import ResponderRow
from outreach.registry.run import Run


async def take(run: Run, rows: list[Row]) -> None:
    """Make, change or leave each responder; where they are now and what they hold stays as it is."""
    sound = run.checked(rows, ResponderRow, "external_id")
    kept = {r.external_id: r for r in await Responder.filter(external_id__in=[given.external_id for _, given in sound])}
    hashes = [given.phone.hash for _, given in sound]
    numbers = {r.number_hash: r.external_id for r in await Responder.filter(number_hash__in=hashes)}
    categories = await Category.all().values("code", "family")
    trainable = {str(row[key]) for row in categories for key in ("code", "family")}
    new: list[Responder] = []
    renamed: list[UUID] = []
    for row, given in sound:
        known = kept.get(given.external_id)
        wrong = _wrong(run, row, given, known, numbers, trainable)
        if wrong:
            run.refuse(row, wrong)
        elif known is not None:
            renamed += [known.id] if known.name != given.name else []
            await _change(run, row, known, given)
        else:
            new.append(_make(run, given))
            run.create(row)
    if run.apply and new:
        await Responder.bulk_create(new)
    if run.apply:
        await index_anew(Whom.RESPONDER, [*renamed, *(each.id for each in new)])


def _wrong(
    run: Run,
    row: Row,
    given: ResponderRow,
    known: Responder | None,
    numbers: dict[str, str | None],
    trainable: set[str],
) -> str:
    if known is not None and not run.sees(known.area_id):
        return "external_id: is another area's"
    if set(given.trained or ()) - trainable:
        return "trained: no category or family has this code"
    if known is not None and given.capacity is not None and given.capacity < known.load:
        return "capacity: they hold more than that now"
    elsewhere = given.phone.hash in numbers and numbers[given.phone.hash] != given.external_id
    first = run.seen.setdefault(f"phone {given.phone.hash}", row.line)
    return "phone: another responder has it" if elsewhere or first != row.line else ""


def _said(run: Run, given: ResponderRow) -> dict[str, Any]:
    said = {
        "name": given.name,
        "number": given.phone.e164,
        "number_hash": given.phone.hash,
        "country": given.phone.country,
        "role": given.role,
        "area_id": run.area_id(given.area),
        "home_lat": given.lat,
        "home_lon": given.lon,
        "language": given.languages[0] if given.languages else None,
        "languages": given.languages,
        "trained": given.trained,
        "capacity": given.capacity,
        "vetted_until": given.vetted_to,
    }
    return {column: value for column, value in said.items() if value is not None}


def _make(run: Run, given: ResponderRow) -> Responder:
    cell = cell_of(given.lat, given.lon)
    return Responder(id=new_id(), external_id=given.external_id, cell=cell, **_said(run, given))


async def _change(run: Run, row: Row, known: Responder, given: ResponderRow) -> None:
    said = _said(run, given)
    what = [column for column, value in said.items() if value != getattr(known, column)]
    fresh = {column: said[column] for column in what}
    if known.lat is None and {"home_lat", "home_lon"} & set(what):
        fresh["cell"] = cell_of(given.lat, given.lon)
    if run.apply and what:
        await known.update_from_dict(fresh).save(update_fields=list(fresh))
    run.change(row, what)
