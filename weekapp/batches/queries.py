"""Batches, their lines and files, and what was left behind."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, RowMapping, func, select

from weekapp.accounts.models import Role, User
from weekapp.accounts.rules import RoleName
from weekapp.audit import AuditEntry
from weekapp.batches import archive, rules
from weekapp.batches.models import Artefact, Batch, BatchFinding, BatchLine
from weekapp.batches.preflight import Finding
from weekapp.batches.rows import File
from weekapp.batches.rules import Reason, State
from weekapp.db import db
from weekapp.orders import queries as orders
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold
from weekapp.orders.rules import State as OrderState


def batch(batch_id: int) -> Batch | None:
    """One batch."""
    return db.session.get(Batch, batch_id)


def by_run_key(run_key: str) -> Batch | None:
    """The batch that was asked for under this key."""
    return db.session.scalar(select(Batch).where(Batch.run_key == run_key))


def requested(edition_id: int) -> Batch | None:
    """A batch that has been asked for and has not begun: it will take everything that is ready."""
    return db.session.scalar(
        select(Batch).where(Batch.edition_id == edition_id, Batch.state == State.REQUESTED).order_by(Batch.id).limit(1)
    )


def newest(edition_id: int, *, most: int = 50) -> list[Batch]:
    """The batches of an edition, newest first."""
    return list(db.session.scalars(select(Batch).where(Batch.edition_id == edition_id).order_by(Batch.id.desc()).limit(most)))


def lines(batch_id: int) -> list[BatchLine]:
    """What is in the batch, in its own order."""
    rows = select(BatchLine).where(BatchLine.batch_id == batch_id, BatchLine.is_live).order_by(BatchLine.position)
    return list(db.session.scalars(rows))


def line_ids(batch_id: int) -> tuple[int, ...]:
    """Which lines are in the batch, in its own order."""
    rows = select(BatchLine.id).where(BatchLine.batch_id == batch_id, BatchLine.is_live).order_by(BatchLine.position)
    return tuple(db.session.scalars(rows))


def frozen_lines(batch_id: int, *, sealed: bool = False) -> Iterator[RowMapping]:
    """The columns of all lines, in the order of the batch, a few in memory at a time; `sealed`: also of those on the recall list."""
    rows = select(*BatchLine.__table__.columns).where(BatchLine.batch_id == batch_id).order_by(BatchLine.position)
    if not sealed:
        rows = rows.where(BatchLine.is_live)
    yield from db.session.execute(rows.execution_options(yield_per=500)).mappings()


def numbers_in_parcel_of(batch_id: int, lead_number: str) -> list[str]:
    """The orders that travel in the parcel of another one, in the order of the batch."""
    rows = select(BatchLine.order_number).where(BatchLine.batch_id == batch_id, BatchLine.lead_number == lead_number)
    return list(db.session.scalars(rows.order_by(BatchLine.position)))


def last_position(batch_id: int) -> int:
    """The highest position of a line; 0 when there is none."""
    return db.session.scalar(select(func.max(BatchLine.position)).where(BatchLine.batch_id == batch_id)) or 0


def recall_list(batch_id: int) -> list[BatchLine]:
    """What stands in the sealed files and must not go out any more."""
    rows = select(BatchLine).where(BatchLine.batch_id == batch_id, BatchLine.is_live.is_(False)).order_by(BatchLine.position)
    return list(db.session.scalars(rows))


def artefacts(batch_id: int) -> list[Artefact]:
    """The files of a batch, without their content."""
    return list(db.session.scalars(select(Artefact).where(Artefact.batch_id == batch_id).order_by(Artefact.id)))


def artefact(batch_id: int, name: str) -> Artefact | None:
    """One file; its content is read when it is asked for."""
    return db.session.scalar(select(Artefact).where(Artefact.batch_id == batch_id, Artefact.name == name))


def stored(batch_id: int) -> Iterator[File]:
    """The files that a batch's ZIP is put together from, in its order, one in memory at a time."""
    about = select(Artefact.id, Artefact.name, Artefact.media_type).where(Artefact.batch_id == batch_id)
    for number, name, media_type in db.session.execute(about.order_by(Artefact.id)).all():
        if name != archive.name_of(batch_id):
            yield File(name, media_type, db.session.execute(select(Artefact.content).where(Artefact.id == number)).scalar_one())


def content_of(one: Artefact) -> Iterator[bytes]:
    """The bytes of a file in pieces; a ZIP is put together from the other files of its batch, as it is read."""
    if one.content or one.name != archive.name_of(one.batch_id):
        return iter([one.content])
    return archive.pieces(stored(one.batch_id))


def held_by_check(edition_id: int) -> list[Order]:
    """Orders that the check before a batch kept out and that are still held, earliest need first."""
    rows = select(Order).where(is_held_now(), Order.edition_id == edition_id).options(*orders.contents())
    return list(db.session.scalars(rows.order_by(*orders.earliest_first())))


def is_held_by_check(order_id: int) -> bool:
    """Whether an order is held because the check kept it out of a batch."""
    return db.session.scalar(select(Order.id).where(is_held_now(), Order.id == order_id)) is not None


def is_held_now() -> ColumnElement[bool]:
    found = select(BatchFinding.id).where(BatchFinding.order_id == Order.id, BatchFinding.is_held)
    return (Order.state == OrderState.HELD) & (Order.hold == Hold.OTHER) & found.exists()


Noted = list[tuple[str, list[Finding]]]


def found_by_check(batch_id: int) -> tuple[Noted, Noted]:
    """What the check found when the batch was made, by order number: of orders that stayed behind, and of orders that went along."""
    rows = select(Order.number, BatchFinding.finding, BatchFinding.is_held).join(Order, Order.id == BatchFinding.order_id)
    found: dict[bool, dict[str, list[Finding]]] = {True: {}, False: {}}
    for number, finding, is_held in db.session.execute(rows.where(BatchFinding.batch_id == batch_id).order_by(BatchFinding.id)):
        found[is_held].setdefault(number, []).append(finding)
    return list(found[True].items()), list(found[False].items())


class Taken(NamedTuple):
    """Somebody took files of a batch: who, when last and how many files, and why."""

    by: str
    at: datetime
    files: int
    reason: Reason


def downloads(batch_id: int) -> list[Taken]:
    """Who took files with addresses of this batch, the latest first (PRIV-09)."""
    last, about = func.max(AuditEntry.at), (AuditEntry.subject == f"batch {batch_id}", AuditEntry.what.in_([*Reason]))
    rows = select(User.name, last, func.count(), AuditEntry.what).join(User, User.id == AuditEntry.user_id).where(*about)
    found = db.session.execute(rows.group_by(User.id, User.name, AuditEntry.what).order_by(last.desc()))
    return [Taken(name, at, files, Reason(what)) for name, at, files, what in found]


def of_order(order_id: int) -> list[tuple[BatchLine, Batch]]:
    """In which batches an order has been, oldest first."""
    rows = select(BatchLine, Batch).join(Batch, Batch.id == BatchLine.batch_id).where(BatchLine.order_id == order_id)
    return [(line, batch) for line, batch in db.session.execute(rows.order_by(BatchLine.id))]


def left_behind(now: datetime) -> list[Batch]:
    """Batches that somebody asked for, or began with, and that nobody has touched for a while: their message or worker was lost."""
    rows = select(Batch).where(Batch.state.in_([State.REQUESTED, State.CLAIMED])).order_by(Batch.id)
    return [batch for batch in db.session.scalars(rows) if rules.is_silent(batch.worked_at or batch.requested_at, now)]


def logistics_staff() -> list[User]:
    """Who gets word when a batch does not come about."""
    rows = select(User).join(User.roles).where(Role.name == RoleName.LOGISTICS, User.active.is_(True)).order_by(User.id)
    return list(db.session.scalars(rows))


def count_in_state(edition_id: int) -> dict[State, int]:
    """How many batches are in each state."""
    rows = select(Batch.state, func.count()).where(Batch.edition_id == edition_id).group_by(Batch.state)
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in State}
