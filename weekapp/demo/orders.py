"""Believable orders: for which activity, how many, to which door, and how far each is to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random

from slugify import slugify

from weekapp.activities import rules as activities
from weekapp.demo.activities import Planned
from weekapp.demo.people import Group
from weekapp.geography.rules import Precision
from weekapp.orders.delivery import NOT_FOUND, Delivery
from weekapp.orders.rules import Hold, is_unusual, place_key
from weekapp.organisations.rules import name_key
from weekapp.packages.rules import proposed_quantity

BRANCHES = ("Locatie Oost", "Locatie West", "Locatie Noord", "Locatie Zuid")  # a second parcel to the same organisation
HOLDS = (Hold.UNKNOWN_ADDRESS, Hold.PO_BOX, Hold.UNUSUAL_NUMBER, Hold.OTHER)


class Aim(Enum):
    """How far an order is to come. The first three are packed; the batch of DELIVERED is closed, that of SHIPPED with the carrier."""

    DELIVERED = auto()
    SHIPPED = auto()
    PACKED = auto()
    READY = auto()  # approved, for the next batch
    HOLDS_LAST = auto()  # approved, of the package that is sold out
    WAITING = auto()  # for that package
    HELD = auto()
    RECEIVED = auto()  # its activity is not public yet
    CANCELLED = auto()


# the batches of former days: share of all orders, at most so many, days before the last cut-off
PACKED = {Aim.DELIVERED: (0.24, 160, 15), Aim.SHIPPED: (0.13, 90, 4), Aim.PACKED: (0.09, 60, 0)}
BY_CHANCE = {Aim.READY: 860, Aim.HOLDS_LAST: 35, Aim.WAITING: 65, Aim.HELD: 20, Aim.CANCELLED: 20}


@dataclass(frozen=True)
class Terms:
    """What settings and moment say about orders. Before `last_cut_off` everything ready went into a batch."""

    visitors_per_package: int
    most: int
    now: datetime
    last_cut_off: datetime


@dataclass(frozen=True)
class PlannedOrder:
    """One order that is to be stored."""

    activity: Planned
    quantity: int
    branch: str
    delivery: Delivery
    created_at: datetime
    aim: Aim
    hold: Hold = Hold.NONE

    @property
    def key(self) -> tuple[str, str, str]:
        """Doorstep, organisation and branch: only one order for each (product.md rule 3)."""
        door = self.delivery
        doorstep = place_key(door.postcode, door.house_number, door.letter, door.addition)
        return doorstep, name_key(door.recipient), slugify(self.branch)[:80]


def plan(rng: Random, planned: Sequence[Planned], groups: Sequence[Group], count: int, terms: Terms) -> list[PlannedOrder]:
    """So many orders, oldest first; at most `terms.most` packages for each activity."""
    taken = set[tuple[str, str, str]]()
    orders = []
    room = terms.most - (count - 1) // len(planned)  # what is left for the first order of an activity
    for activity, turn in turns(rng, planned, count, terms.most):
        order = draft(rng, activity, groups[activity.group], turn, room, terms)
        number = 2
        while order.key in taken:
            order = replace(order, branch=f"{BRANCHES[number % len(BRANCHES)]} {number}")
            number += 1
        taken.add(order.key)
        orders.append(order)
    orders.sort(key=lambda order: order.created_at)
    return with_batches(orders, terms)


def turns(rng: Random, planned: Sequence[Planned], count: int, most: int) -> Iterator[tuple[Planned, int]]:
    """Each activity once, the first organisation's first; when there are more orders than activities, once more, and so on."""
    if count > most * len(planned):
        raise ValueError(f"at most {most} packages for each activity: {count} orders need {-(-count // most)} activities")
    first = [one for one in planned if one.group == 0]
    others = [one for one in planned if one.group != 0]
    for turn in range(most):
        for activity in first + rng.sample(others, len(others)):
            if count == 0:
                return
            count -= 1
            yield activity, turn


def draft(rng: Random, activity: Planned, group: Group, turn: int, room: int, terms: Terms) -> PlannedOrder:
    """An order that goes where the activity is; a later one for the same activity goes to another door of the organisation."""
    new = activity.new
    proposed = proposed_quantity(new.expected_visitors, terms.visitors_per_package, terms.most)
    order = PlannedOrder(
        activity=activity,
        quantity=1 if turn else min(proposed, room),
        branch=BRANCHES[turn % len(BRANCHES)] if turn else "",
        delivery=Delivery(
            recipient=group.name,
            attention=group.person,
            street=new.street,
            house_number=new.house_number + 2 * turn,
            letter=new.letter,
            addition=new.addition,
            postcode=new.postcode,
            town=new.town,
            precision=new.precision,
        ),
        created_at=min(terms.now, activity.created_at + timedelta(days=turn, seconds=rng.uniform(20, 90))),
        aim=aim_of(rng, activity),
    )
    if order.delivery.precision in NOT_FOUND and order.aim in {Aim.READY, Aim.HOLDS_LAST, Aim.RECEIVED}:
        return replace(order, aim=Aim.HELD, hold=Hold.UNKNOWN_ADDRESS)
    return held(order, rng.choice(HOLDS), proposed, room) if order.aim == Aim.HELD else order


def aim_of(rng: Random, activity: Planned) -> Aim:
    """What can become of an order depends on its activity."""
    if activity.state in {activities.State.CANCELLED, activities.State.WITHDRAWN}:
        return Aim.CANCELLED
    if activity.group == 0:
        return Aim.READY if activity.state == activities.State.PUBLISHED else Aim.RECEIVED
    aim = rng.choices(list(BY_CHANCE), list(BY_CHANCE.values()))[0]
    if activity.state != activities.State.PUBLISHED and aim in {Aim.READY, Aim.HOLDS_LAST}:
        return Aim.RECEIVED
    return aim


def held(order: PlannedOrder, reason: Hold, proposed: int, room: int) -> PlannedOrder:
    """The order with what somebody must look at."""
    if reason == Hold.UNKNOWN_ADDRESS:
        return replace(order, hold=reason, delivery=replace(order.delivery, precision=Precision.UNKNOWN))
    if reason == Hold.PO_BOX:
        return replace(order, hold=reason, delivery=replace(order.delivery, street="Postbus"))
    if reason == Hold.UNUSUAL_NUMBER and is_unusual(room, proposed):
        return replace(order, hold=reason, quantity=room)
    return replace(order, hold=Hold.OTHER)


def with_batches(orders: list[PlannedOrder], terms: Terms) -> list[PlannedOrder]:
    """Let the oldest orders that were ready in time be packed; of the first organisation one in each batch."""
    aims = {n: order.aim for n, order in enumerate(orders)}
    for aim, (share, most, days) in PACKED.items():
        moment = terms.last_cut_off - timedelta(days=days)
        ready = [n for n, order in enumerate(orders) if aims[n] == Aim.READY and is_decided(order, moment)]
        shown = [n for n in ready if orders[n].activity.group == 0][:1]
        others = [n for n in ready if orders[n].activity.group != 0]
        aims |= dict.fromkeys((shown + others)[: min(most, round(share * len(orders)))], aim)
    return [replace(order, aim=aims[n]) for n, order in enumerate(orders)]


def is_decided(order: PlannedOrder, before: datetime) -> bool:
    decided = order.activity.decided_at
    return decided is not None and decided < before and order.created_at < before
