"""The report on one period: its figures, the same of the period before and of a year before, splits, places, hours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from outreach.models import Area, Category, EscalationPolicy
from outreach.models.states import AreaKind
from outreach.reports.comparing import compared
from outreach.reports.exercises import count_exercises
from outreach.reports.figuring import FEW, difference, figures_of, share_within
from outreach.reports.gathering import Gathered, Unsettled, gather
from outreach.reports.on_shift import MOST_DAYS, nobody_on_shift
from outreach.reports.packing import HOURS, Tally
from outreach.reports.responders import Load, load
from outreach.reports.sheets import Sheet
from outreach.reports.views import EACH, MAP, TOTAL

SPLITS = ("policy", "severity", "area", "category")


@dataclass(frozen=True)
class Period:
    """What is asked: whole days of `zone`, `to` included; empty `categories` and `severities` mean all of them.

    `target`: the minutes within which people are to be reached, one of MARKS. `first` and `second`: which parts of the
    split are compared, by name.
    """

    frm: date
    to: date
    zone: ZoneInfo
    area_path: str = ""
    categories: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    split: str | None = None
    target: float = 30.0
    first: str | None = None
    second: str | None = None

    @property
    def begin(self) -> datetime:
        """Its first moment, in UTC, as moments are kept."""
        return datetime.combine(self.frm, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.to + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def before(self) -> Period:
        """As many days right before; the calendar month before, for a whole month."""
        last = self.frm - timedelta(days=1)
        whole = self.frm.day == 1 and (self.to + timedelta(days=1)).day == 1 and self.frm.month == self.to.month
        return replace(self, frm=last.replace(day=1) if whole else last - (self.to - self.frm), to=last)

    def year_before(self) -> Period:
        """The same days a year earlier."""
        return replace(self, frm=_year_earlier(self.frm), to=_year_earlier(self.to))


@dataclass(frozen=True)
class Names:
    """What ids are called: areas as rows, categories and policies by code, name and version.

    `of_categories`: the names that a category has by language, by its code.
    """

    areas: Mapping[str, Area]
    categories: Mapping[str, str]
    policies: Mapping[str, str]
    of_categories: Mapping[str, Any]

    def of(self, split: str) -> Mapping[str, Any]:
        """What the groups of a split are called by language, by their codes; an area has one name, of no language."""
        if split == "area":
            return {area.path: {"und": area.name} for area in self.areas.values()}
        return self.of_categories if split == "category" else {}

    def wanted(self, asked: Period) -> Callable[[str, str], bool]:
        """Whether a category (its id) and a severity are among those asked for."""
        return lambda category, severity: (
            (not asked.severities or severity in asked.severities)
            and (not asked.categories or self.categories.get(category, "") in asked.categories)
        )


async def period_report(asked: Period, now: datetime) -> dict[str, Any]:
    """The whole report, in JSON's types but for times."""
    names = await _names()
    views = (TOTAL, MAP, EACH) if asked.split == "area" else (TOTAL, MAP)
    others = _earlier(asked)
    unsettled = Unsettled(min(each.begin for each in others), asked.end, asked.area_path)
    found, kept = await _kept(asked, now, names, views, unsettled)
    earlier = [(await _kept(other, now, names, (TOTAL,), unsettled))[1][TOTAL] for other in others]
    spread: Load = await load(asked.begin, asked.end, asked.zone, asked.area_path, names.wanted(asked))
    # Curves of many places are arithmetic of a tenth of a second.
    told = await asyncio.to_thread(_told, asked, kept, earlier, names)
    hours = zip(told["hours"], await _nobody(asked, now, names), strict=True)
    return told | {
        "now": now,
        "settled": found.settled,
        "load": vars(spread),
        "hours": [hour | {"nobody": share} for hour, share in hours],
        "exercises": await count_exercises(asked.begin, asked.end, asked.area_path, asked.categories, asked.severities),
    }


async def _nobody(asked: Period, now: datetime, names: Names) -> Sequence[float | None]:
    if (asked.to - asked.frm).days >= MOST_DAYS:
        return [None] * HOURS
    areas = (area for area in names.areas.values() if area.path.startswith(asked.area_path))
    grids = [area.path for area in areas if area.kind is AreaKind.GRID]
    return await nobody_on_shift(grids, asked.begin, min(asked.end, now), asked.zone, asked.area_path)


def _earlier(asked: Period) -> tuple[Period, Period]:
    return asked.before(), asked.year_before()


async def _kept(
    asked: Period, now: datetime, names: Names, views: Sequence[str], unsettled: Unsettled
) -> tuple[Gathered, dict[str, Sheet]]:
    """What was gathered, and of it what is asked for."""
    found = await gather(asked.begin, asked.end, now, asked.zone, asked.area_path, views, unsettled)
    return found, {view: _asked_of(asked, sheet, names) for view, sheet in found.sheets.items()}


def _asked_of(asked: Period, sheet: Sheet, names: Names) -> Sheet:
    if asked.severities:
        sheet = sheet.kept("severity", asked.severities.__contains__)
    if asked.categories:
        sheet = sheet.kept("category", lambda category: names.categories.get(category, "") in asked.categories)
    return sheet


def _told(asked: Period, kept: Mapping[str, Sheet], earlier: list[Sheet], names: Names) -> dict[str, Any]:
    total, parts = kept[TOTAL].total(), _parts(asked, kept, names)
    past = zip(_earlier(asked), earlier, strict=True)
    before, year = (_past(each, total, sheet.total()) for each, sheet in past)
    return {
        "from": asked.frm.isoformat(),
        "to": asked.to.isoformat(),
        "time_zone": asked.zone.key,
        "area": asked.area_path or None,
        "categories": sorted(asked.categories),
        "severities": sorted(asked.severities),
        "split": asked.split,
        "all": figures_of("all", total),
        "before": before,
        "year_before": year,
        "groups": _groups(asked, parts, names),
        "compared": compared(asked.split or "", parts, asked.first, asked.second, asked.target),
        "areas": [_place(area_id, tally, names, asked.target) for area_id, tally in kept[MAP].by("area").items()],
        "hours": _hours(total, asked.target),
    }


def _parts(asked: Period, kept: Mapping[str, Sheet], names: Names) -> dict[str, Tally]:
    called: dict[str, Callable[[str], str]] = {
        "policy": lambda policy: names.policies.get(policy, ""),
        "severity": str,
        "category": lambda category: names.categories.get(category, ""),
        "area": lambda area: names.areas[area].path if area in names.areas else "",
    }
    if asked.split is None:
        return {}
    return kept[EACH if asked.split == "area" else TOTAL].by(asked.split, called[asked.split])


def _groups(asked: Period, parts: Mapping[str, Tally], names: Names) -> list[dict[str, Any]]:
    by_code = names.of(asked.split or "")
    return [figures_of(code, tally) | {"names": by_code.get(code, {})} for code, tally in parts.items()]


def _past(asked: Period, now: Tally, then: Tally) -> dict[str, Any]:
    return {
        "from": asked.frm.isoformat(),
        "to": asked.to.isoformat(),
        "warned": then.one("warned"),
        "few": then.one("warned") < FEW,
        **vars(share_within(then, asked.target)),
        **difference(now, then, asked.target),
    }


def _place(area_id: str, tally: Tally, names: Names, target: float) -> dict[str, Any]:
    area, shown = names.areas.get(area_id), share_within(tally, target)
    return {
        "code": area.code if area else None,
        "name": area.name if area else None,
        "path": area.path if area else None,
        "boundary": area.boundary if area else None,
        "warned": tally.one("warned"),
        "few": tally.one("warned") < FEW,
        "share": shown.share,
    }


def _hours(total: Tally, target: float) -> list[dict[str, Any]]:
    counts = (total.of("hour_warned"), total.up_to("hour_waiting", target), total.up_to("hour_within", target))
    return [_hour(place, *each) for place, each in enumerate(zip(*(part.tolist() for part in counts), strict=True))]


def _hour(place: int, warned: int, waiting: int, within: int) -> dict[str, Any]:
    known = warned - waiting
    return {
        "weekend": place >= HOURS // 2,
        "hour": place % (HOURS // 2),
        "warned": warned,
        "known": known,
        "within": within,
        "few": known < FEW,
        "share": within / known if known else None,
    }


async def _names() -> Names:
    policies = await EscalationPolicy.all().only("id", "name", "version")
    categories = await Category.all().only("id", "code", "scripts")
    return Names(
        {str(area.id): area for area in await Area.all()},
        {str(row.id): row.code for row in categories},
        {str(row.id): f"{row.name} v{row.version}" for row in policies},
        {row.code: row.scripts.get("names", {}) for row in categories},
    )


async def zone_of(area_path: str, usual: str) -> ZoneInfo:
    """The time zone of the area, else of the nearest above it that has one, else the city's."""
    codes = [code for code in area_path.split("/") if code]
    rows = {row.code: row.time_zone for row in await Area.filter(code__in=codes)}
    return ZoneInfo(next((zone for code in reversed(codes) if (zone := rows.get(code))), usual))


def _year_earlier(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
