"""Postcodes, house numbers, PO boxes and distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekapp.geography import rules
from weekapp.geography.rules import Precision


@pytest.mark.parametrize("typed", ["1234ab", "1234 AB", "NL-1234AB", " 1234  ab ", "nl 1234 Ab"])
def test_a_postcode_is_stored_in_one_spelling_however_it_is_typed(typed):
    assert rules.normalise_postcode(typed) == "1234 AB"


@pytest.mark.parametrize("typed", ["", "1234", "0234 AB", "1234 SA", "1234 SD", "1234 SS", "1234 A1", "12345 AB", "B-1000", "Utrecht"])
def test_what_cannot_be_a_dutch_postcode_is_none(typed):
    assert rules.normalise_postcode(typed) is None


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("12", (12, "", "")),
        ("12a", (12, "A", "")),
        (" 12 A ", (12, "A", "")),
        ("12-2 bis", (12, "", "2 bis")),
        ("12 bis", (12, "", "bis")),
        ("12A-2", (12, "A", "2")),
        ("12 a bis", (12, "A", "bis")),
        ("12/3", (12, "", "3")),
        ("12 hs", (12, "", "hs")),
        ("12, 3e  etage", (12, "", "3e etage")),
        ("99999", (99999, "", "")),
    ],
)
def test_a_house_number_falls_apart_into_number_letter_and_addition(typed, parts):
    assert rules.split_house_number(typed) == parts


@pytest.mark.parametrize("typed", ["", "a12", "bis", "0", "123456", "-12"])
def test_what_does_not_start_with_a_house_number_is_none(typed):
    assert rules.split_house_number(typed) is None


@given(st.integers(1, 99_999), st.sampled_from(["", "A", "Z"]), st.sampled_from(["", "2", "bis", "hs", "3 hoog"]))
def test_a_house_number_written_in_full_is_read_back(number, letter, addition):
    assert rules.split_house_number(f"{number}{letter} {addition}") == (number, letter, addition)


@given(st.text())
def test_no_text_breaks_the_reading_of_an_address(text):
    rules.normalise_postcode(text)
    rules.split_house_number(text)
    rules.is_po_box(text)


@pytest.mark.parametrize(
    "street",
    [
        "Postbus 123",
        "postbus123",
        "POSTBUS",
        "Antwoordnummer 45",
        "Post bus 1",
        "P.O. Box 9",
        "PO Box 9",
        "po-box 3",
        "Pb. 12",
        "t.a.v. Jan, postbus 1",
    ],
)
def test_a_po_box_is_recognised(street):
    assert rules.is_po_box(street)


@pytest.mark.parametrize("street", ["Postbusweg", "Postbaan", "Boxmeerseweg", "Antwoordstraat", "Pbstraat", "Poststraat 1", ""])
def test_a_street_is_not_taken_for_a_po_box(street):
    assert not rules.is_po_box(street)


def test_the_distance_from_utrecht_to_groningen_is_159_km():
    assert rules.distance_km(5.1222, 52.0908, 6.5667, 53.2192) == pytest.approx(159, abs=1)


@given(st.floats(3.3, 7.3), st.floats(50.7, 53.6), st.floats(3.3, 7.3), st.floats(50.7, 53.6))
def test_a_distance_is_the_same_both_ways_and_never_negative(lon1, lat1, lon2, lat2):
    there = rules.distance_km(lon1, lat1, lon2, lat2)
    assert there >= 0
    assert there == pytest.approx(rules.distance_km(lon2, lat2, lon1, lat1))


def test_exchanged_and_empty_coordinates_are_not_in_the_netherlands():
    assert rules.in_netherlands(5.1, 52.1)
    assert not rules.in_netherlands(52.1, 5.1)
    assert not rules.in_netherlands(0.0, 0.0)


def test_each_precision_has_its_own_words():
    assert set(rules.PRECISION_WORDS) == set(Precision)
    assert len(set(rules.PRECISION_WORDS.values())) == len(Precision)
