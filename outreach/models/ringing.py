"""The calls that coordinators make themselves."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.cases import Outreach
from outreach.models.fields import RESTRICT, Moment, SealedField, new_id
from outreach.models.organisations import Coordinator


class DeskCall(Model):
    """A call of a coordinator about a case, by the id that its board gave it, so that it is recorded once.

    What it found is in the timeline, whose line names this id; `note`: what was said, which may be about the person.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    outreach: fields.ForeignKeyRelation[Outreach] = fields.ForeignKeyField(
        "models.Outreach", related_name=False, on_delete=RESTRICT
    )
    outreach_id: UUID
    coordinator: fields.ForeignKeyRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, on_delete=RESTRICT
    )
    coordinator_id: UUID
    note = SealedField(null=True)
    at = Moment()

    class Meta:
        table = "desk_call"
        indexes = (("outreach_id",),)
