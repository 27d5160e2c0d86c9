"""What the provider called back to say, word for word: kept once each, whatever it meant to us."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import Moment, new_id, short


class ProviderEvent(Model):
    """One word of a provider on one message or call (`sid`); `about` is the attempt or notice it was told to.

    Of a text that came in the word is `received`, and `about` none of ours.

    It refers to no row, so that a word is kept that comes before its row, or after it. No number and no text in it.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    provider = short(16)
    sid = short()
    status = short(32)
    sequence = fields.IntField()
    code = short(null=True)
    about: UUID = fields.UUIDField()
    at = Moment()

    class Meta:
        table = "provider_event"
        unique_together = (("provider", "sid", "status", "sequence"),)
        indexes = (("about",), ("at",))
