"""Where: the tree of areas."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, new_id, short
from outreach.models.states import AreaKind


class Area(Model):
    """A node in city › district › street › community › grid; `path` is the codes from the root, `/hz/xh/…/`."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    parent: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="children", null=True, on_delete=RESTRICT
    )
    parent_id: UUID | None
    kind = fields.CharEnumField(AreaKind, max_length=16)
    code = short(unique=True)
    name = short(120)
    path = short(400, db_index=True)
    time_zone = short(null=True)
    boundary = fields.JSONField[dict[str, object] | None](null=True)
    lat = fields.FloatField(null=True)
    lon = fields.FloatField(null=True)

    class Meta:
        table = "area"
