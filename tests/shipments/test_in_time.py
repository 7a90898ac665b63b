"""What will not arrive in time, told to logistics each time and to the initiator once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders import make_activity, make_order, make_user
from tests.shipments.making import packed_order
from weekapp.activities.rules import State as ActivityState
from weekapp.batches.rules import State as BatchState
from weekapp.mail.models import OutgoingMail
from weekapp.orders import queries as orders
from weekapp.orders.models import OrderEvent
from weekapp.orders.rules import State
from weekapp.shipments import in_time

MONDAY = datetime(2027, 9, 27, 8, tzinfo=UTC)  # the Week begins on Thursday 30 September
NONE_CLOSED = frozenset()


@pytest.fixture(autouse=True)
def on_monday(at):
    at(MONDAY)


def starting(day: int, month: int = 9, **more):
    return make_activity(starts=datetime(2027, month, day, 10, tzinfo=UTC), **more)


def approved(day: int, month: int = 9, *, needed_by=date(2027, 12, 1), **more):
    return make_order(activity=starting(day, month, **more), state="approved", needed_by=needed_by)


def late_ids(now=MONDAY):
    return [late.order.id for late in in_time.late_orders(now)]


@pytest.mark.parametrize(
    ("handed_over", "days", "arrives"),
    [
        (date(2027, 9, 27), 2, date(2027, 9, 29)),
        (date(2027, 9, 24), 2, date(2027, 9, 27)),  # Saturday counts, Sunday does not
        (date(2027, 9, 26), 2, date(2027, 9, 29)),  # handed over on a Sunday is Monday
        (date(2027, 9, 27), 0, date(2027, 9, 27)),
        (date(2027, 12, 24), 1, date(2027, 12, 27)),  # Christmas is on Saturday and Sunday
    ],
)
def test_when_a_parcel_arrives(handed_over, days, arrives):
    assert in_time.arrival(handed_over, days, NONE_CLOSED) == arrives


def test_closed_days_of_the_carrier_count_no_days():
    assert in_time.arrival(date(2027, 9, 27), 2, {date(2027, 9, 28)}) == date(2027, 9, 30)


def test_after_the_cut_off_it_goes_tomorrow(session):
    assert in_time.next_hand_over(MONDAY) == date(2027, 9, 27)
    assert in_time.next_hand_over(MONDAY + timedelta(hours=9)) == date(2027, 9, 28)


def test_a_package_that_is_there_the_day_before_is_in_time(session):
    approved(30)  # comes on Wednesday the 29th
    assert late_ids() == []


def test_a_package_that_comes_on_the_day_itself_is_too_late(session):
    order = approved(29)
    (late,) = in_time.late_orders(MONDAY)
    assert (late.order.id, late.arrives, late.first_day, late.misses_activity) == (order.id, date(2027, 9, 29), date(2027, 9, 29), True)


def test_after_the_cut_off_a_day_is_lost(session):
    order = approved(30)
    assert late_ids(MONDAY + timedelta(hours=9)) == [order.id]


def test_a_package_that_only_misses_its_margin_is_listed_below(session):
    tight = approved(5, 10, needed_by=date(2027, 9, 28))
    missed = approved(28)
    assert [(late.order.id, late.misses_activity) for late in in_time.late_orders(MONDAY)] == [(missed.id, True), (tight.id, False)]


def test_the_next_moment_counts_of_an_activity_with_several(session):
    from tests.builders import make_occurrence

    activity = starting(20)
    make_occurrence(activity, datetime(2027, 10, 20, 10, tzinfo=UTC))
    make_occurrence(activity, datetime(2027, 9, 28, 10, tzinfo=UTC), cancelled_at=MONDAY)
    make_order(activity=activity, state="approved", needed_by=date(2027, 12, 1))
    assert late_ids() == []


def test_what_is_over_or_does_not_go_on_is_not_listed(session):
    approved(20)
    cancelled = approved(28)
    cancelled.activity.state, cancelled.activity.cancelled_at = ActivityState.CANCELLED, MONDAY
    session.flush()
    assert late_ids() == []


@pytest.mark.parametrize("state", [State.RECEIVED, State.WAITING])
def test_orders_that_wait_are_listed_too(session, state):
    order = approved(28)
    order.state = state
    session.flush()
    assert late_ids() == [order.id]


def shipped(days_ago: int, day: int):
    order = packed_order(activity=starting(day), needed_by=date(2027, 9, 1))
    for step in orders.events(order.id):
        if step.event.state == State.SHIPPED:
            step.event.at = MONDAY - timedelta(days=days_ago)
    return order


def test_a_parcel_under_way_is_late_by_the_day_on_which_it_left(session):
    order = shipped(0, 29)
    shipped(3, 29)  # left on Friday: here on Monday
    session.flush()
    assert late_ids() == [order.id]
    assert not in_time.late_orders(MONDAY)[0].can_go_first


def test_a_parcel_whose_days_are_over_counts_as_arrived(session):
    shipped(20, 27)
    session.flush()
    assert late_ids() == []


def test_a_packed_order_leaves_today_whatever_the_hour(session):
    packed_order(activity=starting(30), state=BatchState.READY, needed_by=date(2027, 12, 1))
    assert late_ids(MONDAY + timedelta(hours=9)) == []


def test_one_button_moves_them_to_the_front(session):
    late, other = approved(28), approved(15, 10)
    moved = in_time.move_to_front(MONDAY, by=make_user("logistics"))
    assert [order.id for order in moved] == [late.id]
    assert (late.is_urgent, other.is_urgent) == (True, False)
    assert [step.event.note for step in orders.events(late.id)][-1] == "Gaat voor: anders komt het pakket te laat."
    assert in_time.move_to_front(MONDAY, by=make_user("logistics")) == []


def mails(session):
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.template == "parcel_late").order_by(OutgoingMail.id)))


def test_initiators_are_told_once(session):
    order = approved(28)
    approved(5, 10, needed_by=date(2027, 9, 28))  # only misses its margin
    assert in_time.tell_initiators(MONDAY) == 1
    assert in_time.tell_initiators(MONDAY + timedelta(hours=1)) == 0
    (mail,) = mails(session)
    assert (mail.recipient, mail.values["number"]) == (order.initiator.email, order.number)
    assert mail.values["poster"].endswith(f"/activiteiten/{order.activity_id}/poster-a4.pdf")
    assert in_time.told_orders(in_time.late_orders(MONDAY)) == {order.id}


def test_an_activity_that_is_not_public_gets_an_empty_poster(session):
    approved(28, state=ActivityState.SUBMITTED, published_at=None)
    in_time.tell_initiators(MONDAY)
    assert mails(session)[0].values["poster"].endswith("/poster-a4.pdf")
    assert "activiteiten" not in mails(session)[0].values["poster"]


def test_many_are_told_in_parts(session, monkeypatch):
    monkeypatch.setattr(in_time, "MAILS_AT_ONCE", 2)
    for _ in range(3):
        approved(28)
    assert [in_time.tell_initiators(MONDAY) for _ in range(3)] == [2, 1, 0]


def test_the_day_a_parcel_left_is_that_of_its_last_shipping(session):
    order = shipped(20, 29)
    session.add(OrderEvent(order_id=order.id, at=MONDAY, state=State.SHIPPED))
    session.flush()
    assert late_ids() == [order.id]
