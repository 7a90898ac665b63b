"""What will not arrive in time (rule 8): listed for logistics each time they look, told to the initiator once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from weekapp import addresses, clock
from weekapp.accounts.models import User
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity, Occurrence
from weekapp.core import settings
from weekapp.db import db
from weekapp.mail.models import OutgoingMail
from weekapp.mail.service import queue_mail
from weekapp.orders import delivery, rules
from weekapp.orders import service as ordering
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import State
from weekapp.queue import Task, nudge

GOES_ON = frozenset({activities.State.SUBMITTED, activities.State.RETURNED, activities.State.PUBLISHED})
MAILS_AT_ONCE = 100  # in one transaction


@dataclass(frozen=True)
class Late:
    """An order that comes later than it should. `first_day`: of the next moment of its activity."""

    order: Order
    first_day: date
    arrives: date

    @property
    def misses_activity(self) -> bool:
        """Whether it is not there on the day before the activity; otherwise only the margin is gone."""
        return self.arrives >= self.first_day

    @property
    def can_go_first(self) -> bool:
        """Whether moving it to the front still helps."""
        return self.order.state in rules.OPEN and not self.order.is_urgent


def next_delivery_day(day: date, closed: Collection[date]) -> date:
    """This day, or the next one on which a carrier works."""
    while not delivery.is_delivery_day(day, closed):
        day += timedelta(days=1)
    return day


def arrival(handed_over: date, carrier_days: int, closed: Collection[date]) -> date:
    """The day on which a carrier that takes `carrier_days` working days brings what it gets on a day."""
    day = next_delivery_day(handed_over, closed)
    for _ in range(carrier_days):
        day = next_delivery_day(day + timedelta(days=1), closed)
    return day


def next_hand_over(now: datetime) -> date:
    """The day on which a carrier gets what is approved now: today until the cut-off, else tomorrow."""
    today = clock.local(now).date()
    return today if now <= clock.instant(today, settings().cutoff) else today + timedelta(days=1)


def late_orders(now: datetime) -> list[Late]:
    """Orders that will come too late as things stand, those that miss their activity first, then the earliest.

    Many carriers never say that a parcel is there: one that is under way counts as arrived when its days are over.
    """
    closed, days = delivery.closed_days(settings().carrier_closed_days), settings().carrier_days
    today = clock.local(now).date()
    of_new = arrival(next_hand_over(now), days, closed)
    of_packed = arrival(today, days, closed)
    found = []
    for order, starts_at, shipped_at in not_there_yet(today, of_new):
        arrives = of_packed if order.state == State.BATCHED else of_new
        if shipped_at is not None:
            arrives = arrival(clock.local(shipped_at).date(), days, closed)
        late = Late(order, clock.local(starts_at).date(), arrives)
        if arrives >= today and (late.misses_activity or (order.state != State.SHIPPED and arrives > order.needed_by)):
            found.append(late)
    return sorted(found, key=lambda late: (not late.misses_activity, late.first_day, late.order.id))


def not_there_yet(today: date, arrives: date) -> list[tuple[Order, datetime, datetime | None]]:
    """Orders that could be late: (order, next moment of its activity, when it left). Who has no moment to come has nothing to wait for."""
    start, _ = clock.day_bounds(today)
    coming = (Occurrence.cancelled_at.is_(None), Occurrence.starts_at >= start)
    first = select(Occurrence.activity_id, func.min(Occurrence.starts_at).label("starts_at")).where(*coming)
    next_moment = first.group_by(Occurrence.activity_id).subquery()
    left = select(func.max(OrderEvent.at)).where(OrderEvent.order_id == Order.id, OrderEvent.state == State.SHIPPED)
    shipped_at = left.where(Order.state == State.SHIPPED).scalar_subquery()
    _, end = clock.day_bounds(arrives)
    rows = (
        select(Order, next_moment.c.starts_at, shipped_at)
        .join(Activity, Activity.id == Order.activity_id)
        .join(next_moment, next_moment.c.activity_id == Order.activity_id)
        .where(Activity.state.in_(GOES_ON), Order.state.in_([*rules.OPEN, State.BATCHED, State.SHIPPED]))
        .where(or_(next_moment.c.starts_at < end, Order.needed_by < arrives))
        .options(joinedload(Order.activity), joinedload(Order.initiator), joinedload(Order.package))
        .order_by(Order.id)
    )
    return [(order, starts_at, left_at) for order, starts_at, left_at in db.session.execute(rows)]


def move_to_front(now: datetime, *, by: User) -> list[Order]:
    """Let everything on the list that is not packed yet go first; those that changed."""
    return ordering.set_urgent([late.order.id for late in late_orders(now) if late.can_go_first], by=by)


def mail_key(order: Order) -> str:
    """One mail about lateness for each order, ever."""
    return f"order-{order.id}-late"


def tell_initiators(now: datetime) -> int:
    """Promise a mail to initiators whose package will miss the activity, each once; how many. When more are left, the job wakes itself."""
    late = [one for one in late_orders(now) if one.misses_activity]
    told = known_keys([mail_key(one.order) for one in late])
    untold = [one for one in late if mail_key(one.order) not in told]
    for one in untold[:MAILS_AT_ONCE]:
        queue_mail(
            mail_key(one.order),
            "parcel_late",
            one.order.initiator.email,
            language=one.order.initiator.language,
            name=one.order.initiator.name,
            number=one.order.number,
            title=one.order.activity.title,
            poster=settings().base_url + poster_of(one.order.activity),
            link=settings().base_url + addresses.MINE,
        )
    if len(untold) > MAILS_AT_ONCE:
        nudge(Task.TELL_LATE)
    return len(untold[:MAILS_AT_ONCE])


def poster_of(activity: Activity) -> str:
    """Where to print the poster of an activity, or one to fill in while the activity is not public."""
    return addresses.poster(activity.id if activity.state == activities.State.PUBLISHED else None)


def known_keys(keys: list[str]) -> set[str]:
    """Which of these mails have been promised before."""
    known = set[str]()
    for start in range(0, len(keys), 1000):
        chosen = OutgoingMail.event_key.in_(keys[start : start + 1000])
        known.update(db.session.scalars(select(OutgoingMail.event_key).where(chosen)))
    return known


def told_orders(late: Collection[Late]) -> set[int]:
    """Of which late orders (their ids) the initiator has been told."""
    known = known_keys([mail_key(one.order) for one in late])
    return {one.order.id for one in late if mail_key(one.order) in known}
