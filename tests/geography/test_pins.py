"""Pins that somebody puts right: names become places, steps are as long as they say, and a pin stays in its municipality."""

import pytest

from tests.geography.test_geocoder import Pdok
from weekapp.geography import pins, reference
from weekapp.geography.pins import Direction, WrongPlace
from weekapp.geography.rules import distance_km

DOM = (5.12174, 52.09073)  # in Utrecht
MARTINI = (6.56827, 53.21917)  # in Groningen


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("metres", [25, 100, 500])
def test_a_step_is_as_long_as_it_says(direction, metres):
    assert pins.metres_between(DOM, pins.moved(DOM, direction, metres)) == pytest.approx(metres, abs=2)


def test_a_step_and_its_opposite_lead_back():
    there = pins.moved(DOM, Direction.NORTH, 100)
    assert pins.metres_between(DOM, pins.moved(there, Direction.SOUTH, 100)) <= 2
    assert there[1] > DOM[1]


@pytest.mark.parametrize("typed", ["3511", "3511LX", "3511 lx", " 3511 LX 12 "])
def test_a_postcode_is_found_however_it_is_typed(typed):
    row = reference.postcode4("3511")
    assert pins.named(typed) == (row.lon, row.lat)


@pytest.mark.parametrize(("typed", "where"), [("Utrecht", DOM), ("GRONINGEN", MARTINI), ("'s-Gravenhage", (4.3, 52.07))])
def test_a_town_is_found_by_its_name(typed, where):
    assert distance_km(*pins.named(typed), *where) < 5


def test_of_two_towns_with_one_name_the_nearest_is_meant():
    near_alkmaar, near_venlo = pins.named("Bergen", (4.75, 52.63)), pins.named("Bergen", (6.17, 51.37))
    assert near_alkmaar != near_venlo or near_alkmaar is None


@pytest.mark.parametrize("typed", ["", "Nergenshuizen", "0000", "1001 ZZ", "12"])
def test_what_nobody_knows_is_not_found(typed):
    assert pins.named(typed) is None


def test_every_postcode_area_lies_in_its_own_municipality():
    for row in reference.postcodes4()[::40]:
        pins.check_pin((row.lon, row.lat), row.municipality_code)


@pytest.mark.parametrize("point", [(13.4, 52.5), (52.09, 5.12), (0.0, 0.0), (4.35, 50.85), (3.5, 53.4)])
def test_a_pin_abroad_or_at_sea_is_refused(point):
    with pytest.raises(WrongPlace, match="niet in Nederland"):
        pins.check_pin(point, None)


def test_a_pin_in_another_municipality_is_refused_with_the_name_of_its_own():
    pins.check_pin(DOM, "GM0344")
    with pytest.raises(WrongPlace, match="niet in de gemeente Utrecht"):
        pins.check_pin(MARTINI, "GM0344")


def test_the_municipality_of_a_pin_is_told_only_where_it_is_sure():
    assert pins.municipality_at(DOM) == "GM0344"
    assert pins.municipality_at((13.4, 52.5)) is None


def test_the_register_is_asked_for_streets_in_the_municipality_only():
    pdok = Pdok("one_address.json")
    assert pdok.geocoder.search("Europalaan", near=DOM, municipality_code="GM0344") == (5.10696041, 52.06415055)
    (request,) = pdok.requests
    assert request.url.params["q"] == "Europalaan"
    assert "gemeentecode:0344" in request.url.params.get_list("fq")
    assert set(request.url.params) == {"q", "fq", "rows", "fl"}


@pytest.mark.parametrize("answer", ["no_address.json", 503])
def test_without_an_answer_of_the_register_our_own_tables_are_used(answer):
    row = reference.postcode4("3511")
    assert Pdok(answer).geocoder.search("3511 LX", near=None, municipality_code=None) == (row.lon, row.lat)
