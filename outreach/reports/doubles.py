"""Who may be the same person as a resident: flagged when they came in, by a number of both, or by name and place."""

from __future__ import annotations

from uuid import UUID

from tortoise.expressions import Q

from outreach.geo import haversine, parse_point
from outreach.models import Address, Resident, Verdict
from outreach.models.searching import Whom, token_of_name
from outreach.models.spelling import plain
from outreach.models.statements import fetch

NEAR_M = 300.0
MOST = 50
SHARING = """
    SELECT DISTINCT q.resident_id AS id FROM phone p JOIN phone q ON q.number_hash = p.number_hash
    WHERE p.resident_id = $1 AND q.resident_id <> $1 AND p.wrong_at IS NULL AND q.wrong_at IS NULL LIMIT 50"""
"""Who is known by a number of theirs."""
NAMED_SO = "SELECT person_id AS id FROM search_token WHERE token = $1 AND whom = $2 AND person_id <> $3 LIMIT 50"


async def doubles_of(resident_id: UUID) -> list[UUID]:
    """Up to 50 who may be the same person, by id; never one of whom it was decided, or who was merged."""
    mine = await Resident.get(id=resident_id)
    found = {row.id for row in await Resident.filter(possible_double_of_id=resident_id).only("id")}
    found |= {mine.possible_double_of_id} if mine.possible_double_of_id else set()
    found |= {UUID(str(row["id"])) for row in await fetch(SHARING, resident_id)}
    found |= await _named_and_near(mine)
    found -= await _decided(resident_id)
    rows = await Resident.filter(id__in=found, merged_into__isnull=True).order_by("id").limit(MOST).only("id")
    return [row.id for row in rows]


async def _decided(resident_id: UUID) -> set[UUID]:
    rows = await Verdict.filter(Q(one_id=resident_id) | Q(other_id=resident_id), same=False)
    return {each for row in rows for each in (row.one_id, row.other_id)}


async def _named_and_near(mine: Resident) -> set[UUID]:
    whole = plain(mine.name or "")
    if not whole:
        return set()
    rows = await fetch(NAMED_SO, token_of_name(whole, Whom.RESIDENT), Whom.RESIDENT.value, mine.id)
    named = await Resident.filter(id__in=[row["id"] for row in rows], name_hash=mine.name_hash).only("id")
    if not named:
        return set()
    places = await Address.filter(resident_id__in=[mine.id, *(row.id for row in named)], wrong_at__isnull=True)
    own = [place for place in places if place.resident_id == mine.id]
    return {place.resident_id for place in places if any(_near(place, other) for other in own)} - {mine.id}


def _near(one: Address, other: Address) -> bool:
    if one.text and other.text and plain(one.text) == plain(other.text):
        return True
    here, there = parse_point(one.point), parse_point(other.point)
    return here is not None and there is not None and haversine(here, there) <= NEAR_M
