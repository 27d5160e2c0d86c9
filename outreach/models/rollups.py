"""What the year's report reads in place of its cases: figures that add up, by hour, day and month."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import Moment, new_id, short


class Rollup(Model):
    """The figures of one hour, day or month (`level`) in one view of an area (`part`), as `reports.sheets` packs them.

    `id` is made of the fields that say which; `area_id` is empty for everywhere, and refers to nothing.
    """

    id = fields.UUIDField(primary_key=True)
    level = short(8)
    starts_at = Moment()
    area_id = short(36)
    part = short(8)
    figures = fields.BinaryField()

    class Meta:
        table = "rollup"
        indexes = (("level", "part", "starts_at", "area_id"),)


class RollupHour(Model):
    """An hour that is rolled: its targets ended up to `RollupState.until` are in the rollups, the others are not."""

    starts_at = fields.DatetimeField(primary_key=True)

    class Meta:
        table = "rollup_hour"


class RollupState(Model):
    """How far rolling has come, one row; `version` rises with each change, and days are those of `zone`."""

    id = fields.IntField(primary_key=True)
    until = Moment()
    load_until = Moment()
    zone = short(64)
    version = fields.IntField(default=0)

    class Meta:
        table = "rollup_state"


class RollupMark(Model):
    """A target that changed after it had ended at `ended_at`: its hour may be wrong. Triggers write it."""

    seq = fields.BigIntField(primary_key=True, generated=True)
    target_id = fields.UUIDField(default=new_id)
    ended_at = Moment()

    class Meta:
        table = "rollup_mark"


class ResponderLoad(Model):
    """How many tasks each responder took in one day or month (`level`) in one area and below; never read by name.

    `tasks` is a JSON object: `kinds`, pairs of a category's id and a severity, and `tasks`, by the responder's id a
    number for each kind.
    """

    id = fields.UUIDField(primary_key=True)
    level = short(8)
    starts_at = Moment()
    area_id = short(36)
    tasks = fields.TextField()

    class Meta:
        table = "responder_load"
        indexes = (("level", "area_id", "starts_at"),)
