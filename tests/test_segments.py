"""Segments are counted as the networks count them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.messaging.segments import GSM_7, UCS_2, alphabet, segments


def test_160_plain_letters_are_one_segment_and_153_each_of_more() -> None:
    assert [segments("a" * n) for n in (0, 1, 160, 161, 306, 307)] == [1, 1, 1, 2, 2, 3]


def test_70_chinese_letters_are_one_segment_and_67_each_of_more() -> None:
    assert [segments("好" * n) for n in (1, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]


def test_one_letter_outside_the_alphabet_makes_the_whole_text_wide() -> None:
    assert (segments("a" * 100), segments("a" * 99 + "好"), segments("a" * 99 + "’")) == (1, 2, 2)


def test_what_takes_an_escape_counts_twice_and_is_never_cut_in_two() -> None:
    assert [segments("€" * n) for n in (80, 81, 152)] == [1, 2, 2]
    # 76 whole ones to a segment of 153: the odd septet stays empty.
    assert segments("€" * 153) == 3


def test_an_emoji_is_two_units_and_is_never_cut_in_two() -> None:
    assert [segments("😀" * n) for n in (35, 36, 66, 67)] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    ("text", "used"), [("Grüße, Ø@£", GSM_7), ("", GSM_7), ("¡ñ€[]", GSM_7), ("ç", UCS_2), ("是", UCS_2)]
)
def test_the_alphabet_is_the_narrow_one_wherever_it_holds_every_letter(text: str, used: str) -> None:
    assert alphabet(text) == used


@given(st.text(), st.text())
def test_a_longer_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more)
