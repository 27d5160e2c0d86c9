"""A setting that makes no sense is refused at the start, by its name and with a sentence."""

from __future__ import annotations

import pytest

from outreach.errors import MisSet
from outreach.settings import read_settings


@pytest.mark.parametrize("wrong", ["RMB", "eur", "¥", "EURO"])
def test_what_is_no_currency_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(MisSet, match=r"currency: .*three capital letters .* ISO 4217"):
        read_settings(currency=wrong)


@pytest.mark.parametrize(
    ("country", "given", "currency"), [("CN", "", "CNY"), ("DE", "", ""), ("DE", "EUR", "EUR"), ("CN", "USD", "USD")]
)
def test_amounts_are_in_the_currency_that_is_set_and_in_china_in_its_own(
    country: str, given: str, currency: str
) -> None:
    assert read_settings(country=country, currency=given).currency == currency
