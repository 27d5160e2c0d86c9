"""How people get in: invitations, one-time codes and links, passwords, and each time somebody tried."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, SealedField, maybe_moment, new_id, short
from outreach.models.organisations import Coordinator
from outreach.models.people import Responder


class Invite(Model):
    """A link that names a responder in place of their number; kept as a keyed hash."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name=False, on_delete=RESTRICT
    )
    responder_id: UUID
    hash = short(unique=True)
    made_at = Moment()
    expires_at = Moment()
    by_coordinator: fields.ForeignKeyNullableRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, null=True, on_delete=RESTRICT
    )
    by_coordinator_id: UUID | None

    class Meta:
        table = "invite"


class SignInCode(Model):
    """A one-time code, whose digits follow from its id and the keys; without `responder` nobody was sent one.

    `number_hash` is whom it was asked for, `tries` how many codes were compared with it.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    responder: fields.ForeignKeyNullableRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name=False, null=True, on_delete=RESTRICT
    )
    responder_id: UUID | None
    number_hash = short()
    made_at = Moment()
    expires_at = Moment()
    used_at = maybe_moment()
    tries = fields.IntField(default=0)

    class Meta:
        table = "sign_in_code"
        indexes = (("number_hash", "expires_at"),)


class SignInTry(Model):
    """One time that a code was asked for (`code`) or shown (`session`), or a `password` or `link` was.

    Whose (a number, a name, a link) and from where are keyed hashes.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    way = short(8)
    number_hash = short()
    address_hash = short()
    at = Moment()
    refused = fields.BooleanField(default=False)

    class Meta:
        table = "sign_in_try"
        indexes = (("number_hash", "at"), ("address_hash", "at"))


class CoordinatorLogin(Model):
    """A coordinator's password (Argon2id) and the secret of their authenticator, both sealed; the name is hashed.

    `last_step` is the 30 seconds of the last code taken: neither that code nor one before it is taken again.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    coordinator: fields.ForeignKeyRelation[Coordinator] = fields.OneToOneField(
        "models.Coordinator", related_name=False, on_delete=RESTRICT
    )
    coordinator_id: UUID
    name_hash = short(unique=True)
    password = SealedField()
    totp_secret = SealedField()
    last_step = fields.BigIntField(default=0)
    made_at = Moment()

    class Meta:
        table = "coordinator_login"


class CoordinatorLink(Model):
    """A link that lets one coordinator in once, and set a password; kept as a keyed hash."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    coordinator: fields.ForeignKeyRelation[Coordinator] = fields.ForeignKeyField(
        "models.Coordinator", related_name=False, on_delete=RESTRICT
    )
    coordinator_id: UUID
    hash = short(unique=True)
    made_at = Moment()
    expires_at = Moment()
    used_at = maybe_moment()

    class Meta:
        table = "coordinator_link"
