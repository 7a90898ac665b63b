"""The rows of planned orders: the orders, their steps, and a stock ledger that agrees with them to the last package.

The story: the first delivery ran out, who came later waited, and this morning a second delivery came in. Of the package in large letters
there was not enough for everyone who waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from weekapp import clock
from weekapp.core import settings
from weekapp.demo.activities import Ids, Rows
from weekapp.demo.orders import Aim, PlannedOrder
from weekapp.orders.delivery import closed_days, needed_by
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import State, number_of
from weekapp.packages.models import StockEntry
from weekapp.packages.rules import EFFECT, Movement

SPARE = 0.25  # of what was ordered: what is left for new orders, and at least AT_LEAST
AT_LEAST = 50
FIRST_STATE = {Aim.HELD: State.HELD, Aim.WAITING: State.WAITING, Aim.CANCELLED: State.CANCELLED}  # all others begin as received
SCARCE = {Aim.HOLDS_LAST, Aim.WAITING}
SERVED_TODAY = {Aim.READY, Aim.HOLDS_LAST}


@dataclass(frozen=True)
class Story:
    """When packages came in, and where the rows of packages are."""

    year: int
    edition: int
    package: int
    scarce_package: int
    first_delivery: datetime
    second_delivery: datetime
    logistics: int  # user id


@dataclass
class Ledger:
    """Lines in the order of time, and what they add up to for each package."""

    story: Story
    lines: list[dict[str, Any]] = field(default_factory=list)
    steps: dict[tuple[int, int, Movement], int] = field(default_factory=dict)
    on_hand: dict[int, int] = field(default_factory=dict)
    reserved: dict[int, int] = field(default_factory=dict)

    def book(self, package: int, kind: Movement, quantity: int, at: datetime, *, order: int = 0, reason: str = "") -> None:
        """One line and its effect on the two counters."""
        key = (package, order, kind)
        self.steps[key] = self.steps.get(key, 0) + 1
        on_hand, reserved = EFFECT[kind]
        self.on_hand[package] = self.on_hand.get(package, 0) + on_hand * quantity
        self.reserved[package] = self.reserved.get(package, 0) + reserved * quantity
        line = {"package_id": package, "kind": kind, "quantity": quantity, "order_id": order, "step": self.steps[key], "at": at}
        self.lines.append(line | {"reason": reason, "by_id": 0 if order else self.story.logistics})


def rows(orders: Sequence[PlannedOrder], ids: Ids, story: Story) -> tuple[Rows, Ledger]:
    """What is stored of the orders; their ids count from 1 in the order in which they came in."""
    found: Rows = {Order: [], OrderEvent: []}
    ledger = Ledger(story)
    receive(ledger, orders)
    for number, order in enumerate(orders, 1):
        found[Order].append(order_row(number, order, ids, story))
        found[OrderEvent] += [{"order_id": number, "state": state, "at": at} for state, at in steps_of(order, story)]
        book_order(ledger, number, order)
    ledger.lines.sort(key=lambda line: line["at"])
    found[StockEntry] = ledger.lines
    return found, ledger


def receive(ledger: Ledger, orders: Sequence[PlannedOrder]) -> None:
    """The two deliveries: as much as the orders of the story take, and of the usual package some to spare."""
    story = ledger.story
    usual = [order for order in orders if order.aim not in SCARCE]
    at_first = sum(order.quantity for order in usual if reserved_at(order, story) < story.second_delivery)
    later = sum(order.quantity for order in usual) - at_first
    spare = max(AT_LEAST, round(SPARE * (at_first + later)))
    ledger.book(story.package, Movement.RECEIVED, max(1, at_first), story.first_delivery, reason="Eerste levering")
    ledger.book(story.package, Movement.RECEIVED, later + spare, story.second_delivery, reason="Tweede levering")
    last = sum(order.quantity for order in orders if order.aim == Aim.HOLDS_LAST)
    if last:
        ledger.book(story.scarce_package, Movement.RECEIVED, last, story.second_delivery, reason="Restpartij")


def reserved_at(order: PlannedOrder, story: Story) -> datetime:
    """When packages were set apart: at once, or when the second delivery came in."""
    return max(order.created_at, story.second_delivery) if order.aim in SERVED_TODAY else order.created_at


def book_order(ledger: Ledger, number: int, order: PlannedOrder) -> None:
    """Reserve for an order; give back what was cancelled; nothing for who waits."""
    if order.aim == Aim.WAITING:
        return
    package = package_of(order, ledger.story)
    ledger.book(package, Movement.RESERVED, order.quantity, reserved_at(order, ledger.story), order=number)
    if order.aim == Aim.CANCELLED:
        ledger.book(package, Movement.RELEASED, order.quantity, cancelled_at(order), order=number)


def package_of(order: PlannedOrder, story: Story) -> int:
    return story.scarce_package if order.aim in SCARCE else story.package


def cancelled_at(order: PlannedOrder) -> datetime:
    """With its activity, or when its initiator thought better of it."""
    return max(order.created_at, order.activity.changed_at)


def steps_of(order: PlannedOrder, story: Story) -> list[tuple[State, datetime]]:
    """What happened until this moment, except for approval and what follows on it."""
    if order.aim in {Aim.HELD, Aim.WAITING}:
        return [(FIRST_STATE[order.aim], order.created_at)]
    if order.aim == Aim.CANCELLED:
        return [(State.RECEIVED, order.created_at), (State.CANCELLED, cancelled_at(order))]
    if reserved_at(order, story) > order.created_at:
        return [(State.WAITING, order.created_at), (State.RECEIVED, reserved_at(order, story))]
    return [(State.RECEIVED, order.created_at)]


def order_row(number: int, order: PlannedOrder, ids: Ids, story: Story) -> dict[str, Any]:
    """The columns of an order."""
    doorstep, organisation, branch = order.key
    return vars(order.delivery) | {
        "id": number,
        "number": number_of(story.year, number),
        "edition_id": ids.edition,
        "package_id": package_of(order, story),
        "activity_id": order.activity.id,
        "organisation_id": ids.first_organisation + order.activity.group,
        "initiator_id": ids.first_initiator + order.activity.group,
        "quantity": order.quantity,
        "state": FIRST_STATE.get(order.aim, State.RECEIVED),
        "hold": order.hold,
        "needed_by": day_needed(min(starts for starts, _ in order.activity.new.moments)),
        "place_key": doorstep,
        "organisation_key": organisation,
        "branch": order.branch,
        "branch_key": branch,
        "created_at": order.created_at,
        "changed_at": steps_of(order, story)[-1][1],
    }


def day_needed(first_moment: datetime) -> date:
    """By when the packages for an activity must be there (product.md rule 8)."""
    return needed_by(clock.local(first_moment).date(), settings().days_before, closed_days(settings().carrier_closed_days))


def approvals(orders: Sequence[PlannedOrder], story: Story) -> dict[int, datetime]:
    """The orders (id: moment of approval) that are ready for the next batch."""
    ready = ((number, order) for number, order in enumerate(orders, 1) if order.aim in SERVED_TODAY and order.activity.decided_at)
    return {number: max(reserved_at(order, story), order.activity.changed_at) for number, order in ready}
