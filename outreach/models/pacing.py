"""How fast texts and calls leave, over all processes: one row for each limit."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import Moment


class Pace(Model):
    """One limit (`sms`, `voice`, `sms:CN`): the moment up to which what has left already uses it up."""

    id = fields.CharField(max_length=16, primary_key=True)
    used_until = Moment()

    class Meta:
        table = "pace"
