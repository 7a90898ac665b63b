"""Proof that nothing was lost or doubled: each check names what is broken, in words for the operator. Reads only."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from fulfilment.artefacts import manifest
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity, Occurrence
from weekapp.batches import archive, queries
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import SEALED
from weekapp.batches.rules import State as BatchState
from weekapp.db import db
from weekapp.gatherings.models import Session
from weekapp.orders import queries as orders
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import IN_BATCH, RESERVES, State
from weekapp.packages import queries as packages
from weekapp.packages.models import Package, StockEntry
from weekapp.packages.rules import Movement
from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import order_state
from weekapp.shipments.service import counted

Check = Callable[[], Iterator[str]]


def broken() -> list[str]:
    """Every invariant that does not hold; an empty list is the proof."""
    return [found for check in CHECKS for found in check()]


def ledger_is_the_counters() -> Iterator[str]:
    """The sum of the ledger is the figure shown."""
    for sums in packages.ledger_sums():
        if sums.shown != sums.booked:
            yield f"package {sums.package_id} shows {sums.shown} (on hand, reserved), its ledger adds up to {sums.booked}"


def reservations_are_orders() -> Iterator[str]:
    """Each order that holds stock has reserved its number, and nothing is reserved without such an order."""
    rows = select(Order.package_id, Order.id, Order.quantity).where(Order.state.in_(RESERVES))
    wanted = {(package_id, order_id): quantity for package_id, order_id, quantity in db.session.execute(rows)}
    held = packages.all_reserved()
    for package_id, order_id in sorted(wanted.keys() | held.keys()):
        should, does = wanted.get((package_id, order_id), 0), held.get((package_id, order_id), 0)
        if should != does:
            yield f"order {order_id} should hold {should} of package {package_id} and holds {does}"


def shipped_is_issued() -> Iterator[str]:
    """What left has left the stock exactly once, once more what was sent anew, and what came back is back."""
    of_order = StockEntry.order_id == Order.id
    gone = total(StockEntry.quantity, of_order, StockEntry.kind == Movement.ISSUED)
    back = total(StockEntry.quantity, of_order, StockEntry.kind == Movement.RETURNED)
    anew = total(Parcel.quantity, Parcel.order_id == Order.id, Parcel.reship_of_id.is_not(None))
    led = total(BatchLine.quantity, BatchLine.order_id == Order.id, BatchLine.is_live.is_(True), BatchLine.lead_number != "")
    told_back = total(Parcel.taken_back, Parcel.order_id == Order.id) + case((Order.state == State.RETURNED, led), else_=0)
    rows = select(Order.id, Order.quantity + anew, gone, told_back, back).where(Order.state.in_(IN_BATCH - {State.BATCHED}))
    for order_id, left, issued, returned, booked_back in db.session.execute(rows):
        if (left, returned) != (issued, booked_back):
            yield f"order {order_id}: {left} packages left and {returned} came back, the ledger has {issued} and {booked_back}"


def total(column: InstrumentedAttribute[Any], *where: ColumnElement[bool]) -> ScalarSelect[int]:
    """The sum of a column over the rows that belong to an order; 0 when there are none."""
    return select(func.coalesce(func.sum(column), 0)).where(*where).correlate(Order).scalar_subquery()


def orders_follow_their_parcels() -> Iterator[str]:
    """An order is where its parcels are, and only an order that has been packed has parcels."""
    found = dict[int, tuple[State, list[Parcel]]]()
    for parcel, state in db.session.execute(select(Parcel, Order.state).join(Order, Order.id == Parcel.order_id)):
        found.setdefault(parcel.order_id, (state, []))[1].append(parcel)
    for order_id, (state, parcels) in sorted(found.items()):
        if state not in IN_BATCH:
            yield f"order {order_id} is {state.value} and has parcels"
        elif order_state(state, [parcel.status for parcel in counted(parcels)]) != state:
            yield f"order {order_id} is {state.value}, its parcels are elsewhere"


def orders_are_in_their_batch() -> Iterator[str]:
    """An order with a batch has one live line in that batch, and a live line belongs to an order of its batch."""
    line = select(BatchLine.id).where(BatchLine.order_id == Order.id, BatchLine.batch_id == Order.batch_id, BatchLine.is_live)
    for order_id in db.session.scalars(select(Order.id).where(Order.state.in_(IN_BATCH), ~line.exists())):
        yield f"order {order_id} is in a batch that has no live line for it"
    lines = select(BatchLine.order_id, BatchLine.batch_id).join(Order, Order.id == BatchLine.order_id)
    for order_id, batch_id in db.session.execute(lines.where(BatchLine.is_live, Order.batch_id.is_distinct_from(BatchLine.batch_id))):
        yield f"batch {batch_id} has a live line of order {order_id}, which is not in it"
    twice = select(BatchLine.order_id).where(BatchLine.is_live).group_by(BatchLine.order_id).having(func.count() > 1)
    for order_id in db.session.scalars(twice):
        yield f"order {order_id} is in two live batches"


def batches_and_orders_are_as_far() -> Iterator[str]:
    """Orders of a batch that is being made are packed, those of a batch that has left are under way or further.

    While a batch is ready a carrier may scan parcels before somebody presses the button: then its orders are either.
    """
    before = [BatchState.REQUESTED, BatchState.CLAIMED, BatchState.FAILED]
    rows = select(Order.id, Order.state, Batch.id, Batch.state).join(Batch, Batch.id == Order.batch_id)
    for order_id, state, batch_id, batch_state in db.session.execute(rows):
        if batch_state != BatchState.READY and (state == State.BATCHED) != (batch_state in before):
            yield f"order {order_id} is {state.value} in batch {batch_id}, which is {batch_state.value}"


def batches_are_counted() -> Iterator[str]:
    """The numbers of a batch are those of its lines; a line on the recall list counts, since its parcel is in the files."""
    lines, quantity = func.count(BatchLine.id), func.coalesce(func.sum(BatchLine.quantity), 0)
    rows = select(Batch.id, Batch.order_count, Batch.package_count, lines, quantity).outerjoin(BatchLine, BatchLine.batch_id == Batch.id)
    for batch_id, orders_shown, packages_shown, orders_found, packages_found in db.session.execute(rows.group_by(Batch.id)):
        if (orders_shown, packages_shown) != (orders_found, packages_found):
            yield f"batch {batch_id} shows {orders_shown} orders, {packages_shown} packages; it has {orders_found} and {packages_found}"


def sealed_bytes_are_unchanged() -> Iterator[str]:
    """Each file still has the bytes that were sealed, and the manifest and the ZIP say the same."""
    sealed = select(Batch.id).where(Batch.state.in_(SEALED), Batch.sealed_at.is_not(None), Batch.wiped_at.is_(None)).order_by(Batch.id)
    for batch_id in db.session.scalars(sealed):
        yield from wrong_files(batch_id)


def wrong_files(batch_id: int) -> Iterator[str]:
    """What is wrong with the files of one batch; one file is in memory at a time."""
    sealed = {one.name: one.sha256 for one in queries.artefacts(batch_id)}
    zip_name = archive.name_of(batch_id)
    for name, digest in sealed.items():
        if digest != hash_of(batch_id, name):
            yield f"file {name} of batch {batch_id} is not what was sealed"
    if manifest.NAME not in sealed or zip_name not in sealed:
        yield f"batch {batch_id} is sealed without a manifest or without its ZIP"
    elif listed(batch_id) != {name: digest for name, digest in sealed.items() if name not in {manifest.NAME, zip_name}}:
        yield f"the manifest of batch {batch_id} lists other files than the batch"


def hash_of(batch_id: int, name: str) -> str:
    """The sha256 of what somebody who downloads this file gets; '' when it is not as long as was promised."""
    file, digest, size = queries.artefact(batch_id, name), hashlib.sha256(), 0
    if file is None:
        return ""
    for piece in queries.content_of(file):
        digest.update(piece)
        size += len(piece)
    db.session.expunge(file)
    return digest.hexdigest() if size == file.size else ""


def listed(batch_id: int) -> dict[str, str]:
    """The files of the manifest with their hashes; none when it cannot be read."""
    file = queries.artefact(batch_id, manifest.NAME)
    try:
        return {one["name"]: one["sha256"] for one in json.loads(file.content)["files"]} if file else {}
    except (ValueError, KeyError, TypeError):
        return {}


def history_ends_in_the_state() -> Iterator[str]:
    """The last step that was written down is the state of the order."""
    step = aliased(OrderEvent)
    last = select(func.max(step.id)).where(step.order_id == Order.id).correlate(Order).scalar_subquery()
    rows = select(Order.id, Order.state, OrderEvent.state).outerjoin(OrderEvent, OrderEvent.id == last)
    for order_id, state, written in db.session.execute(rows.where(OrderEvent.state.is_distinct_from(Order.state))):
        yield f"order {order_id} is {state.value}, its history ends with {written.value if written else 'nothing'}"


def approved_orders_can_leave() -> Iterator[str]:
    """No order waits for a batch that will never take it."""
    rows = select(Order.id).join(Activity, Activity.id == Order.activity_id)
    stuck = rows.where(Order.state == State.APPROVED, Activity.state != activities.State.PUBLISHED)
    for order_id in db.session.scalars(stuck):
        yield f"order {order_id} is approved, but its activity does not go on"


def nobody_waits_beside_stock() -> Iterator[str]:
    """The first on a waiting list would be served if there were enough."""
    for package in db.session.scalars(select(Package).order_by(Package.id)):
        first = next(iter(orders.waiting(package.id)), None)
        if first is not None and first.quantity <= package.available:
            yield f"order {first.id} waits, while package {package.id} has {package.available} left"


def moments_have_one_host() -> Iterator[str]:
    """A moment is that of an activity or of one session, and never of both or neither."""
    of_session = select(Session.id).where(Session.occurrence_id == Occurrence.id).exists()
    rows = select(Occurrence.id).where(Occurrence.activity_id.is_(None) != of_session).order_by(Occurrence.id)
    for occurrence_id in db.session.scalars(rows):
        yield f"moment {occurrence_id} should be that of an activity or of a session"


CHECKS: tuple[Check, ...] = (
    ledger_is_the_counters,
    reservations_are_orders,
    shipped_is_issued,
    orders_follow_their_parcels,
    orders_are_in_their_batch,
    batches_and_orders_are_as_far,
    batches_are_counted,
    sealed_bytes_are_unchanged,
    history_ends_in_the_state,
    approved_orders_can_leave,
    nobody_waits_beside_stock,
    moments_have_one_host,
)
