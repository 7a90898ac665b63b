"""What tests of batches begin with: approved orders, and a look at a batch from outside the session."""

from sqlalchemy import select

from tests.builders import make_activity, make_order, make_package, make_user
from weekapp.batches.models import Batch
from weekapp.db import db, transaction
from weekapp.editions.models import Edition
from weekapp.orders.models import Order

NAMES = ("Łukasz Şahin", "Đặng Thị Ánh", "Geïntje IJsbrand", "Zoë Ğül", "Jan de Wit")


def approved_orders(count: int, **more: object) -> None:
    """So many approved orders of one activity and one package, each at its own doorstep, committed."""
    with transaction():
        before = db.session.query(Order).count()
        package = make_package(stock=count * 3, name="Kom Erbij-pakket" if not before else f"Pakket {before}")
        activity = make_activity(initiator=make_user("initiator", phone="+31612345678"))
        for number in range(before + 1, before + count + 1):
            values = {"house_number": number, "attention": NAMES[number % len(NAMES)], "quantity": 1 + number % 2} | more
            make_order(activity=activity, package=package, state="approved", **values)
        db.session.flush()


def edition() -> Edition:
    """The edition of the test."""
    return db.session.scalars(select(Edition)).one()


def ask(click: str = "klik") -> int:
    """Logistics press the button; the id of the batch."""
    from weekapp.batches import service

    with transaction():
        return service.request_on_demand(edition(), click=click, by_id=0).id


def batch_now(batch_id: int) -> Batch:
    """The batch as it is in the database at this moment."""
    db.session.rollback()
    return db.session.get_one(Batch, batch_id, populate_existing=True)


def orders_now() -> list[Order]:
    """All orders as they are at this moment, by number of the door."""
    db.session.rollback()
    return list(db.session.scalars(select(Order).order_by(Order.id).execution_options(populate_existing=True)))
