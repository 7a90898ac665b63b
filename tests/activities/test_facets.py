"""The number beside a choice is what the choice gives."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.activities.searches import fill, random_pairs
from tests.builders import make_activity, make_edition
from weekapp.activities import queries
from weekapp.activities.facets import SEVERAL, facets
from weekapp.activities.filters import YES_WORDS, Filters, parse

DAYS = [date(2027, 9, 30) + timedelta(days=number) for number in range(7)]


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def chosen(filters, name, value):
    """The search after somebody chose a value: the only one of its filter."""
    found, errors = parse([(name, value)])
    assert errors == []
    return replace(filters, **{name: getattr(found, name)})


def test_each_number_is_what_the_list_finds_after_the_choice(session):
    make_edition()
    fill(60)
    random = Random(21)
    for _ in range(8):
        filters = parse(random_pairs(random))[0]
        for name, by_value in facets(filters, DAYS).items():
            for value in random.sample(sorted(by_value), min(3, len(by_value))):
                assert by_value[value] == queries.count(chosen(filters, name, value)), (filters, name, value)


def test_every_choice_that_finds_something_has_a_number(session):
    make_activity(is_free=True, can_come_alone=False)
    found = facets(Filters(), DAYS)
    assert set(found) == {*SEVERAL, *YES_WORDS}
    assert found["thema"] == {"eten": 1}
    assert found["gemeente"] == {"utrecht": 1}
    assert found["provincie"] == {"utrecht": 1}
    assert found["doelgroep"] == {"iedereen": 1}
    assert (found["gratis"], found["alleen"]) == ({"1": 1}, {"1": 0})
    assert [found["dag"][day.isoformat()] for day in DAYS] == [1, 0, 0, 0, 0, 0, 0]


def test_a_second_value_of_a_filter_keeps_its_own_number(session):
    make_activity(theme="eten")
    make_activity(theme="koffie")
    assert facets(chosen(Filters(), "thema", "eten"), DAYS)["thema"] == {"eten": 1, "koffie": 1}


def test_days_outside_the_stretch_asked_for_give_nothing(session):
    make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    assert facets(Filters(van=date(2027, 10, 1)), DAYS)["dag"] == {day.isoformat(): 0 for day in DAYS[1:]}
