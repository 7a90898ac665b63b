"""Many people at the same moment, on both databases: real threads, each with its own transaction."""

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select

from fulfilment import reconcile
from tests.builders import make_activity, make_organisation, make_package, make_user
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.geography.rules import Precision
from weekapp.orders import service
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package


def all_at_once(app: Flask, jobs: list[Callable[[], None]]) -> list[BaseException]:
    """Start every job at the same moment, each in a thread with a session of its own; what went wrong in them."""
    gate, wrong = Barrier(len(jobs)), list[BaseException]()

    def run(job: Callable[[], None]) -> None:
        gate.wait()
        with app.app_context():
            try:
                job()
            except Exception as error:  # noqa: BLE001  # told to the test
                wrong.append(error)

    threads = [Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


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
