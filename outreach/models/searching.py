"""How people are found by parts of their names and addresses, of which only keyed hashes are kept."""

from __future__ import annotations

import json
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import short
from outreach.models.people import Address, Resident, Responder
from outreach.models.sealing import keyed_hash
from outreach.models.spelling import parts_of_address, parts_of_name
from outreach.models.statements import dialect, fetch

BATCH = 500


class Whom(StrEnum):
    """Whose name or address it is."""

    RESIDENT = "resident"
    RESPONDER = "responder"


class SearchToken(Model):
    """One part of the name or an address of a resident or responder (`person_id`), as a keyed hash."""

    id = fields.BigIntField(primary_key=True)
    person_id = fields.UUIDField()
    whom = fields.CharEnumField(Whom, max_length=9)
    token = short(32)

    class Meta:
        table = "search_token"
        unique_together = (("person_id", "token"),)
        indexes = (("token", "whom"),)


ADD = {
    "sqlite": """
        INSERT INTO search_token (person_id, whom, token)
        SELECT $1, $2, value FROM json_each($3) WHERE true ON CONFLICT DO NOTHING""",
    "postgres": """
        INSERT INTO search_token (person_id, whom, token)
        SELECT $1::uuid, $2, said FROM json_array_elements_text($3::json) AS said ON CONFLICT DO NOTHING""",
}


def token_of_name(part: str, whom: Whom) -> str:
    """The keyed hash of one part of a name."""
    return keyed_hash(f"part of a {whom}'s name:{part}")


def token_of_address(part: str) -> str:
    """The keyed hash of one part of an address."""
    return keyed_hash(f"part of an address:{part}")


async def index_person(person_id: UUID, whom: Whom, name: str | None, *addresses: str | None) -> None:
    """Let somebody be found by this name and these addresses, beside what they are found by already."""
    tokens = {token_of_name(part, whom) for part in parts_of_name(name or "")}
    tokens |= {token_of_address(part) for address in addresses for part in parts_of_address(address or "")}
    if tokens:
        await fetch(ADD[dialect()], person_id, whom, json.dumps(sorted(tokens)))


async def index_anew(whom: Whom, ids: list[UUID]) -> None:
    """Forget what these people are found by, and find them by what is known of them now."""
    await SearchToken.filter(person_id__in=ids).delete()
    if whom is Whom.RESPONDER:
        for responder in await Responder.filter(id__in=ids):
            await index_person(responder.id, whom, responder.name)
        return
    said: dict[UUID, list[str | None]] = {each: [] for each in ids}
    for address in await Address.filter(resident_id__in=ids):
        said[address.resident_id].append(address.text)
    for resident in await Resident.filter(id__in=ids):
        await index_person(resident.id, whom, resident.name, *said[resident.id])
