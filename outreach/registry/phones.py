"""Phone numbers as E.164, with the country they belong to and the hash they are found by."""

from __future__ import annotations

from dataclasses import dataclass

import phonenumbers

from outreach.errors import BadInput, FieldFault
from outreach.models.sealing import keyed_hash


@dataclass(frozen=True)
class PhoneNumber:
    """A number in E.164 (`+8613800138000`), its ISO 3166 country (`ZZ`: none), and its keyed hash."""

    e164: str
    country: str
    hash: str


def phone_of(text: str, country: str, field: str = "phone") -> PhoneNumber:
    """The number in `text`, read as one of `country` where it has no `+`; raises BadInput naming `field`."""
    e164, its_country = number_of(text, country, field)
    return PhoneNumber(e164, its_country, keyed_hash(e164))


def number_of(text: str, country: str, field: str = "phone") -> tuple[str, str]:
    """The same as E.164 and country alone, for where there are no keys; raises BadInput naming `field`."""
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        raise _bad(field, "is not a phone number") from None
    # Length is checked, number ranges are not: a range opened last month must not keep anyone from being warned.
    if phonenumbers.is_possible_number_with_reason(parsed) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _bad(field, "has too few or too many digits for its country")
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return e164, _country_of(parsed)


def _country_of(parsed: phonenumbers.PhoneNumber) -> str:
    region = phonenumbers.region_code_for_number(parsed)
    region = region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region and len(region) == 2 else "ZZ"


def _bad(field: str, reason: str) -> BadInput:
    return BadInput(faults=(FieldFault(field, reason),))
