"""The drawing of the stock over time."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from weekapp.packages.plot import BOTTOM, HEIGHT, TOP, Level, levels, nice, plot
from weekapp.packages.rules import Movement


def test_levels_are_those_at_the_end_of_each_dutch_day() -> None:
    ledger = [
        (datetime(2027, 6, 1, 9, tzinfo=UTC), Movement.RECEIVED, 100),
        (datetime(2027, 6, 1, 10, tzinfo=UTC), Movement.RESERVED, 3),
        (datetime(2027, 6, 1, 22, 30, tzinfo=UTC), Movement.ISSUED, 3),  # half past midnight in Amsterdam
        (datetime(2027, 6, 4, 9, tzinfo=UTC), Movement.CORRECTED, -7),
    ]
    assert levels(ledger) == [Level(date(2027, 6, 1), 100, 97), Level(date(2027, 6, 2), 97, 97), Level(date(2027, 6, 4), 90, 90)]


def test_there_is_nothing_to_draw_on_the_first_day() -> None:
    assert plot([], date(2027, 6, 1), None) is None
    assert plot([Level(date(2027, 6, 1), 9, 9)], date(2027, 6, 1), None) is None


def test_the_line_steps_down_and_goes_on_until_today() -> None:
    drawn = plot([Level(date(2027, 6, 1), 40, 40), Level(date(2027, 6, 3), 40, 20)], date(2027, 6, 4), None)
    assert drawn is not None
    assert drawn.available == f"M46.0 {TOP}.0H219.0V{TOP + (HEIGHT - TOP - BOTTOM) / 2}H392.0"
    assert drawn.coming == ""
    assert [count for _y, count in drawn.heights] == [0, 10, 20, 30, 40]


def test_what_is_expected_ends_at_nothing() -> None:
    drawn = plot([Level(date(2027, 6, 1), 40, 40)], date(2027, 6, 4), date(2027, 6, 8))
    assert drawn is not None
    assert drawn.coming.endswith(f"L392.0 {HEIGHT - BOTTOM}.0")
    assert [day for _x, day in drawn.days] == [date(2027, 6, 1), date(2027, 6, 4), date(2027, 6, 8)]


@given(st.integers(0, 200_000))
def test_the_scale_holds_the_highest_and_is_not_much_higher(highest: int) -> None:
    top = nice(highest)
    assert highest <= top <= max(4, 2 * highest)
    assert top % 4 == 0
