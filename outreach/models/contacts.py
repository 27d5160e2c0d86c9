"""The contacts: attempts by machine, offers and tasks for people, what they report, and words to staff and sources."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.cases import Outreach, Target
from outreach.models.fields import RESTRICT, Moment, SealedField, maybe_moment, new_id, short
from outreach.models.organisations import Coordinator, Source, Unit
from outreach.models.people import Phone, Responder, TrustedContact
from outreach.models.states import (
    Audience,
    Channel,
    CheckInKind,
    NoticeChannel,
    OfferStatus,
    SendStatus,
    TaskKind,
    TaskStatus,
)


class Sent(Model):
    """What every message and call at a provider has: its state, its times, and what the provider said.

    `urgent` ones leave before all others. `held_up_at`: since then nobody waits for it, as the provider is in trouble.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    status = fields.CharEnumField(SendStatus, max_length=12, default=SendStatus.QUEUED)
    queued_at = Moment()
    send_after = Moment()
    sending_at = maybe_moment()
    sent_at = maybe_moment()
    delivered_at = maybe_moment()
    answered_at = maybe_moment()
    failed_at = maybe_moment()
    held_up_at = maybe_moment()
    tries = fields.IntField(default=0)
    urgent = fields.BooleanField(default=False, db_default=False)
    sid = short(null=True)
    failure = short(null=True)

    class Meta:
        abstract = True


class Attempt(Sent):
    """One automated try to reach a resident, or a trusted contact, on one channel (`sms`, `voice`).

    `number`: the how-manieth text of the day to that number it is, so that no two are alike.
    """

    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="attempts", on_delete=RESTRICT
    )
    outreach_id: UUID
    channel = fields.CharEnumField(Channel, max_length=16)
    phone: fields.ForeignKeyNullableRelation[Phone] = fields.ForeignKeyField(
        "models.Phone", related_name=False, null=True, on_delete=RESTRICT
    )
    phone_id: UUID | None
    trusted_contact: fields.ForeignKeyNullableRelation[TrustedContact] = fields.ForeignKeyField(
        "models.TrustedContact", related_name=False, null=True, on_delete=RESTRICT
    )
    trusted_contact_id: UUID | None
    round = fields.IntField(default=0)
    step = fields.IntField()
    try_no = fields.IntField(default=1)
    number = fields.IntField(default=1, db_default=1)
    text_key = short()

    class Meta:
        table = "attempt"
        indexes = (("outreach_id",),)


class Offer(Model):
    """One responder (later: a unit) asked to take a task; `code` is what they reply by SMS to accept."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="offers", on_delete=RESTRICT
    )
    outreach_id: UUID
    kind = fields.CharEnumField(TaskKind, max_length=8)
    responder: fields.ForeignKeyNullableRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="offers", null=True, on_delete=RESTRICT
    )
    responder_id: UUID | None
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name=False, null=True, on_delete=RESTRICT
    )
    unit_id: UUID | None
    round = fields.IntField(default=0)
    step = fields.IntField()
    status = fields.CharEnumField(OfferStatus, max_length=12, default=OfferStatus.OFFERED)
    distance_m = fields.FloatField(null=True)
    travel_s = fields.FloatField(null=True)
    reason = short()
    code = short(8)
    offered_at = Moment()
    lapses_at = Moment()
    sent_at = maybe_moment()
    delivered_at = maybe_moment()
    seen_at = maybe_moment()
    settled_at = maybe_moment()
    decline_reason = short(null=True)
    by_coordinator: fields.ForeignKeyNullableRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, null=True, on_delete=RESTRICT
    )
    by_coordinator_id: UUID | None

    class Meta:
        table = "offer"
        indexes = (("outreach_id",), ("responder_id", "status"))


class Task(Model):
    """What a responder holds, overdue at `due_at`; `acknowledge_by` is set when it was handed over to them."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="tasks", on_delete=RESTRICT
    )
    outreach_id: UUID
    kind = fields.CharEnumField(TaskKind, max_length=8)
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="tasks", on_delete=RESTRICT
    )
    responder_id: UUID
    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField(
        "models.Offer", related_name="tasks", on_delete=RESTRICT
    )
    offer_id: UUID
    status = fields.CharEnumField(TaskStatus, max_length=12, default=TaskStatus.ACCEPTED)
    accepted_at = Moment()
    arrived_at = maybe_moment()
    closed_at = maybe_moment()
    due_at = Moment()
    acknowledge_by = maybe_moment()
    acknowledged_at = maybe_moment()
    close_reason = short(null=True)

    class Meta:
        table = "task"
        indexes = (("outreach_id",), ("responder_id", "status"))


class CheckIn(Model):
    """What a phone reported about a task: append-only, with the phone's own id and time, and that time corrected."""

    id = fields.UUIDField(primary_key=True)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name="check_ins", on_delete=RESTRICT
    )
    task_id: UUID
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="check_ins", on_delete=RESTRICT
    )
    responder_id: UUID
    kind = fields.CharEnumField(CheckInKind, max_length=8)
    outcome = short(null=True)
    note = SealedField(null=True)
    made_at = Moment()
    corrected_at = Moment()
    clock_error_s = fields.FloatField(default=0.0)
    bounded = fields.BooleanField(default=False)
    received_at = Moment()
    location = SealedField(null=True)
    accuracy_m = fields.FloatField(null=True)
    after_handover = fields.BooleanField(default=False)
    body_hash = short()

    class Meta:
        table = "check_in"


class CheckInKeptAside(Model):
    """What a coordinator reads beside a check-in: a second body under its id, or its correction that came too late."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    check_in: fields.ForeignKeyRelation[CheckIn] = fields.ForeignKeyField(
        "models.CheckIn", related_name="kept_aside", on_delete=RESTRICT
    )
    check_in_id: UUID
    body = SealedField()
    body_hash = short()
    received_at = Moment()

    class Meta:
        table = "check_in_kept_aside"
        unique_together = (("check_in", "body_hash"),)


class Notice(Sent):
    """A word to a responder, coordinator or source, queued with the change that caused it."""

    audience = fields.CharEnumField(Audience, max_length=12)
    channel = fields.CharEnumField(NoticeChannel, max_length=8)
    kind = short()
    responder: fields.ForeignKeyNullableRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="notices", null=True, on_delete=RESTRICT
    )
    responder_id: UUID | None
    coordinator: fields.ForeignKeyNullableRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name="notices", null=True, on_delete=RESTRICT
    )
    coordinator_id: UUID | None
    source: fields.ForeignKeyNullableRelation[Source] = fields.ForeignKeyField(
        "models.Source", related_name="notices", null=True, on_delete=RESTRICT
    )
    source_id: UUID | None
    outreach: fields.ForeignKeyNullableRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name="notices", null=True, on_delete=RESTRICT
    )
    outreach_id: UUID | None
    target: fields.ForeignKeyNullableRelation[Target] = fields.ForeignKeyField(
        "models.Target", related_name="notices", null=True, on_delete=RESTRICT
    )
    target_id: UUID | None
    offer: fields.ForeignKeyNullableRelation[Offer] = fields.ForeignKeyField(
        "models.Offer", related_name="notices", null=True, on_delete=RESTRICT
    )
    offer_id: UUID | None
    number = fields.IntField(default=0)
    data = fields.JSONField[dict[str, object]](default=dict)
    seen_at = maybe_moment()

    class Meta:
        table = "notice"
        indexes = (("outreach_id",), ("audience", "seen_at"))
