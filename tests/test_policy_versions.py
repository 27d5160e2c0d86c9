"""Two versions of a ladder told apart, and one that makes no sense refused: pure values in, faults out."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
import yaml

from outreach.policy import ContactHours, Policy, Step, body_of, compare, faults_in, parse_policy

SHIPPED = sorted((Path(__file__).parent.parent / "outreach" / "policies").glob("*_*.yaml"))


def shipped(name: str) -> Policy:
    [file] = [file for file in SHIPPED if file.stem == name]
    return parse_policy(yaml.safe_load(file.read_text(encoding="utf-8")), name)


HIGH = shipped("fraud_high")


def with_step(index: int, **given: object) -> Policy:
    """The ladder at high severity with one step changed."""
    steps = list(HIGH.steps)
    steps[index] = replace(steps[index], **given)  # type: ignore[arg-type]
    return replace(HIGH, steps=tuple(steps))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_ladder_that_is_shipped_makes_sense_and_is_read_back_as_it_was_written(file: Path) -> None:
    policy = shipped(file.stem)
    assert faults_in(policy) == ()
    assert parse_policy(body_of(policy), file.stem) == policy


@pytest.mark.parametrize("seconds", [0, 0.25, 90, 3600, 999_999.875, 86_400])
def test_every_span_is_read_back_as_it_was_written(seconds: float) -> None:
    policy = with_step(2, after=timedelta(seconds=seconds))
    assert parse_policy(body_of(policy), "as written") == policy


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("field", "policy"),
    [
        ("steps", replace(HIGH, steps=(HIGH.steps[-1],))),
        ("accepts", replace(HIGH, steps=HIGH.steps[:1])),
        ("gives_up_after", replace(HIGH, gives_up_after=timedelta(0))),
        ("gives_up_after", replace(HIGH, gives_up_after=13 * MINUTE)),
        ("again_after", replace(HIGH, again_after=timedelta(0))),
        ("hours.end", replace(HIGH, hours=ContactHours(time(8), time(8)))),
        ("steps.7.do", replace(HIGH, steps=(*HIGH.steps, HIGH.steps[3]))),
        ("steps.2.after", with_step(2, after=timedelta(days=32))),
        ("steps.0.repeat", with_step(0, repeat=21, every=MINUTE)),
        ("steps.0.every", with_step(0, repeat=1)),
        ("steps.5.every", with_step(5, every=timedelta(0))),
        ("steps.2.ask", with_step(2, ask=0)),
        ("steps.2.lapse", with_step(2, lapse=timedelta(0))),
        ("steps.3.within", with_step(3, within=timedelta(days=40))),
        ("steps.6.acknowledge", with_step(6, acknowledge=timedelta(0))),
        ("steps.2.stops_on", with_step(2, stops_on=frozenset({"key", "in_person"}))),
    ],
)
def test_a_ladder_that_makes_no_sense_is_told_by_its_field(field: str, policy: Policy) -> None:
    assert field in {fault.field for fault in faults_in(policy)}


def test_a_ladder_with_a_repeat_is_over_only_after_its_last_time() -> None:
    slow = replace(with_step(0, repeat=3, every=4 * MINUTE), gives_up_after=20 * MINUTE)
    assert [fault.field for fault in faults_in(slow)] == ["gives_up_after"]
    assert faults_in(replace(slow, gives_up_after=26 * MINUTE)) == ()


def test_two_versions_are_told_apart_field_by_field() -> None:
    sooner = replace(with_step(2, after=2 * MINUTE), again_after=None)
    found = compare(HIGH, sooner)
    assert [(each.field, each.was, each.now) for each in found.fields] == [("again_after", "2h", None)]
    changed = [each for each in found.steps if each.fields]
    assert [(each.do, each.was, each.now) for each in changed] == [("visit", 2, 2)]
    assert [(each.field, each.was, each.now) for each in changed[0].fields] == [("after", "1m", "2m")]


def test_a_step_that_is_new_gone_or_moved_is_told_as_such() -> None:
    sms, voice, visit, *rest = HIGH.steps
    new = Step("sms", 3 * MINUTE, text="warned")
    found = compare(HIGH, replace(HIGH, steps=(visit, sms, new, *rest)))
    told = [(each.do, each.was, each.now) for each in found.steps if each.was != each.now]
    assert ("sms", None, 2) in told and ("voice", 1, None) in told and ("visit", 2, 0) in told
    assert voice.do == "voice" and len(found.steps) == len(HIGH.steps) + 1
    assert compare(HIGH, HIGH).fields == () and not any(each.fields for each in compare(HIGH, HIGH).steps)
