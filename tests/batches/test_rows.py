"""Orders to one door travel in one parcel: who leads, who goes along, and what the parcel holds."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.fulfilment.sample import parcel
from weekapp.batches.rows import Row, leads, parcels

ROWS = st.lists(
    st.builds(lambda door, quantity: parcel(1, house_number=door, quantity=quantity), door=st.integers(1, 3), quantity=st.integers(1, 5)),
    max_size=30,
).map(lambda rows: [replace(row, number=f"KE27-{n:05d}") for n, row in enumerate(rows, 1)])


def led(rows: list[Row], most: int = 10) -> list[Row]:
    """The rows as they are frozen."""
    known = leads(rows, most)
    return [replace(row, lead=known.get(row.number, "")) for row in rows]


def test_orders_to_one_door_go_in_the_parcel_of_the_first_however_the_address_was_typed() -> None:
    rows = [parcel(1, postcode="3511 LX", letter="a"), parcel(2, house_number=7), parcel(3, postcode="3511LX", letter="A", quantity=2)]
    whole = parcels(led(rows))
    assert [(row.number, row.quantity, row.along) for row in whole] == [("KE27-00001", 3, ("KE27-00003",)), ("KE27-00002", 1, ())]


def test_a_parcel_must_be_there_for_the_earliest_in_it() -> None:
    rows = [parcel(1, needed_by=date(2027, 9, 23)), parcel(2, needed_by=date(2027, 9, 20))]
    assert parcels(led(rows))[0].needed_by == date(2027, 9, 20)


def test_a_full_parcel_is_followed_by_another_one() -> None:
    rows = [parcel(number, quantity=4) for number in (1, 2, 3)]
    assert [(row.number, row.quantity) for row in parcels(led(rows, 10))] == [("KE27-00001", 8), ("KE27-00003", 4)]


def test_with_a_maximum_of_one_each_order_goes_by_itself() -> None:
    rows = [parcel(1), parcel(2)]
    assert parcels(led(rows, 1)) == rows


@given(rows=ROWS, most=st.integers(1, 12))
def test_every_package_is_in_exactly_one_parcel_that_is_not_too_full(rows: list[Row], most: int) -> None:
    whole = parcels(led(rows, most))
    assert sorted(number for row in whole for number in (row.number, *row.along)) == sorted(row.number for row in rows)
    assert sum(row.quantity for row in whole) == sum(row.quantity for row in rows)
    assert all(row.quantity <= most or not row.along for row in whole)
