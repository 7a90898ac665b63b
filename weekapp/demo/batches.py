"""The batches of former days: asked for, made, given to the carrier and delivered, each at its own moment.

They are made by the worker's own code, which is known here only by the name of its task: whoever fills the database (`flask --app wsgi`)
has both halves at hand. A made-up batch could not have the files of a real one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.batches import rules, service
from weekapp.batches.models import Batch, BatchLine
from weekapp.core import settings
from weekapp.db import db, transaction
from weekapp.demo.orders import PACKED, Aim, PlannedOrder
from weekapp.editions.models import Edition
from weekapp.orders import packing
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import State
from weekapp.queue import Task, celery

HAND_OVER_AFTER = timedelta(hours=16)  # the next morning
DELIVER_AFTER = timedelta(days=2, hours=20)
COME_BACK = 2  # parcels of the delivered batch that could not be delivered


class NotMade(RuntimeError):
    """The worker's code made no batch of what was asked."""


@dataclass(frozen=True)
class Asked:
    """A batch that is wanted, and the ids of its orders with the moment of their approval."""

    edition_id: int
    moment: datetime
    approvals: dict[int, datetime]


def make_past_batches(wanted: Sequence[PlannedOrder], edition_id: int, logistics_id: int, last_cut_off: datetime) -> None:
    """One batch for each aim that is packed, oldest first."""
    for aim, (_, _, days) in PACKED.items():
        day = clock.local(last_cut_off).date() - timedelta(days=days)
        moment = clock.instant(day, settings().cutoff)
        approvals = {n: order.activity.decided_at for n, order in enumerate(wanted, 1) if order.aim == aim and order.activity.decided_at}
        if approvals:
            batch_id = make(Asked(edition_id, moment, approvals))
            hand_over(batch_id, aim, moment, logistics_id)


def make(asked: Asked) -> int:
    """Have the worker make one; its id."""
    with clock.pretending(asked.moment):
        with transaction():
            approve(asked.approvals)
            edition = db.session.get_one(Edition, asked.edition_id)
            run_key = rules.run_key_of_cut_off(clock.local(asked.moment).date(), edition.year)
            batch_id = service.request(edition, run_key=run_key, profile=settings().carrier_profile, by_id=0).id
        celery.tasks[str(Task.BUILD_BATCH)](batch_id)
    db.session.rollback()  # what the worker committed is to be read anew
    batch = db.session.get_one(Batch, batch_id, populate_existing=True)
    if batch.state != rules.State.READY:
        raise NotMade(f"batch {batch_id} is {batch.state}: {batch.failure or 'the worker did not take it'}")
    return batch_id


def hand_over(batch_id: int, aim: Aim, moment: datetime, logistics_id: int) -> None:
    """Give a batch to the carrier unless it still stands there; the mails about it were read long ago."""
    if aim == Aim.PACKED:
        return
    with clock.pretending(moment + HAND_OVER_AFTER), transaction():
        logistics = db.session.get_one(User, logistics_id)
        batch = db.session.get_one(Batch, batch_id)
        service.hand_over(batch, by=logistics)
        batch.told_up_to = db.session.execute(select(func.max(BatchLine.position)).where(BatchLine.batch_id == batch_id)).scalar_one()
    if aim == Aim.DELIVERED:
        with clock.pretending(moment + DELIVER_AFTER), transaction():
            deliver(batch_id)
            service.close(db.session.get_one(Batch, batch_id), by=db.session.get_one(User, logistics_id))


def deliver(batch_id: int) -> None:
    """The carrier brought all parcels but a few."""
    orders = packing.in_batch(batch_id, State.SHIPPED)
    few = COME_BACK if len(orders) > 10 * COME_BACK else 0
    for state, some in ((State.RETURNED, orders[:few]), (State.DELIVERED, orders[few:])):
        now = clock.now()
        change = update(Order).where(Order.id.in_([order.id for order in some])).values(state=state, changed_at=now)
        db.session.execute(change.execution_options(synchronize_session=False))
        packing.write_all(some, state, now, by_id=0)


def approve(approvals: dict[int, datetime]) -> None:
    """Orders (id: moment) whose activity is public may be packed."""
    if not approvals:
        return
    numbered = approvals.items()
    db.session.execute(update(Order), [{"id": order_id, "state": State.APPROVED, "changed_at": at} for order_id, at in numbered])
    db.session.execute(insert(OrderEvent), [{"order_id": order_id, "state": State.APPROVED, "at": at} for order_id, at in numbered])
