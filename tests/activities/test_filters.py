from datetime import date
from random import Random

import pytest

from tests.activities.searches import random_pairs
from weekapp.activities import filters as module
from weekapp.activities.chips import chips
from weekapp.activities.filters import Filters, address, as_pairs, parse
from weekapp.activities.rules import Audience, Theme


def fields_of(errors):
    return [field for field, _message in errors]


def test_nothing_asked_for_is_the_empty_search():
    assert parse([]) == (Filters(), [])


def test_empty_values_of_a_form_count_as_absent():
    filters, errors = parse([("q", ""), ("postcode", "  "), ("dag", ""), ("straal", ""), ("gemeente", "")])
    assert (filters.is_empty, errors) == (True, [])


@pytest.mark.parametrize("text", ["utrecht", "GM0344", "gm0344", "Utrecht"])
def test_a_municipality_answers_to_slug_code_and_name(text):
    assert [row.code for row in parse([("gemeente", text)])[0].gemeente] == ["GM0344"]


def test_a_former_municipality_means_those_that_took_its_place():
    filters, _errors = parse([("gemeente", "winsum")])
    assert len(filters.gemeente) == 2


@pytest.mark.parametrize("text", ["noord-brabant", "Noord-Brabant"])
def test_a_province_answers_to_slug_and_name(text):
    assert parse([("provincie", text)])[0].provincie == ("Noord-Brabant",)


def test_fryslan_answers_to_its_dutch_name():
    assert parse([("provincie", "friesland")])[0].provincie == ("Fryslân",)


@pytest.mark.parametrize("text", ["1", "ja", "true", "on", "JA"])
def test_yes_is_written_in_four_ways(text):
    assert parse([("gratis", text)])[0].gratis


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kleur", "rood"),
        ("gemeente", "atlantis"),
        ("gemeente", "GM9999"),
        ("provincie", "texel"),
        ("dag", "morgen"),
        ("dag", "2027-02-30"),
        ("dag", "20270930"),
        ("dag", "9999-12-31"),
        ("dag", "0001-01-01"),
        ("dag", "٢٠٢٧-٠٩-٣٠"),
        ("van", "30-09-2027"),
        ("thema", "bier"),
        ("doelgroep", "ouderen,jongeren"),
        ("postcode", "0999"),
        ("postcode", "1234"),
        ("postcode", "35111"),
        ("straal", "10"),
        ("bbox", "5,52,6"),
        ("bbox", "6,52,5,53"),
        ("bbox", "nan,52,6,53"),
        ("bbox", "5,52,6,inf"),
        ("gratis", "nee"),
        ("rolstoel", "0"),
        ("q", "***"),
        ("q", "\x00"),
        ("q", "a " * 11),
        ("q", "a" * 101),
        ("pagina", "2"),
    ],
)
def test_a_broken_or_unknown_filter_is_an_error(name, value):
    _filters, errors = parse([(name, value)])
    assert len(errors) == 1


@pytest.mark.parametrize("straal", ["0", "-5", "1e3", "nan", "201", "tien"])
def test_a_distance_must_be_a_sensible_number_of_kilometres(straal):
    assert fields_of(parse([("postcode", "3511"), ("straal", straal)])[1]) == ["straal"]


def test_all_errors_are_told_at_once():
    _filters, errors = parse([("kleur", "rood"), ("dag", "morgen"), ("van", "2027-10-02"), ("tot", "2027-10-01")])
    assert sorted(fields_of(errors)) == ["dag", "kleur", "tot"]


def test_a_single_filter_may_not_have_two_values():
    assert fields_of(parse([("q", "soep"), ("q", "taart")])[1]) == ["q"]


def test_the_same_value_twice_is_no_error():
    assert parse([("gratis", "1"), ("gratis", "1")])[1] == []


def test_filters_of_pages_are_allowed_there():
    assert parse([("pagina", "2")], also=frozenset({"pagina"}))[1] == []


def test_a_name_of_a_filter_is_not_echoed_at_length():
    assert len(parse([("x" * 5000, "1")])[1][0][0]) == 40


def test_the_canonical_address_is_the_same_however_it_was_asked():
    one, _ = parse([("doelgroep", "ouderen"), ("doelgroep", "jongeren"), ("postcode", "3511lx"), ("straal", "10"), ("gemeente", "GM0344")])
    other, _ = parse([("gemeente", "utrecht"), ("postcode", "3511 LX"), ("doelgroep", "jongeren"), ("doelgroep", "ouderen")])
    assert address("/x", one) == address("/x", other) == "/x?gemeente=utrecht&doelgroep=jongeren&doelgroep=ouderen&postcode=3511+LX"


def test_reading_back_what_was_written_gives_the_same_search():
    random = Random(7)
    for _ in range(300):
        filters, errors = parse(random_pairs(random))
        assert errors == []
        assert parse(as_pairs(filters)) == (filters, [])


def test_every_chip_takes_away_one_filter():
    random = Random(8)
    for _ in range(200):
        filters, _errors = parse(random_pairs(random))
        for chip in chips(filters):
            assert len(chips(chip.others)) < len(chips(filters))


def test_taking_all_chips_away_leaves_nothing():
    filters, _ = parse([("q", "soep"), ("thema", "eten"), ("postcode", "3511"), ("straal", "25"), ("bbox", "4,51,6,53"), ("gratis", "ja")])
    while found := chips(filters):
        filters = found[0].others
    assert filters.is_empty


def test_a_day_outside_the_stretch_that_is_asked_for_is_no_day():
    assert module.days_asked(Filters(dag=(date(2027, 9, 30),), van=date(2027, 10, 1))) == []


def test_themes_and_audiences_are_lists():
    filters, _ = parse([("thema", "eten"), ("thema", "koffie"), ("doelgroep", "ouderen")])
    assert filters.thema == (Theme.EATING, Theme.COFFEE)
    assert filters.doelgroep == (Audience.OLDER,)
