"""Stock: what each movement does, what is refused, and that the ledger and the counters agree."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import make_edition, make_order, make_package
from weekapp.errors import DomainError, InvalidInput
from weekapp.packages import queries, service
from weekapp.packages.models import Package, StockEntry
from weekapp.packages.rules import Movement


def figures(package: Package) -> tuple[int, int, int]:
    return package.on_hand, package.reserved, package.available


def assert_ledger_agrees() -> None:
    for sums in queries.ledger_sums():
        assert sums.shown == sums.booked


def test_received_packages_are_available(session: Session) -> None:
    package = make_package(stock=0)
    service.receive(package, 30, by_id=7, reason="levering 1")
    assert figures(package) == (30, 0, 30)
    assert_ledger_agrees()


def test_a_reservation_makes_packages_unavailable_and_leaves_them_on_the_shelf(session: Session) -> None:
    package = make_package(stock=10)
    service.reserve(package, 4, order_id=1, by_id=0)
    assert figures(package) == (10, 4, 6)
    assert_ledger_agrees()


def test_the_last_box_cannot_be_reserved_twice(session: Session) -> None:
    package = make_package(stock=1)
    service.reserve(package, 1, order_id=1, by_id=0)
    with pytest.raises(service.OutOfStock) as refused:
        service.reserve(package, 1, order_id=2, by_id=0)
    assert refused.value.left == 0
    assert figures(package) == (1, 1, 0)


def test_a_refused_reservation_changes_nothing(session: Session) -> None:
    package = make_package(stock=3)
    with pytest.raises(service.OutOfStock):
        service.reserve(package, 4, order_id=1, by_id=0)
    assert figures(package) == (3, 0, 3)
    assert len(queries.movements(package.id)) == 1


def test_released_packages_are_available_again(session: Session) -> None:
    package = make_package(stock=5)
    service.reserve(package, 5, order_id=1, by_id=0)
    service.release(package, 5, order_id=1, by_id=0)
    assert figures(package) == (5, 0, 5)
    assert_ledger_agrees()


def test_an_order_cannot_release_what_it_has_not_reserved(session: Session) -> None:
    package = make_package(stock=5)
    service.reserve(package, 2, order_id=1, by_id=0)
    service.reserve(package, 2, order_id=2, by_id=0)
    with pytest.raises(service.NotReserved):
        service.release(package, 3, order_id=1, by_id=0)


def test_issued_packages_leave_the_shelf_and_the_reservation(session: Session) -> None:
    package = make_package(stock=5)
    service.reserve(package, 2, order_id=1, by_id=0)
    service.issue(package, 2, order_id=1, by_id=0)
    assert figures(package) == (3, 0, 3)
    assert_ledger_agrees()


def test_an_order_is_issued_once(session: Session) -> None:
    package = make_package(stock=5)
    service.reserve(package, 2, order_id=1, by_id=0)
    service.issue(package, 2, order_id=1, by_id=0)
    with pytest.raises(service.NotReserved):
        service.issue(package, 2, order_id=1, by_id=0)
    assert package.on_hand == 3


def test_many_orders_are_issued_together(session: Session) -> None:
    package = make_package(stock=50)
    for order_id in range(1, 21):
        service.reserve(package, 2, order_id=order_id, by_id=0)
    assert len(service.issue_all(package, dict.fromkeys(range(1, 21), 2), by_id=3)) == 20
    assert figures(package) == (10, 0, 10)
    assert_ledger_agrees()


def test_what_comes_back_can_be_reserved_and_issued_again(session: Session) -> None:
    package = make_package(stock=1)
    for _ in range(2):
        service.reserve(package, 1, order_id=1, by_id=0)
        service.issue(package, 1, order_id=1, by_id=0)
        service.take_back(package, 1, order_id=1, by_id=0)
    assert figures(package) == (1, 0, 1)
    assert_ledger_agrees()


def test_a_count_corrects_the_shelf_with_a_reason(session: Session) -> None:
    package = make_package(stock=10)
    entry = service.correct(package, 8, "2 dozen nat geworden", by_id=4)
    assert entry is not None
    assert (entry.kind, entry.quantity, entry.reason, entry.by_id) == (Movement.CORRECTED, -2, "2 dozen nat geworden", 4)
    assert figures(package) == (8, 0, 8)
    assert_ledger_agrees()


def test_a_count_that_was_right_books_nothing(session: Session) -> None:
    package = make_package(stock=10)
    assert service.correct(package, 10, "geteld", by_id=4) is None
    assert len(queries.movements(package.id)) == 1


def test_a_count_needs_a_reason(session: Session) -> None:
    with pytest.raises(InvalidInput):
        service.correct(make_package(stock=10), 8, " ", by_id=4)


def test_what_is_promised_cannot_be_counted_away(session: Session) -> None:
    package = make_package(stock=10)
    service.reserve(package, 6, order_id=1, by_id=0)
    with pytest.raises(DomainError, match="6 pakketten"):
        service.correct(package, 5, "geteld", by_id=4)


@pytest.mark.parametrize("quantity", [0, -3])
def test_nothing_and_less_than_nothing_are_refused(session: Session, quantity: int) -> None:
    with pytest.raises(InvalidInput):
        service.receive(make_package(stock=0), quantity, by_id=0)


def test_the_database_itself_refuses_negative_stock(session: Session) -> None:
    package = make_package(stock=1)
    package.reserved = 2
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_the_same_movement_twice(session: Session) -> None:
    package = make_package(stock=5)
    entry = service.reserve(package, 1, order_id=1, by_id=0)
    copied = ("package_id", "kind", "quantity", "order_id", "step", "at")
    session.add(StockEntry(**{name: getattr(entry, name) for name in copied}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_movements_name_who_did_it_newest_first(session: Session) -> None:
    package = make_package(stock=5)
    order = make_order(package=package)
    service.release(package, 1, order_id=order.id, by_id=order.initiator_id)
    assert [(entry.kind, name) for entry, name in queries.movements(package.id)] == [
        (Movement.RELEASED, order.initiator.name),
        (Movement.RESERVED, ""),
        (Movement.RECEIVED, ""),
    ]


def test_the_newest_version_of_a_package_is_offered(session: Session) -> None:
    make_package(stock=0, version=1)
    newer = make_package(stock=0, version=2)
    make_package(stock=0, version=3, is_offered=False)
    smaller = make_package(stock=0, name="Klein pakket")
    assert [package.id for package in queries.offered(make_edition().id)] == [newer.id, smaller.id]


def test_items_are_counted_over_all_packages(session: Session) -> None:
    package = make_package(stock=10)
    make_package(stock=2, name="Klein pakket")
    service.reserve(package, 3, order_id=1, by_id=0)
    placemats = queries.items_of_edition(make_edition().id, {package.id: 2})[0]
    assert (placemats.name, placemats.on_hand, placemats.reserved, placemats.available, placemats.short) == (
        "Placemats",
        600,
        150,
        450,
        100,
    )


def test_reserved_of_orders_answers_for_more_orders_than_a_statement_takes(session: Session) -> None:
    package = make_package(stock=3)
    service.reserve(package, 3, order_id=40_000, by_id=0)
    assert queries.reserved_of_orders(range(1, 40_001)) == {40_000: 3}


def test_every_line_keeps_the_moment_in_utc(session: Session) -> None:
    make_package(stock=1)
    moment = session.scalars(select(StockEntry.at)).one()
    assert moment.utcoffset() is not None
