"""What one coordinator leaves to the next when their shift ends."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.cases import Outreach
from outreach.models.fields import RESTRICT, Moment, SealedField, new_id
from outreach.models.organisations import Coordinator


class Handover(Model):
    """A case handed on (`to_coordinator` none: to whoever takes it), with a note that may be about the person."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name=False, on_delete=RESTRICT
    )
    outreach_id: UUID
    from_coordinator: fields.ForeignKeyRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, on_delete=RESTRICT
    )
    from_coordinator_id: UUID
    to_coordinator: fields.ForeignKeyNullableRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, null=True, on_delete=RESTRICT
    )
    to_coordinator_id: UUID | None
    note = SealedField(null=True)
    at = Moment()

    class Meta:
        table = "handover"
        indexes = (("outreach_id",),)
