"""Texts and calls by machine that did not leave: still waiting, or not wanted any more, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from outreach.models import Attempt, Event, Outreach
from outreach.models.states import SendStatus
from outreach.policy import Policy, parse_policy

CALLED_OFF, SUPERSEDED = "called_off", "superseded"
"""The failures that no line of the timeline tells of: nobody wanted it any more when its turn came."""


@dataclass(frozen=True)
class Unsent:
    """An attempt that did not leave, since `at`; `state`: waiting, unknown (its answer was lost) or withdrawn.

    `why` it was withdrawn: reached, answered, ended, or superseded (a newer one was on its way); None: not known.
    """

    state: str
    at: datetime
    why: str | None = None


def unsent_of(outreach: Outreach, attempts: Sequence[Attempt], lines: Sequence[Event]) -> dict[UUID, Unsent]:
    """How it came that attempts did not leave, by their ids, from the case's lines in their order.

    What left, or failed, is not among them; the outreach's policy must have been fetched.
    """
    withdrawn = [row for row in attempts if row.status is SendStatus.CANCELLED or row.failure == CALLED_OFF]
    policy = parse_policy(outreach.policy.body, outreach.policy.name) if withdrawn else None
    found = {row.id: _waiting(row) for row in attempts}
    # In an earlier round the steps may have been another policy's.
    found |= {row.id: _withdrawn(row, lines, policy if row.round == outreach.round else None) for row in withdrawn}
    return {row_id: each for row_id, each in found.items() if each}


def _waiting(row: Attempt) -> Unsent | None:
    if row.status is SendStatus.QUEUED:
        return Unsent("waiting", row.queued_at)
    if row.status is SendStatus.UNKNOWN:
        return Unsent("unknown", row.sending_at or row.queued_at)
    return Unsent("withdrawn", row.failed_at or row.queued_at, SUPERSEDED) if row.failure == SUPERSEDED else None


def _withdrawn(row: Attempt, lines: Sequence[Event], policy: Policy | None) -> Unsent:
    stopped = ((line.recorded_at, _stopped(row, line, policy)) for line in lines if line.recorded_at >= row.queued_at)
    at, why = next(((at, why) for at, why in stopped if why), (row.queued_at, None))
    return Unsent("withdrawn", row.failed_at or at, why)


def _stopped(row: Attempt, line: Event, policy: Policy | None) -> str | None:
    """Why nobody wanted it any more after this line; None where it still was wanted."""
    if line.kind == "ended":
        return "ended"
    if line.kind != "contact":
        return None
    if line.data.get("accepted"):
        return "reached"
    if policy is None or not 0 <= row.step < len(policy.steps):
        return None
    evidence = frozenset({str(line.data.get("evidence"))})
    return "answered" if policy.quiets(evidence, policy.steps[row.step]) else None
