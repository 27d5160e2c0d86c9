"""Gathering where an outreach stands, for the pure rules to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from outreach.messaging import rules_of
from outreach.models import Address, Area, Notice, OptOut, Outreach, Phone, Target, Task, TrustedContact
from outreach.models.states import LIVE_TASK, Channel, OutreachStatus
from outreach.policy import Policy, Standing, parse_policy
from outreach.settings import Settings


@dataclass(frozen=True)
class Climber:
    """One outreach with its policy, its area's tree and the phones that may be used on each channel."""

    outreach: Outreach
    policy: Policy
    areas: tuple[Area, ...]
    sms_phone: Phone | None
    voice_phone: Phone | None
    contacts: tuple[TrustedContact, ...]
    standing: Standing


async def gather(outreach: Outreach, settings: Settings, now: datetime) -> Climber:
    """Everything the rules need to know of `outreach` now."""
    await outreach.fetch_related("policy", "area")
    policy = parse_policy(outreach.policy.body, outreach.policy.name)
    areas = await _areas_upward(outreach.area)
    phones = await _usable_phones(outreach)
    sms = next(iter(phones[Channel.SMS]), None)
    voice = next((p for p in phones[Channel.VOICE] if rules_of(p.country).voice), None)
    contacts = await TrustedContact.filter(resident_id=outreach.resident_id, consent_at__isnull=False)
    possible = await _possible(outreach, bool(sms), bool(voice), bool(contacts))
    standing = await _standing(outreach, policy, possible, areas, settings, now)
    return Climber(outreach, policy, areas, sms, voice, tuple(contacts), standing)


async def _areas_upward(area: Area | None) -> tuple[Area, ...]:
    if area is None:
        return ()
    codes = [code for code in area.path.split("/") if code]
    rows = {row.code: row for row in await Area.filter(code__in=codes)}
    return tuple(rows[code] for code in reversed(codes) if code in rows)


async def _usable_phones(outreach: Outreach) -> dict[Channel, list[Phone]]:
    phones = await Phone.filter(resident_id=outreach.resident_id, wrong_at__isnull=True).order_by(
        "-verified_at", "made_at"
    )
    hashes = [phone.number_hash for phone in phones]
    refused = await OptOut.filter(number_hash__in=hashes, lifted_at__isnull=True) if hashes else []
    barred = {(row.number_hash, row.channel) for row in refused if row.scope in ("all", outreach.family)}
    return {
        channel: [p for p in phones if not {(p.number_hash, channel.value), (p.number_hash, "all")} & barred]
        for channel in (Channel.SMS, Channel.VOICE)
    }


async def _possible(outreach: Outreach, sms: bool, voice: bool, contacts: bool) -> frozenset[str]:
    can_call = await Phone.filter(resident_id=outreach.resident_id, wrong_at__isnull=True).exists()
    place = outreach.area_id is not None or await Address.filter(resident_id=outreach.resident_id).exists()
    known = {"sms": sms, "voice": voice, "call": can_call, "visit": place, "trusted_contact": contacts}
    # An exercise disturbs nobody: only coordinators see it.
    return frozenset() if outreach.exercise else frozenset(kind for kind, can in known.items() if can)


async def _standing(
    outreach: Outreach,
    policy: Policy,
    possible: frozenset[str],
    areas: tuple[Area, ...],
    settings: Settings,
    now: datetime,
) -> Standing:
    held = await Task.filter(outreach_id=outreach.id, status__in=LIVE_TASK).order_by("-due_at").first()
    zone = next((area.time_zone for area in areas if area.time_zone), settings.city_time_zone)
    return Standing(
        began_at=outreach.ladder_from,
        step=outreach.step,
        tries=outreach.tries,
        step_at=outreach.step_at,
        hurried=outreach.hurried_at is not None and outreach.hurried_at >= outreach.step_at,
        following_up=outreach.status is OutreachStatus.FOLLOWING_UP,
        acknowledged=outreach.acknowledged_at is not None,
        evidence=frozenset(outreach.evidence),
        possible=possible,
        zone=ZoneInfo(zone),
        held_until=held.due_at if held else None,
        expires_at=await _expires_at(outreach),
        top_reached=await _alarms(outreach) > max(len(areas), 1),
    )


async def _expires_at(outreach: Outreach) -> datetime | None:
    """When the last of its live warnings expires; None while one of them never does."""
    live = await Target.filter(outreach_id=outreach.id, ended_at__isnull=True).prefetch_related("warning")
    ends = [target.warning.expires_at for target in live]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


async def _alarms(outreach: Outreach) -> int:
    return await Notice.filter(outreach_id=outreach.id, kind="alarm").count()
