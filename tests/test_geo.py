from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.geo import (
    cell_of,
    cell_side,
    haversine,
    parse_point,
    point_text,
    ring,
    rings_within,
    travel_seconds,
)

WEST_LAKE = (30.2420, 120.1480)
STATION = (30.2450, 120.1830)


def test_the_way_across_town_is_measured_to_the_metre() -> None:
    assert haversine(WEST_LAKE, STATION) == pytest.approx(3379, abs=5)
    assert haversine(WEST_LAKE, WEST_LAKE) == 0
    assert haversine((0, 0), (0, 180)) == pytest.approx(20_015_115, abs=2)


def test_four_kilometres_of_circle_at_bicycle_speed_take_twenty_minutes() -> None:
    assert travel_seconds(4000, 1.35, 15) == pytest.approx(1296)


def test_a_cell_is_a_small_number_and_rings_do_not_overlap() -> None:
    cell = cell_of(*WEST_LAKE)
    rings = [ring(cell, k) for k in range(5)]
    assert [len(each) for each in rings] == [1, 8, 16, 24, 32]
    assert len({c for each in rings for c in each}) == 81
    assert cell_of(90, 180) < 2**31


def test_the_date_line_and_the_poles_are_not_the_edge_of_the_world() -> None:
    assert cell_of(10, -179.999) in ring(cell_of(10, 179.999), 1)
    assert all(0 <= cell < 2**31 for cell in ring(cell_of(89.999, 0), 3))


@given(
    lat=st.floats(-60, 60),
    lon=st.floats(-180, 179.9),
    north=st.floats(-0.07, 0.07),
    east=st.floats(-0.07, 0.07),
)
def test_nobody_within_the_radius_is_outside_the_rings(lat: float, lon: float, north: float, east: float) -> None:
    here, there = (lat, lon), (lat + north, (lon + east + 180) % 360 - 180)
    reach = rings_within(max(abs(lat), abs(there[0])), haversine(here, there))
    assert any(cell_of(*there) in ring(cell_of(*here), k) for k in range(reach + 1))


def test_a_point_reads_back_as_it_was_written() -> None:
    assert parse_point(point_text(WEST_LAKE)) == WEST_LAKE
    assert [parse_point(bad) for bad in (None, "", "1", "a,b", "91,0", "1,2,3")] == [None] * 6
    assert cell_side(30) == pytest.approx(963, abs=2)
