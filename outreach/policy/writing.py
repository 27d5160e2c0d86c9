"""A policy as JSON, with every field said, as a form shows it and a version keeps it."""

from __future__ import annotations

from dataclasses import fields
from datetime import time, timedelta
from typing import Any

from outreach.policy.words import Policy, Step

UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def body_of(policy: Policy) -> dict[str, Any]:
    """What `reading.parse_policy` reads back: spans as texts (`90s`, `5m`), sets as sorted lists."""
    said = {field.name: _plain(getattr(policy, field.name)) for field in fields(Policy) if field.name != "hours"}
    hours = policy.hours
    return said | {"hours": {"start": _clock(hours.start), "end": _clock(hours.end)} if hours else None}


def step_body(step: Step) -> dict[str, Any]:
    """One step likewise."""
    return {field.name: _plain(getattr(step, field.name)) for field in fields(Step)}


def span_text(span: timedelta) -> str:
    """A span in its largest whole unit."""
    for unit, long in UNITS:
        if span and not span % long:
            return f"{span // long}{unit}"
    return f"{span.total_seconds():f}".rstrip("0").rstrip(".") + "s"


def _plain(value: object) -> Any:
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return [step_body(step) for step in value] if isinstance(value, tuple) else value


def _clock(given: time) -> str:
    return given.strftime("%H:%M")
