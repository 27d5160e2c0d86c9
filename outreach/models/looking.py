"""Looks at personal data outside of any case: who looked, how, and whose data was shown."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, new_id, short
from outreach.models.places import Area


class Look(Model):
    """One time that somebody looked: `way` is `search` (a page of one), `record` (one), or `board` (names on it)."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    at = Moment()
    actor_kind = short(16)
    actor_id = fields.UUIDField()
    way = short(8)

    shown: fields.ReverseRelation[LookShown]

    class Meta:
        table = "look"
        indexes = (("at",),)


class LookShown(Model):
    """Whose data one look showed, and in which area they were then."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    look: fields.ForeignKeyRelation[Look] = fields.ForeignKeyField(
        "models.Look", related_name="shown", on_delete=RESTRICT
    )
    look_id: UUID
    person_id = fields.UUIDField(db_index=True)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name=False, null=True, on_delete=RESTRICT
    )
    area_id: UUID | None

    class Meta:
        table = "look_shown"
