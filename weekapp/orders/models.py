"""Tables of orders and their history."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import Base, choice
from weekapp.editions.models import Edition
from weekapp.geography.rules import Precision
from weekapp.orders.rules import Hold, State
from weekapp.organisations.models import Organisation
from weekapp.packages.models import Package

LIVE = text("state != 'cancelled'")


class Order(Base):
    """A request for packages for one activity to one address. `batch_id` says in which batch it is, and is set with the state."""

    __tablename__ = "order"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(batch_id IS NOT NULL) = (state IN ('batched', 'shipped', 'delivered', 'returned'))", name="batch_with_state"),
        CheckConstraint("(state = 'held') = (hold != 'none')", name="held_has_reason"),
        # rule 3: one order a place, organisation, branch and edition; the database refuses the second one
        Index(
            "uq_order_place",
            "edition_id",
            "place_key",
            "organisation_key",
            "branch_key",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_order_ready", "state", "needed_by", "postcode"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    initiator_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    quantity: Mapped[int]
    state: Mapped[State] = mapped_column(choice(State))
    hold: Mapped[Hold] = mapped_column(choice(Hold), default=Hold.NONE)
    needed_by: Mapped[date]  # must be there on this day (rule 8)
    is_urgent: Mapped[bool] = mapped_column(default=False)  # staff: goes first, since it would come too late otherwise
    # where it goes
    recipient: Mapped[str] = mapped_column(String(120))  # organisation or house name on the label
    attention: Mapped[str] = mapped_column(String(120))  # person at the door
    street: Mapped[str] = mapped_column(String(80))
    house_number: Mapped[int]
    letter: Mapped[str] = mapped_column(String(1), default="")
    addition: Mapped[str] = mapped_column(String(10), default="")
    postcode: Mapped[str] = mapped_column(String(7))
    town: Mapped[str] = mapped_column(String(80))
    precision: Mapped[Precision] = mapped_column(choice(Precision))
    # one per place
    place_key: Mapped[str] = mapped_column(String(40))
    organisation_key: Mapped[str] = mapped_column(String(120))
    branch: Mapped[str] = mapped_column(String(80), default="")
    branch_key: Mapped[str] = mapped_column(String(80), default="")
    accepted_warnings: Mapped[str] = mapped_column(String(80), default="")  # of the check before packing, until the doorstep changes
    packed_at: Mapped[datetime | None]  # when its parcel was scanned as packed; goes when it is taken out of its batch
    batch_id: Mapped[int | None] = mapped_column(index=True)  # batches lie above orders: no foreign key upwards, `reconcile` checks it
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    edition: Mapped[Edition] = relationship()
    package: Mapped[Package] = relationship()
    activity: Mapped[Activity] = relationship()
    organisation: Mapped[Organisation] = relationship()
    initiator: Mapped[User] = relationship()


class OrderEvent(Base):
    """One step in the life of an order, in the words that staff and initiator read."""

    __tablename__ = "order_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    state: Mapped[State] = mapped_column(choice(State))
    note: Mapped[str] = mapped_column(String(300), default="")
    by_id: Mapped[int] = mapped_column(default=0)  # 0: the system
