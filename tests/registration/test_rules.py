"""Terms and wrong moments."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from weekapp.activities.rules import names_loneliness
from weekapp.registration import rules
from weekapp.registration.rules import Step, WrongMoment

WEEK = {"first_day": date(2027, 9, 30), "last_day": date(2027, 10, 6), "now": datetime(2027, 6, 15, tzinfo=UTC)}


def check(day=date(2027, 9, 30), begins=time(10), ends=time(12), **around):
    return rules.check_moment(day, begins, ends, **(WEEK | around))


def test_a_moment_is_given_in_dutch_wall_time():
    assert check() == (datetime(2027, 9, 30, 8, tzinfo=UTC), datetime(2027, 9, 30, 10, tzinfo=UTC))


@pytest.mark.parametrize("day", [date(2027, 9, 30), date(2027, 10, 6)])
def test_first_and_last_day_belong_to_the_week(day):
    assert check(day)


@pytest.mark.parametrize("day", [date(2027, 9, 29), date(2027, 10, 7)])
def test_another_day_is_refused_with_the_days_of_this_edition(day):
    with pytest.raises(WrongMoment, match="van 30 september tot en met 6 oktober") as refused:
        check(day)
    assert refused.value.field == "day"


@pytest.mark.parametrize("ends", [time(10), time(9)])
def test_it_ends_after_it_begins(ends):
    with pytest.raises(WrongMoment, match="Het einde komt na het begin") as refused:
        check(ends=ends)
    assert refused.value.field == "ends"


@pytest.mark.parametrize(("begins", "ends", "field"), [(time(2, 30), time(4), "begins"), (time(1), time(2, 30), "ends")])
def test_an_hour_that_the_clock_skips_is_refused(begins, ends, field):
    spring = {"first_day": date(2027, 3, 1), "last_day": date(2027, 3, 31), "now": datetime(2027, 1, 1, tzinfo=UTC)}
    with pytest.raises(WrongMoment, match="de klok een uur vooruit") as refused:
        check(date(2027, 3, 28), begins, ends, **spring)
    assert refused.value.field == field


def test_a_moment_in_the_doubled_hour_of_autumn_has_its_length():
    autumn = {"first_day": date(2027, 10, 1), "last_day": date(2027, 10, 31)}
    starts, ends = check(date(2027, 10, 31), time(1), time(4), **autumn)
    assert ends - starts == timedelta(hours=4)


def test_what_is_over_is_refused():
    with pytest.raises(WrongMoment, match="al voorbij"):
        check(now=datetime(2027, 9, 30, 8, tzinfo=UTC))


def test_the_same_first_form_makes_the_same_token_and_the_key_matters():
    assert rules.draft_token("a", "key") == rules.draft_token("a", "key")
    assert rules.draft_token("a", "key") != rules.draft_token("b", "key")
    assert rules.draft_token("a", "key") != rules.draft_token("a", "other key")
    assert len(rules.draft_token("a", "key")) == 32


def test_a_mailed_link_works_for_three_days():
    sent_at = datetime(2027, 6, 15, tzinfo=UTC)
    assert not rules.is_over(sent_at, sent_at + timedelta(hours=71, minutes=59))
    assert rules.is_over(sent_at, sent_at + timedelta(hours=72))


@pytest.mark.parametrize("text", ["Samen tegen eenzaamheid", "EENZAAM", "vereenzaamd"])
def test_the_word_that_keeps_people_away_is_seen(text):
    assert names_loneliness("Soep", text)


def test_other_words_give_no_hint():
    assert not names_loneliness("Samen soep eten", "Een zaam verhaal")


def test_steps_are_counted_from_one():
    assert [rules.number_of(step) for step in Step] == [1, 2, 3, 4, 5]
    assert rules.before(Step.ACTIVITY) is None
    assert rules.before(Step.CHECK) is Step.PACKAGE
