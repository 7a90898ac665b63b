"""Changing an order until it is packed: how many, which package, and where to (issue 4, point 12; product.md rules 3 to 6).

What an order holds stays with it when the change is refused: nobody loses packages by asking for more.
"""

from weekapp.accounts.models import User
from weekapp.activities import rules as activities
from weekapp.db import db, lock
from weekapp.errors import N_, DomainError
from weekapp.orders import delivery as deliveries
from weekapp.orders import needs, queries, rules
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold, State
from weekapp.orders.service import (
    ADDRESS_HOLDS,
    OthersWait,
    admit,
    change_delivery,
    check_maximum,
    check_turn,
    hold,
    lock_open,
    serve_waiting,
    tell_held,
    write,
)
from weekapp.packages import service as stock
from weekapp.packages.models import Package

JUDGED = ADDRESS_HOLDS | {Hold.UNUSUAL_NUMBER}  # what the system itself holds an order for, and can let go


class NotThere(DomainError):
    """The other package is not there in this number."""

    def __init__(self, package: str, left: int) -> None:
        text = N_("Van '%(package)s' zijn er nog %(left)s. Je eerste bestelling blijft staan.")
        super().__init__(text, field="quantity", package=package, left=left)


def change(order: Order, package: Package, quantity: int, delivery: Delivery, *, by: User) -> Order:
    """Another number, another package or another doorstep, all of it or nothing.

    Raises WrongState once it is packed, PlaceTaken, TooMany, OthersWait and NotThere.
    """
    stock.at_least_one(quantity)
    for one in sorted({order.package_id, package.id}):
        lock(db.session.get_one(Package, one))
    lock_open(order)
    is_other_number = (order.package_id, order.quantity) != (package.id, quantity)
    if quantity > order.quantity:
        check_maximum(order.activity_id, quantity - order.quantity)
    if order.package_id != package.id:
        change_package(order, package, quantity, by=by)
    elif quantity > order.quantity:
        take_more(order, quantity, by=by)
    elif quantity < order.quantity:
        take_fewer(order, quantity, by=by)
    if needs.delivery_of(order) != delivery:
        change_delivery(order, delivery, by=by)
    judge_again(order, is_other_number=is_other_number, by=by)
    return order


def take_more(order: Order, quantity: int, *, by: User) -> None:
    """A higher number, when it is there and nobody waits for it. Who waits cannot ask for more with the same turn."""
    package = order.package
    check_turn(order)
    more = quantity - order.quantity
    if more > package.available:
        raise NotThere(package.name, package.available)
    stock.reserve(package, more, order_id=order.id, by_id=by.id)
    order.quantity = quantity
    write(order, order.state, note=N_("Het aantal is hoger dan eerst."), by_id=by.id)


def take_fewer(order: Order, quantity: int, *, by: User) -> None:
    """A lower number; what comes free goes to who waits longest. Who waits keeps the turn."""
    fewer = order.quantity - quantity
    if order.state in rules.RESERVES:
        stock.release(order.package, fewer, order_id=order.id, by_id=by.id)
    order.quantity = quantity
    write(order, order.state, note=N_("Het aantal is lager dan eerst."), by_id=by.id)
    serve_waiting(order.package)


def change_package(order: Order, package: Package, quantity: int, *, by: User) -> None:
    """Another package in place of this one, when it is there and nobody waits for it; who waited is served by it."""
    old, held = order.package, order.quantity
    if queries.has_waiting(package.id, besides=order.id):
        raise OthersWait()
    if quantity > package.available:
        raise NotThere(package.name, package.available)
    if order.state in rules.RESERVES:
        stock.release(old, held, order_id=order.id, by_id=by.id)
    stock.reserve(package, quantity, order_id=order.id, by_id=by.id)
    order.package, order.quantity = package, quantity
    was_waiting = order.state == State.WAITING
    write(order, order.state, note=N_("Een ander pakket gekozen."), by_id=by.id)
    if was_waiting:
        admit(order, by_id=by.id)
    serve_waiting(old)


def judge_again(order: Order, *, is_other_number: bool, by: User) -> None:
    """Hold what somebody must look at, and let go a number that is usual now. A hold for its address ends with another address only.

    What has not been changed is not judged again: staff may have found it good, or may have held it knowing more than the rules do.
    """
    doubt = deliveries.doubt_about(needs.delivery_of(order))
    if doubt == Hold.NONE and is_other_number:
        doubt = needs.doubt_about(order)
    if order.state in {State.RECEIVED, State.APPROVED} and doubt != Hold.NONE:
        hold(order, doubt, "", by=by)
    elif order.state == State.HELD and order.hold == Hold.UNUSUAL_NUMBER and is_other_number and doubt == Hold.NONE:
        let_go(order, by=by)
    elif order.state == State.HELD and order.hold in JUDGED - {doubt} and doubt in ADDRESS_HOLDS:
        write(order, State.HELD, by_id=by.id, hold=doubt)
        tell_held(order, rules.HOLD_WORDS[doubt])


def let_go(order: Order, *, by: User) -> None:
    """The change has put it right: on with it."""
    write(order, State.RECEIVED, note=N_("Nu is alles in orde."), by_id=by.id, hold=Hold.NONE)
    if order.activity.state == activities.State.PUBLISHED:
        write(order, State.APPROVED, by_id=by.id)
