"""How long grids had nobody on shift, by hour of the day: what the board would have said at each moment, added up."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outreach.models import Absence, Area, Responder, Shift
from outreach.reports.coverage import gaps
from outreach.reports.on_shift import MOST_DAYS, nobody_on_shift
from outreach.reports.packing import HOURS
from outreach.reports.period import Period, period_report
from outreach.reports.tallying import place_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY_NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Town:
    """A city of two streets with grids of their own, and people who stand for them."""

    def __init__(self) -> None:
        self.areas: dict[str, Area] = {}
        self.people: list[Responder] = []

    async def begin(self) -> Town:
        """Write its areas: `/c/`, its streets `s0` and `s1`, and two grids in each."""
        city = self.areas["c"] = await Area.create(kind="city", code="c", name="C", path="/c/")
        for code in ("s0", "s1"):
            street = self.areas[code] = await Area.create(
                parent=city, kind="street", code=code, name=code, path=f"/c/{code}/"
            )
            for n in range(2):
                grid, path = f"{code}g{n}", f"/c/{code}/{code}g{n}/"
                self.areas[grid] = await Area.create(parent=street, kind="grid", code=grid, name=grid, path=path)
        return self

    async def person(self, area: str, *hours: tuple[float, float]) -> Responder:
        """Somebody of that area with shifts from and to so many hours after Friday noon."""
        number = len(self.people)
        made = await Responder.create(
            name="Ben", number=f"+86137{number:08}", number_hash=f"b{number}", country="CN", role="volunteer",
            area=self.areas[area], home_lat=30.0, home_lon=120.0, cell=1,
        )  # fmt: skip
        self.people.append(made)
        for starts, ends in hours:
            await Shift.create(responder=made, starts_at=after(starts), ends_at=after(ends))
        return made

    @property
    def grids(self) -> list[str]:
        """Their paths."""
        return [area.path for area in self.areas.values() if area.kind == "grid"]


def after(hours: float) -> datetime:
    """So many hours after Friday noon."""
    return FRIDAY_NOON + hours * HOUR


@pytest.fixture
async def town(database: str) -> Town:
    return await Town().begin()


async def test_an_hour_is_without_anybody_for_the_part_of_it_that_nobody_has(town: Town) -> None:
    ben = await town.person("s0g0", (0, 2), (2, 2.5))
    await Absence.create(responder=ben, starts_at=after(0.5), ends_at=after(1))
    await town.person("s0", (1, 1.25))
    shares = await nobody_on_shift(town.grids[:2], after(0), after(3), SHANGHAI, "/c/s0/")
    # Of the first hour Ben has half of his grid; of the second a colleague of the street has a quarter of the other.
    assert shares[12:15] == [0.75, 0.375, 0.75]
    assert [share for place, share in enumerate(shares) if not 12 <= place < 15] == [None] * (HOURS - 3)


async def test_shares_are_what_the_board_says_of_gaps_at_each_moment_added_up(town: Town) -> None:
    chance = random.Random(5)
    for area in ("c", "s0", "s1", "s0g0", "s0g0", "s0g1", "s1g0"):
        starts = sorted(chance.uniform(-4, 44) for _ in range(3))
        person = await town.person(area, *((half(at), half(at + chance.uniform(1, 9))) for at in starts))
        away = half(chance.uniform(0, 30))
        await Absence.create(responder=person, starts_at=after(away), ends_at=after(away + 6))
    nobody, whole = Counter[int](), Counter[int]()
    for step in range(2 * 36):
        at = after(step / 2)
        place = place_of(at.replace(minute=0), SHANGHAI)
        nobody[place] += sum(gap["from"] == at for gap in await gaps("/c/", at))
        whole[place] += len(town.grids)
    shares = await nobody_on_shift(town.grids, after(0), after(36), SHANGHAI, "/c/")
    told = [nobody[place] / whole[place] if whole[place] else None for place in range(HOURS)]
    assert shares == pytest.approx(told) and 0 < sum(nobody.values()) < sum(whole.values())


def half(hours: float) -> float:
    """To the half hour."""
    return round(hours * 2) / 2


async def test_a_month_tells_it_up_to_now_and_a_longer_time_or_an_area_without_grids_does_not(town: Town) -> None:
    await town.person("s0", (-12, 12))
    asked = Period(FRIDAY_NOON.date(), FRIDAY_NOON.date(), SHANGHAI, "/c/s0/")
    told = (await period_report(asked, after(0)))["hours"]
    assert [hour["nobody"] for hour in told] == [0.0] * 12 + [None] * (HOURS - 12)
    for other in ("/c/s1/", "/c/"):
        there = (await period_report(Period(asked.frm, asked.to, SHANGHAI, other), after(24)))["hours"]
        assert [hour["nobody"] for hour in there[:24]] == [1.0 if other == "/c/s1/" else 0.5] * 24
    for frm, area in ((asked.to - MOST_DAYS * DAY, "/c/s0/"), (asked.to, "/nowhere/")):
        other = Period(frm, asked.to, SHANGHAI, area)
        assert not any(hour["nobody"] is not None for hour in (await period_report(other, after(24)))["hours"])
    month = Period(asked.to - (MOST_DAYS - 1) * DAY, asked.to, SHANGHAI, "/c/s0/")
    assert all(hour["nobody"] for hour in (await period_report(month, after(24)))["hours"])
