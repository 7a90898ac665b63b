"""The forecast of when the stock runs out: examples by hand, and what must hold for any curve."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekapp.packages.forecast import Basis, Outcome, Season, run_out

OPENS, CLOSES = date(2027, 6, 1), date(2027, 8, 31)
FORMER_OPENS, FORMER_CLOSES = date(2026, 6, 1), date(2026, 8, 31)


def evenly(opens: date, closes: date, each: int) -> Season:
    return Season(opens, closes, {opens + timedelta(days=n): each for n in range((closes - opens).days + 1)})


def so_far(each: int, today: date) -> Season:
    return Season(OPENS, CLOSES, {OPENS + timedelta(days=n): each for n in range((today - OPENS).days)})


EVEN_FORMER = evenly(FORMER_OPENS, FORMER_CLOSES, 10)
MIDSUMMER = date(2027, 7, 1)


def test_an_even_curve_runs_out_after_available_divided_by_a_days_orders() -> None:
    found = run_out(so_far(10, MIDSUMMER), EVEN_FORMER, 100, MIDSUMMER)
    assert (found.outcome, found.basis, found.day) == (Outcome.RUNS_OUT, Basis.FORMER, date(2027, 7, 10))
    assert found.earliest == date(2027, 7, 8)
    assert found.latest == date(2027, 7, 14)


def test_an_edition_that_goes_twice_as_well_runs_out_earlier_than_one_like_the_former() -> None:
    like_former = run_out(so_far(10, MIDSUMMER), EVEN_FORMER, 200, MIDSUMMER)
    better = run_out(so_far(20, MIDSUMMER), EVEN_FORMER, 200, MIDSUMMER)
    assert better.day is not None
    assert like_former.day is not None
    assert better.day < like_former.day


def test_before_the_first_order_it_goes_like_the_former_edition() -> None:
    found = run_out(Season(OPENS, CLOSES, {}), EVEN_FORMER, 50, OPENS)
    assert found.day == date(2027, 6, 5)


def test_before_the_window_opens_the_days_are_counted_from_its_opening() -> None:
    found = run_out(Season(OPENS, CLOSES, {}), EVEN_FORMER, 50, date(2027, 3, 1))
    assert found.day == date(2027, 6, 5)


def test_a_late_rush_of_the_former_edition_is_expected_again() -> None:
    rush = Season(FORMER_OPENS, FORMER_CLOSES, {date(2026, 8, 30): 300})
    assert run_out(Season(OPENS, CLOSES, {}), rush, 100, MIDSUMMER).day == date(2027, 8, 30)


def test_a_shorter_window_squeezes_the_curve() -> None:
    short = Season(OPENS, OPENS + timedelta(days=45), {})
    found = run_out(short, EVEN_FORMER, 100, OPENS)
    assert found.day == date(2027, 6, 5)
    assert found.expected == 920


def test_enough_stock_lasts_until_ordering_closes() -> None:
    found = run_out(so_far(10, MIDSUMMER), EVEN_FORMER, 5000, MIDSUMMER)
    assert (found.outcome, found.day, found.expected) == (Outcome.LASTS, None, 620)


def test_without_a_former_edition_the_pace_of_two_weeks_goes_on() -> None:
    found = run_out(so_far(4, MIDSUMMER), None, 40, MIDSUMMER)
    assert (found.basis, found.day) == (Basis.PACE, date(2027, 7, 10))


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (so_far(50, OPENS + timedelta(days=3)), OPENS + timedelta(days=3)),  # a lot, but three days only
        (Season(OPENS, CLOSES, {OPENS: 19}), MIDSUMMER),  # a month, but a handful only
    ],
)
def test_small_numbers_give_no_date(now: Season, today: date) -> None:
    few = Season(FORMER_OPENS, FORMER_CLOSES, {FORMER_OPENS: 29})
    assert run_out(now, few, 10, today).outcome is Outcome.TOO_LITTLE
    assert run_out(now, None, 10, today).outcome is Outcome.TOO_LITTLE


def test_without_free_packages_it_is_out_now() -> None:
    assert run_out(so_far(10, MIDSUMMER), EVEN_FORMER, 0, MIDSUMMER).outcome is Outcome.OUT


def test_after_the_close_nothing_is_expected() -> None:
    assert run_out(so_far(10, CLOSES), EVEN_FORMER, 5, CLOSES + timedelta(days=1)).outcome is Outcome.CLOSED


counts = st.dictionaries(st.integers(0, 91), st.integers(1, 400), max_size=40)
positions = st.integers(-60, 91)
stock = st.integers(1, 5000)


def season(opens: date, closes: date, per_day: dict[int, int], until: int = 92) -> Season:
    return Season(opens, closes, {opens + timedelta(days=n): count for n, count in per_day.items() if n < until})


@given(counts, counts, positions, stock)
def test_the_days_lie_in_the_window_and_in_order(mine: dict[int, int], before: dict[int, int], position: int, available: int) -> None:
    today = OPENS + timedelta(days=position)
    found = run_out(season(OPENS, CLOSES, mine, position), season(FORMER_OPENS, FORMER_CLOSES, before), available, today)
    shown = [day for day in (found.earliest, found.day, found.latest) if day]
    assert shown == sorted(shown)
    assert all(max(today, OPENS) <= day <= CLOSES for day in shown)
    assert (found.day is not None) == (found.outcome is Outcome.RUNS_OUT)
    assert found.latest is None or found.day is not None


@given(counts, counts, positions, stock, st.integers(1, 1000))
def test_more_stock_never_runs_out_earlier(mine: dict[int, int], before: dict[int, int], position: int, available: int, more: int) -> None:
    today = OPENS + timedelta(days=position)
    now, former = season(OPENS, CLOSES, mine, position), season(FORMER_OPENS, FORMER_CLOSES, before)
    fewer_day, more_day = (run_out(now, former, number, today).day or date.max for number in (available, available + more))
    assert fewer_day <= more_day


@given(counts, counts, st.integers(1, 91), stock)
def test_more_orders_never_make_it_last_longer(mine: dict[int, int], before: dict[int, int], position: int, available: int) -> None:
    today = OPENS + timedelta(days=position)
    former = season(FORMER_OPENS, FORMER_CLOSES, before | {0: 30})
    busier = {day: 2 * count for day, count in mine.items()}
    quiet, busy = (run_out(season(OPENS, CLOSES, one, position), former, available, today) for one in (mine, busier))
    assert (busy.day or date.max) <= (quiet.day or date.max)


@given(counts, positions)
def test_an_edition_like_the_former_one_expects_what_the_former_one_still_got(before: dict[int, int], position: int) -> None:
    before = before | {91: 30}
    today = OPENS + timedelta(days=position)
    found = run_out(season(OPENS, CLOSES, before, position), season(FORMER_OPENS, FORMER_CLOSES, before), 1, today)
    assert abs(found.expected - sum(count for day, count in before.items() if day >= position)) <= 1
