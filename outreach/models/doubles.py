"""Two residents whom a coordinator compared: one person, or two."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, new_id
from outreach.models.organisations import Coordinator
from outreach.models.people import Resident


class Verdict(Model):
    """What was decided on two residents, of whom `one` has the lower id: the `same` person, or not."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    one: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name=False, on_delete=RESTRICT
    )
    one_id: UUID
    other: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name=False, on_delete=RESTRICT
    )
    other_id: UUID
    same = fields.BooleanField()
    at = Moment()
    by_coordinator: fields.ForeignKeyRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, on_delete=RESTRICT
    )
    by_coordinator_id: UUID

    class Meta:
        table = "verdict"
        unique_together = (("one", "other"),)
        indexes = (("other_id",),)
