"""Reconcile stays clean whatever carriers say, and sees what they broke."""

from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from fulfilment import reconcile
from tests.builders import make_user
from tests.shipments.making import packed_order, parcels_of, says
from weekapp.batches.rules import State as BatchState
from weekapp.shipments import service
from weekapp.shipments.rules import Carrier, Status

ABOUT_PARCELS = (
    reconcile.ledger_is_the_counters,
    reconcile.reservations_are_orders,
    reconcile.shipped_is_issued,
    reconcile.orders_follow_their_parcels,
    reconcile.batches_and_orders_are_as_far,
    reconcile.history_ends_in_the_state,
)


def broken(session: Session) -> list[str]:
    session.flush()
    return [line for check in ABOUT_PARCELS for line in check()]


@pytest.mark.parametrize("state", [BatchState.READY, BatchState.HANDED_OVER])
def test_after_any_two_pieces_of_news_everything_agrees(session: Session, state: BatchState) -> None:
    for first, second in product(Status, repeat=2):
        order = packed_order(state=state, quantity=3)
        base = f"3S{first[:3]}{second[:3]}".upper()
        service.write_down([says(order, base + "1", first), says(order, base + "2", second, row=3)], Carrier.DPD, by_id=0)
        service.write_down([says(order, base + "1", second)], Carrier.DPD, by_id=0)
    assert broken(session) == []


def test_after_sending_anew_and_settling_everything_agrees(session: Session) -> None:
    order, other = packed_order(quantity=2), packed_order()
    service.write_down([says(order, status=Status.RETURNED), says(other, "3SOTHER01", Status.LOST, row=3)], Carrier.DPD, by_id=0)
    new = service.reship(parcels_of(order)[0], 1, by=make_user())
    assert broken(session) == []
    service.give_barcode(new, "3SNEW0001", Carrier.DPD, by=make_user())
    service.settle(parcels_of(other)[0], by=make_user())
    assert broken(session) == []
    service.write_down([says(order, "3SNEW0001", Status.RETURNED)], Carrier.DPD, by_id=0)
    assert broken(session) == []


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        ("UPDATE parcel SET quantity = 5 WHERE reship_of_id IS NOT NULL", "packages left"),
        ("UPDATE parcel SET taken_back = 7 WHERE status = 'returned'", "came back"),
        ("UPDATE parcel SET status = 'shipped' WHERE reship_of_id IS NOT NULL", "elsewhere"),
    ],
)
def test_what_is_broken_is_named(session: Session, damage: str, word: str) -> None:
    order = packed_order()
    service.write_down([says(order, status=Status.RETURNED)], Carrier.DPD, by_id=0)
    new = service.reship(parcels_of(order)[0], 1, by=make_user())
    new.barcode = "3SNEW0001"
    session.flush()
    assert broken(session) == []
    session.execute(text(damage))
    session.expire_all()
    assert any(f"order {order.id}" in line and word in line for line in broken(session))
