"""The people: residents at risk with their phones and places, and responders with their hours."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from outreach.models.fields import RESTRICT, Moment, SealedField, maybe_moment, new_id, short
from outreach.models.organisations import Source, Unit
from outreach.models.places import Area
from outreach.models.states import ResponderRole


class Resident(Model):
    """The person at risk; what is known of them and whom they trust hangs below.

    `merged_into` is set on a double: whoever is still found by its ids is that resident.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    source: fields.ForeignKeyNullableRelation[Source] = fields.ForeignKeyField(
        "models.Source", related_name=False, null=True, on_delete=RESTRICT
    )
    source_id: UUID | None
    external_id = short(128, null=True)
    name = SealedField(null=True)
    name_hash = short(null=True)
    language = short(16, null=True)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="residents", null=True, on_delete=RESTRICT
    )
    area_id: UUID | None
    vulnerabilities = fields.JSONField[list[str]](default=list)
    possible_double_of: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name=False, null=True, on_delete=RESTRICT
    )
    possible_double_of_id: UUID | None
    merged_into = fields.UUIDField(null=True)
    made_at = Moment()

    phones: fields.ReverseRelation[Phone]
    addresses: fields.ReverseRelation[Address]

    class Meta:
        table = "resident"
        unique_together = (("source", "external_id"),)


class Phone(Model):
    """One number (E.164) of a resident, found by its keyed hash; `wrong_at` says that somebody else answered it."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="phones", on_delete=RESTRICT
    )
    resident_id: UUID
    number = SealedField()
    number_hash = short(db_index=True)
    country = short(2)
    kind = short(16, default="mobile")
    origin = short(default="warning")
    verified_at = maybe_moment()
    wrong_at = maybe_moment()
    made_at = Moment()

    class Meta:
        table = "phone"
        unique_together = (("resident", "number_hash"),)


class Address(Model):
    """One place where a resident may be found: the words, and the point (WGS-84, `lat,lon`) sealed with them.

    `wrong_at` says that somebody went there and it was not the resident's.
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="addresses", on_delete=RESTRICT
    )
    resident_id: UUID
    text = SealedField(null=True)
    point = SealedField(null=True)
    area: fields.ForeignKeyNullableRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name=False, null=True, on_delete=RESTRICT
    )
    area_id: UUID | None
    kind = short(16, default="home")
    origin = short(default="warning")
    verified_at = maybe_moment()
    wrong_at = maybe_moment()
    made_at = Moment()

    class Meta:
        table = "address"


class TrustedContact(Model):
    """Somebody the resident trusts; told only with consent, and only what `may_be_told` allows."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="trusted_contacts", on_delete=RESTRICT
    )
    resident_id: UUID
    name = SealedField()
    number = SealedField()
    number_hash = short(db_index=True)
    country = short(2)
    relation = short()
    language = short(16, null=True)
    may_be_told = short(16, default="please_call")
    consent_at = maybe_moment()

    class Meta:
        table = "trusted_contact"


class OptOut(Model):
    """A wish not to be written to or called on one channel; kept by number, lifted but never deleted."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "models.Resident", related_name="opt_outs", null=True, on_delete=RESTRICT
    )
    resident_id: UUID | None
    number_hash = short(db_index=True)
    channel = short(16)
    scope = short(default="all")
    origin = short()
    at = Moment()
    lifted_at = maybe_moment()

    class Meta:
        table = "opt_out"


class Responder(Model):
    """Who visits or calls. `cell` is the grid cell (`geo.cell_of`) of where they are taken to be, else home's."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="responders", null=True, on_delete=RESTRICT
    )
    unit_id: UUID | None
    external_id = short(128, null=True, unique=True)
    name = SealedField()
    number = SealedField()
    number_hash = short(unique=True)
    country = short(2)
    language = short(16, default="zh-CN")
    languages = fields.JSONField[list[str]](default=list)
    role = fields.CharEnumField(ResponderRole, max_length=20)
    trained = fields.JSONField[list[str]](default=list)
    vetted_until = maybe_moment()
    area: fields.ForeignKeyRelation[Area] = fields.ForeignKeyField(
        "models.Area", related_name="responders", on_delete=RESTRICT
    )
    area_id: UUID
    home_lat = fields.FloatField()
    home_lon = fields.FloatField()
    lat = fields.FloatField(null=True)
    lon = fields.FloatField(null=True)
    position_at = maybe_moment()
    cell = fields.IntField()
    capacity = fields.IntField(default=1)
    load = fields.IntField(default=0)

    class Meta:
        table = "responder"


class Shift(Model):
    """Hours for which a responder is on duty; `origin` is `plan` or the `switch` on the phone."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="shifts", on_delete=RESTRICT
    )
    responder_id: UUID
    starts_at = Moment()
    ends_at = Moment()
    origin = short(16, default="plan")

    class Meta:
        table = "shift"
        indexes = (("responder_id", "ends_at"),)


class Absence(Model):
    """A stretch in which a responder is away, whatever the shifts say."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    responder: fields.ForeignKeyRelation[Responder] = fields.ForeignKeyField(
        "models.Responder", related_name="absences", on_delete=RESTRICT
    )
    responder_id: UUID
    starts_at = Moment()
    ends_at = Moment()

    class Meta:
        table = "absence"
        indexes = (("responder_id", "ends_at"),)
