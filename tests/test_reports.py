"""The report's figures, by hand and by lifelines on the same rows; the feed; the coordinators' views."""

from __future__ import annotations

import csv
import io
import json
import logging
from datetime import datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from rich.console import Console
from tortoise.transactions import in_transaction

from outreach.errors import BadInput, NotFound
from outreach.models import Address, Event, Outreach
from outreach.reports import Report, feed, outreach_list, outreach_view, time_to_reach, warning_status
from tests.harness.histories import History

DAY = timedelta(days=1)


@pytest.fixture
async def history(database: str, now: datetime) -> History:
    return await History(now).begin()


async def report(history: History, until: float = 120, **asked: object) -> Report:
    now = history.now + timedelta(minutes=until)
    return await time_to_reach(history.now - DAY, history.now + DAY, now, **asked)  # type: ignore[arg-type]


async def ten_targets(history: History) -> None:
    """Six reached (one after its end), one ended unreached, two otherwise, one still open; and an exercise."""
    await history.target(reached=2, by="sms", convinced=2, ended=2.5, state="convinced", told=3)
    await history.target(reached=4, by="voice", severity="low")
    await history.target(reached=12, by="visit", role="volunteer", area="gs")
    await history.target(reached=20, by="visit", role="officer")
    await history.target(reached=33, by="visit", role="volunteer", source="telecom")
    await history.target(reached=45, by="visit", role="volunteer", ended=40, state="unreached")
    await history.target(ended=10, state="withdrawn", severity="low")
    await history.target(contacted=5, ended=25, state="unreached")
    await history.target(ended=60.5, state="false_alarm", area="gs")
    await history.target(contacted=7)
    await history.target(reached=1, exercise=True)


async def test_every_target_is_counted_once_and_an_exercise_never(history: History) -> None:
    await ten_targets(history)
    counts = (await report(history)).total.counts
    ends = counts.ended_unreached + counts.ended_otherwise
    assert counts.warned == 10 == counts.reached + ends + counts.still_open
    assert (counts.contacted, counts.reached, counts.reached_late, counts.convinced) == (8, 6, 1, 1)
    assert (counts.ended_unreached, counts.ended_otherwise) == (1, 2)
    assert (counts.withdrawn, counts.false_alarm, counts.closed) == (1, 1, 0)
    assert (counts.still_open, counts.following_up) == (1, 4)


async def test_shares_reached_are_those_counted_by_hand_while_nobody_is_open_in_between(history: History) -> None:
    await ten_targets(history)
    within = (await report(history)).total.within
    assert [each.minutes for each in within] == [5, 15, 30, 60]
    assert [each.share for each in within] == pytest.approx([0.2, 0.3, 0.4, 0.6])
    assert [each.naive for each in within] == pytest.approx([0.2, 0.3, 0.4, 0.6])
    # As if the two who ended by then could still be reached: 1 - 9/10 * 8/9 * 6/7 * 5/6 * ... by Kaplan-Meier.
    assert within[2].if_ends_were_open == pytest.approx(1 - 0.8 * (6 / 7) * (5 / 6))
    assert all(each.low < each.share < each.high for each in within)


async def test_shares_and_bands_are_those_of_lifelines_with_cases_still_open(history: History) -> None:
    times, causes = [], []
    for i in range(40):
        kind, minutes = i % 4, 1.5 + 2.25 * i
        times.append(minutes)
        causes.append((1, 1, 2, 0)[kind])
        received = 100 - minutes if kind == 3 else 0
        await history.target(
            received,
            reached=minutes if kind < 2 else None,
            ended=minutes if kind == 2 else None,
            by=("sms", "visit")[kind % 2],
        )
    found = (await report(history, until=100)).total
    judge = AalenJohansenFitter().fit(times, causes, event_of_interest=1)
    alone = KaplanMeierFitter().fit(times, [cause == 1 for cause in causes])
    for each in found.within:
        assert each.share == pytest.approx(judge.predict(each.minutes), abs=1e-12)
        assert each.if_ends_were_open == pytest.approx(1 - alone.predict(each.minutes), abs=1e-12)
        band = judge.confidence_interval_.loc[: each.minutes].iloc[-1].to_numpy()
        if np.isfinite(band).all():
            assert (each.low, each.high) == pytest.approx(sorted(band), abs=1e-12)
    for name, cause in (("sms", 0), ("visit", 1)):
        own = [1 if i % 4 == cause else 2 if c else 0 for i, c in enumerate(causes)]
        judge = AalenJohansenFitter(calculate_variance=False).fit(times, own, event_of_interest=1)
        channel = next(each for each in found.channels if each.name == name)
        assert [w.share for w in channel.within] == pytest.approx([judge.predict(w.minutes) for w in channel.within])


async def test_half_are_reached_by_a_minute_and_some_never(history: History) -> None:
    await ten_targets(history)
    found = (await report(history)).total
    assert [(each.share, each.minutes) for each in found.quantiles] == [
        (0.25, 12),
        (0.5, 33),
        (0.75, None),
        (0.9, None),
    ]
    assert found.quantiles[1].low is not None and found.quantiles[1].low <= 33
    assert found.quantiles[1].high is None
    assert not found.complete


async def test_a_quantile_says_never_only_when_nobody_is_open(history: History) -> None:
    await history.target(reached=5)
    await history.target(ended=9)
    assert (await report(history)).total.complete
    assert row_of(printed(await report(history)), "75% reached after, min") == ["never"]
    assert row_of(printed(await report(history)), "50% reached after, min") == ["5.0 (5.0–never)"]
    # Open, but only for a minute so far: nobody is watched as long as the last of the others was.
    await history.target(119)
    found = printed(await report(history))
    assert row_of(found, "75% reached after, min") == ["not yet"]
    assert "never" not in found and "–not yet)" in found


async def test_a_minute_at_which_all_were_reached_has_no_limits(history: History) -> None:
    await history.target(reached=5)
    assert row_of(printed(await report(history)), "90% reached after, min") == ["5.0"]


async def test_the_table_adds_up_to_all_warned(history: History) -> None:
    await ten_targets(history)
    parts = ("reached", "ended unreached", "ended otherwise", "still open")
    found = await report(history)
    shown = {name: int(row_of(printed(found), name)[0]) for name in ("warned", *parts)}
    assert shown["warned"] == 10 == sum(shown[part] for part in parts)
    lines = csv.DictReader(io.StringIO(found.to_csv()))
    listed = {line["name"]: int(line["value"]) for line in lines if line["figure"] == "count"}
    told = found.to_json()["total"]["counts"]
    for name in shown:
        assert shown[name] == listed[name.replace(" ", "_")] == told[name.replace(" ", "_")], name


async def test_whom_no_person_reached_is_said_in_words(history: History) -> None:
    await history.target(reached=2, by="sms")
    await history.target(reached=12, by="visit", role="volunteer")
    words = printed(await report(history))
    assert row_of(words, "no person")[0] == row_of(words, "role volunteer")[0] == "1"


async def test_channels_and_roles_add_up_to_all_reached(history: History) -> None:
    await ten_targets(history)
    found = (await report(history)).total
    assert {each.name: each.count for each in found.channels} == {"sms": 1, "visit": 4, "voice": 1}
    assert {each.name: each.count for each in found.roles} == {"no person": 2, "officer": 1, "volunteer": 3}
    for causes in (found.channels, found.roles):
        for i, whole in enumerate(found.within):
            assert sum(each.within[i].share or 0 for each in causes) == pytest.approx(whole.share)


@pytest.mark.parametrize(
    ("by", "warned"),
    [
        ("severity", {"high": 8, "low": 2}),
        ("category", {"fraud.call": 10}),
        ("source", {"bank": 9, "telecom": 1}),
        ("area", {"/hz/gs/": 2, "/hz/xh/": 8}),
        ("policy", {"fraud_high v3": 10}),
    ],
)
async def test_a_split_loses_nobody(history: History, by: str, warned: dict[str, int]) -> None:
    await ten_targets(history)
    found = await report(history, by=by)
    assert {group.name: group.counts.warned for group in found.groups} == warned


async def test_an_area_and_a_source_narrow_the_report(history: History) -> None:
    await ten_targets(history)
    assert (await report(history, area_path="/hz/gs/")).total.counts.warned == 2
    assert (await report(history, source_id=history.sources["telecom"].id)).total.counts.reached == 1


async def test_a_target_belongs_to_the_hour_in_which_its_warning_came(history: History) -> None:
    await history.target(0, reached=5)
    await history.target(60, reached=65)
    first = await time_to_reach(history.now, history.now + timedelta(hours=1), history.now + DAY)
    assert first.total.counts.warned == 1


async def test_the_clock_may_start_when_the_danger_was_detected(history: History) -> None:
    await history.target(0, detected=-10, reached=5)
    assert (await report(history, clock="received")).total.quantiles[1].minutes == 5
    assert (await report(history, clock="detected")).total.quantiles[1].minutes == 15


async def test_where_the_minutes_went_adds_up_to_the_whole(history: History) -> None:
    ada = await history.target(0, detected=-3, reached=30, told=31, by="visit", role="volunteer")
    await history.attempt(ada, 1, 2)
    await history.attempt(ada, 6, 7)
    await history.visit(ada, 10, 14, 29)
    await history.target(0, detected=-1, reached=5, told=6)
    stages = (await report(history)).total.stages
    assert [(s.begins, s.ends, s.count, s.mean, s.median) for s in stages] == [
        ("detected", "received", 2, 2.0, 2.0),
        ("received", "first attempt", 1, 1.0, 1.0),
        ("received", "reached", 1, 5.0, 5.0),
        ("first attempt", "delivered", 1, 1.0, 1.0),
        ("delivered", "offered", 1, 8.0, 8.0),
        ("offered", "accepted", 1, 4.0, 4.0),
        ("accepted", "arrived", 1, 15.0, 15.0),
        ("arrived", "reached", 1, 1.0, 1.0),
        ("reached", "source told", 2, 1.0, 1.0),
    ]
    assert sum(s.count * s.mean for s in stages) == 34 + 7


async def test_a_text_sent_before_a_warning_joined_is_not_its_first_attempt(history: History) -> None:
    first = await history.target(0)
    await history.attempt(first, 1)
    outreach = await Outreach.get(id=first.outreach_id)
    await history.target(10, reached=12, outreach=outreach)
    stages = {(s.begins, s.ends): s.count for s in (await report(history)).total.stages}
    assert stages["received", "first attempt"] == 1
    assert stages["received", "reached"] == 1


async def test_a_visitor_who_came_after_the_reply_took_no_minutes(history: History) -> None:
    ada = await history.target(0, reached=5)
    await history.visit(ada, 1, 2, 9)
    pairs = [(s.begins, s.ends) for s in (await report(history)).total.stages]
    assert pairs[-1] == ("accepted", "reached")


async def test_an_empty_day_has_a_report_too(history: History) -> None:
    found = await report(history, by="severity")
    assert found.total.counts.warned == 0
    assert found.total.within[0].share is None
    json.dumps(found.to_json())
    assert found.to_csv()
    words = printed(found)
    assert row_of(words, "≤ 5 min") == row_of(words, "50% reached after, min") == ["–"]
    assert "What reached them" not in words and "Where the minutes went" not in words


async def test_the_report_is_json_and_csv_and_a_table(history: History) -> None:
    await ten_targets(history)
    found = await report(history, by="severity")
    told = json.loads(json.dumps(found.to_json()))
    assert told["total"]["counts"]["warned"] == 10
    assert told["from"] == (history.now - DAY).isoformat()
    assert [group["name"] for group in told["groups"]] == ["high", "low"]
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    warned = {line["group"]: line["value"] for line in lines if line["name"] == "warned"}
    assert warned == {"high": "8", "low": "2", "all": "10"}
    assert "Time to reach" in printed(found)


def printed(found: Report) -> str:
    console = Console(file=io.StringIO(), width=240)
    for table in found.to_tables():
        console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]


def row_of(words: str, name: str) -> list[str]:
    """The cells beside this one in the first row that begins with it."""
    rows = ([cell.strip() for cell in line.strip("│").split("│")] for line in words.splitlines())
    return next(cells for first, *cells in rows if first == name)


async def test_an_odd_question_is_refused_by_field(history: History) -> None:
    with pytest.raises(BadInput) as refused:
        await time_to_reach(history.now, history.now, history.now, by="weather", clock="sundial")
    assert [fault.field for fault in refused.value.faults] == ["to", "by", "clock"]


async def test_the_report_asks_four_queries_however_many_targets(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    for i in range(30):
        await history.target(reached=i + 1)
    with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
        await report(history, by="source")
    assert len([line for line in caplog.messages if "SELECT" in line]) == 4


async def test_a_source_reads_what_became_of_its_own_warnings(history: History) -> None:
    ada = await history.target(reached=5, external_id="b-1")
    other = await history.target(source="telecom")
    for kind in ("joined", "contact", "target_reached"):
        await history.event(ada, kind, 5, channel="sms", task_id="t")
    await history.event(other, "joined")
    lines = await feed(history.sources["bank"].id, 0)
    assert [line["kind"] for line in lines] == ["joined", "target_reached"]
    assert lines[1]["external_id"] == "b-1"
    assert lines[1]["target_id"] == str(ada.id)
    assert lines[1]["data"] == {"channel": "sms"}
    json.dumps(lines)
    assert await feed(history.sources["bank"].id, lines[-1]["seq"]) == []
    assert [line["kind"] for line in await feed(history.sources["bank"].id, lines[0]["seq"], 1)] == ["target_reached"]
    assert await feed(history.sources["bank"].id, lines[-1]["seq"] + 1000) == []


async def test_a_change_that_commits_late_is_not_skipped(history: History, database: str) -> None:
    if database.startswith("sqlite"):
        pytest.skip("SQLite has one writer: lines commit in their order")
    import asyncpg

    ada, bank = await history.target(reached=5), history.sources["bank"].id
    insert = (
        "INSERT INTO event (outreach_id, target_id, kind, at, recorded_at, actor_kind, data)"
        " VALUES ($1, $2, $3, now(), now(), 'system', '{}')"
    )
    early, late = await asyncpg.connect(database), await asyncpg.connect(database)
    try:
        # `early` has the lower transaction and writes the higher line, `late` the other way round.
        first, second = early.transaction(), late.transaction()
        await first.start()
        await early.execute("SELECT pg_current_xact_id()")
        await second.start()
        await late.execute(insert, ada.outreach_id, ada.id, "target_reached")
        await early.execute(insert, ada.outreach_id, ada.id, "joined")
        await first.commit()
        read = await feed(bank, 0)
        assert [line["kind"] for line in read] == ["joined"]
        async with in_transaction():
            await history.event(ada, "target_ended")
        assert await feed(bank, read[-1]["seq"]) == []
        await second.commit()
        read += await feed(bank, read[-1]["seq"])
    finally:
        await early.close()
        await late.close()
    assert [line["kind"] for line in read] == ["joined", "target_reached", "target_ended"]
    assert len(read) == await Event.all().count()


async def test_a_source_follows_one_warning_and_sees_no_other_target(history: History) -> None:
    ada = await history.target(reached=5, ended=6, state="convinced", external_id="b-1")
    outreach = await Outreach.get(id=ada.outreach_id)
    second = await history.target(1, outreach=outreach, source="telecom")
    await history.event(ada, "target_reached", 5)
    await history.event(second, "target_ended", 6)
    found = await warning_status(ada.warning_id, history.sources["bank"].id)
    assert (found["external_id"], found["status"]) == ("b-1", "convinced")
    assert found["targets"][0]["reached_at"] == (history.now + timedelta(minutes=5)).isoformat()
    assert [line["kind"] for line in found["targets"][0]["timeline"]] == ["target_reached"]
    assert "stranger" not in json.dumps(found)
    assert (await warning_status(second.warning_id, None))["status"] == "open"
    with pytest.raises(NotFound):
        await warning_status(ada.warning_id, history.sources["telecom"].id)
    with pytest.raises(NotFound):
        await warning_status(uuid4(), None)


async def test_cleo_sees_everything_of_one_outreach(history: History) -> None:
    ada = await history.target(reached=5)
    resident = await ada.resident
    await history.phone(resident, "+8613800000001")
    await Address.create(resident=resident, text="12 Lake Road", made_at=history.now)
    await history.attempt(ada, 1)
    await history.visit(ada, 2, 3)
    await history.event(ada, "joined")
    found = await outreach_view(ada.outreach_id)
    assert found["resident"]["name"] == "Ada Lovelace"
    assert found["resident"]["phones"][0]["number"] == "+8613800000001"
    assert found["resident"]["addresses"][0]["text"] == "12 Lake Road"
    assert [len(found[key]) for key in ("targets", "attempts", "offers", "tasks", "timeline")] == [1] * 5
    assert found["version"] == 1
    assert found["targets"][0]["warning"]["source"] == "bank"
    assert "hash" not in json.dumps(found)
    with pytest.raises(NotFound):
        await outreach_view(uuid4())


async def test_the_list_is_paged_and_filtered_and_names_nobody(history: History) -> None:
    made = [await history.target(severity=("high", "low")[i % 2], area=("xh", "gs")[i // 3]) for i in range(5)]
    await history.target(ended=4)
    first = await outreach_list(Outreach.all(), {"live": "true"}, None, 3)
    rest = await outreach_list(Outreach.all(), {"live": "true"}, first["next"], 3)
    seen = [row["id"] for row in first["outreaches"] + rest["outreaches"]]
    assert seen == [str(target.outreach_id) for target in reversed(made)]
    assert rest["next"] is None
    assert "Ada" not in json.dumps(first)
    assert len((await outreach_list(Outreach.all(), {"severity": "low"}))["outreaches"]) == 2
    assert len((await outreach_list(Outreach.all(), {"area": "/hz/gs/", "taken": "false"}))["outreaches"]) == 2
    scoped = Outreach.filter(area__path__startswith="/hz/gs/")
    assert len((await outreach_list(scoped, {"status": "open"}))["outreaches"]) == 2


@pytest.mark.parametrize(
    ("filters", "cursor", "field"),
    [
        ({"mood": "x"}, None, "mood"),
        ({"severity": "x"}, None, "severity"),
        ({"live": "x"}, None, "live"),
        ({}, "x", "cursor"),
    ],
)
async def test_an_odd_filter_is_refused_by_field(
    database: str, filters: dict[str, str], cursor: str | None, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await outreach_list(Outreach.all(), filters, cursor)
    assert refused.value.faults[0].field == field
