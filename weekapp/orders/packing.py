"""What a batch does with its orders: claim them, ship them, let one go. Only `batches` and the worker call this."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import insert, select, update

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.db import db, lock
from weekapp.errors import N_, WrongState
from weekapp.orders import queries
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import Hold, State
from weekapp.orders.service import write
from weekapp.packages import service as stock
from weekapp.packages.models import Package

Problems = Callable[[list[Order]], Mapping[int, str]]


def claim(edition_id: int, batch_id: int, now: datetime, *, most: int, problems_of: Problems) -> tuple[list[Order], bool]:
    """Put the next `most` ready orders in a batch, in one statement that looks at the state again; earliest need first.

    The orders that are in it now, and whether there was anything to take.

    Rows that somebody else is changing are waited for, not skipped: first come, first served. An order with which `problems_of` finds
    something wrong (the carrier cannot print its name; words by order id) is held with these words instead, and stops nobody else.
    """
    ready = select(Order.id).where(queries.is_ready(), Order.edition_id == edition_id).order_by(*queries.earliest_first()).limit(most)
    taken = update(Order).where(Order.id.in_(ready), Order.state == State.APPROVED)
    taken = taken.values(state=State.BATCHED, batch_id=batch_id, changed_at=now).returning(Order.id)
    ids = list(db.session.scalars(taken.execution_options(synchronize_session=False)))
    taken_now = in_batch(batch_id, State.BATCHED, ids)
    problems = problems_of(taken_now)
    claimed = [order for order in taken_now if order.id not in problems]
    for order in taken_now:
        if order.id in problems:
            write(order, State.HELD, note=problems[order.id][:300], by_id=0, batch_id=None, hold=Hold.OTHER)
    write_all(claimed, State.BATCHED, now, by_id=0)
    return claimed, bool(ids)


def ship(batch_id: int, *, by: User) -> list[Order]:
    """The parcels of a batch have left: issue their stock. The orders that left just now, without those a carrier scanned before."""
    now = clock.now()
    packages = select(Package).join(Order, Order.package_id == Package.id).where(Order.batch_id == batch_id, Order.state == State.BATCHED)
    for package in db.session.scalars(packages.distinct().order_by(Package.id)):
        lock(package)
    leaving = update(Order).where(Order.batch_id == batch_id, Order.state == State.BATCHED).values(state=State.SHIPPED, changed_at=now)
    gone = set(db.session.scalars(leaving.returning(Order.id).execution_options(synchronize_session=False)))
    orders = [order for order in in_batch(batch_id, State.SHIPPED) if order.id in gone]
    of_package = dict[int, dict[int, int]]()
    for order in orders:
        of_package.setdefault(order.package_id, {})[order.id] = order.quantity
    for package_id, quantities in sorted(of_package.items()):
        stock.issue_all(db.session.get_one(Package, package_id), quantities, by_id=by.id)
    write_all(orders, State.SHIPPED, now, by_id=by.id)
    return orders


def pack(order: Order, *, by: User) -> bool:
    """Somebody closed the box and scanned its slip; False when that was done before. Raises WrongState when it is not to be packed."""
    lock(order)
    if order.state != State.BATCHED:
        raise WrongState(N_("Deze bestelling zit niet in een batch die nog weg moet."))
    if order.packed_at is not None:
        return False
    write(order, State.BATCHED, note=N_("Ingepakt."), by_id=by.id, packed_at=clock.now())
    return True


def take_out(order: Order, *, by: User) -> Order:
    """Out of its batch and back to approved, its packages still reserved; before the parcel has left."""
    lock(order)
    if order.state != State.BATCHED:
        raise WrongState(N_("Deze bestelling zit niet in een batch die nog weg moet."))
    write(order, State.APPROVED, note=N_("Uit de batch gehaald."), by_id=by.id, batch_id=None, packed_at=None)
    return order


def in_batch(batch_id: int, state: State, ids: Collection[int] | None = None) -> list[Order]:
    """The orders of a batch in one state as they are now (of these ids, or all), in the order of the batch."""
    rows = select(Order).where(Order.batch_id == batch_id, Order.state == state).order_by(*queries.earliest_first())
    if ids is not None:
        rows = rows.where(Order.id.in_(ids))
    rows = rows.options(*queries.contents()).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


def write_all(orders: list[Order], state: State, now: datetime, *, by_id: int) -> None:
    """One step for each order."""
    if orders:
        steps = [{"order_id": order.id, "at": now, "state": state, "note": "", "by_id": by_id} for order in orders]
        db.session.execute(insert(OrderEvent), steps)
