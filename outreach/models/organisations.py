"""Who takes part: units, their sources, the categories of danger, the policies, coordinators and tokens."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, SealedField, maybe_moment, new_id, short
from outreach.models.places import Area
from outreach.models.states import Severity, TokenKind


class Unit(Model):
    """An organisation that takes part: police station, bank, telecom, community, NGO."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    code = short(unique=True)
    name = short(120)
    kind = short()

    class Meta:
        table = "unit"


class Source(Model):
    """A system that posts warnings, with its own key; `webhook_url` is where it is told what became of them.

    While it changes its secret, news is signed with the one before too, until `webhook_secret_before_until`.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="sources", on_delete=RESTRICT
    )
    unit_id: UUID
    code = short(unique=True)
    name = short(120)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name=False, null=True, on_delete=RESTRICT
    )
    area_id: UUID | None
    webhook_url = short(500, null=True)
    webhook_secret = SealedField(null=True)
    webhook_secret_before = SealedField(null=True)
    webhook_secret_before_until = maybe_moment()

    class Meta:
        table = "source"


class Category(Model):
    """The kind of danger, as a row: its family, its outcomes (see `policy.OutcomeRule`), and what responders are told.

    `scripts` has `names`, `scripts`, `say`, `keep_back` and `door`, each by language (see `policy.CategoryRule`).
    Since `edited_at` it is as somebody put it right on the board, whatever its file says.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    code = short(unique=True)
    family = short(db_index=True)
    name = short(120)
    outcomes = fields.JSONField[list[dict[str, object]]](default=list)
    scripts = fields.JSONField[dict[str, object]](default=dict)
    edited_at = maybe_moment()

    class Meta:
        table = "category"


class EscalationPolicy(Model):
    """One version of a ladder of steps; an outreach keeps the version it began with, and no version ever changes.

    `made_by` is the coordinator who made it on the board (none: it came from a file), of the version `made_from`.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = short()
    version = fields.IntField()
    family = short()
    severity = fields.CharEnumField(Severity, max_length=8)
    body = fields.JSONField[dict[str, object]]()
    digest = short()
    made_at = Moment()
    made_by = fields.UUIDField(null=True)
    made_from = fields.IntField(null=True)

    class Meta:
        table = "escalation_policy"
        unique_together = (("name", "version"), ("name", "digest"))


class Coordinator(Model):
    """Watches an area (none: the whole city), reassigns, calls and closes on behalf of others.

    `role` is the kind of token that signing in gives; since `left_at` they get in no more, and nobody looks for them.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = SealedField()
    phone = SealedField(null=True)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="coordinators", null=True, on_delete=RESTRICT
    )
    area_id: UUID | None
    source: fields.ForeignKeyNullableRelation[Source] = fields.ForeignKeyField(
        "models.Source", related_name=False, null=True, on_delete=RESTRICT
    )
    source_id: UUID | None
    role = fields.CharEnumField(
        TokenKind, max_length=16, default=TokenKind.COORDINATOR, db_default=TokenKind.COORDINATOR
    )
    left_at = maybe_moment()

    class Meta:
        table = "coordinator"


class AccessToken(Model):
    """A key to the API, kept as a hash; it stands for exactly one source, responder or coordinator (`holder_id`).

    `way` is how whoever has it signed in, for a session: `code`, `password` or `link`; none for a token given out.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    kind = fields.CharEnumField(TokenKind, max_length=16)
    holder_id = fields.UUIDField(db_index=True)
    hash = short(unique=True)
    made_at = Moment()
    expires_at = maybe_moment()
    revoked_at = maybe_moment()
    way = short(8, null=True)

    class Meta:
        table = "access_token"
