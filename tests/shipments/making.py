"""Sealed batches and files of carriers, as tests need them."""

from typing import Any

from sqlalchemy import select

from tests.builders import added, make_order, make_user, serial
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import State as BatchState
from weekapp.db import db
from weekapp.orders import packing, queries
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import StockEntry
from weekapp.packages.rules import Movement
from weekapp.shipments import files
from weekapp.shipments.models import CarrierMapping, Parcel, ReturnFile
from weekapp.shipments.rules import Carrier, Status, Told

HEADER = "Referentie;Barcode;Status\r\n"


def make_batch(*orders: Order, state: BatchState = BatchState.READY) -> Batch:
    """A batch that is sealed (unless `state` says otherwise) with these approved orders in it; handed over, their stock is issued."""
    edition_id = orders[0].edition_id
    now = clock.now()
    sealed = now if state in {BatchState.READY, BatchState.HANDED_OVER} else None
    key = f"proef-{next(serial)}"
    batch = added(
        Batch(edition_id=edition_id, run_key=key, state=state, profile="generiek", requested_at=now, claimed_at=now, sealed_at=sealed)
    )
    for position, order in enumerate(orders, 1):
        order.state, order.batch_id = State.BATCHED, batch.id
        line = {name: getattr(order, name) for name in ("quantity", "needed_by", "recipient", "attention", "street", "house_number")}
        more = {"postcode": order.postcode, "town": order.town, "order_number": order.number, "contents": {}}
        added(BatchLine(batch_id=batch.id, order_id=order.id, position=position, **line, **more))
    db.session.flush()
    packing.write_all(list(orders), State.BATCHED, now, by_id=0)
    batch.order_count, batch.package_count = len(orders), sum(order.quantity for order in orders)
    if state == BatchState.HANDED_OVER:
        batch.handed_over_at = now
        packing.ship(batch.id, by=make_user("logistics"))
    db.session.flush()
    return batch


def packed_order(*, state: BatchState = BatchState.HANDED_OVER, **more: Any) -> Order:
    """An approved order in a batch of its own."""
    order = make_order(state="approved", **more)
    make_batch(order, state=state)
    return order


def says(order: Order, barcode: str = "3SABCD0000001", status: Status = Status.SHIPPED, row: int = 2) -> Told:
    """What a carrier says about an order."""
    return Told(row, order.number, barcode, status)


def parcels_of(order: Order) -> list[Parcel]:
    return list(db.session.scalars(select(Parcel).where(Parcel.order_id == order.id).order_by(Parcel.number)))


def booked(order: Order, kind: Movement) -> int:
    """How many packages of an order the ledger has of one kind of movement."""
    entries = db.session.scalars(select(StockEntry).where(StockEntry.order_id == order.id, StockEntry.kind == kind))
    return sum(entry.quantity for entry in entries)


def history(order: Order) -> list[tuple[State, str]]:
    """State and note of each step of an order since it was packed."""
    steps = [(step.event.state, step.event.note) for step in queries.events(order.id)]
    return steps[steps.index((State.BATCHED, "")) + 1 :]


def make_mapping(carrier: Carrier = Carrier.POSTNL, **more: Any) -> CarrierMapping:
    values = {
        "reference": "Referentie",
        "barcode": "Barcode",
        "status": "Status",
        "words": {},
        "changed_at": clock.now(),
        "changed_by_id": 0,
    }
    return added(CarrierMapping(carrier=carrier, **(values | more)))


def uploaded(*rows: str, carrier: Carrier = Carrier.POSTNL, header: str = HEADER, by: User | None = None) -> ReturnFile:
    """A CSV file of a carrier, just uploaded."""
    return files.receive((header + "\r\n".join(rows)).encode(), "csv", carrier, by=by or make_user("logistics"))
