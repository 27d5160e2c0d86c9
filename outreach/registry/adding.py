"""A coordinator adds a resident or a responder whom nobody knew yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outreach.errors import NeitherPhoneNorPlace
from outreach.geo import cell_of
from outreach.models import Phone, Resident, Responder
from outreach.models.searching import Whom, index_anew
from outreach.registry.editing import (
    TAKEN,
    SaidResident,
    SaidResponder,
    fault,
    put_hours,
    put_resident,
    refuse_unfit,
    responder_fields,
    unless_taken,
)


async def add_resident(said: SaidResident, now: datetime) -> UUID:
    """The id of a new resident, inside the caller's transaction; raises NeitherPhoneNorPlace or BadInput.

    Whoever has one of the numbers already is noted as perhaps the same person.
    """
    if not said.phones and not said.addresses:
        raise NeitherPhoneNorPlace()
    hashes = [each.number.hash for each in said.phones]
    known = await Phone.filter(number_hash__in=hashes, wrong_at__isnull=True).order_by("resident_id").first()
    double_of = known.resident_id if known else None
    row = await Resident.create(possible_double_of_id=double_of, made_at=now)
    await put_resident(row.id, said, now)
    return row.id


async def add_responder(said: SaidResponder, now: datetime) -> UUID:
    """The id of a new responder, inside the caller's transaction; raises BadInput naming what does not fit."""
    if said.capacity < 1:
        raise fault("capacity", "give them room for one task at least")
    await refuse_unfit(said)
    row = Responder(cell=cell_of(*said.home), **responder_fields(said))
    with unless_taken("phone", TAKEN):
        await row.save(force_create=True)
    await put_hours(row.id, said, now)
    await index_anew(Whom.RESPONDER, [row.id])
    return row.id
