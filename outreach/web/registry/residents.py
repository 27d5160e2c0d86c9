"""One resident: everything known of them, and putting it right."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from starlette.responses import Response
from tortoise.expressions import Q

from outreach.access import in_scope
from outreach.access.looking import note_look
from outreach.errors import NeitherPhoneNorPlace, NotFound
from outreach.geo import Point
from outreach.models import Address, OptOut, Phone, Resident, TrustedContact
from outreach.registry.adding import add_resident
from outreach.registry.editing import SaidAddress, SaidContact, SaidPhone, SaidResident, put_resident
from outreach.registry.phones import phone_of
from outreach.web.answers.registry import ResidentRecord
from outreach.web.asking import Ask
from outreach.web.cases import versions_read
from outreach.web.forms import Form
from outreach.web.registry.common import (
    AreaCode,
    Code,
    Language,
    Name,
    Number,
    Text,
    area_of,
    areas_by_id,
    change,
    make,
    shown,
)
from outreach.web.table import DECIDING, READING, Route

MOST = 20


class PhoneForm(Form):
    """A number; with `id` one that is known, `wrong`: somebody else answers it."""

    id: UUID | None = None
    number: Number
    kind: Code = "mobile"
    wrong: bool = False


class AddressForm(Form):
    """A place, in words and with a point (WGS-84) where that is known."""

    id: UUID | None = None
    text: Text | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    kind: Code = "home"
    wrong: bool = False

    @property
    def point(self) -> Point | None:
        """Where (lat, lon), if both are given."""
        return (self.lat, self.lon) if self.lat is not None and self.lon is not None else None


class ContactForm(Form):
    """Somebody they trust, what they may be told, and whether they consented to be told."""

    id: UUID | None = None
    name: Name
    number: Number
    relation: Code
    language: Language | None = None
    may_be_told: Literal["nothing", "please_call", "more_by_phone"] = "nothing"
    consents: bool = False


class ResidentForm(Form):
    """What is right of a resident now; numbers, places and contacts that are not named stay as they are."""

    name: Name | None = None
    language: Language | None = None
    area: AreaCode | None = None
    vulnerabilities: list[Code] = Field([], max_length=MOST)
    phones: list[PhoneForm] = Field([], max_length=MOST)
    addresses: list[AddressForm] = Field([], max_length=MOST)
    trusted_contacts: list[ContactForm] = Field([], max_length=MOST)


async def resident(ask: Ask) -> Response:
    """Everything known of one resident; the look is kept."""
    row = await _within(ask)
    await note_look(ask.caller, "record", [(row.id, row.area_id)], ask.now)
    return shown(await record_of(row.id), ask)


async def put(ask: Ask) -> Response:
    """Put right what is known of a resident, on the version that was read."""
    versions_read(ask)
    row = await _within(ask)
    form = await ask.form(ResidentForm)
    area = await area_of(ask, form.area)
    said = _said(form, area.id if area else None, ask.parts.settings.country)
    return await change(ask, row, lambda: record_of(row.id), lambda: put_resident(row.id, said, ask.now))


async def add(ask: Ask) -> Response:
    """Take down a resident whom nobody knew yet."""
    form = await ask.form(ResidentForm)
    area = await area_of(ask, form.area)
    said = _said(form, area.id if area else None, ask.parts.settings.country)
    return await make(ask, lambda: add_resident(said, ask.now), record_of)


def _said(form: ResidentForm, area_id: UUID | None, country: str) -> SaidResident:
    def number(given: str, field: str) -> Any:
        return phone_of(given, country, field)

    return SaidResident(
        form.name,
        form.language,
        area_id,
        form.vulnerabilities,
        [
            SaidPhone(each.id, number(each.number, f"phones.{at}.number"), each.kind, each.wrong)
            for at, each in enumerate(form.phones)
        ],
        [SaidAddress(each.id, each.text, each.point, each.kind, each.wrong) for each in form.addresses],
        [
            SaidContact(
                each.id,
                each.name,
                number(each.number, f"trusted_contacts.{at}.number"),
                each.relation,
                each.language,
                each.may_be_told,
                each.consents,
            )
            for at, each in enumerate(form.trusted_contacts)
        ],
    )


async def _within(ask: Ask) -> Resident:
    row = await Resident.filter(id=ask.id).select_related("area").first()
    if row is None or not in_scope(ask.caller, row.area.path if row.area else None):
        raise NotFound()
    return row


async def record_of(resident_id: UUID) -> dict[str, Any]:
    """A resident with everything known of them, as `ResidentRecord` has it."""
    row = await Resident.get(id=resident_id)
    phones = await Phone.filter(resident_id=row.id).order_by("id")
    contacts = await TrustedContact.filter(resident_id=row.id).order_by("id")
    numbers = [*(each.number_hash for each in phones), *(each.number_hash for each in contacts)]
    wishes = await OptOut.filter(Q(resident_id=row.id) | Q(number_hash__in=numbers)).order_by("at", "id")
    areas = await areas_by_id({row.area_id})
    return {
        **_of(row, "id", "name", "language", "vulnerabilities", "external_id", "made_at"),
        "area": areas.get(row.area_id) if row.area_id else None,
        "possible_double_of_id": row.possible_double_of_id,
        "phones": [
            _of(each, "id", "number", "kind", "origin", "verified_at", "wrong_at", "made_at") for each in phones
        ],
        "addresses": [
            _of(each, "id", "text", "point", "kind", "origin", "verified_at", "wrong_at", "made_at")
            for each in await Address.filter(resident_id=row.id).order_by("id")
        ],
        "trusted_contacts": [
            _of(each, "id", "name", "number", "relation", "language", "may_be_told", "consent_at") for each in contacts
        ],
        "opt_outs": [_of(each, "id", "channel", "scope", "origin", "at", "lifted_at") for each in wishes],
    }


def _of(row: object, *fields: str) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}


ONE = "/api/residents/{id}"
ROUTES = (
    Route(
        "POST",
        "/api/residents",
        add,
        DECIDING,
        "The new resident.",
        ResidentForm,
        answers=201,
        gives_version=True,
        shape=ResidentRecord,
        refuses=(NeitherPhoneNorPlace,),
    ),
    Route("GET", ONE, resident, READING, "The resident.", gives_version=True, shape=ResidentRecord),
    Route(
        "PUT",
        ONE,
        put,
        DECIDING,
        "The resident as they are known now.",
        ResidentForm,
        needs_version=True,
        gives_version=True,
        shape=ResidentRecord,
    ),
)
