"""Tables of parcels, and of the files that come back from carriers."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from weekapp.batches.models import Batch
from weekapp.db import Base, choice
from weekapp.orders.models import Order
from weekapp.shipments.rules import Carrier, Columns, FileState, Status, Verdict

LIVE = text("state NOT IN ('refused', 'applied')")


class Parcel(Base):
    """One physical parcel of an order. It counts for the state of its order until it is sent anew (`reship_of`) or settled.

    `quantity` is the number of packages in it; `taken_back` says how many of those are back in stock, and is set once.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("status = 'announced' OR barcode IS NOT NULL", name="on_its_way_has_barcode"),
        CheckConstraint("taken_back IS NULL OR status = 'returned'", name="taken_back_when_returned"),
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    number: Mapped[int]  # 1, 2, ... within its order
    quantity: Mapped[int]
    carrier: Mapped[Carrier] = mapped_column(choice(Carrier))
    barcode: Mapped[str | None] = mapped_column(String(40), unique=True)
    status: Mapped[Status] = mapped_column(choice(Status), default=Status.ANNOUNCED, index=True)
    status_at: Mapped[datetime]  # when it was so, as the carrier says
    shipped_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]  # staff: nothing more is done about its problem
    taken_back: Mapped[int | None]
    reship_of_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"), unique=True)  # a parcel is sent anew at most once
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    order: Mapped[Order] = relationship()
    batch: Mapped[Batch] = relationship()
    reship_of: Mapped["Parcel | None"] = relationship(remote_side=[id])


class CarrierMapping(Base):
    """Which columns the files of a carrier have, as staff chose them once; `words` are its own words for statuses."""

    __tablename__ = "carrier_mapping"
    id: Mapped[int] = mapped_column(primary_key=True)
    carrier: Mapped[Carrier] = mapped_column(choice(Carrier), unique=True)
    reference: Mapped[str] = mapped_column(String(120))
    barcode: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(120), default="")
    date: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    delimiter: Mapped[str] = mapped_column(String(1), default="")  # of the newest file; '' for a workbook
    encoding: Mapped[str] = mapped_column(String(20), default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int]

    @property
    def columns(self) -> Columns:
        """As the reader of files wants it."""
        words = {word: Status(status) for word, status in self.words.items()}
        return Columns(self.reference, self.barcode, self.status, self.date, words)


class ReturnFile(Base):
    """A file of a carrier. Of its name only the ending is kept; the content goes when it has been used, or after a term (PRIV-05).

    The row is the job: `state` says what has to be done, `worked_at` is the last sign of life of the worker that does it.
    """

    __tablename__ = "return_file"
    __table_args__ = (
        # the same file twice is the same file until it has been dealt with; afterwards it holds nothing new
        Index("uq_return_file_content", "carrier", "sha256", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied_has_time"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    carrier: Mapped[Carrier] = mapped_column(choice(Carrier))
    ending: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]  # bytes
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    state: Mapped[FileState] = mapped_column(choice(FileState), default=FileState.UPLOADED, index=True)
    problem: Mapped[str] = mapped_column(String(300), default="")  # about the file as a whole; those of rows stand at the rows
    problem_values: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    found_columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    unknown_words: Mapped[list[str]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # rows by verdict
    uploaded_by_id: Mapped[int]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    worked_at: Mapped[datetime | None]
    applied_by_id: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime | None]

    def counted(self, verdict: Verdict) -> int:
        """How many rows have a verdict."""
        return self.counts.get(str(verdict), 0)


class ReturnRow(Base):
    """One row of a file, or one thing that is wrong with it, with what it means for us. Numbers and codes only, never names."""

    __tablename__ = "return_row"
    __table_args__ = (Index("ix_return_row_file_verdict", "file_id", "verdict", "row"), Index("ix_return_row_left", "file_id", "is_done"))
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("return_file.id", ondelete="CASCADE"))
    row: Mapped[int]  # as the spreadsheet counts
    order_number: Mapped[str] = mapped_column(String(40))
    barcode: Mapped[str] = mapped_column(String(40))
    status: Mapped[Status | None] = mapped_column(choice(Status))
    at: Mapped[datetime | None]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    problem: Mapped[str] = mapped_column(String(300), default="")
    problem_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    order_id: Mapped[int | None] = mapped_column(index=True)
    is_done: Mapped[bool] = mapped_column(default=False)
