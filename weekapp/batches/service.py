"""Asking for batches, and what happens to them after they are sealed. Making them is the work of `fulfilment`.

Whoever needs a batch and its orders locks the batch first.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.batches import papers, queries, rules
from weekapp.batches.lines import row_of
from weekapp.batches.models import Artefact, Batch, BatchLine
from weekapp.batches.papers import Wish
from weekapp.batches.rows import leads
from weekapp.batches.rules import Reason, State
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.editions.models import Edition
from weekapp.errors import N_, DomainError, NotFound, WrongState
from weekapp.mail.service import queue_mail
from weekapp.orders import packing
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.orders.models import Order
from weekapp.orders.rules import State as OrderState
from weekapp.queue import Task, nudge


class NothingToSend(DomainError):
    """No order is ready: a batch would be empty."""

    def __init__(self) -> None:
        super().__init__(N_("Er zijn nu geen bestellingen om in te pakken."))


class FilesGone(DomainError):
    """The term of the addresses in the files has ended."""

    status = 410

    def __init__(self) -> None:
        super().__init__(N_("De adressen zijn gewist, en deze bestanden ook. De bewaartermijn is voorbij."))


def request(edition: Edition, *, run_key: str, profile: str, by_id: int) -> Batch:
    """Ask the worker for a batch; the same key always gives the same one."""
    earlier = queries.by_run_key(run_key)
    if earlier is not None:
        return earlier
    batch = Batch(
        edition_id=edition.id, run_key=run_key, profile=profile, state=State.REQUESTED, requested_by_id=by_id, requested_at=clock.now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(batch)
    except IntegrityError:  # another process asked at the same moment
        earlier = queries.by_run_key(run_key)
        if earlier is None:
            raise
        return earlier
    nudge(Task.BUILD_BATCH, batch.id)
    return batch


def request_on_demand(edition: Edition, *, click: str, by_id: int) -> Batch:
    """A batch now. `click` is a random text of the form: a double click asks once. Raises NothingToSend when no order is ready."""
    run_key = f"demand-{click}"[:64]
    earlier = queries.by_run_key(run_key) or queries.requested(edition.id)
    if earlier is not None:
        return earlier
    if not orders.count_ready(edition.id):
        raise NothingToSend()
    return request(edition, run_key=run_key, profile=settings().carrier_profile, by_id=by_id)


def cut_off(now: datetime) -> list[Batch]:
    """Ask for the batches of the last cut-off that has passed (rule 7): asked twice it is one batch, with nothing to send it is none."""
    day, moment = rules.last_cut_off(now, settings().cutoff)
    asked = []
    for edition in orders.editions_ready_before(moment):
        run_key = rules.run_key_of_cut_off(day, edition.year)
        if queries.by_run_key(run_key) is None:
            asked.append(request(edition, run_key=run_key, profile=settings().carrier_profile, by_id=0))
    return asked


def lock_for(batch: Batch, then: State) -> None:
    """Lock a batch that is about to change; raises WrongState when somebody was first."""
    lock(batch)
    if not rules.can_become(batch.state, then):
        raise WrongState(N_("Dit kan niet meer: de batch is intussen veranderd."))


def hand_over(batch: Batch, *, by: User) -> list[Order]:
    """The carrier has the parcels: issue their stock. Pressed twice, the second time does nothing.

    The initiators hear of it from the worker (weekapp.shipments.telling), which gives the carrier some hours for its track and trace links.
    """
    lock(batch)
    if batch.state in {State.HANDED_OVER, State.CLOSED}:
        return []
    lock_for(batch, State.HANDED_OVER)
    batch.state, batch.handed_over_at = State.HANDED_OVER, clock.now()
    shipped = packing.ship(batch.id, by=by)
    audit.note("batch handed over", f"batch {batch.id}", user_id=by.id, orders=len(shipped))
    return shipped


def close(batch: Batch, *, by: User) -> Batch:
    """Nothing is expected of this batch any more."""
    lock_for(batch, State.CLOSED)
    if batch.state != State.HANDED_OVER:
        raise WrongState(N_("Geef de batch eerst aan de vervoerder."))
    batch.state, batch.closed_at = State.CLOSED, clock.now()
    audit.note("batch closed", f"batch {batch.id}", user_id=by.id)
    return batch


def fail(batch: Batch, problem: str) -> None:
    """Give up making a batch, in words, and tell logistics; its orders stay in it, for `repeat`."""
    batch.state, batch.failure = State.FAILED, problem[:300]
    db.session.flush()
    for person in queries.logistics_staff():
        queue_mail(
            f"batch-failed-{batch.id}-{clock.now():%Y%m%d%H%M%S}-{person.id}",
            "batch_alarm",
            person.email,
            batch=str(batch.id),
            problem=batch.failure,
            link=f"{settings().base_url}/logistiek/batches/{batch.id}",
        )


def repeat(batch: Batch, *, by: User) -> Batch:
    """Try a failed batch again, with the orders that it has claimed already, if it has."""
    lock_for(batch, State.REQUESTED)
    batch.state = State.CLAIMED if batch.claimed_at else State.REQUESTED
    batch.attempts, batch.failure, batch.worked_at, batch.requested_at = 0, "", None, clock.now()
    audit.note("batch repeated", f"batch {batch.id}", user_id=by.id)
    nudge(Task.BUILD_BATCH, batch.id)
    return batch


def take_out(order: Order, *, by: User) -> Order:
    """Out of its batch and back to approved. When the batch is sealed already, the parcel comes on its recall list."""
    batch = db.session.get(Batch, order.batch_id) if order.batch_id else None
    if batch is None:
        raise WrongState(N_("Deze bestelling zit niet in een batch."))
    lock(batch)
    if batch.state not in {State.REQUESTED, State.CLAIMED, State.READY, State.FAILED}:
        raise WrongState(N_("Deze batch is al bij de vervoerder."))
    lock(order.package)  # before the order, as everywhere
    packing.take_out(order, by=by)
    mine = (BatchLine.batch_id == batch.id, BatchLine.order_id == order.id)
    if batch.sealed_at:
        db.session.execute(update(BatchLine).where(*mine).values(is_live=False))
    else:
        db.session.execute(delete(BatchLine).where(*mine))
        batch.order_count, batch.package_count = batch.order_count - 1, batch.package_count - order.quantity
        bundle(batch)
    audit.note("order taken out", f"batch {batch.id}", user_id=by.id, orders=1)
    return order


def bundle(batch: Batch) -> None:
    """Say which orders of a batch that is not sealed travel in whose parcel: those to one door go together."""
    rows = [row_of(line) for line in queries.frozen_lines(batch.id)]
    led = leads(rows, settings().bundle_most)
    changed = [row.number for row in rows if row.lead != led.get(row.number, "")]
    for number in changed:
        mine = BatchLine.batch_id == batch.id, BatchLine.order_number == number
        db.session.execute(update(BatchLine).where(*mine).values(lead_number=led.get(number, "")))


def cancel_order(order: Order, *, by: User, note: str = "") -> Order:
    """Cancel an order, also when it is in a batch that has not left yet."""
    return out_of_batch(order, by=by, then=lambda: ordering.cancel(order, by=by, note=note))


def out_of_batch(order: Order, *, by: User, then: Callable[[], Order]) -> Order:
    """Take an order out of its batch if it is in one, and do what is to be done with it."""
    if order.state == OrderState.BATCHED:
        take_out(order, by=by)
    return then()


def download(batch: Batch, name: str, *, by: User) -> Artefact:
    """One file of a sealed batch; who took it when is written down, without names (PRIV-09)."""
    artefact = sealed_file(batch, name)
    note_download(batch, rules.reason_of(batch.state), artefact.size, by)
    return artefact


def note_download(batch: Batch, reason: Reason, size: int, by: User) -> None:
    audit.note(reason.value, f"batch {batch.id}", user_id=by.id, orders=batch.order_count, bytes=size)


def sealed_file(batch: Batch, name: str) -> Artefact:
    """A file that may be given to logistics; raises NotFound, or FilesGone after its term."""
    if batch.wiped_at:
        raise FilesGone()
    artefact = queries.artefact(batch.id, name) if batch.state in rules.SEALED else None
    if artefact is None:
        raise NotFound()
    return artefact


def reprint(batch: Batch, name: str, wish: Wish, *, by: User) -> bytes:
    """A paper of a sealed batch printed otherwise than it was sealed, from the same frozen lines; those taken out later stay on it too."""
    sealed_file(batch, name)
    rows = [row_of(line) for line in queries.frozen_lines(batch.id, sealed=True)]
    parts = [papers.Part(file.name, file.row_count) for file in queries.artefacts(batch.id)]
    content = papers.printed(name, about(batch.id, batch.edition.year), rows, parts, wish)
    if content is None:
        raise NotFound()
    note_download(batch, Reason.PRINT, len(content), by)
    return content


def about(batch_id: int, year: int) -> papers.About:
    """What stands on every paper of a batch."""
    return papers.About(batch_id, year, settings().contact_email, settings().contact_phone)
