"""What a destination's numbers can do: data, so that the ladder works without voice or replies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class CountryRules:
    """Whether numbers there can be called, can answer a text, and whether a text may hold a phone number."""

    voice: bool
    replies: bool
    numbers_in_text: bool


@cache
def _all_rules() -> dict[str, CountryRules]:
    text = files("outreach.messaging").joinpath("countries.yaml").read_text(encoding="utf-8")
    return {code: CountryRules(**given) for code, given in yaml.safe_load(text).items()}


def rules_of(country: str) -> CountryRules:
    """The rules for an ISO 3166 country code; the default's for one not listed."""
    return _all_rules().get(country.upper(), _all_rules()["default"])
