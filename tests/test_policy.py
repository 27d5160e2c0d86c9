"""What the ladder does next, rule by rule: pure values in, one move out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from outreach.errors import MisSet
from outreach.policy import ContactHours, End, Policy, Standing, StartOver, Step, Take, Wait, next_step, parse_policy
from outreach.policy.reading import parse_categories

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ANYTHING = frozenset({"sms", "voice", "call", "visit", "trusted_contact"})
POLICIES = Path(__file__).parent.parent / "outreach" / "policies"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


SMS = Step("sms", minutes(0), stops_on=frozenset({"key", "in_person"}))
VOICE = Step("voice", minutes(3))
VISIT = Step("visit", minutes(10), stops_on=frozenset({"in_person"}))
ALARM = Step("coordinator", minutes(30), every=minutes(10))
FOLLOW_UP = Step("follow_up", timedelta(hours=24), by="call", within=timedelta(hours=4))


def policy(*steps: Step, **given: Any) -> Policy:
    said = {"severity": "medium", "gives_up_after": timedelta(hours=48), **given}
    return Policy(name="p", family="fraud", accepts=frozenset({"in_person"}), steps=steps, **said)


def standing(**given: Any) -> Standing:
    """Ada's ladder, begun at noon and not yet climbed."""
    said: dict[str, Any] = {
        "began_at": NOON,
        "step": -1,
        "tries": 0,
        "step_at": NOON,
        "hurried": False,
        "following_up": False,
        "acknowledged": False,
        "evidence": frozenset(),
        "possible": ANYTHING,
        "zone": SHANGHAI,
    }
    return Standing(**{**said, **given})


LADDER = policy(SMS, VOICE, VISIT, ALARM, FOLLOW_UP)


def test_the_first_step_is_taken_at_once() -> None:
    assert next_step(LADDER, standing(), NOON) == Take(0, SMS, 1)


def test_each_step_waits_its_time_after_the_one_before_it() -> None:
    at = standing(step=0, tries=1)
    assert next_step(LADDER, at, NOON) == Wait(NOON + minutes(3))
    assert next_step(LADDER, at, NOON + minutes(3)) == Take(1, VOICE, 1)


@pytest.mark.parametrize(("step", "following"), [(0, 1), (1, 2), (2, 3)])
def test_a_failure_brings_the_next_step_at_once(step: int, following: int) -> None:
    at = standing(step=step, tries=1, hurried=True)
    assert next_step(LADDER, at, NOON) == Take(following, LADDER.steps[following], 1)


def test_a_failure_skips_the_repeats_of_what_failed() -> None:
    stubborn = policy(replace(VOICE, repeat=2, every=minutes(5)), VISIT)
    assert next_step(stubborn, standing(step=0, tries=1, hurried=True), NOON) == Take(1, VISIT, 1)


def test_a_step_is_repeated_as_often_as_it_says_and_then_the_next_one_comes() -> None:
    voice = replace(VOICE, repeat=2, every=minutes(5))
    again = policy(voice, VISIT)
    assert next_step(again, standing(step=0, tries=1), NOON) == Wait(NOON + minutes(5))
    assert next_step(again, standing(step=0, tries=1), NOON + minutes(5)) == Take(0, voice, 2)
    assert next_step(again, standing(step=0, tries=2), NOON + minutes(5)) == Take(0, voice, 3)
    assert next_step(again, standing(step=0, tries=3), NOON) == Wait(NOON + minutes(10))


def test_a_step_that_what_is_known_stops_is_passed_over() -> None:
    at = standing(evidence=frozenset({"key"}))
    assert next_step(LADDER, at, NOON) == Wait(NOON + minutes(3))
    assert next_step(LADDER, at, NOON + minutes(3)) == Take(1, VOICE, 1)


def test_a_key_pressed_does_not_stop_a_step_that_does_not_name_it() -> None:
    assert next_step(policy(VISIT), standing(evidence=frozenset({"key"})), NOON + minutes(10)) == Take(0, VISIT, 1)


def test_a_repeat_is_not_taken_once_it_is_stopped() -> None:
    texts = policy(replace(SMS, repeat=3, every=minutes(1)), VISIT)
    at = standing(step=0, tries=1, evidence=frozenset({"key"}))
    assert next_step(texts, at, NOON + minutes(1)) == Wait(NOON + minutes(10))


def test_a_step_that_cannot_work_for_this_resident_is_passed_over() -> None:
    assert next_step(LADDER, standing(possible=frozenset({"visit"})), NOON + minutes(10)) == Take(2, VISIT, 1)


def test_people_are_asked_when_the_machine_would_have_rung_where_it_cannot_ring() -> None:
    no_calls = standing(step=0, tries=1, possible=ANYTHING - {"voice"})
    assert next_step(LADDER, no_calls, NOON) == Wait(NOON + minutes(3))
    assert next_step(LADDER, no_calls, NOON + minutes(3)) == Take(2, VISIT, 1)
    nowhere_to_write = standing(possible=frozenset({"visit"}))
    assert next_step(LADDER, nowhere_to_write, NOON) == Take(2, VISIT, 1)


def test_a_coordinator_is_alarmed_no_sooner_because_nobody_can_be_rung_or_visited() -> None:
    nothing = standing(possible=frozenset())
    assert next_step(LADDER, nothing, NOON) == Wait(NOON + minutes(30))


def test_a_step_that_is_stopped_by_what_is_known_brings_nobody_sooner() -> None:
    stopped = policy(replace(VOICE, stops_on=frozenset({"key"})), VISIT)
    assert next_step(stopped, standing(evidence=frozenset({"key"})), NOON) == Wait(NOON + minutes(10))


def test_somebody_on_the_way_is_given_their_time() -> None:
    at = standing(step=0, tries=1, held_until=NOON + minutes(40), hurried=True)
    assert next_step(LADDER, at, NOON + minutes(20)) == Wait(NOON + minutes(40))
    assert isinstance(next_step(LADDER, at, NOON + minutes(40)), Take)


def test_nobody_on_the_way_is_called_back_because_the_warning_expired() -> None:
    at = standing(step=2, tries=1, held_until=NOON + minutes(40), expires_at=NOON + minutes(10))
    assert next_step(LADDER, at, NOON + minutes(20)) == Wait(NOON + minutes(40))
    assert next_step(LADDER, at, NOON + minutes(40)) == End("unreached", "warning_expired")


def test_coordinators_are_alarmed_again_until_one_acknowledges() -> None:
    at = standing(step=3, tries=1)
    assert next_step(LADDER, at, NOON) == Wait(NOON + minutes(10))
    assert next_step(LADDER, at, NOON + minutes(10)) == Take(3, ALARM, 2)
    assert next_step(LADDER, replace(at, tries=5), NOON + minutes(10)) == Take(3, ALARM, 6)


def test_once_acknowledged_no_coordinator_is_alarmed() -> None:
    done = standing(step=3, tries=1, acknowledged=True)
    assert next_step(LADDER, done, NOON + minutes(10)) == Wait(NOON + timedelta(hours=48))
    assert next_step(LADDER, replace(done, step=2), NOON + minutes(60)) == Wait(NOON + timedelta(hours=48))


def test_the_alarm_stops_climbing_at_the_top() -> None:
    at = standing(step=3, tries=4, top_reached=True)
    assert next_step(LADDER, at, NOON + minutes(10)) == Wait(NOON + timedelta(hours=48))


def test_nobody_is_followed_up_before_they_were_reached() -> None:
    assert next_step(policy(FOLLOW_UP), standing(), NOON + timedelta(hours=25)) == Wait(NOON + timedelta(hours=48))


def test_once_reached_only_the_follow_up_comes() -> None:
    at = standing(step=3, tries=0, following_up=True)
    assert next_step(LADDER, at, NOON) == Wait(NOON + timedelta(hours=24))
    assert next_step(LADDER, at, NOON + timedelta(hours=24)) == Take(4, FOLLOW_UP, 1)


def test_a_follow_up_later_than_giving_up_is_still_waited_for_and_taken() -> None:
    hasty = replace(LADDER, gives_up_after=timedelta(hours=1))
    at = standing(step=3, following_up=True, expires_at=NOON + minutes(30))
    assert next_step(hasty, at, NOON + timedelta(hours=2)) == Wait(NOON + timedelta(hours=24))
    assert next_step(hasty, at, NOON + timedelta(hours=24)) == Take(4, FOLLOW_UP, 1)


def test_after_the_last_follow_up_the_case_closes_when_its_time_is_over() -> None:
    at = standing(step=4, tries=1, following_up=True)
    assert next_step(LADDER, at, NOON) == Wait(NOON + timedelta(hours=4))
    assert next_step(LADDER, at, NOON + timedelta(hours=4)) == End("closed", "follow_ups_done")


def test_a_follow_up_that_found_nobody_to_ask_does_not_close_the_case_on_the_spot() -> None:
    at = standing(step=4, tries=1, following_up=True, hurried=True)
    assert next_step(LADDER, at, NOON) == Wait(NOON + timedelta(hours=4))


def test_a_follow_up_that_failed_is_repeated_in_its_time() -> None:
    twice = replace(FOLLOW_UP, repeat=1, every=timedelta(hours=72))
    at = standing(step=0, tries=1, following_up=True, hurried=True)
    assert next_step(policy(twice), at, NOON + timedelta(hours=1)) == Wait(NOON + timedelta(hours=72))
    assert next_step(policy(twice), at, NOON + timedelta(hours=72)) == Take(0, twice, 2)


def test_a_follow_up_that_cannot_be_made_is_not_asked_for() -> None:
    at = standing(step=3, following_up=True, possible=frozenset({"visit"}))
    assert next_step(LADDER, at, NOON + timedelta(hours=24)) == End("closed", "follow_ups_done")


def test_when_time_runs_out_the_case_ends_unreached() -> None:
    assert next_step(LADDER, standing(step=3, tries=9), NOON + timedelta(hours=48)) == End("unreached", "time_ran_out")


def test_when_the_warning_expires_the_case_ends_unreached() -> None:
    at = standing(step=0, tries=1, expires_at=NOON + minutes(2))
    assert next_step(LADDER, at, NOON) == Wait(NOON + minutes(2))
    assert next_step(LADDER, at, NOON + minutes(2)) == End("unreached", "warning_expired")


def test_a_ladder_climbed_in_vain_begins_again_at_its_foot() -> None:
    again = policy(SMS, again_after=timedelta(hours=12))
    at = standing(step=0, tries=1)
    assert next_step(again, at, NOON) == Wait(NOON + timedelta(hours=12))
    assert next_step(again, at, NOON + timedelta(hours=12)) == StartOver()


def test_beginning_again_never_outlasts_giving_up() -> None:
    again = policy(SMS, again_after=timedelta(hours=50))
    assert next_step(again, standing(step=0, tries=1), NOON) == Wait(NOON + timedelta(hours=48))


DAY = ContactHours(time(9), time(20))
NIGHT = ContactHours(time(22), time(6))


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hours", "local", "expected"),
    [
        (DAY, shanghai(24, 8, 59), shanghai(24, 9)),
        (DAY, shanghai(24, 9), None),
        (DAY, shanghai(24, 19, 59), None),
        (DAY, shanghai(24, 20), shanghai(25, 9)),
        (DAY, shanghai(25, 0), shanghai(25, 9)),
        (NIGHT, shanghai(24, 23, 30), None),
        (NIGHT, shanghai(25, 0), None),
        (NIGHT, shanghai(25, 5, 59), None),
        (NIGHT, shanghai(25, 6), shanghai(25, 22)),
        (NIGHT, shanghai(25, 12), shanghai(25, 22)),
    ],
)
def test_nobody_is_disturbed_outside_contact_hours(
    hours: ContactHours, local: datetime, expected: datetime | None
) -> None:
    now = local.astimezone(UTC)
    move = next_step(policy(SMS, hours=hours), standing(began_at=now, step_at=now), now)
    assert move == (Take(0, SMS, 1) if expected is None else Wait(expected))


def test_contact_hours_are_those_of_the_residents_own_zone() -> None:
    at = standing(zone=ZoneInfo("America/New_York"))
    assert next_step(policy(SMS, hours=DAY), at, NOON) == Wait(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))


def test_contact_hours_follow_the_clock_change() -> None:
    eve = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    at = standing(began_at=eve, step_at=eve, zone=ZoneInfo("Europe/Berlin"))
    assert next_step(policy(SMS, hours=DAY), at, eve) == Wait(datetime(2026, 3, 29, 7, 0, tzinfo=UTC))


def test_a_step_due_in_the_night_waits_for_the_morning() -> None:
    evening = shanghai(24, 19, 58)
    at = standing(began_at=evening, step_at=evening, step=0, tries=1)
    assert next_step(policy(SMS, VOICE, hours=DAY), at, evening) == Wait(shanghai(25, 9))


def test_contact_hours_do_not_bind_at_high_severity() -> None:
    night = shanghai(24, 2)
    grave = policy(SMS, hours=DAY, severity="high")
    assert next_step(grave, standing(began_at=night, step_at=night), night) == Take(0, SMS, 1)


def test_coordinators_are_alarmed_at_any_hour() -> None:
    night = shanghai(24, 2)
    at = standing(began_at=night, step_at=night - minutes(30))
    assert next_step(policy(ALARM, hours=DAY), at, night) == Take(0, ALARM, 1)


def test_waiting_for_the_morning_never_outlasts_giving_up() -> None:
    night = shanghai(24, 2)
    hasty = policy(SMS, hours=DAY, gives_up_after=timedelta(hours=1))
    assert next_step(hasty, standing(began_at=night, step_at=night), night) == Wait(night + timedelta(hours=1))


@pytest.mark.parametrize("possible", [ANYTHING, frozenset(), frozenset({"visit"})])
@pytest.mark.parametrize("name", ["fraud_high", "fraud_medium", "fraud_low", "welfare_high"])
def test_every_shipped_ladder_climbed_in_vain_ends_unreached(name: str, possible: frozenset[str]) -> None:
    shipped = parse_policy(yaml.safe_load((POLICIES / f"{name}.yaml").read_text()), name)
    at, now, taken = standing(possible=possible), NOON, 0
    for _ in range(2000):
        move = next_step(shipped, at, now)
        if isinstance(move, End):
            break
        if isinstance(move, Wait):
            assert move.until > now
            now = move.until
        elif isinstance(move, StartOver):
            at = replace(at, step=-1, tries=0, step_at=now)
        else:
            taken += 1
            at = replace(at, step=move.index, tries=move.try_no, step_at=now, top_reached=move.try_no > 3)
    assert move == End("unreached", "time_ran_out")
    assert taken


def test_at_high_severity_the_door_is_asked_for_within_two_minutes() -> None:
    high = parse_policy(yaml.safe_load((POLICIES / "fraud_high.yaml").read_text()), "fraud_high")
    assert next_step(high, standing(step=1, tries=1), NOON + minutes(2)) == Take(2, high.steps[2], 1)
    assert not high.quiets(frozenset({"key", "stop", "sms_reply", "reported_by_contact"}), high.steps[2])


def test_a_faulty_policy_is_refused_and_each_fault_named() -> None:
    body = yaml.safe_load((POLICIES / "fraud_low.yaml").read_text())
    body["accepts"], body["steps"][0]["after"], body["colour"] = ["rumour"], "soon", "red"
    with pytest.raises(MisSet) as refused:
        parse_policy(body, "fraud_low.yaml")
    for word in ("fraud_low.yaml", "accepts", "rumour", "steps.0.after", "colour"):
        assert word in str(refused.value)


def test_a_policy_without_steps_or_accepted_evidence_is_refused() -> None:
    body = yaml.safe_load((POLICIES / "fraud_low.yaml").read_text())
    for missing in ("steps", "accepts"):
        with pytest.raises(MisSet):
            parse_policy({**body, missing: []}, "mine")


def test_every_shipped_category_is_read_with_its_outcomes() -> None:
    shipped = parse_categories(yaml.safe_load((POLICIES / "categories.yaml").read_text()), "categories.yaml")
    assert shipped["impersonation"].outcomes["not_convinced"].follow_up == minutes(30)
    assert shipped["missing_contact"].outcomes["safe"].ends == "convinced"
