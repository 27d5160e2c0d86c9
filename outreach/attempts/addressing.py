"""Whom attempts go to, and about what: a whole batch in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
            AND x.scope IN ('all', o.family)) AS opted_out,
        (SELECT COUNT(*) FROM phone q JOIN attempt b ON b.phone_id = q.id
            WHERE q.number_hash = COALESCE(t.number_hash, p.number_hash) AND {counts})
        + (SELECT COUNT(*) FROM trusted_contact u JOIN attempt b ON b.trusted_contact_id = u.id
            WHERE u.number_hash = COALESCE(t.number_hash, p.number_hash) AND {counts}) AS lately,
        (a.tries > 1 AND EXISTS (SELECT 1 FROM attempt b
            WHERE b.outreach_id = a.outreach_id AND b.channel = a.channel AND b.queued_at > a.queued_at
            AND COALESCE(b.trusted_contact_id, b.id) = COALESCE(a.trusted_contact_id, b.id)
            AND b.status NOT IN ('failed', 'cancelled'))) AS superseded
    FROM attempt a
    JOIN outreach o ON o.id = a.outreach_id
    JOIN resident r ON r.id = o.resident_id
    LEFT JOIN phone p ON p.id = a.phone_id
    LEFT JOIN trusted_contact t ON t.id = a.trusted_contact_id
    WHERE a.id IN ({ids})"""
"""The case, the resident and the number of each attempt, and what may speak against sending it."""
COUNTS = """b.sending_at > $1 AND b.status <> 'failed'
            AND (b.channel = 'voice') = (a.channel = 'voice')
            AND (b.sending_at < a.sending_at OR b.sending_at = a.sending_at AND b.id < a.id)"""
"""Those taken up since then and before this one, and not in vain; of two taken up at once one counts the other."""
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """Whether the number wants no such messages, how many such it was sent in 24 hours, and whether a later one of the
    same kind has taken the place of this one, which had to wait."""

    opted_out: bool
    lately: int
    superseded: bool


async def address(rows: Sequence[Attempt], now: datetime) -> dict[UUID, Facts]:
    """Fill in the outreach, its resident, phone and trusted contact of each row; answers what is known of each."""
    shown = ", ".join(columns(model, alias, f"{alias}_") for alias, model in PARTS.items())
    ids = ", ".join(f"${number + 2}" for number in range(len(rows)))
    sql = ADDRESSED.format(columns=shown, ids=ids, counts=COUNTS)
    found = {UUID(str(row["attempt_id"])): row for row in await fetch(sql, now - DAY, *(row.id for row in rows))}
    for row in rows:
        _fill_in(row, found[row.id])
    return {key: _facts(row) for key, row in found.items()}


def _facts(row: dict[str, Any]) -> Facts:
    return Facts(bool(row["opted_out"]), int(row["lately"]), bool(row["superseded"]))


def _fill_in(row: Attempt, found: dict[str, Any]) -> None:
    row.outreach, row.outreach.resident = row_of(Outreach, found, "o_"), row_of(Resident, found, "r_")
    row.phone = row_of(Phone, found, "p_") if found["p_id"] is not None else None
    row.trusted_contact = row_of(TrustedContact, found, "t_") if found["t_id"] is not None else None
