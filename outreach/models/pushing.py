"""Where a phone's browser takes pushes."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, SealedField, new_id, short
from outreach.models.people import Responder


class PushSubscription(Model):
    """The address of one browser at its push service, with its keys; it ends with the token it was made with."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name=False, on_delete=RESTRICT
    )
    responder_id: UUID
    endpoint = SealedField()
    endpoint_hash = short(unique=True)
    p256dh = SealedField()
    auth = SealedField()
    token_hash = short()
    made_at = Moment()

    class Meta:
        table = "push_subscription"
        indexes = (("responder_id",),)
