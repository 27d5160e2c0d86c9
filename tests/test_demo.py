"""The rehearsal keeps its word: every warning accounted for, the same figures in every diary, no name in any log."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from outreach.cli.demo import logged_to, settle, watched
from outreach.rehearsal import load_city
from outreach.rehearsal.accounting import Account, by_the_diaries
from outreach.rehearsal.demo import Plan, opened
from outreach.rehearsal.staging import morning_zone
from outreach.rehearsal.town import Entry
from outreach.reports import Report
from tests.harness.databases import ENGINES, Stored, migrated_on

PLAN = Plan(rate=60.0)
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
ACCEPTS = {
    ("fraud", "high"): frozenset({"person_by_phone", "in_person"}),
    ("fraud", "medium"): frozenset({"key", "sms_reply", "person_by_phone", "in_person"}),
}


@dataclass
class Seen:
    sound: bool
    accounts: list[Account]
    report: Report
    printed: str
    log: str
    texts_to_responders: int
    reports_by_responders: int


@pytest.fixture(scope="module", params=ENGINES)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """One whole rehearsal on each engine, watched without a terminal (tests/conftest.py keeps its tests together)."""
    return asyncio.run(_rehearse(tmp_path_factory.mktemp("demo"), migrated_on(request.param, request)))


async def _rehearse(folder: Path, empty: Stored) -> Seen:
    printed = io.StringIO()
    console = Console(file=printed, width=120)
    stored = await empty.copy(folder)
    with logged_to(folder / "log.ndjson"):
        async with opened(folder, PLAN, stored.url) as rehearsal:
            await watched(rehearsal, PLAN, console)
            sound = await settle(rehearsal, PLAN, console)
            accounts, report = await rehearsal.accounts(), await rehearsal.report()
            texts = [i for i in rehearsal.provider.items if rehearsal.town.who_has[i.to].startswith("P")]
            reports = [entry for entry in rehearsal.diary() if entry.by.startswith("P")]
    await stored.drop()
    log = (folder / "log.ndjson").read_text(encoding="utf-8")
    return Seen(sound, accounts, report, printed.getvalue(), log, len(texts), len(reports))


@pytest.mark.slow
def test_each_of_the_sixty_warnings_is_accounted_for(seen: Seen) -> None:
    assert {account.external_id for account in seen.accounts} == {w.body["external_id"] for w in load_city().warnings}
    assert seen.sound, seen.printed
    assert "60 warnings = " in seen.printed


@pytest.mark.slow
def test_the_report_says_what_the_diaries_say(seen: Seen) -> None:
    by_diary = [account for account in seen.accounts if account.by_diary is not None]
    assert seen.report.total.counts.reached == len(by_diary) > 0
    for severity, group in zip(("high", "medium", "low"), seen.report.groups, strict=True):
        assert group.counts.reached == sum(account.severity == severity for account in by_diary)


@pytest.mark.slow
def test_responders_were_asked_by_text_and_reported_by_the_api(seen: Seen) -> None:
    assert seen.texts_to_responders > 0
    assert seen.reports_by_responders > 0


@pytest.mark.slow
def test_no_name_number_or_address_of_the_city_is_in_the_log(seen: Seen) -> None:
    city = load_city()
    people = [*city.read_residents(), *city.read_responders()]
    private = [text for person in people for text in (person.name, person.phone, person.phone.lstrip("+"))]
    private += [person.address for person in city.read_residents()]
    assert seen.log
    assert [text for text in private if text in seen.log] == []


@pytest.mark.slow
def test_without_a_terminal_there_is_a_line_every_ten_minutes(seen: Seen) -> None:
    lines = [line for line in seen.printed.splitlines() if line.startswith("city minute")]
    assert 8 <= len(lines) <= 10


@pytest.mark.parametrize("hour", range(24))
def test_it_is_morning_in_the_city_at_whatever_hour_it_is_rehearsed(hour: int) -> None:
    start = NOON.replace(hour=hour)
    assert start.astimezone(ZoneInfo(morning_zone(start))).hour == 10


def account(severity: str, *, ended: datetime | None = None) -> Account:
    return Account("W1", "R1", "fraud", severity, NOON, ended, None, "still open")


def entry(minutes: int, channel: str) -> Entry:
    return Entry(NOON + timedelta(minutes=minutes), "R1", channel, "1", True)


def test_a_key_reaches_a_person_warned_of_mildly_and_not_one_in_grave_danger() -> None:
    mild, grave = account("medium"), account("high")
    assert by_the_diaries(mild, [mild], [entry(3, "voice")], ACCEPTS) == NOON + timedelta(minutes=3)
    assert by_the_diaries(grave, [grave], [entry(3, "voice"), entry(9, "visit")], ACCEPTS) == NOON + timedelta(
        minutes=9
    )


def test_what_came_before_the_warning_did_not_reach_them() -> None:
    mild = account("medium")
    assert by_the_diaries(mild, [mild], [entry(-1, "visit")], ACCEPTS) is None


def test_a_figure_that_differs_from_the_diary_is_found() -> None:
    told = account("medium")
    told.reached_at = NOON
    assert not told.agrees(timedelta(minutes=5))
    told.by_diary = NOON + timedelta(minutes=1)
    assert told.agrees(timedelta(minutes=5))
