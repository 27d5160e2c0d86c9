"""Gathering where outreaches stand, a batch at a time, for the pure rules to decide on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.ladder.alarming import levels_of
from outreach.messaging import rules_of
from outreach.models import Area, Outreach
from outreach.models.statements import fetch, moment_in
from outreach.models.states import OutreachStatus
from outreach.outcomes import policy_of
from outreach.policy import Policy, Standing
from outreach.settings import Settings

FACTS = """
    SELECT o.id,
        (EXISTS (SELECT 1 FROM address a WHERE a.resident_id = o.resident_id AND a.wrong_at IS NULL)
            OR o.area_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM address a WHERE a.resident_id = o.resident_id)) AS has_place,
        EXISTS (SELECT 1 FROM trusted_contact c
            WHERE c.resident_id = o.resident_id AND c.consent_at IS NOT NULL) AS has_contact,
        (SELECT MAX(t.due_at) FROM task t WHERE t.outreach_id = o.id AND t.status <> 'closed') AS held_until,
        (SELECT CASE WHEN COUNT(*) = COUNT(w.expires_at) THEN MAX(w.expires_at) END
            FROM target g JOIN warning w ON w.id = g.warning_id
            WHERE g.outreach_id = o.id AND g.ended_at IS NULL) AS expires_at
    FROM outreach o WHERE o.id IN ({ids})"""
"""An area alone is a place to go to, until that was found wrong. A case's last warning to expire says when it does,
unless one of them never does."""

TEXTS = """
    (SELECT COUNT(*) FROM phone q JOIN attempt b ON b.phone_id = q.id
        WHERE q.number_hash = {number} AND b.channel <> 'voice' AND b.queued_at > $1)
    + (SELECT COUNT(*) FROM trusted_contact u JOIN attempt b ON b.trusted_contact_id = u.id
        WHERE u.number_hash = {number} AND b.queued_at > $1)"""
"""How many texts were meant for a number since then, whoever's number it is."""

PHONES = """
    SELECT o.id AS outreach_id, p.id, p.country,
        {sms} AS sms_barred, {voice} AS voice_barred,
        {texts} AS texts_lately
    FROM outreach o JOIN phone p ON p.resident_id = o.resident_id AND p.wrong_at IS NULL
    WHERE o.id IN ({ids})
    ORDER BY p.verified_at IS NULL, p.verified_at DESC, p.made_at"""
"""Numbers not known to be wrong, the one verified last first, whether a wish bars each channel, and how many texts were
meant for it of late."""

BARRED = """
    EXISTS (SELECT 1 FROM opt_out x WHERE x.number_hash = p.number_hash AND x.lifted_at IS NULL
        AND x.channel IN ('all', '{channel}') AND x.scope IN ('all', o.family))"""

LATELY = timedelta(hours=24)
"""Texts within a day of each other must differ: the third that is the same is refused in places."""


@dataclass(frozen=True)
class Climber:
    """One outreach with its policy, its areas (its own first, the city last), and the phone for each channel.

    `held_until`: somebody has a task until then. `levels`: how often coordinators can be alarmed, each time higher up.
    `texts_lately`: how many texts of the last 24 hours were meant for the number that the next goes to.
    """

    outreach: Outreach
    policy: Policy
    areas: tuple[Area, ...]
    sms_phone_id: UUID | None
    voice_phone_id: UUID | None
    texts_lately: int
    possible: frozenset[str]
    zone: ZoneInfo
    held_until: datetime | None
    expires_at: datetime | None
    levels: int

    @property
    def standing(self) -> Standing:
        """Where it stands, after whatever step it took last."""
        case = self.outreach
        return Standing(
            began_at=case.ladder_from,
            step=case.step,
            tries=case.tries,
            step_at=case.step_at,
            hurried=case.hurried_at is not None and case.hurried_at >= case.step_at,
            following_up=case.status is OutreachStatus.FOLLOWING_UP,
            acknowledged=case.acknowledged_at is not None,
            evidence=frozenset(case.evidence),
            possible=self.possible,
            zone=self.zone,
            held_until=self.held_until,
            expires_at=self.expires_at,
            top_reached=case.tries >= self.levels,
        )


async def gather(outreaches: Sequence[Outreach], settings: Settings, now: datetime) -> list[Climber]:
    """Everything the rules need to know of these outreaches, in two statements and one for their areas."""
    if not outreaches:
        return []
    ids = [outreach.id for outreach in outreaches]
    listed = ", ".join(f"${number + 1}" for number in range(len(ids)))
    facts = {UUID(str(row["id"])): row for row in await fetch(FACTS.format(ids=listed), *ids)}
    barred = {channel: BARRED.format(channel=channel) for channel in ("sms", "voice")}
    phones: dict[UUID, list[dict[str, Any]]] = {}
    listed = ", ".join(f"${number + 2}" for number in range(len(ids)))
    for row in await fetch(
        PHONES.format(ids=listed, texts=TEXTS.format(number="p.number_hash"), **barred), now - LATELY, *ids
    ):
        phones.setdefault(UUID(str(row["outreach_id"])), []).append(row)
    areas = await _areas_of(outreaches)
    return [
        await _climber(each, facts[each.id], phones.get(each.id, []), areas.get(each.area_id, ()), settings)
        for each in outreaches
    ]


async def texts_to(number_hash: str, since: datetime) -> int:
    """How many texts were meant for that number since then."""
    [row] = await fetch(f"SELECT {TEXTS.format(number='$2')} AS texts", since, number_hash)
    return int(row["texts"])


async def _climber(
    outreach: Outreach,
    facts: dict[str, Any],
    phones: Sequence[dict[str, Any]],
    areas: tuple[Area, ...],
    settings: Settings,
) -> Climber:
    policy = await policy_of(outreach)
    sms = next((phone for phone in phones if not phone["sms_barred"]), None)
    callable_ = (phone for phone in phones if not phone["voice_barred"] and rules_of(phone["country"]).voice)
    voice = next(callable_, None)
    known = {
        "sms": sms is not None,
        "voice": voice is not None,
        "call": bool(phones),
        "visit": bool(facts["has_place"]),
        "trusted_contact": bool(facts["has_contact"]),
    }
    return Climber(
        outreach=outreach,
        policy=policy,
        areas=areas,
        sms_phone_id=_id_of(sms),
        voice_phone_id=_id_of(voice),
        texts_lately=sms["texts_lately"] if sms else 0,
        # An exercise disturbs nobody: only coordinators see it.
        possible=frozenset() if outreach.exercise else frozenset(kind for kind, can in known.items() if can),
        zone=ZoneInfo(next((area.time_zone for area in areas if area.time_zone), settings.city_time_zone)),
        held_until=moment_in(facts["held_until"]),
        expires_at=moment_in(facts["expires_at"]),
        levels=len(await levels_of(areas)) if _is_alarming(outreach, policy) else 1,
    )


def _is_alarming(outreach: Outreach, policy: Policy) -> bool:
    """Whether the last step taken alarmed a coordinator: only then does it matter how many more there are."""
    return 0 <= outreach.step < len(policy.steps) and policy.steps[outreach.step].do == "coordinator"


def _id_of(phone: dict[str, Any] | None) -> UUID | None:
    return UUID(str(phone["id"])) if phone else None


async def _areas_of(outreaches: Sequence[Outreach]) -> dict[UUID | None, tuple[Area, ...]]:
    """Each area that these outreaches lie in, with those above it, itself first."""
    ids = {outreach.area_id for outreach in outreaches if outreach.area_id is not None}
    if not ids:
        return {}
    own = await Area.filter(id__in=list(ids))
    codes = {code for area in own for code in _codes(area)}
    rows = {row.code: row for row in await Area.filter(code__in=list(codes))}
    return {area.id: tuple(rows[code] for code in reversed(_codes(area)) if code in rows) for area in own}


def _codes(area: Area) -> list[str]:
    return [code for code in area.path.split("/") if code]
