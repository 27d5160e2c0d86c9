"""What a destination's numbers can do: data, so that the ladder works without voice or replies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class CountryRules:
    """What numbers there can do, and what a text to them may hold.

    `voice`: they can be called; `replies`: they can answer a text; `links`, `numbers_in_text`: a text may hold these;
    `sender_kept`: the phone shows our sender; `refused_at_identical`: which of several identical texts a day is
    refused, if any.
    """

    voice: bool
    replies: bool
    links: bool
    numbers_in_text: bool
    sender_kept: bool
    refused_at_identical: int | None

    def answers_arrive(self, two_way: bool) -> bool:
        """Whether an answer to a text of ours reaches us: they can send one, to a sender that is ours and hears it."""
        return two_way and self.replies and self.sender_kept


@cache
def _all_rules() -> dict[str, CountryRules]:
    text = files("outreach.messaging").joinpath("countries.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    return {code: CountryRules(**{**told["default"], **given}) for code, given in told.items()}


def rules_of(country: str) -> CountryRules:
    """The rules for an ISO 3166 country code; the default's for one not listed."""
    return _all_rules().get(country.upper(), _all_rules()["default"])
