"""Towns and villages by name."""

import pytest

from weekapp.geography import reference
from weekapp.geography.places import by_key, key_of, municipalities_called, names_like, places_called


def test_every_postcode_area_belongs_to_a_place_of_its_name():
    missing = [area for area in reference.postcodes4() if not places_called(area.place)]
    assert missing == []
    assert "" not in by_key()


@pytest.mark.parametrize("spelled", ["'s-Hertogenbosch", "s hertogenbosch", "Den Bosch", "DEN BOSCH"])
def test_a_name_is_known_in_each_spelling(spelled):
    assert [row.slug for row in municipalities_called(spelled)] == ["s-hertogenbosch"]


def test_areas_of_one_place_are_together_and_places_of_one_name_apart():
    assert len(places_called("Rotterdam")) == 1
    assert [one.municipality.name for one in places_called("Nes")] == ["Heerenveen", "Noardeast-Fryslân", "Ameland"]


def test_what_the_source_writes_behind_a_name_is_no_part_of_it():
    assert {one.name for one in places_called("Haren")} == {"Haren"}
    assert key_of("Bergen (NH)") == key_of("bergen")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Nijmegn", ["nijmegen"]),
        ("Roterdam", ["rotterdam"]),
        ("leewarden", ["leeuwarden"]),
        ("soep", []),
        ("3511", []),
        ("", []),
        ("xyzzyx", []),
    ],
)
def test_a_typo_leads_to_the_nearest_name_and_a_short_word_to_none(typed, names):
    assert names_like(typed) == names
