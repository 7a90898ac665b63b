"""Tables of packages, their contents and their stock."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.db import Base, choice
from weekapp.editions.models import Edition
from weekapp.packages.rules import Movement
from weekapp.pictures.models import Picture


class Item(Base):
    """One kind of thing that packages hold; weight and size are of one piece."""

    __tablename__ = "item"
    __table_args__ = (CheckConstraint("weight_grams > 0", name="weight_positive"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    weight_grams: Mapped[int | None]  # nobody has weighed it: None
    size: Mapped[str] = mapped_column(String(40), default="")  # as people say it: "A4", "10 x 15 cm"


class Package(Base):
    """One version of the package of one edition. Its contents never change; another composition is another version.

    `on_hand` and `reserved` repeat the sums of the ledger, so that the database itself can refuse to go below zero.
    """

    __tablename__ = "package"
    __table_args__ = (
        UniqueConstraint("edition_id", "name", "version"),
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("reserved <= on_hand", name="available_not_negative"),
        CheckConstraint("visitors_served > 0", name="visitors_served_positive"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    is_offered: Mapped[bool] = mapped_column(default=True)
    visitors_served: Mapped[int | None]  # for how many visitors it is enough; None: the setting visitors_per_package
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey(Picture.id), index=True)  # a photo may come later; it is not what it holds
    picture: Mapped[Picture | None] = relationship()
    edition: Mapped[Edition] = relationship()
    lines: Mapped[list["PackageLine"]] = relationship(order_by="PackageLine.position", cascade="all, delete-orphan")

    @property
    def available(self) -> int:
        """Packages that nobody has reserved; never negative."""
        return self.on_hand - self.reserved

    @property
    def weight_grams(self) -> int | None:
        """What the contents weigh together; None while one of the items has not been weighed."""
        weights = [line.item.weight_grams for line in self.lines]
        if None in weights:
            return None
        return sum(line.count * (line.item.weight_grams or 0) for line in self.lines)


class PackageLine(Base):
    """How many of one item a package holds."""

    __tablename__ = "package_line"
    __table_args__ = (CheckConstraint("count > 0", name="count_positive"),)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    count: Mapped[int]
    position: Mapped[int]
    item: Mapped[Item] = relationship()


class StockEntry(Base):
    """One line of the ledger, never changed or removed. `order_id` is 0 where no order is concerned.

    `step` numbers the movements of one kind of one order (added to later, reserved again after a return); the service counts it
    under the lock of the package, so that a movement that is booked twice at the same moment is refused.
    """

    __tablename__ = "stock_entry"
    __table_args__ = (
        CheckConstraint("quantity > 0 OR kind = 'corrected'", name="quantity_positive"),
        CheckConstraint("quantity != 0", name="quantity_not_zero"),
        CheckConstraint("(order_id = 0) = (kind IN ('received', 'corrected'))", name="order_where_due"),
        UniqueConstraint("package_id", "order_id", "kind", "step", name="uq_stock_entry_once"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), index=True)
    kind: Mapped[Movement] = mapped_column(choice(Movement))
    quantity: Mapped[int]
    order_id: Mapped[int] = mapped_column(default=0, index=True)
    step: Mapped[int]  # 1, 2, ... for each package, order and kind
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
