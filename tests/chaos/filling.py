"""What chaos begins with, what staff do meanwhile, and what must be true when the dust has settled."""

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

from sqlalchemy import func, select, update

from fulfilment import reconcile, sweep
from tests.builders import make_activity, make_organisation, make_package, make_user
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.batches import queries
from weekapp.batches import service as batches
from weekapp.batches.models import Artefact, Batch, BatchLine
from weekapp.batches.rules import State as BatchState
from weekapp.db import db, transaction
from weekapp.editions.models import Edition
from weekapp.geography.rules import Precision
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.orders import service
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package

DOORS = 900  # house numbers in a street; then comes the next postcode


def set_the_table(*, stock: int) -> None:
    """An edition with one public activity, one package, and somebody of logistics."""
    with transaction():
        initiator = make_user("initiator", phone="+31612345678")
        make_activity(initiator=initiator, organisation=make_organisation(member=initiator))
        make_package(stock=stock)
        make_user("logistics")


def delivery_to(number: int) -> Delivery:
    """A doorstep of its own for each number."""
    return Delivery(
        recipient="Buurthuis De Linde",
        attention=f"Persoon {number}",
        street="Voorbeeldstraat",
        house_number=number % DOORS + 1,
        letter="",
        addition="",
        postcode=f"{3511 + number // DOORS} LX",
        town="Utrecht",
        precision=Precision.PC4,
    )


def place(number: int) -> State:
    """Somebody orders; each number has its own doorstep. What has become of the order."""
    with transaction():
        activity, package = db.session.scalars(select(Activity)).one(), db.session.scalars(select(Package)).one()
        order = service.place(activity, package, 1, delivery_to(number), by=db.session.get_one(User, activity.initiator_id))
    return order.state


def ask(click: str) -> None:
    """Logistics press the button for a batch; nothing happens when there is nothing to send."""
    with transaction(), contextlib.suppress(batches.NothingToSend):
        for edition in db.session.scalars(select(Edition)).all():
            batches.request_on_demand(edition, click=click, by_id=0)


def look_after_batches() -> None:
    """Logistics hand over what is ready, and repeat what was given up."""
    db.session.rollback()
    for batch_id in db.session.scalars(select(Batch.id).where(Batch.state.in_([BatchState.READY, BatchState.FAILED]))).all():
        with transaction():
            batch, by = db.session.get_one(Batch, batch_id), somebody_of_logistics()
            if batch.state == BatchState.READY:
                batches.hand_over(batch, by=by)
            elif batch.state == BatchState.FAILED:
                batches.repeat(batch, by=by)


def somebody_of_logistics() -> User:
    return db.session.scalars(select(User).order_by(User.id.desc()).limit(1)).one()


def time_passes() -> None:
    """So much time that no worker is waited for any more and each mail may be tried again. Only when no worker has anything in hand."""
    with transaction():
        waiting = update(OutgoingMail).where(OutgoingMail.state == MailState.WAITING)
        db.session.execute(waiting.values(next_try_at=clock.now() - timedelta(seconds=1)))
        db.session.execute(update(Batch).values(requested_at=Batch.requested_at, worked_at=None))
    sweep.wake_workers(clock.now() + timedelta(minutes=2))


def work_left() -> list[str]:
    """What is not done yet, in words."""
    db.session.rollback()
    counts = {
        "orders not in a batch": select(func.count()).select_from(Order).where(Order.state.in_([State.RECEIVED, State.APPROVED])),
        "orders not shipped": select(func.count()).select_from(Order).where(Order.state == State.BATCHED),
        "batches not made": select(func.count())
        .select_from(Batch)
        .where(Batch.state.in_([BatchState.REQUESTED, BatchState.CLAIMED, BatchState.FAILED])),
        "mails not promised": select(func.count())
        .select_from(BatchLine)
        .join(Batch)
        .where(BatchLine.is_live, BatchLine.position > Batch.told_up_to),
        "mails not sent": select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.WAITING),
    }
    return [f"{count} {what}" for what, statement in counts.items() if (count := db.session.scalar(statement) or 0)]


def settle(is_quiet: Callable[[], bool], *, limit: float = 300) -> None:
    """Let the crew finish: whenever no worker has anything in hand, time passes, and staff press their buttons."""
    end = time.monotonic() + limit
    clicks = 0
    while left := work_left():
        assert time.monotonic() < end, f"still to be done after {limit:.0f} seconds: {left}"
        look_after_batches()
        clicks += 1
        ask(f"last {clicks}")
        if is_quiet():
            time_passes()
        time.sleep(0.1)


def check_the_books(orders: int, *, stock: int, mail_folder: Path | None = None) -> None:
    """Nothing lost, nothing doubled: the proof of `reconcile`, and the same counted in another way."""
    db.session.rollback()
    assert reconcile.broken() == []
    assert db.session.scalar(select(func.count()).select_from(Order)) == orders
    assert Counter(db.session.scalars(select(Order.state))) == {State.SHIPPED: orders}
    lines = Counter(db.session.scalars(select(BatchLine.order_id).where(BatchLine.is_live)))
    assert set(lines) == set(db.session.scalars(select(Order.id)))
    assert set(lines.values()) == {1}
    package = db.session.scalars(select(Package)).one()
    assert (package.on_hand, package.reserved) == (stock - orders, 0)
    for file in db.session.scalars(select(Artefact)):
        assert hashlib.sha256(b"".join(queries.content_of(file))).hexdigest() == file.sha256
    check_mails(orders, mail_folder)


def check_mails(orders: int, folder: Path | None) -> None:
    """One mail about each parcel, and each mail that was written has gone out once."""
    mails = db.session.execute(select(OutgoingMail.event_key, OutgoingMail.state)).all()
    assert {state for _key, state in mails} == {MailState.SENT}
    assert sum("-left-" in key for key, _state in mails) == orders
    if folder:
        sent = [message_from_bytes(file.read_bytes())["Message-ID"] for file in folder.glob("*.eml")]
        assert (len(sent), len(set(sent))) == (len(mails), len(mails))
