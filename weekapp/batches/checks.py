"""The check before packing on orders as they are: what staff see beforehand, what keeps an order out of a batch, what staff do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from slugify import slugify
from sqlalchemy import insert

from weekapp import audit
from weekapp.accounts.models import User
from weekapp.batches import preflight, queries
from weekapp.batches.lines import frozen, row_of
from weekapp.batches.models import BatchFinding
from weekapp.batches.preflight import Found, Known
from weekapp.batches.profiles import Profile, profile
from weekapp.batches.service import out_of_batch
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.editions.models import Edition
from weekapp.errors import N_, WrongState
from weekapp.geography import reference
from weekapp.geography.rules import common_town
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State

MOST = 3000  # orders that are checked for one page; the worker checks all


@dataclass(frozen=True)
class Checked:
    """An order with what was found about it."""

    order: Order
    found: list[Found]

    @property
    def is_wrong(self) -> bool:
        """Whether it cannot go along like this."""
        return any(one.is_error for one in self.found)

    @property
    def fields(self) -> list[str]:
        """Fields of the address with which it can be mended, each once."""
        return list(dict.fromkeys(name for one in self.found for name in one.fields))


@dataclass(frozen=True)
class Preflight:
    """What the next batch would be: `ready` orders, of which the first `looked_at` were checked; those with something, errors first."""

    ready: int
    looked_at: int
    wrong: list[Checked]
    doubtful: list[Checked]
    mended: list[Checked]  # were held by an earlier check, and fit now


def of_next_batch(edition: Edition) -> Preflight:
    """Check everything that waits for the next batch, and what an earlier check has held."""
    chosen = profile(settings().carrier_profile)
    waiting = orders.ready(edition.id, most=MOST, with_contents=True)
    held = queries.held_by_check(edition.id)
    known = checked([*waiting, *held], chosen)
    of_waiting = [Checked(order, known[order.id]) for order in waiting if known[order.id]]
    of_held = [Checked(order, known[order.id]) for order in held]
    return Preflight(
        ready=orders.count_ready(edition.id),
        looked_at=len(waiting),
        wrong=[one for one in (*of_held, *of_waiting) if one.is_wrong],
        doubtful=[one for one in of_waiting if not one.is_wrong],
        mended=[one for one in of_held if not one.is_wrong],
    )


def of_order(order: Order) -> Checked:
    """Check one order."""
    return Checked(order, checked([order], profile(settings().carrier_profile))[order.id])


def checked(some: Sequence[Order], chosen: Profile) -> dict[int, list[Found]]:
    """What is found about each order (by id), without warnings that somebody has accepted."""
    others = orders.at_same_door([order.id for order in some])
    return {order.id: not_accepted(order, findings(order, chosen, others.get(order.id, []))) for order in some}


def findings(order: Order, chosen: Profile, others: Sequence[str]) -> list[Found]:
    row = row_of(frozen(order))
    known = Known(
        precision=order.precision,
        knows_doors=settings().geocoder == "pdok",
        town=town_of_postcode(order.postcode, order.town),
        others=tuple(others),
    )
    return preflight.findings(row, chosen, known)


def not_accepted(order: Order, found: list[Found]) -> list[Found]:
    accepted = set(order.accepted_warnings.split())
    return [one for one in found if one.is_error or one.kind not in accepted]


def town_of_postcode(postcode: str, town: str) -> str:
    """The town that belongs to a postcode when another one was written; '' when they agree or nobody knows."""
    place = reference.postcode4(postcode[:4])
    if place is None or slugify(common_town(place.place)) == slugify(common_town(town)):
        return ""
    return place.place


def hold(some: list[Order], batch_id: int, chosen: Profile) -> dict[int, str]:
    """Check orders that a batch claims, and write down what was found; why those with an error must be held, in words for staff."""
    known = checked(some, chosen)
    errors = {order_id: [one for one in found if one.is_error] for order_id, found in known.items()}
    rows = [
        {"batch_id": batch_id, "order_id": order_id, "finding": kind, "is_held": bool(errors[order_id])}
        for order_id, found in known.items()
        for kind in dict.fromkeys(one.kind for one in (errors[order_id] or found))
    ]
    if rows:
        db.session.execute(insert(BatchFinding), rows)
    return {order_id: " ".join(one.dutch for one in found) for order_id, found in errors.items() if found}


def accept(order: Order, *, by: User) -> Order:
    """Somebody has looked at the warnings: the order may go along. Raises WrongState when there is more than warnings."""
    lock(order)
    found = of_order(order).found
    if any(one.is_error for one in found):
        raise WrongState(N_("Deze bestelling past nog niet. Pas eerst het adres aan."))
    if found:
        accepted = " ".join(sorted({*order.accepted_warnings.split(), *(one.kind.value for one in found)}))
        note = N_("Nagekeken bij de controle: kan mee.")
        ordering.write(order, order.state, note=note, by_id=by.id, accepted_warnings=accepted)
        audit.note("warnings accepted", f"order {order.id}", user_id=by.id, warnings=len(found))
    return order


def correct(order: Order, delivery: Delivery, branch: str, *, by: User) -> Checked:
    """Another address, or other names on it. An order that the check had held goes on when it fits now."""
    out_of_batch(order, by=by, then=lambda: ordering.change_delivery(order, delivery, branch=branch, by=by))
    audit.note("address corrected", f"order {order.id}", user_id=by.id, orders=1)
    now = of_order(order)
    if order.state is State.HELD and not now.is_wrong and queries.is_held_by_check(order.id):
        ordering.release_hold(order, by=by)
    return now
