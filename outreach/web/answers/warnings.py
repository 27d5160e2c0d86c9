"""What a source is told: the warning taken in, how it stands, and the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from outreach.models.states import Channel, EndState, Evidence, OutreachStatus, ResponderRole, Severity, WarningKind
from outreach.web.answers.base import Answer, Data, Heeding, Problem

TargetState = Literal["open", "contacted", "reached"] | EndState
ActorKind = Literal["system", "resident", "responder", "coordinator", "source", "contact"]


class WarningReceived(Heeding):
    """The warning is on disk; a cancel names the first target that it withdrew, and `url` is where to ask after it."""

    id: UUID
    target_id: UUID | None
    outreach_id: UUID | None
    status: OutreachStatus | Literal["received"]
    url: str


class ItemReceived(WarningReceived):
    """A warning of a list that is on disk; `code` 200 says that it was before."""

    index: int
    code: Literal[200, 202]


class ItemRefused(Heeding):
    """A warning of a list that was refused, with the status it would have had alone."""

    index: int
    code: int
    problem: Problem


class ManyReceived(Answer):
    """What became of each warning of a list, in its order."""

    items: list[ItemReceived | ItemRefused]


class TargetTimes(Answer):
    """When one target was joined, reached, ended and its source told; None: not yet."""

    target_id: UUID
    status: TargetState
    joined_at: datetime
    contacted_at: datetime | None
    reached_at: datetime | None
    reached_by: Channel | None
    reached_role: ResponderRole | Literal["coordinator"] | None
    reached_evidence: Evidence | None
    convinced_at: datetime | None
    accurate: bool | None
    ended_at: datetime | None
    end_state: EndState | None
    end_reason: str | None
    told_at: datetime | None


class TimelineLine(Answer):
    """One line of a target's timeline as its source sees it."""

    seq: int
    kind: str
    at: datetime
    actor_kind: ActorKind
    data: Data


class TargetStatus(TargetTimes):
    """How one target stands, and what happened since it was joined."""

    outreach_id: UUID
    timeline: list[TimelineLine]


class WarningStatus(Answer):
    """How one warning stands; `status` is its first target's."""

    id: UUID
    external_id: str
    category: str
    severity: Severity
    kind: WarningKind
    exercise: bool
    references: list[str]
    detected_at: datetime
    received_at: datetime
    expires_at: datetime | None
    status: TargetState | Literal["received"]
    targets: list[TargetStatus]


class FeedLine(Answer):
    """One thing that became of one target."""

    seq: int
    kind: Literal["joined", "target_reached", "target_ended"]
    at: datetime
    external_id: str
    warning_id: UUID
    target_id: UUID
    data: Data


class Feed(Answer):
    """Lines of the feed, oldest first; ask next with `after` as `next` says."""

    events: list[FeedLine]
    next: int
