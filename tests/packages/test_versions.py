"""Versions of packages: a new one changes nothing of the old one, and the stock is taken over through the ledger."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_activity, make_edition, make_order, make_package, make_user
from weekapp.audit import AuditEntry
from weekapp.desk.package_stock import take_over
from weekapp.errors import DomainError, InvalidInput, WrongState
from weekapp.geography.rules import Precision
from weekapp.orders import needs
from weekapp.orders import service as ordering
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages import queries, versions
from weekapp.packages.models import Item, Package, StockEntry
from weekapp.packages.rules import Movement


def held(package: Package) -> list[tuple[str, int]]:
    return [(line.item.name, line.count) for line in package.lines]


def item_id(code: str) -> int:
    return next(item.id for item in queries.items() if item.code == code)


def newer_of(package: Package, count: int = 40) -> Package:
    return versions.make_version(package, [(item_id("placemats"), count)], None, by_id=7)


def corrections(package: Package, session: Session) -> list[tuple[int, str, int]]:
    rows = select(StockEntry).where(StockEntry.package_id == package.id, StockEntry.kind == Movement.CORRECTED)
    return [(entry.quantity, entry.reason, entry.by_id) for entry in session.scalars(rows)]


def test_a_new_version_leaves_the_old_contents_alone(session: Session) -> None:
    old = make_package()
    newer = newer_of(old, 40)
    assert held(newer) == [("Placemats", 40)]
    assert held(old) == [("Placemats", 50), ("Poster", 1)]


def test_a_new_version_leaves_old_orders_alone(session: Session) -> None:
    old = make_package()
    order = make_order(package=old, quantity=3)
    newer_of(old)
    session.refresh(order)
    assert order.package_id == old.id
    assert old.reserved == 3


def test_only_the_new_version_is_offered(session: Session) -> None:
    old = make_package()
    newer = newer_of(old)
    assert [package.id for package in queries.offered(old.edition_id)] == [newer.id]
    assert newer.version == 2


def test_a_new_version_begins_without_stock(session: Session) -> None:
    assert newer_of(make_package(stock=80)).on_hand == 0


def test_a_second_new_version_of_the_same_old_one_is_refused(session: Session) -> None:
    old = make_package()
    newer_of(old)
    with pytest.raises(WrongState, match="nieuwere versie"):
        newer_of(old)


def test_the_first_package_stays_first_when_it_gets_a_new_version(session: Session) -> None:
    usual = make_package(stock=0)
    smaller = make_package(stock=0, name="Klein pakket")
    newer = newer_of(usual)
    assert [package.id for package in queries.offered(usual.edition_id)] == [newer.id, smaller.id]


def test_an_empty_package_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="ten minste één onderdeel"):
        versions.make_version(make_package(), [], None, by_id=7)


def test_a_smaller_package_stands_beside_the_usual_one(session: Session) -> None:
    usual = make_package()
    smaller = versions.make_package(usual.edition, "Klein pakket", [(item_id("poster"), 2)], 25, by_id=7)
    assert [package.id for package in queries.offered(usual.edition_id)] == [usual.id, smaller.id]
    assert held(smaller) == [("Poster", 2)]


def test_two_packages_of_one_edition_cannot_have_the_same_name(session: Session) -> None:
    usual = make_package()
    with pytest.raises(DomainError, match="al een pakket met deze naam") as refused:
        versions.make_package(usual.edition, usual.name, [(item_id("poster"), 2)], None, by_id=7)
    assert refused.value.field == "name"


def test_a_package_can_be_withdrawn_and_offered_again(session: Session) -> None:
    package = make_package()
    versions.set_offered(package, False, by_id=7)
    assert queries.offered(package.edition_id) == []
    versions.set_offered(package, True, by_id=7)
    assert queries.offered(package.edition_id) == [package]


def test_an_old_version_cannot_be_offered_again(session: Session) -> None:
    old = make_package()
    newer_of(old)
    with pytest.raises(WrongState):
        versions.set_offered(old, True, by_id=7)


def test_a_change_tells_the_public_pages(session: Session) -> None:
    package = make_package()
    before = package.edition.version
    newer_of(package)
    session.refresh(package.edition)
    assert package.edition.version == before + 1


def test_free_stock_is_taken_over_in_two_corrections_with_the_reason(session: Session) -> None:
    old = make_package(stock=80)
    make_order(package=old, quantity=5)
    newer = newer_of(old)
    assert versions.take_over(old, by_id=7) == (newer, 75)
    assert corrections(old, session) == [(-75, "Overgenomen in versie 2", 7)]
    assert corrections(newer, session) == [(75, "Overgenomen uit versie 1", 7)]
    assert (old.on_hand, old.reserved, newer.on_hand, newer.available) == (5, 5, 75, 75)
    assert all(sums.shown == sums.booked for sums in queries.ledger_sums())


def test_without_a_newer_version_nothing_is_taken_over(session: Session) -> None:
    with pytest.raises(WrongState, match="geen nieuwere versie"):
        versions.take_over(make_package(stock=80), by_id=7)


def test_what_is_promised_is_not_taken_over(session: Session) -> None:
    old = make_package(stock=5)
    make_order(package=old, quantity=5)
    newer_of(old)
    with pytest.raises(WrongState, match="geen pakketten vrij"):
        versions.take_over(old, by_id=7)


def wait_for(package: Package, quantity: int) -> Order:
    delivery = Delivery(
        recipient="Buurthuis De Linde",
        attention="Wil Wacht",
        street="Voorbeeldstraat",
        house_number=quantity,
        letter="",
        addition="",
        postcode="3511 LX",
        town="Utrecht",
        precision=Precision.ADDRESS,
    )
    order = ordering.place(make_activity(), package, quantity, delivery, by=make_user("initiator"))
    assert order.state == State.WAITING
    return order


def test_stock_that_somebody_waits_for_is_not_taken_over(session: Session) -> None:
    old = make_package(stock=2)
    wait_for(old, 4)
    newer_of(old)
    with pytest.raises(WrongState, match="wachten nog mensen"):
        take_over(old, by=make_user("manager"))


def test_stock_that_is_taken_over_goes_to_who_waits_for_the_new_version(session: Session) -> None:
    old = make_package(stock=10)
    newer = newer_of(old)
    waiting = wait_for(newer, 4)
    take_over(old, by=make_user("manager"))
    assert waiting.state != State.WAITING
    assert (newer.on_hand, newer.reserved) == (10, 4)


def test_an_item_is_made_once(session: Session) -> None:
    made = versions.make_item("Vloersticker", 120, "40 cm", by_id=7)
    assert (made.code, made.weight_grams, made.size) == ("vloersticker", 120, "40 cm")
    with pytest.raises(DomainError, match="Dit onderdeel is er al"):
        versions.make_item("vloersticker", None, "", by_id=7)


def test_the_weight_of_a_package_is_known_when_every_item_was_weighed(session: Session) -> None:
    package = make_package()
    placemats, poster = (session.get_one(Item, line.item_id) for line in package.lines)
    versions.change_item(placemats, 10, "A3", by_id=7)
    assert package.weight_grams is None
    versions.change_item(poster, 60, "A2", by_id=7)
    assert package.weight_grams == 560


def test_the_proposed_quantity_goes_by_the_visitors_that_the_package_serves(session: Session) -> None:
    smaller = make_package(name="Klein pakket", visitors_served=25)
    assert needs.proposed_quantity(100, smaller) == 4
    assert needs.proposed_quantity(100, make_package()) == 2
    assert needs.proposed_quantity(100, None) == 2


@pytest.mark.parametrize(
    ("visitors", "name"), [(20, "Klein pakket"), (25, "Klein pakket"), (26, "Kom Erbij-pakket"), (300, "Kom Erbij-pakket")]
)
def test_the_smallest_package_that_is_enough_is_proposed(session: Session, visitors: int, name: str) -> None:
    offered = [make_package(), make_package(name="Klein pakket", visitors_served=25)]
    assert needs.proposed_package(visitors, offered).name == name


def test_who_changed_a_package_is_written_down(session: Session) -> None:
    newer = newer_of(make_package(edition=make_edition()))
    noted = session.scalars(select(AuditEntry).where(AuditEntry.subject == f"package {newer.id}")).one()
    assert (noted.user_id, noted.counts) == (7, {"version": 2, "offered": 1})
