"""A responder as their phone shows them: who they are, and when they are on duty and away."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tortoise.queryset import QuerySet

from outreach.models import Absence, Responder, Shift
from outreach.web.asking import Ask

DAY = timedelta(days=1)


async def me_view(ask: Ask) -> dict[str, object]:
    """The responder who asks, as their phone shows them."""
    responder = await Responder.get(id=ask.caller.id).select_related("area")
    shift = await running(ask).order_by("-ends_at").first()
    away = Absence.filter(responder_id=responder.id, starts_at__lte=ask.now, ends_at__gt=ask.now)
    until = shift.ends_at if shift is not None and not await away.exists() else None
    coming = await Shift.filter(responder_id=responder.id, starts_at__gt=ask.now).order_by("starts_at").first()
    return {
        "id": responder.id,
        "name": responder.name,
        "role": responder.role.value,
        "language": responder.language,
        "languages": responder.languages,
        "trained": responder.trained,
        "vetted_until": responder.vetted_until,
        "area": responder.area.path,
        "capacity": responder.capacity,
        "load": responder.load,
        "position_at": responder.position_at,
        "on_duty_until": until,
        "next_duty": {"from": coming.starts_at, "until": coming.ends_at} if coming else None,
        "away": await away_days(ask),
    }


def running(ask: Ask) -> QuerySet[Shift]:
    """The shifts that run now, planned or switched on."""
    return Shift.filter(responder_id=ask.caller.id, starts_at__lte=ask.now, ends_at__gt=ask.now)


async def away_days(ask: Ask) -> list[str]:
    """The days from tomorrow on that were said to be away, as `2026-11-28` in the city's zone."""
    found: set[str] = set()
    for absence in await coming_absences(ask):
        day = absence.starts_at
        while day < absence.ends_at:
            found.add(day.astimezone(zone_of(ask)).date().isoformat())
            day += DAY
    return sorted(found)


def coming_absences(ask: Ask) -> QuerySet[Absence]:
    """The absences that begin with tomorrow or later."""
    tomorrow, _ = span_of(ask.now.astimezone(zone_of(ask)).date() + DAY, ask)
    return Absence.filter(responder_id=ask.caller.id, starts_at__gte=tomorrow)


def span_of(day: date, ask: Ask) -> tuple[datetime, datetime]:
    """From midnight to midnight of this day in the city's zone."""
    begins = datetime.combine(day, time(), zone_of(ask))
    return begins, datetime.combine(day + DAY, time(), zone_of(ask))


def zone_of(ask: Ask) -> ZoneInfo:
    """The city's zone."""
    return ZoneInfo(ask.parts.settings.city_time_zone)
