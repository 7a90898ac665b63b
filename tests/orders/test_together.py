"""Many people at the same moment, on both databases: real threads, each with its own transaction."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from fulfilment import build, reconcile
from tests.builders import make_activity, make_organisation, make_package, make_user
from tests.together import all_at_once
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.batches import service as batches
from weekapp.batches.models import BatchLine
from weekapp.db import db, transaction
from weekapp.errors import WrongState
from weekapp.geography.rules import Precision
from weekapp.orders import changing, needs, service
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package


def door(number: int) -> Delivery:
    return Delivery("Buurthuis", "Sanne", "Voorbeeldstraat", number, "", "", "3511 LX", "Utrecht", Precision.PC4)


def place(activity_id: int, package_id: int, number: int) -> Callable[[], None]:
    """One person who orders one package."""

    def job() -> None:
        with transaction():
            activity, package = db.session.get_one(Activity, activity_id), db.session.get_one(Package, package_id)
            service.place(activity, package, 1, door(number), by=activity.initiator)

    return job


def some_activities(count: int) -> list[int]:
    by = make_user("initiator")
    organisation = make_organisation(member=by)
    plain = {"initiator": by, "organisation": organisation, "state": activities.State.SUBMITTED, "published_at": None}
    return [make_activity(f"Soep {number}", **plain).id for number in range(count)]


def test_200_orders_at_once_for_50_packages_give_exactly_50(app: Flask) -> None:
    with transaction():
        ids, package_id = some_activities(200), make_package(stock=50).id
    wrong = all_at_once(app, [place(activity_id, package_id, number) for number, activity_id in enumerate(ids, 1)])
    assert wrong == []
    states = dict(db.session.execute(select(Order.state, func.count()).group_by(Order.state)).all())
    assert states == {State.RECEIVED: 50, State.WAITING: 150}
    package = db.session.get_one(Package, package_id, populate_existing=True)
    assert (package.reserved, package.available) == (50, 0)
    numbers = sorted(db.session.scalars(select(Order.number)))
    assert numbers == [f"KE27-{serial:05d}" for serial in range(1, 201)]
    assert reconcile.broken() == []


def test_ten_clicks_on_one_button_make_one_order(app: Flask) -> None:
    with transaction():
        [activity_id], package_id = some_activities(1), make_package(stock=50).id
    wrong = all_at_once(app, [place(activity_id, package_id, 12)] * 10)
    assert [type(error) for error in wrong] == [service.PlaceTaken] * 9
    order = db.session.scalars(select(Order)).one()
    assert all(order.number in str(error) for error in wrong)
    assert reconcile.broken() == []


def test_two_packages_of_one_edition_share_one_row_of_numbers(app: Flask) -> None:
    with transaction():
        ids = some_activities(40)
        packages = [make_package(stock=40).id, make_package(stock=40, name="Klein pakket").id]
    jobs = [place(activity_id, packages[number % 2], number) for number, activity_id in enumerate(ids, 1)]
    assert all_at_once(app, jobs) == []
    numbers = sorted(db.session.scalars(select(Order.number)))
    assert numbers == [f"KE27-{serial:05d}" for serial in range(1, 41)]


def test_who_cancels_and_who_orders_at_the_same_moment_lose_no_package(app: Flask) -> None:
    with transaction():
        ids, package = some_activities(60), make_package(stock=20)
        package_id = package.id
    assert all_at_once(app, [place(activity_id, package_id, number) for number, activity_id in enumerate(ids[:40], 1)]) == []
    reserved = list(db.session.scalars(select(Order.id).where(Order.state == State.RECEIVED).order_by(Order.id)))
    db.session.rollback()

    def cancel(order_id: int) -> Callable[[], None]:
        def job() -> None:
            with transaction():
                order = db.session.get_one(Order, order_id)
                service.cancel(order, by=order.initiator)

        return job

    later = [place(activity_id, package_id, number) for number, activity_id in enumerate(ids[40:], 100)]
    assert all_at_once(app, [*later, *(cancel(order_id) for order_id in reserved)]) == []
    states = dict(db.session.execute(select(Order.state, func.count()).group_by(Order.state)).all())
    assert states == {State.CANCELLED: 20, State.RECEIVED: 20, State.WAITING: 20}
    assert reconcile.broken() == []


def test_who_changes_an_order_while_a_batch_is_made_gets_what_is_in_the_box_or_hears_that_it_is_packed(app: Flask) -> None:
    with transaction():
        by = make_user("initiator", phone="+31612345678")
        organisation, package = make_organisation(member=by), make_package(stock=40)
        for number in range(1, 31):
            activity = make_activity(f"Soep {number}", initiator=by, organisation=organisation, expected_visitors=400)
            service.place(activity, package, 1, door(number), by=by)
        ids = list(db.session.scalars(select(Order.id).order_by(Order.id)))
        batch_id = batches.request_on_demand(package.edition, click="together", by_id=0).id

    def more(order_id: int) -> Callable[[], None]:
        def job() -> None:
            with transaction():
                order = db.session.get_one(Order, order_id)
                changing.change(order, order.package, 3, needs.delivery_of(order), by=order.initiator)

        return job

    wrong = all_at_once(app, [*(more(order_id) for order_id in ids), lambda: build.make(batch_id) and None])
    assert {type(error) for error in wrong} <= {WrongState, changing.NotThere}
    db.session.expire_all()
    changed = [order for order in db.session.scalars(select(Order)) if order.quantity == 3]
    assert len(changed) <= 5, "there were ten more than one for each"
    assert len(changed) + len(wrong) == len(ids)
    lines = dict(db.session.execute(select(BatchLine.order_id, BatchLine.quantity)).all())
    assert {order_id: db.session.get_one(Order, order_id).quantity for order_id in lines} == lines
    assert reconcile.broken() == []
