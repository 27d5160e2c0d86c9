"""A setting that makes no sense is refused at the start, by its name and with a sentence."""

from __future__ import annotations

import pytest

from outreach.errors import MisSet
from outreach.reports.packing import MARKS
from outreach.settings import TARGETS, read_settings
from outreach.survival import EDGES


@pytest.mark.parametrize("wrong", ["RMB", "eur", "¥", "EURO"])
def test_what_is_no_currency_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(MisSet, match=r"currency: .*three capital letters .* ISO 4217"):
        read_settings(currency=wrong)


@pytest.mark.parametrize("wrong", [0, 20, 31, 90])
def test_a_target_that_reports_cannot_tell_exactly_is_refused_with_a_sentence(wrong: float) -> None:
    with pytest.raises(MisSet, match=r"target_minutes: .*5, 15, 30 or 60"):
        read_settings(target_minutes=wrong)


def test_every_target_is_a_mark_at_which_a_bin_ends() -> None:
    assert TARGETS == MARKS and set(MARKS) <= set(EDGES)


@pytest.mark.parametrize(
    ("country", "given", "currency"), [("CN", "", "CNY"), ("DE", "", ""), ("DE", "EUR", "EUR"), ("CN", "USD", "USD")]
)
def test_amounts_are_in_the_currency_that_is_set_and_in_china_in_its_own(
    country: str, given: str, currency: str
) -> None:
    assert read_settings(country=country, currency=given).currency == currency
