"""Telling initiators that a parcel has left: one mail, with the track and trace link when the carrier gives one in time.

A carrier's file with the barcodes mostly comes some hours after hand-over, and brings the mail with the link (`service.tell_initiator`).
Only who has heard nothing after the setting `tracking_wait` gets the mail without a link. Both mails have the same key: nobody gets two
mails about one event. A link that comes later still stands with the order under /mijn, where the mail without one sends people.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from weekapp import addresses
from weekapp.batches.models import Batch, BatchLine
from weekapp.batches.rules import State
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.mail.service import queue_mail
from weekapp.orders.models import Order
from weekapp.shipments.models import Parcel

GONE = (State.HANDED_OVER, State.CLOSED)


def tell_some(batch_id: int, now: datetime, *, most: int = 25) -> int:
    """Look after the next initiators of a batch that has left; for how many parcels, 0 when all know or it is too early."""
    batch = db.session.get(Batch, batch_id)
    if batch is None or not waited_enough(lock(batch), now):
        return 0
    lines = untold(batch, most)
    known = with_link({line.lead_number or line.order_number for line in lines})
    for line in lines:
        if (line.lead_number or line.order_number) not in known:
            tell_without_link(line.order, batch.id)
        batch.told_up_to = line.position
    return len(lines)


def waited_enough(batch: Batch, now: datetime) -> bool:
    """Whether the carrier has had its time."""
    return batch.state in GONE and batch.handed_over_at is not None and batch.handed_over_at <= silent_since(now)


def silent_since(now: datetime) -> datetime:
    """What was handed over at this instant or before, and of which the carrier said nothing, is told without a link."""
    return now - timedelta(hours=settings().tracking_wait)


def left_key(order_id: int, batch_id: int) -> str:
    """The event "the parcel of this order left with this batch"."""
    return f"order-{order_id}-left-{batch_id}"


def tell_without_link(order: Order, batch_id: int) -> None:
    queue_mail(
        left_key(order.id, batch_id),
        "order_shipped",
        order.initiator.email,
        language=order.initiator.language,
        number=order.number,
        title=order.activity.title,
        link=settings().base_url + addresses.MINE,
    )


def with_link(numbers: set[str]) -> set[str]:
    """Those of these orders whose parcels are on their way by word of the carrier: who waits for them got a mail with a link already."""
    rows = select(Order.number).join(Parcel, Parcel.order_id == Order.id)
    return set(db.session.scalars(rows.where(Order.number.in_(numbers), Parcel.shipped_at.is_not(None))))


def untold(batch: Batch, most: int) -> list[BatchLine]:
    """The next parcels that have left and have not been looked after."""
    around = joinedload(BatchLine.order).joinedload(Order.initiator), joinedload(BatchLine.order).joinedload(Order.activity)
    rows = select(BatchLine).where(BatchLine.batch_id == batch.id, is_untold(batch.told_up_to)).options(*around)
    return list(db.session.scalars(rows.order_by(BatchLine.position).limit(most)))


def with_untold(now: datetime) -> list[int]:
    """Batches (their ids) that left long enough ago, and of which not every initiator knows it."""
    more = select(BatchLine.id).where(BatchLine.batch_id == Batch.id, is_untold(Batch.told_up_to))
    gone = Batch.state.in_(GONE), Batch.handed_over_at <= silent_since(now)
    return list(db.session.scalars(select(Batch.id).where(*gone, more.exists()).order_by(Batch.id)))


def is_untold(told_up_to: object) -> ColumnElement[bool]:
    return BatchLine.is_live.is_(True) & (BatchLine.position > told_up_to)
