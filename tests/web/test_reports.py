"""The report on a period over HTTP: its figures, the cases behind each of them, its tables, and the aftermath."""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lifelines import AalenJohansenFitter
from openpyxl import load_workbook

from outreach.access import issue_token
from outreach.models import Area, Category, Coordinator, EscalationPolicy, Event, Outreach, Target
from outreach.models.states import TokenKind
from outreach.reports.rolling import roll
from outreach.reports.tables import TABLES, table_as_csv, workbook
from outreach.settings import Settings
from tests.harness.histories import History
from tests.test_rollups import forty_days
from tests.web.conftest import Cast, an_outreach

SHANGHAI = ZoneInfo("Asia/Shanghai")
WHOLE = "from=2026-10-10&to=2026-11-24"


async def got(cast: Cast, path: str, whose: str = "Cleo", status: int = 200) -> Any:
    answer = await cast.ask(whose, "GET", path)
    assert answer.status_code == status, answer.text
    return answer.json()


CITY = "Cleo of the city"


async def whole_city(cast: Cast) -> History:
    history = await History(cast.clock.now() - timedelta(days=40), mark="z").begin()
    everywhere = await Coordinator.create(name="Cleo", source=cast.source)
    cast.tokens[CITY] = await issue_token(TokenKind.COORDINATOR, everywhere.id, cast.clock.now())
    made = await forty_days(history, random.Random(21), 60)
    for number, target in enumerate(made[:6]):
        await Target.filter(id=target.id).update(accurate=number > 1, defrauded=True, lost=70, lost_told_by="bank")
    await Target.filter(ended_at__isnull=False, end_state="unreached").update(end_reason="time_ran_out")
    return history


async def test_every_figure_opens_exactly_the_cases_that_it_counts(cast: Cast) -> None:
    await whole_city(cast)
    for rolled in (False, True):
        if rolled:
            await roll(cast.clock.now(), SHANGHAI)
        for narrowed in ("", "&severity=high", "&area=/zhz/zgs/"):
            report = await got(cast, f"/api/reports/period?{WHOLE}{narrowed}", CITY)
            assert (report["settled"] is not None) == rolled
            for figure, count in (counted(report["all"]) | by_hour_and_place(report)).items():
                behind = await got(cast, f"/api/reports/cases?{WHOLE}{narrowed}&figure={figure}&limit=200", CITY)
                assert behind["count"] == len(behind["cases"]) == count, figure
                assert behind["of"] == whole_of(figure, count, report["all"]), figure


def counted(found: dict[str, Any]) -> dict[str, int]:
    """The figures that have cases behind them, by what asks for these."""
    counts = {name: found[name] for name in ("warned", "following_up")} | {"open": found["still_open"]}
    for step, told in found["funnel"].items():
        counts |= {step: told["count"]} | {f"{step}&channel={name}": n for name, n in told["by"].items()}
    counts |= {f"reached&within={int(at['minutes'])}": at["reached"] for at in (*found["within"], found["curve"][-1])}
    counts |= {"unreached": found["unreached"]["count"]} | found["other_ends"]
    for each in found["stages"]:
        counts[f"told&channel={each['channel']}" if each["channel"] != "all" else "told"] = each["told"]
    for each in found["unreached"]["reasons"]:
        counts[f"unreached&reason={each['reason']}"] = each["count"]
    counts |= {"accurate": found["accuracy"]["numerator"], "judged": found["accuracy"]["denominator"]}
    counts |= {"fed_back": found["feedback"]["numerator"], "ended": found["feedback"]["denominator"]}
    after = found["aftermath"]
    counts |= {name: after[name] for name in ("defrauded", "defrauded_convinced")}
    counts |= {f"defrauded&told_by={name}": n for name, n in after["told_by"].items()}
    return counts


def whole_of(figure: str, count: int, found: dict[str, Any]) -> int:
    """What a figure is a part of: a rate's denominator, else all warned, at that hour or place where it says one."""
    if "&hour=" in figure or "&place=" in figure:
        return count
    parts = {"accurate": found["accuracy"], "fed_back": found["feedback"]}
    convinced = {"defrauded_convinced": found["funnel"]["convinced"]["count"]}
    return ({name: rate["denominator"] for name, rate in parts.items()} | convinced).get(figure, found["warned"])


def by_hour_and_place(report: dict[str, Any]) -> dict[str, int]:
    """What each hour of the day and each area says, by what asks for its cases; a few hours stand for all."""
    counts = {f"warned&place={area['path'] or ''}": area["warned"] for area in report["areas"]}
    for told in report["hours"][::7]:
        counts[f"warned&hour={told['hour']}&weekend={int(told['weekend'])}"] = told["warned"]
    return counts


BY = {"policy": "policy", "severity": "severity", "category": "category", "area": "place"}
"""What asks for the cases of a group alone, by what the report is split by."""


@pytest.mark.parametrize("split", BY)
async def test_each_part_of_a_split_has_its_name_and_opens_exactly_its_cases(cast: Cast, split: str) -> None:
    kind = (await whole_city(cast)).category
    await Category.filter(id=kind.id).update(scripts={"names": {"en": "Fraud call", "zh-CN": "诈骗电话"}})
    groups = (await got(cast, f"/api/reports/period?{WHOLE}&split={split}", CITY))["groups"]
    assert groups
    for group in groups:
        for figure, count in (("warned", group["warned"]), ("reached&within=15", group["within"][1]["reached"])):
            asked = f"figure={figure}&{BY[split]}={group['name']}"
            assert (await got(cast, f"/api/reports/cases?{WHOLE}&{asked}&limit=1", CITY))["count"] == count, asked
    named = {group["name"]: group["names"] for group in groups}
    called = {area.path: {"und": area.name} for area in await Area.all()} if split == "area" else {}
    if split == "category":
        called = {kind.code: {"en": "Fraud call", "zh-CN": "诈骗电话"}}
    assert named == {code: called.get(code, {}) for code in named}


async def judged(now: datetime, **narrowed: str) -> AalenJohansenFitter:
    """What lifelines makes of the same rows."""
    times, causes = [], []
    for target in await Target.filter(warning__exercise=False, **narrowed).prefetch_related("warning"):
        end = target.reached_at or target.ended_at or now
        times.append((end - target.warning.received_at).total_seconds() / 60 + (1e-6 if not target.reached_at else 0))
        causes.append(1 if target.reached_at else 2 if target.ended_at else 0)
    return AalenJohansenFitter(calculate_variance=True).fit(times, causes, event_of_interest=1)


async def test_shares_are_those_of_lifelines_on_the_same_rows(cast: Cast) -> None:
    await whole_city(cast)
    report = await got(cast, f"/api/reports/period?{WHOLE}&split=severity", CITY)
    judge = await judged(cast.clock.now())
    for told in report["all"]["within"]:
        assert abs(told["share"] - judge.predict(told["minutes"])) < 0.002
    warned = await Target.filter(warning__exercise=False).count()
    assert sum(group["warned"] for group in report["groups"]) == report["all"]["warned"] == warned
    assert sum(area["warned"] for area in report["areas"]) == warned
    assert sum(hour["warned"] for hour in report["hours"]) == warned
    assert report["before"]["warned"] == 0 and report["before"]["few"] and report["before"]["difference"] is None


async def test_by_how_much_one_part_reached_more_is_as_sure_as_lifelines_makes_it(cast: Cast) -> None:
    await whole_city(cast)
    judges = {one: await judged(cast.clock.now(), warning__severity=one) for one in ("high", "low")}
    share = {one: float(judge.predict(30)) for one, judge in judges.items()}
    spread = 1.96 * math.sqrt(sum(float(judge.variance_.loc[:30].iloc[-1]) for judge in judges.values()))
    for first, second in (("high", "low"), ("low", "high")):
        asked = f"{WHOLE}&split=severity&first={first}&second={second}"
        told = (await got(cast, f"/api/reports/period?{asked}", CITY))["compared"]
        assert (told["first"], told["second"]) == (first, second)
        more = share[first] - share[second]
        for name, judges_own in (("", more), ("_low", more - spread), ("_high", more + spread)):
            assert abs(told[f"difference{name}"] - judges_own) < 0.005
        row = (await cast.ask(CITY, "GET", f"/api/reports/table?{asked}&table=compared")).text.splitlines()[1]
        assert row.split(",")[3:] == [str(round(value, 4)) for value in list(told.values())[2:]]
    assert (await got(cast, f"/api/reports/period?{WHOLE}&split=policy", CITY))["compared"] is None


async def test_the_newest_two_versions_are_compared_unless_others_are_asked_for_and_few_are_not(cast: Cast) -> None:
    history = await whole_city(cast)
    versions = {history.policy.version: history.policy}
    for number, many in ((10, 3), (9, 2)):
        about = {"family": "fraud", "severity": "high", "body": {}, "made_at": cast.clock.now()}
        versions[number] = await EscalationPolicy.create(
            name=history.policy.name, version=number, digest=f"d{number}", **about
        )
        rows = await Target.filter(warning__exercise=False, outreach__policy_id=history.policy.id).limit(many)
        await Outreach.filter(id__in=[row.outreach_id for row in rows]).update(policy_id=versions[number].id)
    old, nine, ten = (f"{history.policy.name} v{number}" for number in sorted(versions))
    for chosen, pair in (
        ("", (ten, nine)),
        (f"&second={old}", (ten, old)),
        (f"&first={old}", (old, ten)),
        (f"&first={nine}&second={nine}", (nine, ten)),
        ("&first=gone v1&second=gone v2", (ten, nine)),
    ):
        told = (await got(cast, f"/api/reports/period?{WHOLE}&split=policy{chosen}", CITY))["compared"]
        assert (told["first"], told["second"], told["difference"]) == (*pair, None), chosen
    found = await got(cast, f"/api/reports/period?{WHOLE}&split=area", CITY)
    most = [group["name"] for group in sorted(found["groups"], key=lambda group: -group["warned"])]
    assert [found["compared"][name] for name in ("first", "second")] == most[:2]
    case = await Target.filter(warning__exercise=False).first()
    await Outreach.filter(id=case.outreach_id).update(area_id=None)
    found = await got(cast, f"/api/reports/period?{WHOLE}&split=area&second=+", CITY)
    assert [found["compared"][name] for name in ("first", "second")] == [most[0], ""]


async def test_how_many_exercises_were_left_out_is_said_of_just_what_was_asked_for(cast: Cast) -> None:
    history = await whole_city(cast)
    practised = await Target.filter(warning__exercise=True).prefetch_related("warning", "outreach__area")
    assert len(practised) > 3
    high = [each for each in practised if each.warning.severity == "high"]
    there = [each for each in practised if each.outreach.area.path == "/zhz/zgs/"]
    for narrowed, count in (
        ("", len(practised)),
        ("&severity=high", len(high)),
        ("&severity=high,low", len(practised)),
        ("&area=/zhz/zgs/", len(there)),
        (f"&category={history.category.code}&area=/zhz/zgs/&severity=high", len({*high} & {*there})),
        ("&category=other", 0),
    ):
        assert (await got(cast, f"/api/reports/period?{WHOLE}{narrowed}", CITY))["exercises"] == count, narrowed
    funnel = (await cast.ask(CITY, "GET", f"/api/reports/table?{WHOLE}&table=funnel")).text.splitlines()
    assert funnel[-1] == f"not counted,exercises,all,{len(practised)}"
    day = practised[0].warning.received_at.astimezone(SHANGHAI).date()
    same = [each for each in practised if each.warning.received_at.astimezone(SHANGHAI).date() == day]
    assert (await got(cast, f"/api/reports/period?from={day}&to={day}", CITY))["exercises"] == len(same)


async def test_means_of_the_stages_add_up_to_the_whole(cast: Cast) -> None:
    await whole_city(cast)
    report = await got(cast, f"/api/reports/period?{WHOLE}", CITY)
    for stages in report["all"]["stages"]:
        known = [each["minutes"] for each in stages["stages"] if each["minutes"] is not None]
        assert stages["count"] == 0 or abs(sum(known) - stages["together"]) < 1e-9
    by_channel = {stages["channel"]: stages["count"] for stages in report["all"]["stages"]}
    assert by_channel.pop("all") == sum(by_channel.values()) == report["all"]["funnel"]["reached"]["count"]


async def test_a_coordinator_reads_their_own_area_and_no_other(cast: Cast) -> None:
    await whole_city(cast)
    await an_outreach(cast)
    own = await got(cast, "/api/reports/period", "Cleo")
    assert own["area"] == cast.area.path and own["all"]["warned"] == 1 and own["all"]["few"]
    await got(cast, "/api/reports/period?area=/zhz/", "Cleo", 404)
    await got(cast, "/api/reports/cases?area=/zhz/", "Cleo", 404)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("period?from=yesterday", "from"),
        ("period?from=2026-11-02&to=2026-11-01", "to"),
        ("period?severity=awful", "severity"),
        ("period?split=weather", "split"),
        ("table?table=weather", "table"),
        ("table?table=curve&format=pdf", "format"),
        ("cases?figure=weather", "figure"),
        ("cases?cursor=weather", "cursor"),
        ("cases?within=soon", "within"),
        ("cases?hour=noon", "hour"),
        ("cases?policy=weather", "policy"),
        ("cases?figure=reached&channel=weather", "channel"),
    ],
)
async def test_an_odd_question_is_refused_by_field(cast: Cast, path: str, field: str) -> None:
    said = await got(cast, f"/api/reports/{path}", status=422)
    assert [fault["field"] for fault in said["errors"]] == [field]


async def test_each_case_behind_a_figure_says_what_danger_it_was_and_where(cast: Cast) -> None:
    case = await an_outreach(cast)
    (row,) = (await got(cast, "/api/reports/cases", "Cleo"))["cases"]
    area = (await got(cast, f"/api/outreaches/{case}", "Cleo"))["area"]
    assert area and row["area"] == area
    assert row["category_name"] == (await Category.get(code=row["category"])).scripts["names"]


async def test_tables_are_csv_and_all_of_them_one_workbook(cast: Cast) -> None:
    await an_outreach(cast)
    answer = await cast.ask("Cleo", "GET", "/api/reports/table?table=funnel")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert rows[0] == {"group": "all", "step": "warned", "channel": "all", "count": "1"}
    book = load_workbook(io.BytesIO((await cast.ask("Cleo", "GET", "/api/reports/table?format=xlsx")).content))
    assert book.sheetnames == list(TABLES)
    assert book["funnel"]["D2"].value == 1


async def test_a_spreadsheet_has_no_more_decimals_than_say_something(cast: Cast) -> None:
    await whole_city(cast)
    report = await got(cast, f"/api/reports/period?{WHOLE}&split=severity", CITY)
    book = load_workbook(io.BytesIO(workbook(report)))
    for name in TABLES:
        head, *rows = csv.reader(io.StringIO(table_as_csv(report, name)))
        for row, cells in zip(rows, book[name].iter_rows(min_row=2, values_only=True), strict=True):
            for column, said, cell in zip(head, row, cells, strict=False):
                assert not isinstance(cell, float) or float(said) == cell
                assert not isinstance(cell, float) or len(said.partition(".")[2]) <= (2 if "minutes" in column else 4)
    curve = list(csv.DictReader(io.StringIO(table_as_csv(report, "curve"))))
    for line, point in zip(curve, report["all"]["curve"], strict=False):
        assert float(line["share"]) == pytest.approx(point["share"], abs=5e-5)


def test_no_cell_is_taken_for_a_formula() -> None:
    rows = [{"reason": "=HYPERLINK()", "count": 2}, {"reason": "left", "count": 1}]
    told = table_as_csv({"all": {"unreached": {"reasons": rows}}}, "unreached")
    assert told.splitlines()[1:] == ["'=HYPERLINK(),2", "left,1"]


async def test_what_was_lost_is_recorded_later_and_taken_back(cast: Cast, settings: Settings) -> None:
    case = await an_outreach(cast)
    target = await Target.get(outreach_id=case)
    path, body = f"/api/outreaches/{case}/aftermath", {"target_id": str(target.id), "defrauded": True, "lost": 5000}
    answer = await cast.ask("Cleo", "POST", path, json=body | {"told_by": "police"})
    assert answer.status_code == 200 and answer.json()["lost"] == 5000
    after = (await got(cast, "/api/reports/period", "Cleo"))["all"]["aftermath"]
    assert (after["defrauded"], after["lost"], after["told_by"]["police"]) == (1, 5000, 1)
    view = await got(cast, f"/api/outreaches/{case}?masked=true", "Cleo")
    assert view["targets"][0]["aftermath"] == {"defrauded": True, "lost": 5000, "told_by": "police"}
    for currency in ("", "EUR"):
        settings.currency = currency
        for where in ("/api/reports/period", f"/api/outreaches/{case}?masked=true"):
            assert (await got(cast, where, "Cleo"))["currency"] == (currency or None)
        rates = (await cast.ask("Cleo", "GET", "/api/reports/table?table=rates")).text.splitlines()
        assert ("lost,5000" in rates, f"currency,{currency}" in rates) == (True, True)
    await cast.ask("Cleo", "POST", path, json=body | {"defrauded": None})
    assert (await got(cast, "/api/reports/period", "Cleo"))["all"]["aftermath"]["defrauded"] == 0
    assert await Event.filter(outreach_id=case, kind="aftermath").count() == 2
    other = body | {"target_id": case}
    assert (await cast.ask("Cleo", "POST", path, json=other)).status_code == 404
    assert (await cast.ask("Cleo as chief", "POST", path, json=body)).status_code == 403
