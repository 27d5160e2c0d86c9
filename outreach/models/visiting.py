"""The codes by which a resident checks a visitor, and each time somebody asked about one, or about a case word."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.contacts import Task
from outreach.models.fields import RESTRICT, Moment, SealedField, maybe_moment, new_id, short


class CodeAnswer(StrEnum):
    """What was answered to one try; `asked`: nothing yet."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"
    REFUSED = "refused"


class VisitCode(Model):
    """Six digits that whoever holds a visit shows at the door; `ended_at` frees them to be given to another visit."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    task: fields.ForeignKeyRelation[Task] = fields.ForeignKeyField(
        "models.Task", related_name=False, on_delete=RESTRICT
    )
    task_id: UUID
    code = SealedField()
    code_hash = short()
    made_at = Moment()
    expires_at = Moment()
    ended_at = maybe_moment()

    class Meta:
        table = "visit_code"
        indexes = (("code_hash",),)


class VisitCodeTry(Model):
    """One time that somebody asked about a code; who and which are keyed hashes, `way` is `line` or `api`.

    Where `way` is `word`, it was a case word.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    caller_hash = short()
    code_hash = short()
    way = short(8)
    at = Moment()
    said = fields.CharEnumField(CodeAnswer, max_length=8, default=CodeAnswer.ASKED)

    class Meta:
        table = "visit_code_try"
        indexes = (("caller_hash", "at"), ("code_hash", "at"))
