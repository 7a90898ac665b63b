"""Days on which parcels come, and doorsteps that nobody can deliver to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weekapp.geography.rules import Precision
from weekapp.orders.delivery import Delivery, closed_days, doubt_about, hand_over_by, is_delivery_day, needed_by
from weekapp.orders.rules import Hold


@pytest.mark.parametrize(
    ("first_moment", "needed"),
    [
        (date(2027, 9, 30), date(2027, 9, 23)),  # Thursday to Thursday
        (date(2027, 10, 3), date(2027, 9, 25)),  # Sunday: the Sunday before has no delivery, so Saturday
        (date(2027, 5, 13), date(2027, 5, 5)),  # Ascension Day is 6 May; in 2027 the 5th is no day off
        (date(2030, 5, 12), date(2030, 5, 4)),  # the 5th is a day off each fifth year, and a Sunday
        (date(2027, 4, 4), date(2027, 3, 27)),  # Easter Sunday is 28 March
        (date(2028, 1, 2), date(2027, 12, 24)),  # both days of Christmas, then a Friday
    ],
)
def test_a_package_is_needed_a_week_before_on_a_day_with_delivery(first_moment: date, needed: date) -> None:
    assert needed_by(first_moment, 7, ()) == needed


def test_closed_days_of_the_carrier_count_too() -> None:
    assert needed_by(date(2027, 9, 30), 7, {date(2027, 9, 23), date(2027, 9, 22)}) == date(2027, 9, 21)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)), st.integers(0, 60))
def test_the_needed_day_is_a_delivery_day_and_early_enough(first_moment: date, days_before: int) -> None:
    found = needed_by(first_moment, days_before, ())
    assert is_delivery_day(found, ())
    assert (first_moment - found).days >= days_before
    assert (first_moment - found).days <= days_before + 5


def test_the_carrier_needs_two_delivery_days() -> None:
    assert hand_over_by(date(2027, 9, 27), 2, ()) == date(2027, 9, 24)  # Monday, over the Sunday, to Friday


def test_closed_days_are_read_from_a_setting() -> None:
    assert closed_days(" 2027-12-24, 2027-12-31,") == {date(2027, 12, 24), date(2027, 12, 31)}
    assert closed_days("") == frozenset()


def test_a_wrong_closed_day_is_an_error() -> None:
    with pytest.raises(ValueError, match="kerst"):
        closed_days("kerst")


@pytest.mark.parametrize(
    ("changed", "doubt"),
    [
        ({}, Hold.NONE),
        ({"precision": Precision.PC4}, Hold.NONE),
        ({"precision": Precision.UNKNOWN}, Hold.UNKNOWN_ADDRESS),
        ({"town": ""}, Hold.UNKNOWN_ADDRESS),
        ({"street": "Postbus"}, Hold.PO_BOX),
        ({"addition": "postbus 3"}, Hold.PO_BOX),
    ],
)
def test_doubt_about_an_address(changed: dict[str, object], doubt: Hold) -> None:
    door = {
        "recipient": "Buurthuis",
        "attention": "Sanne",
        "street": "Kerkstraat",
        "house_number": 1,
        "letter": "",
        "addition": "",
        "postcode": "3511 LX",
        "town": "Utrecht",
        "precision": Precision.ADDRESS,
    }
    assert doubt_about(Delivery(**(door | changed))) == doubt  # type: ignore[arg-type]
