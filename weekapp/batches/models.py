"""Tables of batches, their frozen lines and their files."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from weekapp.batches.preflight import Finding
from weekapp.batches.rules import State
from weekapp.db import Base, choice
from weekapp.editions.models import Edition
from weekapp.orders.models import Order


class Batch(Base):
    """A set of orders for logistics. `run_key` makes a cut-off that fires twice one batch; once sealed it never changes.

    `worked_at` is the last sign of life of the worker that makes it: who finds it silent for longer than `rules.SILENCE` may take over,
    with a `worker_token` of its own, so that one who was only slow finds that the batch is no longer its own.
    """

    __tablename__ = "batch"
    __table_args__ = (CheckConstraint("state NOT IN ('ready', 'handed_over') OR sealed_at IS NOT NULL", name="sealed_has_time"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    run_key: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[State] = mapped_column(choice(State), default=State.REQUESTED, index=True)
    profile: Mapped[str] = mapped_column(String(40))
    requested_by_id: Mapped[int] = mapped_column(default=0)  # 0: the cut-off
    requested_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    order_count: Mapped[int] = mapped_column(default=0)
    package_count: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    worked_at: Mapped[datetime | None]
    worker_token: Mapped[str] = mapped_column(String(16), default="")
    files_done: Mapped[int] = mapped_column(default=0)  # while it is made: so many files of
    files_total: Mapped[int] = mapped_column(default=0)
    told_up_to: Mapped[int] = mapped_column(default=0)  # position of the last line whose initiator knows that the parcel has left
    failure: Mapped[str] = mapped_column(String(300), default="")
    wiped_at: Mapped[datetime | None]  # addresses and files went when their term ended (PRIV-05)
    edition: Mapped[Edition] = relationship()


class BatchLine(Base):
    """One order as it was when the batch was claimed: nothing that is changed afterwards reaches the files.

    A line that is not live was taken out after sealing: its parcel is in the files and must be stopped (the recall list).
    """

    __tablename__ = "batch_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        # an order is in at most one live batch
        Index("uq_batch_line_order_live", "order_id", unique=True, sqlite_where=text("is_live"), postgresql_where=text("is_live")),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    is_live: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    order_number: Mapped[str] = mapped_column(String(12))
    lead_number: Mapped[str] = mapped_column(String(12), default="", index=True)  # in whose parcel it travels; '': one of its own
    quantity: Mapped[int]
    needed_by: Mapped[date]
    recipient: Mapped[str] = mapped_column(String(120))
    attention: Mapped[str] = mapped_column(String(120))
    branch: Mapped[str] = mapped_column(String(80), default="")
    street: Mapped[str] = mapped_column(String(80))
    house_number: Mapped[int]
    letter: Mapped[str] = mapped_column(String(1), default="")
    addition: Mapped[str] = mapped_column(String(10), default="")
    postcode: Mapped[str] = mapped_column(String(7))
    town: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # national, as carriers want it
    contents: Mapped[dict[str, Any]] = mapped_column(
        JSON
    )  # {"package": ..., "version": ..., "items": [[name, count for one package], ...]}
    batch: Mapped[Batch] = relationship()
    order: Mapped[Order] = relationship()


class Artefact(Base):
    """One file of a batch. While the batch is made files come one by one and nobody sees them; sealed, they never change."""

    __tablename__ = "artefact"
    __table_args__ = (UniqueConstraint("batch_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]  # bytes
    row_count: Mapped[int | None]  # orders or parcels in it, where the file is a part of them; says which, when it is printed again
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class BatchFinding(Base):
    """What the check found about an order when a batch was made: it kept the order out (`is_held`), or went along as a warning."""

    __tablename__ = "batch_finding"
    __table_args__ = (UniqueConstraint("batch_id", "order_id", "finding"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    finding: Mapped[Finding] = mapped_column(choice(Finding))
    is_held: Mapped[bool]
    order: Mapped[Order] = relationship()
