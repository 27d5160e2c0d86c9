"""The cases: a warning as it was received, each of its targets, and the outreach that joins them."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, SealedField, maybe, maybe_moment, new_id, short
from outreach.models.organisations import Category, Coordinator, EscalationPolicy, Source
from outreach.models.people import Resident
from outreach.models.places import Area
from outreach.models.states import EndState, Evidence, OutreachStatus, Severity, WarningKind


class Warning(Model):
    """One fact, never changed: this danger, from this source, detected then, received then."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    source: fields.ForeignKeyRelation[Source] = fields.ForeignKeyField(
        "models.Source", related_name="warnings", on_delete=RESTRICT
    )
    source_id: UUID
    external_id = short(128)
    content_hash = short()
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name=False, on_delete=RESTRICT
    )
    category_id: UUID
    severity = fields.CharEnumField(Severity, max_length=8)
    kind = fields.CharEnumField(WarningKind, max_length=8, default=WarningKind.ALERT)
    summary = SealedField()
    detected_at = Moment()
    received_at = Moment()
    expires_at = maybe_moment()
    exercise = fields.BooleanField(default=False)
    references = fields.JSONField[list[str]](default=list)
    where = fields.JSONField[dict[str, object] | None](null=True)
    about = fields.JSONField[dict[str, object] | None](null=True)

    class Meta:
        table = "warning"
        unique_together = (("source", "external_id"),)
        indexes = (("received_at",),)


class Outreach(Model):
    """The effort to reach one resident about one family of danger.

    `step` is the ladder's last step taken (-1: none), `tries` how often, `step_at` when; `due_at` is when the ladder
    looks next and its only inbox; `hurried_at` says since when the next step is due at once. `version` is the ETag:
    only decisions raise it.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="outreaches", on_delete=RESTRICT
    )
    resident_id: UUID
    family = short()
    category: fields.ForeignKeyRelation[Category] = fields.ForeignKeyField(
        "models.Category", related_name=False, on_delete=RESTRICT
    )
    category_id: UUID
    severity = fields.CharEnumField(Severity, max_length=8)
    policy: fields.ForeignKeyRelation[EscalationPolicy] = fields.ForeignKeyField(
        "models.EscalationPolicy", related_name=False, on_delete=RESTRICT
    )
    policy_id: UUID
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name=False, null=True, on_delete=RESTRICT
    )
    area_id: UUID | None
    exercise = fields.BooleanField(default=False)
    status = fields.CharEnumField(OutreachStatus, max_length=16, default=OutreachStatus.OPEN)
    opened_at = Moment()
    ladder_from = Moment()
    round = fields.IntField(default=0)
    step = fields.IntField(default=-1)
    tries = fields.IntField(default=0)
    step_at = Moment()
    hurried_at = maybe_moment()
    due_at = maybe_moment()
    evidence = fields.JSONField[list[str]](default=list)
    paused_at = maybe_moment()
    contacted_at = maybe_moment()
    reached_at = maybe_moment()
    convinced_at = maybe_moment()
    acknowledged_at = maybe_moment()
    ended_at = maybe_moment()
    end_state = maybe(EndState, 16)
    end_reason = short(null=True)
    taken_by: fields.ForeignKeyNullableRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, null=True, on_delete=RESTRICT
    )
    taken_by_id: UUID | None
    version = fields.IntField(default=1)

    targets: fields.ReverseRelation[Target]

    class Meta:
        table = "outreach"


class Target(Model):
    """One warning × one person, with its own times: what every report counts.

    What was learnt later: whether they were `defrauded` all the same, how much was `lost` (whole units of the city's
    currency), and who told so (a code).
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    warning: fields.ForeignKeyRelation[Warning] = fields.ForeignKeyField(
        "models.Warning", related_name="targets", on_delete=RESTRICT
    )
    warning_id: UUID
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="targets", on_delete=RESTRICT
    )
    resident_id: UUID
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="targets", on_delete=RESTRICT
    )
    outreach_id: UUID
    joined_at = Moment()
    contacted_at = maybe_moment()
    contacted_by = short(16, null=True)
    reached_at = maybe_moment()
    reached_by = short(16, null=True)
    reached_role = short(20, null=True)
    reached_evidence = maybe(Evidence, 24)
    convinced_at = maybe_moment()
    accurate = fields.BooleanField(null=True)
    ended_at = maybe_moment()
    end_state = maybe(EndState, 16)
    end_reason = short(null=True)
    told_at = maybe_moment()
    defrauded = fields.BooleanField(null=True)
    lost = fields.BigIntField(null=True)
    lost_told_by = short(16, null=True)

    class Meta:
        table = "target"
        unique_together = (("warning", "resident"),)
        indexes = (("outreach_id",),)


class Event(Model):
    """One line of a timeline, never changed: what happened (`at`) and when we learnt it; codes and ids only."""

    seq = fields.BigIntField(primary_key=True, generated=True)
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="events", on_delete=RESTRICT
    )
    outreach_id: UUID
    target: fields.ForeignKeyNullableRelation[Target] = fields.ForeignKeyField(
        "models.Target", related_name="events", null=True, on_delete=RESTRICT
    )
    target_id: UUID | None
    kind = short()
    at = Moment()
    recorded_at = Moment()
    actor_kind = short(16, default="system")
    actor_id = fields.UUIDField(null=True)
    data = fields.JSONField[dict[str, object]](default=dict)

    class Meta:
        table = "event"
        indexes = (("outreach_id",),)
