"""Orders at a place, of an activity, of a person, in a state; how they came there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity, Occurrence
from weekapp.db import db
from weekapp.editions.models import Edition
from weekapp.geography.rules import normalise_postcode
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import OPEN, RESERVES, State, number_of
from weekapp.packages.models import Package, PackageLine


def order(order_id: int) -> Order | None:
    """One order with what its page shows."""
    return db.session.scalar(select(Order).where(Order.id == order_id).options(*everything()))


def by_number(number: str) -> Order | None:
    """The order with this number, however its letters were typed."""
    return db.session.scalar(select(Order).where(Order.number == number.strip().upper()).options(*everything()))


def everything() -> tuple[ExecutableOption, ...]:
    """Loads what stands around an order in the same go."""
    around = (Order.package, Order.activity, Order.organisation, Order.initiator, Order.edition)
    return tuple(joinedload(relation) for relation in around)


def contents() -> tuple[ExecutableOption, ...]:
    """Loads what goes into the parcel and for whom."""
    return joinedload(Order.package).selectinload(Package.lines).joinedload(PackageLine.item), joinedload(Order.initiator)


def at_place(edition_id: int, place_key: str, organisation_key: str, branch_key: str = "") -> Order | None:
    """The order that rule 3 (one per place) finds first; cancelled ones do not count."""
    same = (Order.edition_id == edition_id, Order.place_key == place_key, Order.organisation_key == organisation_key)
    return db.session.scalar(select(Order).where(*same, Order.branch_key == branch_key, Order.state != State.CANCELLED))


def of_activity(activity_id: int) -> list[Order]:
    """The orders of an activity, oldest first, cancelled ones too."""
    return list(
        db.session.scalars(select(Order).where(Order.activity_id == activity_id).options(joinedload(Order.package)).order_by(Order.id))
    )


def of_activities(activity_ids: Collection[int]) -> dict[int, list[Order]]:
    """The orders of several activities (activity id: orders), in one statement."""
    found = dict[int, list[Order]]()
    rows = select(Order).where(Order.activity_id.in_(activity_ids)).options(joinedload(Order.package)).order_by(Order.id)
    for order in db.session.scalars(rows):
        found.setdefault(order.activity_id, []).append(order)
    return found


def at_same_door(order_ids: Collection[int]) -> dict[int, list[str]]:
    """The numbers of other orders that have not left yet for the same doorstep in the same edition, for those orders that have any."""
    other = aliased(Order)
    same = (other.edition_id == Order.edition_id) & (other.place_key == Order.place_key) & other.state.in_(RESERVES | OPEN)
    same &= other.state != literal_column("'cancelled'")  # word for word as in uq_order_place, else SQLite reads all orders
    rows = select(Order.id, other.number).join(other, same & (other.id != Order.id)).where(Order.id.in_(order_ids))
    found = dict[int, list[str]]()
    for order_id, number in db.session.execute(rows.order_by(Order.id, other.number)):
        found.setdefault(order_id, []).append(number)
    return found


def quantity_of_activity(activity_id: int) -> int:
    """How many packages the activity has asked for, cancelled orders left out."""
    live = select(func.coalesce(func.sum(Order.quantity), 0)).where(Order.activity_id == activity_id, Order.state != State.CANCELLED)
    return db.session.execute(live).scalar_one()


@dataclass(frozen=True)
class Step:
    """One event in the life of an order, with the name of who did it ('' for the system)."""

    event: OrderEvent
    by: str


def events(order_id: int) -> list[Step]:
    """The life of an order, oldest first."""
    rows = select(OrderEvent, func.coalesce(User.name, "")).outerjoin(User, User.id == OrderEvent.by_id)
    return [Step(event, name) for event, name in db.session.execute(rows.where(OrderEvent.order_id == order_id).order_by(OrderEvent.id))]


def waiting(package_id: int) -> list[Order]:
    """The waiting list of a package, first come first."""
    rows = select(Order).where(Order.package_id == package_id, Order.state == State.WAITING)
    return list(db.session.scalars(rows.options(joinedload(Order.activity)).order_by(Order.created_at, Order.id)))


def has_turn(order: Order) -> bool:
    """Whether nobody waits for this package, the order itself included: who waits cannot ask for more with the same turn."""
    return order.state != State.WAITING and not has_waiting(order.package_id, besides=order.id)


def has_waiting(package_id: int, *, besides: int = 0) -> bool:
    """Whether anybody waits for a package, one order left out."""
    rows = select(Order.id).where(Order.package_id == package_id, Order.state == State.WAITING, Order.id != besides)
    return db.session.scalar(rows.limit(1)) is not None


def short(edition_id: int) -> dict[int, int]:
    """Packages that people wait for (package id: number)."""
    rows = select(Order.package_id, func.sum(Order.quantity)).where(Order.edition_id == edition_id, Order.state == State.WAITING)
    return {row[0]: row[1] for row in db.session.execute(rows.group_by(Order.package_id))}


def counts(edition_id: int) -> dict[State, int]:
    """How many orders are in each state; all states are there."""
    rows = select(Order.state, func.count()).where(Order.edition_id == edition_id).group_by(Order.state)
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in State}


def is_ready() -> ColumnElement[bool]:
    """What makes an order go into the next batch: approved, and its activity still goes on."""
    goes_on = select(Activity.id).where(Activity.id == Order.activity_id, Activity.state == activities.State.PUBLISHED)
    return (Order.state == State.APPROVED) & goes_on.exists()


def earliest_first() -> tuple[ColumnElement[object], ...]:
    """The order of a batch (rule 7): what staff moved to the front, earliest need, postcode; the rest makes it the same each time."""
    return (Order.is_urgent.desc(), Order.needed_by, Order.postcode, Order.house_number, Order.id)  # type: ignore[return-value]


def ready(edition_id: int, *, most: int, with_contents: bool = False) -> list[Order]:
    """Orders that wait for the next batch, earliest need first; with all that their labels and slips need, when asked for."""
    rows = select(Order).where(is_ready(), Order.edition_id == edition_id).options(joinedload(Order.package))
    if with_contents:
        rows = rows.options(*contents())
    return list(db.session.scalars(rows.order_by(*earliest_first()).limit(most)))


def count_to_pack(batch_id: int) -> int:
    """How many orders of a batch nobody has scanned as packed and that have not left."""
    rows = select(func.count()).select_from(Order)
    return db.session.scalar(rows.where(Order.batch_id == batch_id, Order.state == State.BATCHED, Order.packed_at.is_(None))) or 0


def count_ready(edition_id: int) -> int:
    """How many orders the next batch would hold."""
    return db.session.scalar(select(func.count()).select_from(Order).where(is_ready(), Order.edition_id == edition_id)) or 0


def editions_ready_before(moment: datetime) -> list[Edition]:
    """Editions with something to send that was approved before a moment: what is approved later waits for the next cut-off."""
    steps = select(OrderEvent.id).where(OrderEvent.order_id == Order.id, OrderEvent.state == State.APPROVED, OrderEvent.at <= moment)
    orders = select(Order.id).where(Order.edition_id == Edition.id, is_ready(), steps.exists())
    return list(db.session.scalars(select(Edition).where(orders.exists()).order_by(Edition.id)))


def in_state(edition_id: int, state: State, *, most: int, after: int = 0) -> list[Order]:
    """Orders in one state, earliest need first, a page of `most` after the first `after`."""
    rows = select(Order).where(Order.edition_id == edition_id, Order.state == state).options(joinedload(Order.package))
    return list(db.session.scalars(rows.order_by(*earliest_first()).offset(after).limit(most)))


def search(text: str, *, most: int = 50) -> list[Order]:
    """Orders by number, part of a name (recipient, person at the door, branch) or postcode, newest first."""
    words = " ".join(text.split())
    if not words:
        return []
    pattern = f"%{escaped(words)}%"
    hits: list[ColumnElement[bool]] = [
        column.ilike(pattern, escape="\\") for column in (Order.recipient, Order.attention, Order.branch, Order.number)
    ]
    postcode = normalise_postcode(words)
    if postcode:
        hits = [Order.postcode == postcode]
    return list(
        db.session.scalars(select(Order).where(or_(*hits)).options(joinedload(Order.package)).order_by(Order.id.desc()).limit(most))
    )


def escaped(text: str) -> str:
    """A text in which the signs of LIKE mean themselves."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def last_number(year: int) -> str | None:
    """The highest order number of an edition."""
    return db.session.scalar(select(func.max(Order.number)).where(Order.number.between(number_of(year, 0), number_of(year, 99_999))))


def first_day_of(activity_id: int) -> date | None:
    """The Dutch day of the first moment that goes on; None where there is none."""
    rows = select(func.min(Occurrence.starts_at)).where(Occurrence.activity_id == activity_id, Occurrence.cancelled_at.is_(None))
    first = db.session.scalar(rows)
    return clock.local(first).date() if first else None


def left_received() -> list[Order]:
    """Orders whose activity was approved at the very moment at which they were placed (see `service.approve_left_behind`)."""
    rows = select(Order).join(Order.activity).where(Order.state == State.RECEIVED, Activity.state == activities.State.PUBLISHED)
    return list(db.session.scalars(rows.options(contains_eager(Order.activity)).order_by(Order.id)))


def packages_with_waiting_orders() -> list[Package]:
    """Packages that have something left while somebody waits for them."""
    waits = select(Order.id).where(Order.package_id == Package.id, Order.state == State.WAITING)
    return list(db.session.scalars(select(Package).where(waits.exists(), Package.on_hand > Package.reserved).order_by(Package.id)))
