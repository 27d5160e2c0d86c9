"""Two residents are one person: what is known of either is known of the one who is kept; or they are two, for good."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q

from outreach.models import Address, Attempt, OptOut, Phone, Resident, TrustedContact, Verdict
from outreach.models.searching import Whom, index_anew

Field = Literal["name", "language", "area"]
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name", "name_hash"),
    "language": ("language",),
    "area": ("area_id",),
}
TOLD = ("nothing", "please_call", "more_by_phone")
"""What a trusted contact may be told, from the least on."""


async def keep_out_warnings(kept_id: UUID, merged_id: UUID) -> None:
    """Let warnings about their numbers wait for this transaction: they then find the one who is kept."""
    if get_connection("default").capabilities.dialect == "postgres":
        hashes = await Phone.filter(resident_id__in=[kept_id, merged_id]).values_list("number_hash", flat=True)
        # The same lock as a warning takes that comes in about a number.
        for key in sorted({int(str(each)[:15], 16) for each in hashes}):
            await get_connection("default").execute_query("SELECT pg_advisory_xact_lock($1::bigint)", [key])


async def lock_both(kept_id: UUID, merged_id: UUID) -> None:
    """Lock both residents in this transaction, after their outreaches."""
    await Resident.filter(id__in=[kept_id, merged_id]).order_by("id").select_for_update(no_key=True)


async def unite(kept_id: UUID, merged_id: UUID, take: Collection[Field], by: UUID, now: datetime) -> None:
    """Let the kept one have all that is known of both, in the caller's transaction; `take` names whose value wins.

    Numbers, places, trusted contacts and wishes are united; the merged one keeps its ids, by which the kept is found.
    """
    kept, merged = await Resident.get(id=kept_id), await Resident.get(id=merged_id)
    await _unite_person(kept, merged, take)
    await _unite_phones(kept_id, merged_id)
    await _unite_addresses(kept_id, merged_id)
    await _unite_contacts(kept_id, merged_id)
    await OptOut.filter(resident_id=merged_id).update(resident_id=kept_id)
    await _remember(kept_id, merged_id, True, by, now)
    await _point_to(kept_id, merged_id)
    await index_anew(Whom.RESIDENT, [kept_id, merged_id])


async def part(one_id: UUID, other_id: UUID, by: UUID, now: datetime) -> None:
    """They are two people: nobody is asked about these two again. In the caller's transaction."""
    await _remember(one_id, other_id, False, by, now)
    for mine, theirs in ((one_id, other_id), (other_id, one_id)):
        await Resident.filter(id=mine, possible_double_of_id=theirs).update(possible_double_of_id=None)


async def merged_by(resident_id: UUID) -> list[dict[str, Any]]:
    """Who merged this resident into another, and when, as a conflict says it: {at, kind, by}."""
    of_theirs = Verdict.filter(Q(one_id=resident_id) | Q(other_id=resident_id), same=True)
    last = await of_theirs.order_by("-at").first().select_related("by_coordinator")
    if last is None:
        return []
    by = {"kind": "coordinator", "id": str(last.by_coordinator_id), "name": last.by_coordinator.name}
    return [{"at": last.at.isoformat(), "kind": "merged", "by": by}]


async def _remember(one_id: UUID, other_id: UUID, same: bool, by: UUID, now: datetime) -> None:
    low, high = sorted((one_id, other_id))
    said = {"same": same, "at": now, "by_coordinator_id": by}
    await Verdict.update_or_create(said, one_id=low, other_id=high)


async def _point_to(kept_id: UUID, merged_id: UUID) -> None:
    await Resident.filter(id=merged_id).update(merged_into=kept_id, possible_double_of_id=None)
    await Resident.filter(merged_into=merged_id).update(merged_into=kept_id)
    await Resident.filter(id=kept_id, possible_double_of_id=merged_id).update(possible_double_of_id=None)
    doubles = Resident.filter(possible_double_of_id=merged_id)
    await doubles.exclude(id=kept_id).update(possible_double_of_id=kept_id)
    # Who is not the merged one is not the kept one either.
    for row in await Verdict.filter(same=False, one_id=merged_id):
        await _remember(kept_id, row.other_id, False, row.by_coordinator_id, row.at)
    for row in await Verdict.filter(same=False, other_id=merged_id):
        await _remember(kept_id, row.one_id, False, row.by_coordinator_id, row.at)


async def _unite_person(kept: Resident, merged: Resident, take: Collection[Field]) -> None:
    fresh: dict[str, Any] = {"vulnerabilities": list(dict.fromkeys([*kept.vulnerabilities, *merged.vulnerabilities]))}
    for field, columns in COLUMNS.items():
        if field in take or getattr(kept, columns[0]) is None:
            fresh |= {column: getattr(merged, column) for column in columns if getattr(merged, columns[0]) is not None}
    await kept.update_from_dict(fresh).save(update_fields=list(fresh))


async def _unite_phones(kept_id: UUID, merged_id: UUID) -> None:
    mine = {row.number_hash: row for row in await Phone.filter(resident_id=kept_id)}
    for theirs in await Phone.filter(resident_id=merged_id):
        same = mine.get(theirs.number_hash)
        if same is None:
            await Phone.filter(id=theirs.id).update(resident_id=kept_id)
            continue
        same.wrong_at = _later_word(same, theirs)
        same.verified_at = max((each for each in (same.verified_at, theirs.verified_at) if each), default=None)
        await same.save(update_fields=["wrong_at", "verified_at"])
        await Attempt.filter(phone_id=theirs.id).update(phone_id=same.id)
        await theirs.delete()


async def _unite_addresses(kept_id: UUID, merged_id: UUID) -> None:
    mine = {(row.text, row.point): row for row in await Address.filter(resident_id=kept_id)}
    for theirs in await Address.filter(resident_id=merged_id):
        same = mine.get((theirs.text, theirs.point))
        if same is None:
            await Address.filter(id=theirs.id).update(resident_id=kept_id)
            continue
        same.wrong_at = _later_word(same, theirs)
        await same.save(update_fields=["wrong_at"])
        await theirs.delete()


def _later_word(mine: Phone | Address, theirs: Phone | Address) -> datetime | None:
    """Since when one number or place, known of both, is wrong: whichever was learnt later holds."""
    if mine.wrong_at is not None and theirs.wrong_at is None:
        return None if theirs.made_at > mine.wrong_at else mine.wrong_at
    if mine.wrong_at is None and theirs.wrong_at is not None:
        return theirs.wrong_at if theirs.wrong_at > mine.made_at else None
    return max((each for each in (mine.wrong_at, theirs.wrong_at) if each), default=None)


async def _unite_contacts(kept_id: UUID, merged_id: UUID) -> None:
    mine = {row.number_hash: row for row in await TrustedContact.filter(resident_id=kept_id)}
    for theirs in await TrustedContact.filter(resident_id=merged_id):
        same = mine.get(theirs.number_hash)
        if same is None:
            await TrustedContact.filter(id=theirs.id).update(resident_id=kept_id)
            continue
        same.may_be_told = _least_told(same, theirs)
        same.consent_at = same.consent_at or theirs.consent_at
        await same.save(update_fields=["may_be_told", "consent_at"])
        await Attempt.filter(trusted_contact_id=theirs.id).update(trusted_contact_id=same.id)
        await theirs.delete()


def _least_told(mine: TrustedContact, theirs: TrustedContact) -> str:
    """The least that either consent allows; a row without consent allows nothing of its own."""
    consented: list[str] = [row.may_be_told for row in (mine, theirs) if row.consent_at is not None]
    return min(consented or [str(mine.may_be_told)], key=lambda told: TOLD.index(told) if told in TOLD else 0)
