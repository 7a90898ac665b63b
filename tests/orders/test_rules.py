"""States, numbers and places of orders."""

import pytest

from weekapp.orders import rules
from weekapp.orders.rules import State


def test_every_state_has_words_and_a_list_of_what_may_follow() -> None:
    assert set(rules.NEXT) == set(rules.STATE_WORDS) == set(rules.SHORT_WORDS) == set(State)
    assert set(rules.HOLD_WORDS) == set(rules.Hold) - {rules.Hold.NONE}


def test_what_is_cancelled_stays_cancelled() -> None:
    assert not any(rules.can_become(State.CANCELLED, then) for then in State)


def test_what_holds_stock_is_not_under_way() -> None:
    assert not rules.RESERVES & {State.SHIPPED, State.DELIVERED, State.WAITING, State.CANCELLED, State.RETURNED}


@pytest.mark.parametrize(("serial", "number"), [(1, "KE27-00001"), (99_999, "KE27-99999")])
def test_numbers_are_short_and_can_be_read_back(serial: int, number: str) -> None:
    assert rules.number_of(2027, serial) == number
    assert rules.serial_of(number) == serial


@pytest.mark.parametrize(("postcode", "letter", "addition"), [("3511 LX", "a", "2 bis"), ("3511lx", "A", "2BIS")])
def test_one_doorstep_has_one_key(postcode: str, letter: str, addition: str) -> None:
    assert rules.place_key(postcode, 12, letter, addition) == "3511LX-12A2BIS"


@pytest.mark.parametrize(("quantity", "proposed", "unusual"), [(2, 1, False), (3, 1, True), (4, 2, False)])
def test_more_than_twice_what_fits_is_unusual(quantity: int, proposed: int, unusual: bool) -> None:
    assert rules.is_unusual(quantity, proposed) is unusual
