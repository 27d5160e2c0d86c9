"""Rollups: the year's report reads them, the day's reads rows, and the two say the same."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tortoise.connection import get_connection

from outreach.models import Area, Category, Outreach, ResponderLoad, Rollup, RollupHour, RollupMark, Target, Task
from outreach.registry.areas import SaidArea, put_area
from outreach.reports.facts import Wanted, read_facts
from outreach.reports.gathering import gather
from outreach.reports.packing import MARKS, Tally
from outreach.reports.period import Period, period_report
from outreach.reports.responders import load, spread
from outreach.reports.rolling import roll, unroll
from outreach.reports.spans import cover, span_of
from outreach.reports.tallying import minutes_from, tally
from outreach.reports.views import EACH, MAP, TOTAL, seen
from outreach.survival import cumulative_incidence, incidence_of_bins
from tests.harness.histories import History

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture
async def history(database: str, now: datetime) -> History:
    return await History(now - 40 * DAY).begin()


async def forty_days(history: History, chance: random.Random, targets: int = 60) -> list[Target]:
    """So many targets over forty days: most reached, some ended, a few still open, of two districts and sources."""
    made = []
    for _ in range(targets):
        received = chance.uniform(0, 40 * 1440 - 60)
        reached = received + chance.expovariate(1 / 25) if chance.random() < 0.7 else None
        ended = received + chance.uniform(5, 4000) if chance.random() < 0.85 else None
        target = await history.target(
            received,
            reached=reached,
            by=chance.choice(["sms", "voice", "call", "visit", "trusted_contact"]),
            convinced=reached if reached and chance.random() < 0.8 else None,
            ended=ended if ended is None or ended < 40 * 1440 else None,
            state=chance.choice(["unreached", "withdrawn", "closed"]),
            told=reached + 1 if reached and chance.random() < 0.9 else None,
            severity=chance.choice(["high", "low"]),
            source=chance.choice(["bank", "telecom"]),
            area=chance.choice(["xh", "gs"]),
            exercise=chance.random() < 0.1,
        )
        if reached and chance.random() < 0.5:
            await history.visit(target, received + 1, received + 2, received + 4)
        made.append(target)
    return made


async def both(history: History, now: datetime, frm: datetime, to: datetime, area: str = "") -> tuple[Tally, Tally]:
    """What the rollups say and what the rows say, the same in every view and of every subject."""
    rolled = await gather(frm, to, now, SHANGHAI, area, (EACH, TOTAL, MAP))
    rows = tally(await read_facts(Wanted(frm, to, area)), now, SHANGHAI)
    assert rolled.settled is not None
    for view, sheet in rolled.sheets.items():
        ours, theirs = sheet.tallies(), seen(rows, view).tallies()
        assert ours.keys() == theirs.keys(), view
        for subject, found in ours.items():
            assert np.array_equal(found.counts, theirs[subject].counts), (view, subject)
            assert found.reasons == theirs[subject].reasons, (view, subject)
    return rolled.sheets[TOTAL].total(), rows.total()


async def agree(history: History, now: datetime) -> None:
    """Rollups and rows say the same of the whole time, of a month of it, of odd hours and of areas of every size."""
    whole = (history.now - DAY, now + DAY)
    for frm, to, area in (
        (*whole, ""),
        *((*whole, area) for area in ("/hz/", "/hz/gs/", "/hz/gs/g1/", "/hz/g")),
        (history.now + 3 * DAY, history.now + 33 * DAY, ""),
        (history.now + timedelta(hours=31, minutes=30), now - timedelta(hours=7, minutes=15), ""),
    ):
        rolled, rows = await both(history, now, frm, to, area)
        assert rolled.reasons == rows.reasons and (area or rows.one("warned"))


async def test_rollups_and_rows_say_the_same_whatever_happened(history: History, now: datetime) -> None:
    chance = random.Random(7)
    made = await forty_days(history, chance)
    await deeper(history, made)
    await agree_after_rolling(history, now)
    # Then the world goes on: cases end, are reached late, reopened and judged, and a visitor's arrival comes late.
    for target in chance.sample(made, 20):
        row = await Target.get(id=target.id)
        if row.ended_at is None:
            row.ended_at, row.end_state, row.end_reason = now, "unreached", "time_ran_out"
        elif row.reached_at is None:
            row.contacted_at = row.reached_at = row.ended_at
            row.reached_by, row.reached_evidence = "visit", "in_person"
        elif chance.random() < 0.5:
            row.ended_at = row.end_state = None
        else:
            row.accurate, row.defrauded, row.lost, row.lost_told_by = True, True, 4000, "police"
        await row.save()
    await agree(history, now)
    assert await RollupMark.all().exists()
    await Task.filter(arrived_at__isnull=False).update(arrived_at=history.at(2))
    elsewhere = history.areas["gs"].id
    await Outreach.filter(id__in=[made[0].outreach_id, made[1].outreach_id]).update(area_id=elsewhere)
    await agree(history, now)
    await agree_after_rolling(history, now + timedelta(hours=1))
    assert not await RollupMark.all().exists()


async def deeper(history: History, made: list[Target]) -> None:
    """Some of the cases lie in a grid of a district, some in the city itself, and some nowhere."""
    district = history.areas["gs"]
    grid = await Area.create(kind="grid", code="g1", name="G1", path=f"{district.path}g1/", parent=district)
    for start, area in enumerate((grid.id, district.parent_id, None)):
        await Outreach.filter(id__in=[target.outreach_id for target in made[start::9]]).update(area_id=area)


async def agree_after_rolling(history: History, now: datetime) -> None:
    await roll(now, SHANGHAI)
    await agree(history, now)


async def test_four_who_roll_at_once_and_one_who_rolls_again_make_one_truth(history: History, now: datetime) -> None:
    await forty_days(history, random.Random(3), 20)
    await asyncio.gather(*(roll(now, SHANGHAI) for _ in range(4)))
    await agree_after_rolling(history, now)
    cells = sorted((str(row.id), row.figures) for row in await Rollup.all())
    assert await roll(now, SHANGHAI) == 0
    await unroll(history.now, now, SHANGHAI)
    assert not await Rollup.all().exists() and not await RollupHour.filter(starts_at__gte=history.now).exists()
    await agree_after_rolling(history, now)
    assert sorted((str(row.id), row.figures) for row in await Rollup.all()) == cells


async def test_another_time_zone_of_the_city_makes_all_days_anew(history: History, now: datetime) -> None:
    await forty_days(history, random.Random(5), 10)
    await roll(now, ZoneInfo("Europe/Berlin"))
    assert (await gather(history.now, now, now, SHANGHAI)).settled is None
    await agree_after_rolling(history, now)


async def test_a_street_that_goes_to_another_district_is_counted_there_at_once(history: History, now: datetime) -> None:
    made = await forty_days(history, random.Random(5), 30)
    old, new = history.areas["xh"], history.areas["gs"]
    street = await Area.create(parent=old, kind="street", code="st", name="Street", path=f"{old.path}st/")
    await Outreach.filter(id__in=[each.outreach_id for each in made[:9]]).update(area_id=street.id)
    await agree_after_rolling(history, now)
    await put_area(street.id, SaidArea("Street", new, None, None))
    assert (await Area.get(id=street.id)).path == f"{new.path}st/"
    # Until they are rolled anew the cases themselves are counted.
    assert (await gather(history.now - DAY, now + DAY, now, SHANGHAI)).settled is None
    await agree_after_rolling(history, now + timedelta(hours=1))


async def test_shares_from_bins_are_those_of_every_single_minute(history: History, now: datetime) -> None:
    await forty_days(history, random.Random(11), 150)
    frm, to = history.now, now
    facts = await read_facts(Wanted(frm, to))
    reached, ended = (~np.isnan(facts.times[name]) for name in ("reached", "ended"))
    exact = cumulative_incidence(minutes_from(facts, now.timestamp()), np.where(reached, 1, np.where(ended, 2, 0)))
    total = tally(facts, now, SHANGHAI).total()
    binned = incidence_of_bins(total.reached, total.of("unreached") + total.of("otherwise"), total.of("open"))
    for minute in (5, 15, 30, 60):
        ours, theirs = binned.at(minute), exact.at(minute)
        assert ours.share is not None and abs(ours.share - theirs.share) < 0.002
        assert abs(ours.low - theirs.low) < 0.004 and abs(ours.high - theirs.high) < 0.004


async def test_a_day_of_the_report_is_the_citys_own_from_midnight_to_midnight(history: History, now: datetime) -> None:
    # 04:00 in UTC is noon there: 16:00 is the midnight that ends its 15th of October.
    for minutes in (12 * 60 - 1, 12 * 60, 36 * 60 - 1, 36 * 60):
        await history.target(minutes, ended=minutes + 5)
    sixteenth = Period((history.now + DAY).date(), (history.now + DAY).date(), SHANGHAI)
    three_days = replace(sixteenth, frm=(history.now - DAY).date())
    for rolled in (False, True):
        if rolled:
            await roll(now, SHANGHAI)
        assert (await period_report(sixteenth, now))["all"]["warned"] == 2
        assert (await period_report(three_days, now))["all"]["warned"] == 3


@pytest.mark.parametrize("target", MARKS)
async def test_hours_areas_and_earlier_periods_follow_the_target_from_rollups_and_from_rows(
    history: History, now: datetime, target: float
) -> None:
    made = await forty_days(history, random.Random(17), 90)
    for minutes in (target / 2, target, 3 * target):
        await history.target(40 * 1440 - minutes)
    half = Period((now - 20 * DAY).date(), now.date(), SHANGHAI, target=target)
    from_rows = await period_report(half, now)
    await roll(now, SHANGHAI)
    rolled = await period_report(half, now)
    assert (from_rows["settled"], rolled["settled"]) == (None, now - timedelta(minutes=10))
    assert {name: rolled[name] for name in ("all", "areas", "hours", "before", "year_before")} == {
        name: from_rows[name] for name in ("all", "areas", "hours", "before", "year_before")
    }
    [hero] = [each["share"] for each in rolled["all"]["within"] if each["minutes"] == target]
    for area in rolled["areas"]:
        alone = await period_report(replace(half, area_path=area["path"]), now)
        [share] = [each["share"] for each in alone["all"]["within"] if each["minutes"] == target]
        assert area["share"] == share
    assert hero - rolled["before"]["share"] == rolled["before"]["difference"]
    rows = await Target.filter(warning__exercise=False, joined_at__gte=half.begin)
    took = [((row.reached_at or row.ended_at or now) - row.joined_at).total_seconds() / 60 for row in rows]
    within = sum(bool(row.reached_at) and each <= target + 1e-6 for row, each in zip(rows, took, strict=True))
    known = sum(bool(row.reached_at or row.ended_at) or each >= target for row, each in zip(rows, took, strict=True))
    assert len(made) > len(rows) > known >= within > 0
    assert [sum(hour[name] for hour in rolled["hours"]) for name in ("warned", "known", "within")] == [
        len(rows), known, within,
    ]  # fmt: skip


async def test_tasks_are_counted_by_responder_the_same_before_and_after_rolling(
    history: History, now: datetime
) -> None:
    begun = history.now - DAY
    await forty_days(history, random.Random(13), 50)
    stretches = [(begun + timedelta(minutes=cut), now + DAY - timedelta(minutes=cut)) for cut in (0, 3000, 9_999)]
    before, *cut = [await load(*each, SHANGHAI) for each in stretches]
    assert before.responders == 1 and before.tasks == before.most > cut[1].tasks > 3
    await roll(now, SHANGHAI)
    assert {str(row.level) for row in await ResponderLoad.all()} == {"day", "month"}
    assert [await load(*each, SHANGHAI) for each in stretches] == [before, *cut]
    assert (await load(history.now - DAY, now + DAY, SHANGHAI, "/hz/")).tasks == before.tasks
    assert 0 < (await load(history.now - DAY, now + DAY, SHANGHAI, "/hz/gs/")).tasks < before.tasks


async def test_tasks_are_counted_of_the_categories_and_severities_asked_for_before_and_after_rolling(
    history: History, now: datetime
) -> None:
    made = await forty_days(history, random.Random(13), 70)
    flood = await Category.create(code="flood", family="hazard", name="Flood")
    await Outreach.filter(id__in=[target.outreach_id for target in made[::3]]).update(category_id=flood.id)
    cases = {row.id: row for row in await Outreach.filter(exercise=False).prefetch_related("category")}
    taken = [cases[task.outreach_id] for task in await Task.all() if task.outreach_id in cases]
    whole = Period((history.now - DAY).date(), now.date(), SHANGHAI)
    for rolled in (False, True):
        if rolled:
            await roll(now, SHANGHAI)
            assert await ResponderLoad.filter(level="month").exists()
        for severity, category in (("", ""), ("high", ""), ("", "flood"), ("high", "flood"), ("medium", "")):
            asked = {"severities": frozenset(severity.split()), "categories": frozenset(category.split())}
            told = (await period_report(replace(whole, **asked), now))["load"]
            mine = [each for each in taken if severity in ("", each.severity) and category in ("", each.category.code)]
            assert told["tasks"] == told["most"] == len(mine), asked
            assert (told["responders"] == 1) == bool(mine) == (severity != "medium")


def test_how_much_the_busiest_tenth_took_is_told_of_ten_responders_and_more() -> None:
    assert spread([1] * 19 + [80, 1]).busiest_tenth == 0.81
    assert spread([1] * 9 + [11]).busiest_tenth == 0.55
    assert spread([1] * 8 + [11]).busiest_tenth is None


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kolkata", "Europe/Berlin", "America/St_Johns"])
def test_a_year_is_covered_once_in_every_zone_and_over_the_change_of_clocks(zone: str) -> None:
    there = ZoneInfo(zone)
    frm, to = datetime(2026, 1, 15, tzinfo=there), datetime(2026, 12, 3, 7, 30, tzinfo=there)
    at = None
    spans = sorted(
        span_of(level, begin, there) for level, begins in cover(frm, to, there, to).items() for begin in begins
    )
    for begin, end in spans:
        assert at is None or begin == at
        at = end
    assert len(spans) < 100 and spans[0][0] - frm < timedelta(hours=1) and to - spans[-1][1] < timedelta(hours=1)


async def test_the_triggers_stand_in_the_catalogue(database: str) -> None:
    sql = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.startswith("sqlite")
        else "SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal"
    )
    names = {row["name"] for row in await get_connection("default").execute_query_dict(sql)}
    assert {"target_changed", "outreach_moved", "task_arrived_at"} <= names
