"""How far an order has come, from click to doorstep, as its page shows it: values in, answer out."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from weekapp.errors import N_
from weekapp.orders.models import Order
from weekapp.orders.queries import Step
from weekapp.orders.rules import State

PACKED = 3
REACHED = {State.APPROVED: 1, State.BATCHED: 2, State.SHIPPED: 4, State.RETURNED: 4, State.DELIVERED: 5}  # milestones behind the first one


class Milestone(NamedTuple):
    """One stage of the way; `at` is None where it has not been reached, or was passed without a scan."""

    words: str
    at: datetime | None
    is_done: bool


def milestones(order: Order, steps: Sequence[Step]) -> list[Milestone]:
    """The six stages of the way. What was undone (taken out of a batch) counts no longer; of what was done twice the last time counts.

    A cancelled order goes no further, so nothing of it is still to come.
    """
    last = entered(steps)
    if order.state == State.CANCELLED:
        return [Milestone(N_("besteld"), order.created_at, True), Milestone(N_("geannuleerd"), last.get(State.CANCELLED), True)]
    way = (
        (N_("besteld"), order.created_at),
        (N_("goedgekeurd"), last.get(State.APPROVED)),
        (N_("in een batch"), last.get(State.BATCHED)),
        (N_("ingepakt"), order.packed_at),
        (N_("onderweg"), last.get(State.SHIPPED)),
        (N_("bezorgd"), last.get(State.DELIVERED)),
    )
    reached = PACKED if order.packed_at and order.state == State.BATCHED else REACHED.get(order.state, 0)
    return [Milestone(words, at if place <= reached else None, place <= reached) for place, (words, at) in enumerate(way)]


def entered(steps: Sequence[Step]) -> dict[State, datetime]:
    """When the order last came into each state; what was noted while it was there is later, and says something else."""
    events = [step.event for step in steps]
    return {one.state: one.at for before, one in zip([None, *events], events, strict=False) if before is None or before.state != one.state}
