"""Parcels of orders and those that need somebody; files of carriers, their rows, and what was left behind."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from weekapp.batches import rules as batches
from weekapp.batches.models import Batch, BatchLine
from weekapp.db import db
from weekapp.orders.models import Order
from weekapp.queue import Task
from weekapp.shipments import rules
from weekapp.shipments.models import CarrierMapping, Parcel, ReturnFile, ReturnRow
from weekapp.shipments.rules import APPLIES, PROBLEMS, Carrier, FileState, KnownOrder, KnownParcel, Status, Verdict

T = TypeVar("T")
CHUNK = 10_000  # SQLite takes at most 32,766 variables in one statement
TASK_OF = {FileState.UPLOADED: Task.PARSE_RETURN_FILE, FileState.APPLYING: Task.APPLY_RETURN_FILE}


def parcel(parcel_id: int) -> Parcel | None:
    """One parcel with its order."""
    return db.session.scalar(with_order(select(Parcel).where(Parcel.id == parcel_id)))


def by_barcode(text: str) -> Parcel | None:
    """The parcel with this barcode, however it was typed or scanned."""
    barcode = rules.clean_barcode(text)
    return db.session.scalar(with_order(select(Parcel).where(Parcel.barcode == barcode))) if barcode else None


def with_order(rows: Select[Parcel]) -> Select[Parcel]:
    """The same parcels with what stands around them, in one go."""
    order = joinedload(Parcel.order)
    return rows.options(order.joinedload(Order.package), order.joinedload(Order.activity), order.joinedload(Order.initiator))


def parcels_of(order_ids: Collection[int]) -> dict[int, list[Parcel]]:
    """The parcels of several orders (order id: parcels, first one first); orders without a parcel are absent."""
    found = dict[int, list[Parcel]]()
    for ids in chunks(sorted(order_ids)):
        for row in db.session.scalars(select(Parcel).where(Parcel.order_id.in_(ids)).order_by(Parcel.order_id, Parcel.number)):
            found.setdefault(row.order_id, []).append(row)
    return found


def travelling_along(order_ids: Collection[int]) -> dict[int, list[Order]]:
    """Orders that travel in the parcel of another one (id of the order that leads: these orders); only those of sealed batches."""
    led = aliased(Order)
    line = BatchLine.order_id == Order.id, BatchLine.batch_id == Order.batch_id, BatchLine.is_live
    rows = select(led.id, Order).join(BatchLine, and_(*line)).join(led, led.number == BatchLine.lead_number)
    rows = rows.where(led.id.in_(order_ids)).options(joinedload(Order.package), joinedload(Order.activity), joinedload(Order.initiator))
    found = dict[int, list[Order]]()
    for lead_id, order in db.session.execute(rows.order_by(Order.id)):
        found.setdefault(lead_id, []).append(order)
    return found


def boxes_of(order: Order) -> list[Parcel]:
    """The parcels in which the packages of an order are: those of its own, after those of the order in whose parcel it travels."""
    return boxes_of_many([order.id]).get(order.id, [])


def boxes_of_many(order_ids: Collection[int]) -> dict[int, list[Parcel]]:
    """The same for several orders (order id: parcels); orders without a parcel are absent."""
    lead_ids = leads_of(order_ids)
    found = parcels_of({*order_ids, *lead_ids.values()})
    boxes = {}
    for order_id in order_ids:
        of_lead = [parcel for parcel in found.get(lead_ids.get(order_id, 0), []) if parcel.reship_of_id is None]
        boxes[order_id] = of_lead + found.get(order_id, [])
    return {order_id: some for order_id, some in boxes.items() if some}


def leads_of(order_ids: Collection[int]) -> dict[int, int]:
    """In whose parcel orders travel (id: id of the order that leads); those with a parcel of their own are absent."""
    led = aliased(Order)
    line = BatchLine.order_id == led.id, BatchLine.batch_id == led.batch_id, BatchLine.is_live
    rows = select(led.id, Order.id).join(BatchLine, and_(*line)).join(Order, Order.number == BatchLine.lead_number)
    return {led_id: lead_id for ids in chunks(sorted(order_ids)) for led_id, lead_id in db.session.execute(rows.where(led.id.in_(ids)))}


def reship_of(parcel_id: int) -> Parcel | None:
    """The parcel that was sent instead of this one."""
    return db.session.scalar(select(Parcel).where(Parcel.reship_of_id == parcel_id))


def needs_somebody() -> ColumnElement[bool]:
    """What makes a parcel stand on the list of staff: lost, damaged or back, and nobody has decided what to do."""
    anew = select(Parcel.reship_of_id).where(Parcel.reship_of_id.is_not(None))
    return Parcel.status.in_(PROBLEMS) & Parcel.settled_at.is_(None) & Parcel.id.not_in(anew)


def with_problems(*, most: int) -> list[Parcel]:
    """Parcels that need somebody, longest waiting first."""
    return list(db.session.scalars(with_order(select(Parcel).where(needs_somebody()).order_by(Parcel.status_at, Parcel.id).limit(most))))


def count_with_problems() -> int:
    """How many parcels need somebody."""
    return db.session.scalar(select(func.count()).select_from(Parcel).where(needs_somebody())) or 0


def waiting_for_barcode(*, most: int) -> list[Parcel]:
    """Parcels that are sent anew and have no barcode yet, oldest first."""
    rows = select(Parcel).where(Parcel.status == Status.ANNOUNCED, Parcel.barcode.is_(None)).order_by(Parcel.id).limit(most)
    return list(db.session.scalars(with_order(rows)))


def search(text: str, *, most: int) -> list[Parcel]:
    """Parcels by barcode or order number."""
    barcode, number = rules.clean_barcode(text), rules.clean_number(text)
    rows = select(Parcel).join(Order, Order.id == Parcel.order_id).where(or_(Parcel.barcode == barcode, Order.number == number))
    return list(db.session.scalars(with_order(rows.order_by(Parcel.order_id, Parcel.number).limit(most))))


def count_by_status() -> dict[Status, int]:
    """How many parcels have each status; all statuses are there."""
    found = {row[0]: row[1] for row in db.session.execute(select(Parcel.status, func.count()).group_by(Parcel.status))}
    return {status: found.get(status, 0) for status in Status}


def known_orders(numbers: Collection[str]) -> dict[str, KnownOrder]:
    """What a verdict needs of the orders with these numbers."""
    found = dict[str, KnownOrder]()
    for chosen in chunks(sorted(numbers)):
        rows = select(Order.number, Order.id, Order.state, Batch.state).outerjoin(Batch, Batch.id == Order.batch_id)
        for number, order_id, state, batch_state in db.session.execute(rows.where(Order.number.in_(chosen))):
            found[number] = KnownOrder(order_id, state, batch_state in batches.SEALED)
    return found


def known_parcels(barcodes: Collection[str]) -> dict[str, KnownParcel]:
    """What a verdict needs of the parcels with these barcodes."""
    found = dict[str, KnownParcel]()
    for chosen in chunks(sorted(barcodes)):
        rows = select(Parcel.barcode, Parcel.order_id, Parcel.status).where(Parcel.barcode.in_(chosen))
        found.update((str(barcode), KnownParcel(order_id, status)) for barcode, order_id, status in db.session.execute(rows))
    return found


def mapping(carrier: Carrier) -> CarrierMapping | None:
    """The columns that were chosen for a carrier."""
    return db.session.scalar(select(CarrierMapping).where(CarrierMapping.carrier == carrier))


def return_file(file_id: int) -> ReturnFile | None:
    """One file, without its content."""
    return db.session.get(ReturnFile, file_id)


def waiting_twin(carrier: Carrier, sha256: str) -> ReturnFile | None:
    """The same file, when it was uploaded before and still waits to be dealt with."""
    same = (ReturnFile.carrier == carrier, ReturnFile.sha256 == sha256, ReturnFile.state.not_in(rules.DEALT_WITH))
    return db.session.scalar(select(ReturnFile).where(*same))


def applied_twin(file: ReturnFile) -> ReturnFile | None:
    """The last time that the same file was applied."""
    same = (ReturnFile.carrier == file.carrier, ReturnFile.sha256 == file.sha256, ReturnFile.id != file.id)
    return db.session.scalar(select(ReturnFile).where(*same, ReturnFile.state == FileState.APPLIED).order_by(ReturnFile.id.desc()).limit(1))


def newest_files(*, most: int) -> list[ReturnFile]:
    """Files of carriers, newest first."""
    return list(db.session.scalars(select(ReturnFile).order_by(ReturnFile.id.desc()).limit(most)))


def rows_of(file_id: int, verdict: Verdict, *, most: int, after: int = 0) -> list[ReturnRow]:
    """Rows of a file with one verdict as they stand in it, a page of `most` after the first `after`."""
    rows = select(ReturnRow).where(ReturnRow.file_id == file_id, ReturnRow.verdict == verdict)
    return list(db.session.scalars(rows.order_by(ReturnRow.row, ReturnRow.id).offset(after).limit(most)))


def count_rows(file_id: int) -> dict[str, int]:
    """Rows of a file by verdict; verdicts without rows are absent."""
    rows = select(ReturnRow.verdict, func.count()).where(ReturnRow.file_id == file_id).group_by(ReturnRow.verdict)
    return {str(verdict): number for verdict, number in db.session.execute(rows)}


def next_rows(file_id: int, *, most: int) -> list[ReturnRow]:
    """What is still to be applied of a file: all rows of its next `most` orders, so that an order is done in one go."""
    left = (ReturnRow.file_id == file_id, ReturnRow.is_done.is_(False), ReturnRow.verdict.in_(APPLIES))
    ids = select(ReturnRow.order_id).where(*left).distinct().order_by(ReturnRow.order_id).limit(most)
    return list(db.session.scalars(select(ReturnRow).where(*left, ReturnRow.order_id.in_(ids)).order_by(ReturnRow.row, ReturnRow.id)))


def count_done(file_id: int) -> int:
    """How many rows of a file have been applied."""
    return db.session.scalar(select(func.count()).where(ReturnRow.file_id == file_id, ReturnRow.is_done)) or 0


def left_behind(now: datetime) -> list[tuple[Task, int]]:
    """What sweep should nudge again (task, file id): files that wait for a worker and that nobody seems to be busy with."""
    waiting = select(ReturnFile).where(ReturnFile.state.in_(TASK_OF)).order_by(ReturnFile.id)
    files: Sequence[ReturnFile] = db.session.scalars(waiting).all()
    return [(TASK_OF[file.state], file.id) for file in files if rules.is_left(file.state, file.uploaded_at, file.worked_at, now)]


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """A long list in parts that fit in one statement."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
