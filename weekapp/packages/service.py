"""Every movement of stock: lock the package, count, write the ledger line and the counters in one flush (product.md rule 4).

Whoever receives or corrects stock should do it through `weekapp.orders.service.receive_stock` and `correct_stock`: those also serve
the waiting list.
"""

from collections.abc import Mapping

from weekapp import clock
from weekapp.db import db, lock
from weekapp.errors import N_, DomainError, InvalidInput
from weekapp.packages import queries, rules
from weekapp.packages.models import Package, StockEntry
from weekapp.packages.rules import Movement


class OutOfStock(DomainError):
    """Fewer packages are left than somebody wants."""

    def __init__(self, package: str, left: int) -> None:
        super().__init__(N_("Er zijn nog %(left)s pakketten (%(package)s)."), package=package, left=left)
        self.left = left


class NotReserved(DomainError):
    """More is released or issued than an order has reserved: it was done before, or belongs to another order."""

    def __init__(self) -> None:
        super().__init__(N_("Voor deze bestelling zijn niet zo veel pakketten gereserveerd."))


def receive(package: Package, quantity: int, *, by_id: int, reason: str = "") -> StockEntry:
    """Packages came in from the maker."""
    at_least_one(quantity)
    lock(package)
    return book(package, Movement.RECEIVED, quantity, by_id=by_id, reason=reason)


def reserve(package: Package, quantity: int, *, order_id: int, by_id: int) -> StockEntry:
    """Set packages apart for an order; raises OutOfStock, and then nothing has changed."""
    at_least_one(quantity)
    lock(package)  # before counting: two orders must not both see the last box
    if quantity > package.available:
        raise OutOfStock(package.name, package.available)
    return book(package, Movement.RESERVED, quantity, order_id=order_id, by_id=by_id)


def release(package: Package, quantity: int, *, order_id: int, by_id: int) -> StockEntry:
    """An order does not need its packages any more."""
    at_least_one(quantity)
    lock(package)
    check_reserved({order_id: quantity})
    return book(package, Movement.RELEASED, quantity, order_id=order_id, by_id=by_id)


def issue(package: Package, quantity: int, *, order_id: int, by_id: int) -> StockEntry:
    """The packages of an order left the building."""
    return issue_all(package, {order_id: quantity}, by_id=by_id)[0]


def issue_all(package: Package, quantities: Mapping[int, int], *, by_id: int) -> list[StockEntry]:
    """The packages of many orders (order id: number) left the building together."""
    for quantity in quantities.values():
        at_least_one(quantity)
    lock(package)
    check_reserved(quantities)
    steps = queries.last_steps(package.id, Movement.ISSUED, quantities)
    entries = []
    for order_id, quantity in sorted(quantities.items()):
        move(package, Movement.ISSUED, quantity)
        entries.append(line(package, Movement.ISSUED, quantity, order_id=order_id, step=steps.get(order_id, 0) + 1, by_id=by_id))
    db.session.add_all(entries)
    db.session.flush()
    return entries


def take_back(package: Package, quantity: int, *, order_id: int, by_id: int, reason: str = "") -> StockEntry:
    """Packages of an order came back and can be used again."""
    at_least_one(quantity)
    lock(package)
    return book(package, Movement.RETURNED, quantity, order_id=order_id, by_id=by_id, reason=reason)


def correct(package: Package, counted: int, reason: str, *, by_id: int) -> StockEntry | None:
    """Somebody counted the shelf; None when the count was right. What is promised to orders cannot be counted away."""
    if not reason.strip():
        raise InvalidInput([("reason", N_("Schrijf op waarom het aantal anders is."))])
    lock(package)
    if counted < package.reserved:
        raise DomainError(
            N_("Er zijn al %(reserved)s pakketten beloofd. Annuleer eerst bestellingen."), field="counted", reserved=package.reserved
        )
    difference = counted - package.on_hand
    if difference == 0:
        return None
    return book(package, Movement.CORRECTED, difference, by_id=by_id, reason=reason)


def at_least_one(quantity: int) -> None:
    """Refuse nothing and less than nothing."""
    if quantity < 1:
        raise InvalidInput([("quantity", N_("Vul een aantal in van 1 of meer."))])


def check_reserved(quantities: Mapping[int, int]) -> None:
    """Raises NotReserved unless each order has at least so many packages reserved in the ledger."""
    reserved = queries.reserved_of_orders(quantities)
    if any(quantity > reserved.get(order_id, 0) for order_id, quantity in quantities.items()):
        raise NotReserved()


def book(package: Package, kind: Movement, quantity: int, *, order_id: int = 0, by_id: int, reason: str = "") -> StockEntry:
    """One line and its effect on the counters, in one flush; the package is locked by the caller."""
    step = queries.last_steps(package.id, kind, [order_id]).get(order_id, 0) + 1
    move(package, kind, quantity)
    entry = line(package, kind, quantity, order_id=order_id, step=step, by_id=by_id, reason=reason)
    db.session.add(entry)
    db.session.flush()
    return entry


def move(package: Package, kind: Movement, quantity: int) -> None:
    on_hand, reserved = rules.EFFECT[kind]
    package.on_hand += on_hand * quantity
    package.reserved += reserved * quantity


def line(package: Package, kind: Movement, quantity: int, *, order_id: int, step: int, by_id: int, reason: str = "") -> StockEntry:
    return StockEntry(
        package_id=package.id,
        kind=kind,
        quantity=quantity,
        order_id=order_id,
        step=step,
        reason=reason.strip(),
        by_id=by_id,
        at=clock.now(),
    )
