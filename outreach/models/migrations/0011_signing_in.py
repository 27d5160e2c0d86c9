"""A responder's phone gets in: invitations, one-time codes, and each time somebody tried."""

from __future__ import annotations

from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from uuid6 import uuid7

from outreach.models.fields import Moment


def _id() -> tuple[str, Any]:
    return "id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)


def _of(model: str, name: str, *, null: bool = False) -> tuple[str, Any]:
    return name, fields.ForeignKeyField(
        f"models.{model}",
        source_field=f"{name}_id",
        null=null,
        db_constraint=True,
        to_field="id",
        related_name=False,
        on_delete=OnDelete.RESTRICT,
    )


def _options(table: str, *indexes: Index) -> dict[str, Any]:
    found: dict[str, Any] = {"table": table, "app": "models", "pk_attr": "id"}
    return found | ({"indexes": list(indexes)} if indexes else {})


class Migration(migrations.Migration):
    dependencies = [("models", "0010_two_secrets")]
    operations = [
        ops.CreateModel(
            name="Invite",
            fields=[
                _id(),
                _of("Responder", "responder"),
                ("hash", fields.CharField(unique=True, max_length=64)),
                ("made_at", Moment()),
                ("expires_at", Moment()),
                _of("Coordinator", "by_coordinator", null=True),
            ],
            options=_options("invite"),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInCode",
            fields=[
                _id(),
                _of("Responder", "responder", null=True),
                ("number_hash", fields.CharField(max_length=64)),
                ("made_at", Moment()),
                ("expires_at", Moment()),
                ("used_at", Moment(null=True)),
                ("tries", fields.IntField(default=0)),
            ],
            options=_options("sign_in_code", Index(fields=["number_hash", "expires_at"])),
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInTry",
            fields=[
                _id(),
                ("way", fields.CharField(max_length=8)),
                ("number_hash", fields.CharField(max_length=64)),
                ("address_hash", fields.CharField(max_length=64)),
                ("at", Moment()),
                ("refused", fields.BooleanField(default=False)),
            ],
            options=_options("sign_in_try", Index(fields=["number_hash", "at"]), Index(fields=["address_hash", "at"])),
            bases=["Model"],
        ),
    ]
