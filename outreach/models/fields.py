"""The field classes of our own: sealed text, moments that know their zone, ids and names kept short."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar, cast

from tortoise import fields
from tortoise.models import Model
from uuid6 import uuid7

from outreach.models.sealing import open_sealed, seal

E = TypeVar("E", bound=Enum)

RESTRICT = fields.OnDelete.RESTRICT
new_id = uuid7


class SealedField(fields.TextField):
    """Personal text, encrypted and authenticated at rest; the column's name is bound in, so a value cannot be moved."""

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        """The sealed form of `value`."""
        return None if value is None else seal(str(value), self.model_field_name)

    def to_python_value(self, value: Any) -> Any:
        """The plain text; a value not yet stored is already plain."""
        return value if value is None else open_sealed(value, self.model_field_name)


class Moment(fields.DatetimeField[datetime]):
    """A point in time in UTC; refuses one that does not say its zone."""

    def to_python_value(self, value: Any) -> Any:
        """The moment as given or read; raises ValueError for a naive one, which would be taken for UTC silently."""
        if isinstance(value, str):
            # As SQLite keeps it; Tortoise's own reader takes ten times as long.
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"{self.model_field_name}: a time without a zone")
        return value

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        """The same moment in UTC; raises ValueError for a naive one."""
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"{self.model_field_name}: a time without a zone")
            value = value.astimezone(UTC)
        return super().to_db_value(value, instance)


def short(length: int = 64, **given: Any) -> Any:
    """A short text column: a code, a key, never personal."""
    return fields.CharField(max_length=length, **given)


def maybe(kind: type[E], length: int) -> E | None:
    """A state that may not be known yet."""
    return cast("E | None", fields.CharEnumField(kind, max_length=length, null=True))


def maybe_moment() -> datetime | None:
    """A moment that may not have come yet."""
    return cast("datetime | None", Moment(null=True))
