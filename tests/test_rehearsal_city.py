"""The rehearsed city: made from a seed, whole, nobody real, and its people behave at the rates their file gives."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
import yaml

from outreach.errors import MisSet
from outreach.policy import parse_categories
from outreach.rehearsal import (
    City,
    RehearsedResident,
    RehearsedResponder,
    demo,
    load_city,
    read_rates,
    warning_is_accurate,
)
from outreach.rehearsal.generate import write_city
from outreach.rehearsal.loading import CITY

MADE = ("areas.geojson", "residents.csv", "responders.csv", "warnings.ndjson")
CATEGORIES = Path(__file__).parents[1] / "outreach" / "policies" / "categories.yaml"
ABOVE = {"district": "city", "street": "district", "community": "street", "grid": "community"}
RATES = read_rates()
PEOPLE = [f"R{n:04d}" for n in range(4000)]


@pytest.fixture(scope="module")
def city() -> City:
    return load_city()


@pytest.fixture(scope="module")
def areas(city: City) -> dict[str, dict[str, Any]]:
    features = json.loads(city.areas.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["code"]: feature for feature in features}


def contains(area: dict[str, Any], lat: float, lon: float) -> bool:
    ring = area["geometry"]["coordinates"][0]
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_the_same_seed_makes_the_city_again_byte_for_byte(tmp_path: Path) -> None:
    write_city(tmp_path)
    for name in MADE:
        assert (tmp_path / name).read_bytes() == (CITY / name).read_bytes(), (
            f"run python -m outreach.rehearsal.generate: {name}"
        )


def test_another_seed_makes_another_city(tmp_path: Path) -> None:
    write_city(tmp_path, seed=1)
    assert all((tmp_path / name).read_bytes() != (CITY / name).read_bytes() for name in MADE)


def test_the_city_has_the_size_that_is_promised(city: City) -> None:
    assert len(city.read_residents()) == 2000
    assert len(city.read_responders()) == 120
    assert len(city.warnings) == 60
    assert sum(file.stat().st_size for file in CITY.iterdir()) < 700_000


def test_every_area_hangs_below_the_next_larger_kind(areas: dict[str, dict[str, Any]]) -> None:
    told = {code: area["properties"] for code, area in areas.items()}
    assert Counter(each["kind"] for each in told.values()) == {
        "city": 1,
        "district": 3,
        "street": 6,
        "community": 12,
        "grid": 48,
    }
    assert all(set(each) == {"code", "parent", "kind", "name", "time_zone"} for each in told.values())
    assert all(told[each["parent"]]["kind"] == ABOVE[each["kind"]] for each in told.values() if each["parent"])
    assert [code for code, each in told.items() if each["parent"] is None] == ["yt"]
    assert len({each["name"] for each in told.values()}) == len(told)


def test_parents_come_before_their_children_in_the_file(areas: dict[str, dict[str, Any]]) -> None:
    seen: set[str | None] = {None}
    for code, area in areas.items():
        assert area["properties"]["parent"] in seen
        seen.add(code)


def test_every_outline_is_closed_and_runs_counterclockwise(areas: dict[str, dict[str, Any]]) -> None:
    for area in areas.values():
        (ring,) = area["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) > 0


def test_everybody_lives_inside_their_grid_and_all_that_is_above_it(
    city: City, areas: dict[str, dict[str, Any]]
) -> None:
    for person in [*city.read_residents(), *city.read_responders()]:
        code: str | None = person.area
        assert areas[person.area]["properties"]["kind"] == "grid"
        while code:
            assert contains(areas[code], person.lat, person.lon), (person.external_id, code)
            code = areas[code]["properties"]["parent"]


def test_no_point_lies_in_two_grids(city: City, areas: dict[str, dict[str, Any]]) -> None:
    grids = [area for area in areas.values() if area["properties"]["kind"] == "grid"]
    for person in islice(city.read_residents(), 200):
        assert sum(contains(grid, person.lat, person.lon) for grid in grids) == 1


def test_no_two_people_share_a_phone_a_name_or_an_id(city: City) -> None:
    people = [*city.read_residents(), *city.read_responders()]
    assert len(city.who_has()) == 2120
    assert len({person.phone for person in people}) == 2120
    assert len({person.external_id for person in people}) == 2120
    assert len({person.name for person in people}) == 2120


def test_every_number_is_set_aside_for_fiction_and_can_still_be_dialled(city: City) -> None:
    for number in city.who_has():
        parsed = phonenumbers.parse(number)
        assert number[5:10] == "55501", "NANPA keeps 555-0100 to 555-0199 for fiction"
        assert phonenumbers.is_possible_number(parsed)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.region_code_for_number(parsed) == "US"


def test_an_invented_city_rings_through_the_stand_in_whoever_carries_the_real_calls_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_MESSENGER", "pigeon")
    monkeypatch.setenv("OUTREACH_TWILIO_API_URL", "https://api.example")
    chosen = demo._settings("sqlite://:memory:", tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2", "token")
    assert (chosen.messenger, chosen.twilio_api_url) == ("twilio", "http://127.0.0.1:2")


def test_most_speak_chinese_and_some_english(city: City) -> None:
    spoken = Counter(person.language for person in city.read_residents())
    assert set(spoken) == {"zh-CN", "en"}
    assert 200 < spoken["en"] < 400


def test_every_grid_has_its_worker_trained_for_both_families(city: City, areas: dict[str, dict[str, Any]]) -> None:
    workers = {person.area: person for person in city.read_responders() if person.role == "grid_worker"}
    assert set(workers) == {code for code, area in areas.items() if area["properties"]["kind"] == "grid"}
    assert all(person.trained == ("fraud", "welfare") for person in workers.values())
    assert {person.role for person in city.read_responders()} == {
        "grid_worker",
        "community_worker",
        "volunteer",
        "officer",
    }


def test_a_few_have_a_vetting_that_ran_out(city: City) -> None:
    lapsed = [p for p in city.read_responders() if p.vetted_until < datetime(2026, 1, 1, tzinfo=UTC)]
    assert 1 <= len(lapsed) <= 5


def test_every_warning_is_about_somebody_in_the_city_and_says_so_the_same_way(city: City) -> None:
    residents = {person.external_id: person for person in city.read_residents()}
    categories = parse_categories(yaml.safe_load(CATEGORIES.read_text(encoding="utf-8")), "categories.yaml")
    for warning in city.warnings:
        who, told = residents[warning.resident_id], warning.body["resident"]
        assert (told["phone"], told["name"], told["language"]) == (who.phone, who.name, who.language)
        assert told["location"] == {"lat": who.lat, "lon": who.lon}
        assert told.get("external_id", who.external_id) == who.external_id
        assert warning.body["category"] in categories
        assert who.name not in warning.body["summary"]
    assert len({warning.body["external_id"] for warning in city.warnings}) == 60
    assert {warning.body["category"] for warning in city.warnings} == set(categories)
    assert {warning.body["severity"] for warning in city.warnings} == {"high", "medium", "low"}


def test_some_residents_are_warned_twice_of_the_same_danger(city: City) -> None:
    twice = [one for one, count in Counter(warning.resident_id for warning in city.warnings).items() if count > 1]
    assert 3 <= len(twice) <= 6


def test_warnings_come_in_order_and_leave_time_to_play_out(city: City, now: datetime) -> None:
    offsets = [warning.offset_min for warning in city.warnings]
    assert offsets == sorted(offsets)
    assert offsets[0] >= 0
    assert offsets[-1] <= 50
    first = city.warnings[0]
    detected = datetime.fromisoformat(first.request(now)["detected_at"])
    assert detected - now == timedelta(minutes=first.offset_min - first.detected_before_min)


def test_every_rate_says_where_it_comes_from() -> None:
    for name, rate in read_rates().by_name.items():
        assert rate.source.startswith(("the story: ", "a survey: ", "assumed: ")), name


def test_a_rate_without_a_source_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("residents:\n  reads_sms: {share: 0.5}\n")
    with pytest.raises(MisSet, match=r"residents\.reads_sms"):
        read_rates(file)


def test_a_rate_beyond_its_bounds_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text("residents:\n  replies: {weights: {yes: 0.5, no: 0.6}, source: 'assumed: a slip'}\n")
    with pytest.raises(MisSet, match=r"residents\.replies"):
        read_rates(file)


def test_people_do_the_same_when_asked_again_and_differ_from_each_other() -> None:
    rates = read_rates()
    first = [RehearsedResident(who, 7, rates).answers_call("0") for who in PEOPLE[:50]]
    assert first == [RehearsedResident(who, 7, rates).answers_call("0") for who in PEOPLE[:50]]
    assert first != [RehearsedResident(who, 8, rates).answers_call("0") for who in PEOPLE[:50]]
    assert first != [RehearsedResident(who, 7, rates).answers_call("1") for who in PEOPLE[:50]]
    assert len({call.after_min for call in first}) > 40


def test_residents_read_answer_and_press_at_the_rates_given() -> None:
    rates = read_rates()
    texts = [RehearsedResident(who, 7, rates, "en").reads_sms("0") for who in PEOPLE]
    calls = [RehearsedResident(who, 7, rates).answers_call("0") for who in PEOPLE]
    assert sum(text.reads for text in texts) / len(texts) == pytest.approx(0.82, abs=0.02)
    assert sum(call.answers for call in calls) / len(calls) == pytest.approx(0.40, abs=0.025)
    assert {text.reply for text in texts} == {"", "1", "Who is this?", "STOP"}
    assert {call.how for call in calls} == {"human", "machine", "busy", "no_answer"}
    assert {call.digits for call in calls if call.answers} == {"", "1", "2", "91"}
    assert not any(text.reply for text in texts if not text.reads)
    assert not any(call.digits for call in calls if not call.answers)


def test_warnings_are_as_accurate_as_in_the_story() -> None:
    rates = read_rates()
    accurate = sum(warning_is_accurate(who, "fraud", 7, rates) for who in PEOPLE)
    assert accurate / len(PEOPLE) == pytest.approx(0.986, abs=0.006)


@pytest.mark.parametrize(("category", "family"), [("impersonation", "fraud"), ("missing_contact", "welfare")])
def test_what_a_responder_finds_is_always_in_the_list_of_the_category(category: str, family: str) -> None:
    rates = read_rates()
    known = parse_categories(yaml.safe_load(CATEGORIES.read_text(encoding="utf-8")), "categories.yaml")[
        category
    ].outcomes
    ben = RehearsedResponder("P001", 7, rates, "grid_worker")
    adas = [RehearsedResident(who, 7, rates) for who in PEOPLE]
    visits = {ben.visits(ada, family, 500, 0).outcome for ada in adas}
    calls = {ben.calls(ada, family, 0).outcome for ada in adas}
    assert {"nobody_home", "wrong_address"} < visits <= set(known)
    assert {"no_answer", "busy", "wrong_number"} < calls <= set(known)


def test_ben_and_a_second_visitor_find_the_same_house_empty() -> None:
    rates = read_rates()
    away = next(
        ada for who in PEOPLE if not (ada := RehearsedResident(who, 7, rates)).is_home(0) and not ada.address_is_wrong()
    )
    for name in ("P001", "P002"):
        assert RehearsedResponder(name, 7, rates, "volunteer").visits(away, "fraud", 500, 0).outcome == "nobody_home"


def test_who_accepts_has_seen_the_offer_and_who_declines_says_why() -> None:
    rates = read_rates()
    offers = [RehearsedResponder(f"P{n}", 7, rates, "volunteer").sees_offer("R0001 0") for n in range(2000)]
    assert not any(offer.accepts for offer in offers if not offer.sees)
    assert all(bool(offer.reason) == (offer.sees and not offer.accepts) for offer in offers)
    assert sum(offer.accepts for offer in offers) / len(offers) == pytest.approx(0.92 * 0.5, abs=0.03)


def minutes_until_found(who: str, metres: float = 600, lapse: float = 5, again: float = 20) -> float | None:
    """Visits alone, one responder asked after the other, each nobody-home tried again: when is `who` found?"""
    rates, clock, nth = RATES, 0.0, 0
    resident = RehearsedResident(who, 7, rates)
    for n in range(12):
        ben = RehearsedResponder(f"{who}-{n}", 7, rates, ("grid_worker", "community_worker", "volunteer")[n % 3])
        offer = ben.sees_offer(f"{who} {n}")
        answered = offer.after_min + offer.decides_min
        clock += min(answered, lapse) if offer.sees else lapse
        if not offer.accepts or answered > lapse:
            continue
        visit = ben.visits(resident, "fraud", metres, nth)
        clock, nth = clock + visit.sets_off_min + visit.travel_min + visit.searches_min, nth + 1
        if visit.outcome == "wrong_address":
            return None
        if visit.outcome != "nobody_home":
            return clock
        clock += again
    return None


def test_visits_alone_find_half_of_the_people_within_30_minutes_as_in_the_story() -> None:
    found = [minutes_until_found(who) for who in PEOPLE]
    share = sum(minutes is not None and minutes <= 30 for minutes in found) / len(found)
    assert share == pytest.approx(RATES.by_name["story.found_within_30_minutes"].share, abs=0.03)
