"""Which cut-off a moment belongs to, on both sides of a clock change; states; silence."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from weekapp.batches import rules
from weekapp.batches.rules import State


@pytest.mark.parametrize(
    ("now", "day", "moment"),
    [
        # summer: half past five is 15.30 UTC
        (datetime(2027, 7, 14, 15, 29, 59, tzinfo=UTC), date(2027, 7, 13), datetime(2027, 7, 13, 15, 30, tzinfo=UTC)),
        (datetime(2027, 7, 14, 15, 30, tzinfo=UTC), date(2027, 7, 14), datetime(2027, 7, 14, 15, 30, tzinfo=UTC)),
        # just after midnight on a Dutch clock it is still the day before in UTC
        (datetime(2027, 7, 14, 22, 30, tzinfo=UTC), date(2027, 7, 14), datetime(2027, 7, 14, 15, 30, tzinfo=UTC)),
        # 28 March 2027: the clock goes forward; the day before in winter time, the day itself in summer time
        (datetime(2027, 3, 27, 16, 30, tzinfo=UTC), date(2027, 3, 27), datetime(2027, 3, 27, 16, 30, tzinfo=UTC)),
        (datetime(2027, 3, 28, 15, 29, tzinfo=UTC), date(2027, 3, 27), datetime(2027, 3, 27, 16, 30, tzinfo=UTC)),
        (datetime(2027, 3, 28, 15, 30, tzinfo=UTC), date(2027, 3, 28), datetime(2027, 3, 28, 15, 30, tzinfo=UTC)),
        # 31 October 2027: the clock goes back
        (datetime(2027, 10, 30, 15, 30, tzinfo=UTC), date(2027, 10, 30), datetime(2027, 10, 30, 15, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 16, 29, tzinfo=UTC), date(2027, 10, 30), datetime(2027, 10, 30, 15, 30, tzinfo=UTC)),
        (datetime(2027, 10, 31, 16, 30, tzinfo=UTC), date(2027, 10, 31), datetime(2027, 10, 31, 16, 30, tzinfo=UTC)),
    ],
)
def test_the_last_cut_off_on_dutch_clocks(now: datetime, day: date, moment: datetime) -> None:
    assert rules.last_cut_off(now, time(17, 30)) == (day, moment)


@pytest.mark.parametrize("at", [time(0, 0), time(2, 30), time(23, 59)])
def test_each_day_has_one_cut_off_also_in_the_hour_that_is_skipped_or_doubled(at: time) -> None:
    for first in (datetime(2027, 3, 26, tzinfo=UTC), datetime(2027, 10, 29, tzinfo=UTC)):
        seen = [rules.last_cut_off(first + timedelta(minutes=minute), at) for minute in range(0, 5 * 24 * 60, 7)]
        days = [day for day, _ in dict.fromkeys(seen)]
        assert days == sorted(set(days))
        assert len(days) == 6
        assert all(moment <= first + timedelta(minutes=7 * n) for n, (_, moment) in enumerate(seen))


def test_an_edition_of_another_year_has_a_key_of_its_own() -> None:
    assert rules.run_key_of_cut_off(date(2027, 7, 14), 2027) == "cutoff-2027-07-14"
    assert rules.run_key_of_cut_off(date(2027, 7, 14), 2028) == "cutoff-2027-07-14-2028"


def test_a_worker_is_silent_after_a_minute() -> None:
    now = datetime(2027, 7, 14, 12, tzinfo=UTC)
    assert rules.is_silent(None, now)
    assert not rules.is_silent(now - timedelta(seconds=59), now)
    assert rules.is_silent(now - timedelta(seconds=61), now)


def test_every_state_has_words_and_a_list_of_what_may_follow() -> None:
    assert set(rules.NEXT) == set(rules.STATE_WORDS) == set(State)


def test_what_is_sealed_never_goes_back() -> None:
    assert not any(then in {State.REQUESTED, State.CLAIMED, State.FAILED} for state in rules.SEALED for then in rules.NEXT[state])
