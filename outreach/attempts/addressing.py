"""Whom attempts go to, and about what: a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.models import Model

from outreach.models import Attempt, Outreach, Phone, Resident, TrustedContact
from outreach.models.statements import columns, fetch, row_of

PARTS: dict[str, type[Model]] = {"o": Outreach, "r": Resident, "p": Phone, "t": TrustedContact}
ADDRESSED = """
    SELECT a.id AS attempt_id, {columns},
        EXISTS (SELECT 1 FROM opt_out x
            WHERE x.number_hash = COALESCE(t.number_hash, p.number_hash) AND x.lifted_at IS NULL
            AND x.channel IN ('all', CASE WHEN a.channel = 'voice' THEN 'voice' ELSE 'sms' END)
            AND x.scope IN ('all', o.family)) AS opted_out
    FROM attempt a
    JOIN outreach o ON o.id = a.outreach_id
    JOIN resident r ON r.id = o.resident_id
    LEFT JOIN phone p ON p.id = a.phone_id
    LEFT JOIN trusted_contact t ON t.id = a.trusted_contact_id
    WHERE a.id IN ({ids})"""
"""The case, the resident and the number of each attempt, and whether that number wants no such messages."""


async def address(rows: Sequence[Attempt]) -> set[UUID]:
    """Fill in the outreach, its resident, phone and trusted contact of each row; answers those that opted out."""
    shown = ", ".join(columns(model, alias, f"{alias}_") for alias, model in PARTS.items())
    sql = ADDRESSED.format(columns=shown, ids=", ".join(f"${number + 1}" for number in range(len(rows))))
    found = {UUID(str(row["attempt_id"])): row for row in await fetch(sql, *(row.id for row in rows))}
    for row in rows:
        _fill_in(row, found[row.id])
    return {row.id for row in rows if found[row.id]["opted_out"]}


def _fill_in(row: Attempt, found: dict[str, Any]) -> None:
    row.outreach, row.outreach.resident = row_of(Outreach, found, "o_"), row_of(Resident, found, "r_")
    row.phone = row_of(Phone, found, "p_") if found["p_id"] is not None else None
    row.trusted_contact = row_of(TrustedContact, found, "t_") if found["t_id"] is not None else None
