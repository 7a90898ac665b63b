"""Moments that come back: right across clock changes, and each can be dropped or changed."""

import re
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.registration.filling import PLACE, Person, errors, form_token, set_the_table
from weekapp import clock
from weekapp.registration.answers import Moment
from weekapp.registration.rules import MOST_MOMENTS
from weekapp.registration.series import Rhythm, WrongSeries, days_after

DAYS = some.dates(date(2024, 1, 1), date(2034, 1, 1))
TIMES = some.times(time(3, 1), time(20, 0)).map(lambda at: at.replace(second=0, microsecond=0))


@given(first=DAYS, weeks=some.integers(1, MOST_MOMENTS), at=TIMES)
def test_each_week_has_the_same_weekday_and_the_same_wall_time_on_both_sides_of_a_clock_change(first, weeks, at):
    days = days_after(first, first + timedelta(weeks=weeks, days=3), Rhythm.WEEKLY)
    moments = [Moment(day=day, begins=at, ends=time(23)).instants for day in [first, *days]]
    walls = [clock.local(starts) for starts, _ in moments]
    assert len(days) == weeks
    assert {(wall.weekday(), wall.hour, wall.minute) for wall in walls} == {(first.weekday(), at.hour, at.minute)}
    assert all(abs((later - earlier) - timedelta(days=7)) <= timedelta(hours=1) for (earlier, _), (later, _) in pairwise(moments))


@given(first=DAYS, length=some.integers(1, 80))
def test_each_workday_is_there_and_no_weekend(first, length):
    until = first + timedelta(days=length)
    days = days_after(first, until, Rhythm.WORKDAYS)
    assert days == [day for n in range(1, length + 1) if (day := first + timedelta(days=n)).weekday() < 5]
    assert all(first < day <= until for day in days)


@given(first=DAYS, length=some.integers(-400, 0), rhythm=some.sampled_from(Rhythm))
def test_a_last_day_before_the_first_is_refused_with_a_sentence(first, length, rhythm):
    with pytest.raises(WrongSeries):
        days_after(first, first + timedelta(days=length), rhythm)


def test_ten_years_of_days_are_refused_without_counting_them_all():
    with pytest.raises(WrongSeries, match="Er passen"):
        days_after(date(2027, 9, 30), date(2037, 9, 30), Rhythm.DAILY)


@pytest.fixture
def person(client):
    set_the_table()
    return Person(client).walk(until="plaats-en-tijd")


def press(person, **more):
    """Press a button of step 2."""
    return person.client.post(person.path, data={"form_token": form_token(person.client.get(person.path))} | PLACE | more)


def days_on(page):
    return re.findall(r'name="moments-\d+-day"[^>]*value="([^"]+)"', page.text)


def test_a_button_fills_in_all_workdays_until_a_day(person):
    page = press(person, add_series="1", **{"series-rhythm": "werkdag", "series-until": "2027-10-06"})
    assert page.status_code == 200
    assert days_on(page) == ["2027-09-30", "2027-10-01", "2027-10-04", "2027-10-05", "2027-10-06"]
    assert "We hebben 4 momenten ingevuld" in page.text


def test_one_of_a_series_can_be_dropped_and_the_rest_is_kept(person):
    rows = {f"moments-{n}-day": f"2027-10-0{n}" for n in (1, 2)}
    rows |= {f"moments-{n}-{name}": value for n in (1, 2) for name, value in (("begins", "10:00"), ("ends", "12:00"))}
    page = press(person, remove_moment="moments-1", **rows)
    assert days_on(page) == ["2027-09-30", "2027-10-02"]
    assert person.send(PLACE | rows).status_code == 303


def test_a_series_without_its_last_day_says_what_to_fill_in(person):
    page = press(person, add_series="1", **{"series-rhythm": "week"})
    assert page.status_code == 400
    assert "Vul de laatste dag in. Bijvoorbeeld: 30-09-2027." in errors(page)


def test_a_series_that_is_too_long_says_how_many_fit(person):
    page = press(person, add_series="1", is_ongoing="y", **{"series-rhythm": "dag", "series-until": "2028-03-01"})
    assert page.status_code == 400
    assert f"Er passen {MOST_MOMENTS} momenten in. Kies een eerdere laatste dag." in errors(page)


def test_what_goes_on_all_year_may_be_outside_the_week(person):
    outside = {"moments-0-day": "2027-11-04"}
    assert person.send(PLACE | outside).status_code == 400
    assert person.send(PLACE | outside | {"is_ongoing": "y"}).status_code == 303


def test_what_goes_on_all_year_is_not_planned_years_ahead(person):
    page = press(person, is_ongoing="y", **{"moments-0-day": "2029-01-01"})
    assert "Dat is meer dan een jaar weg. Kies een eerdere dag." in errors(page)
