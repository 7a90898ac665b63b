"""The reference data in the package: complete, consistent, and unknown rather than wrong."""

import json
import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from weekapp.geography import reference
from weekapp.geography.rules import distance_km, in_netherlands

PROVINCES = {
    "Drenthe": 12, "Flevoland": 6, "Fryslân": 18, "Gelderland": 51, "Groningen": 10, "Limburg": 31,
    "Noord-Brabant": 56, "Noord-Holland": 44, "Overijssel": 25, "Utrecht": 26, "Zeeland": 13, "Zuid-Holland": 50,
}  # fmt: skip


def names() -> dict[str, str]:
    return {row.name: row.slug for row in reference.municipalities()}


def test_there_are_342_municipalities_in_twelve_provinces():
    assert len(reference.municipalities()) == 342
    assert Counter(row.province for row in reference.municipalities()) == PROVINCES


def test_each_municipality_has_a_cbs_code_a_plain_slug_and_a_point_in_the_country():
    for row in reference.municipalities():
        assert re.fullmatch(r"GM[0-9]{4}", row.code)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row.slug)
        assert in_netherlands(row.lon, row.lat)


def test_no_two_municipalities_share_a_name_or_a_slug():
    assert len(names()) == len(set(names().values())) == 342


def test_municipalities_have_the_names_that_people_use():
    assert names()["Den Haag"] == "den-haag"
    assert names()["'s-Hertogenbosch"] == "s-hertogenbosch"
    assert names()["Bergen (NH)"] == "bergen-nh"
    assert names()["Bergen (L)"] == "bergen-l"
    assert names()["Súdwest-Fryslân"] == "sudwest-fryslan"
    assert not [name for name in names() if "Gemeente" in name or "Municipality" in name]


def test_a_municipality_is_found_by_its_code_only():
    assert reference.municipality("GM0344").name == "Utrecht"
    assert reference.municipality("0344") is None


@pytest.mark.parametrize("digits", ["1234", "5217", "1954", "7146"])
def test_a_postcode_that_the_source_puts_in_the_wrong_place_is_unknown(digits):
    assert reference.postcode4(digits) is None


@pytest.mark.parametrize(
    ("digits", "place"),
    [
        ("1411", "Naarden"),
        ("3253", "Ouddorp"),
        ("7721", "Dalfsen"),
        ("9166", "Schiermonnikoog"),
        ("9979", "Eemshaven"),
        ("8899", "Vlieland"),
    ],
)
def test_a_postcode_that_is_rightly_far_from_its_neighbours_is_known(digits, place):
    assert reference.postcode4(digits).place == place


@pytest.mark.parametrize(("digits", "place"), [("3523", "Utrecht"), ("2324", "Leiden"), ("3981", "Bunnik"), ("7571", "Oldenzaal")])
def test_of_several_places_for_a_postcode_the_measured_one_is_kept(digits, place):
    assert reference.postcode4(digits).place == place


@pytest.mark.parametrize(
    ("digits", "code"), [("3231", "GM1992"), ("3221", "GM1992"), ("3235", "GM1992"), ("1381", "GM0363"), ("2511", "GM0518")]
)
def test_postcodes_belong_to_the_municipality_of_today(digits, code):
    assert reference.postcode4(digits).municipality_code == code


def test_each_known_postcode_is_in_the_country_and_near_its_municipality():
    known = [row for number in range(1000, 10000) if (row := reference.postcode4(str(number)))]
    assert len(known) > 4050
    for row in known:
        home = reference.municipality(row.municipality_code)
        assert row.place
        assert home is not None
        assert in_netherlands(row.lon, row.lat)
        assert distance_km(row.lon, row.lat, home.lon, home.lat) < 40, row


def test_each_municipality_has_a_postcode():
    known = [row for number in range(1000, 10000) if (row := reference.postcode4(str(number)))]
    assert {row.municipality_code for row in known} == {row.code for row in reference.municipalities()}


def test_a_merged_municipality_names_its_successor_and_its_last_day():
    weesp = reference.former("weesp")
    assert weesp.successors == ("GM0363",)
    assert weesp.valid_to == date(2022, 3, 23)
    assert {reference.former(slug).successors for slug in ("brielle", "hellevoetsluis", "westvoorne")} == {("GM1992",)}


def test_a_split_municipality_names_all_its_successors():
    assert reference.former("winsum").successors == ("GM1966", "GM1969")
    assert set(reference.former("haaren").successors) == {"GM0757", "GM0824", "GM0855", "GM0865"}


def test_a_municipality_of_today_is_not_a_former_one_and_successors_exist():
    assert not [slug for slug in names().values() if reference.former(slug)]
    for row in reference.by_former_slug().values():
        assert all(reference.municipality(code) for code in row.successors)


def test_the_outline_is_a_small_closed_multipolygon_around_the_country():
    raw = reference.outline_bytes()
    (feature,) = json.loads(raw)["features"]
    rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
    assert len(raw) < 60_000
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in rings)
    assert all(in_netherlands(lon, lat) for ring in rings for lon, lat in ring)


def test_the_outline_is_land_with_its_lakes_as_holes():
    (feature,) = json.loads(reference.outline_bytes())["features"]
    rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
    assert is_in_ring_count(rings, 5.12, 52.09) % 2 == 1  # Utrecht
    assert is_in_ring_count(rings, 5.40, 52.80) % 2 == 0  # IJsselmeer
    assert is_in_ring_count(rings, 4.00, 52.50) % 2 == 0  # North Sea


def is_in_ring_count(rings: list[list[list[float]]], x: float, y: float) -> int:
    """In how many rings a point lies; odd is on land."""
    edges = [(a, b) for ring in rings for a, b in pairwise(ring)]
    return sum((y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in edges)


def test_the_names_on_the_map_are_spread_over_all_provinces_and_few_at_first():
    features = json.loads(reference.places_bytes())["features"]
    ranks = Counter(feature["properties"]["rank"] for feature in features)
    nearest = {
        min(reference.municipalities(), key=lambda row: distance_km(row.lon, row.lat, *feature["geometry"]["coordinates"])).province
        for feature in features
    }
    assert set(ranks) == {1, 2, 3}
    assert ranks[1] < 16
    assert 55 <= len(features) <= 70
    assert nearest == set(PROVINCES)
