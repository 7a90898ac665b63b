"""Changing an order until it is packed: the ledger, the waiting list and the holds stay right, whatever is asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fulfilment.reconcile import broken
from tests.builders import make_activity, make_organisation, make_package, make_user
from weekapp.activities.rules import State as ActivityState
from weekapp.db import db
from weekapp.errors import DomainError, WrongState
from weekapp.geography.rules import Precision
from weekapp.orders import changing, queries, service
from weekapp.orders.changing import NotThere, OthersWait
from weekapp.orders.delivery import Delivery
from weekapp.orders.needs import delivery_of
from weekapp.orders.rules import Hold, State
from weekapp.orders.service import PlaceTaken, TooMany


def door(number=12, **more):
    values = {"recipient": "Buurthuis De Linde", "attention": "Noor Voorbeeld", "street": "Voorbeeldstraat", "house_number": number}
    values |= {"letter": "", "addition": "", "postcode": "3511 LX", "town": "Utrecht", "precision": Precision.ADDRESS}
    return Delivery(**(values | more))


def ordered(package, quantity=1, *, visitors=400, state=ActivityState.PUBLISHED, delivery=None, **more):
    activity = make_activity(expected_visitors=visitors, state=state, **more)
    return service.place(activity, package, quantity, delivery or door(number=activity.id + 20), by=activity.initiator)


def change(order, quantity=None, *, package=None, delivery=None):
    return changing.change(order, package or order.package, quantity or order.quantity, delivery or delivery_of(order), by=order.initiator)


def notes(order):
    return [step.event.note for step in queries.events(order.id)]


@pytest.mark.parametrize(("before", "after", "reserved"), [(1, 3, 3), (3, 1, 1), (2, 2, 2)])
def test_another_number_books_the_difference(session, before, after, reserved):
    package = make_package(stock=10)
    order = ordered(package, before)
    change(order, after)
    assert (order.quantity, package.reserved, order.state) == (after, reserved, State.APPROVED)
    assert broken() == []


def test_nothing_different_writes_nothing(session):
    order = ordered(make_package())
    steps = len(queries.events(order.id))
    change(order)
    assert len(queries.events(order.id)) == steps


def test_more_than_there_is_changes_nothing(session):
    package = make_package(stock=3)
    order = ordered(package, 2)
    with pytest.raises(NotThere):
        change(order, 4)
    assert (order.quantity, package.reserved) == (2, 2)
    assert broken() == []


def test_more_than_the_maximum_is_refused(session):
    order = ordered(make_package(), 2)
    with pytest.raises(TooMany):
        change(order, 6)


def test_more_does_not_go_before_who_waits(session):
    package = make_package(stock=4)
    order = ordered(package, 2)
    ordered(package, 3)
    with pytest.raises(OthersWait):
        change(order, 3)
    assert broken() == []


def test_fewer_goes_to_who_waits_longest(session):
    package = make_package(stock=4)
    order, waiting = ordered(package, 3), ordered(package, 2)
    assert waiting.state == State.WAITING
    change(order, 2)
    assert (waiting.state, package.available) == (State.APPROVED, 0)
    assert broken() == []


def test_who_waits_keeps_the_turn_with_a_lower_number_and_is_served_when_it_fits(session):
    package = make_package(stock=4)
    ordered(package, 3)
    first, second = ordered(package, 3), ordered(package, 1)
    assert (first.state, second.state) == (State.WAITING, State.WAITING)
    change(first, 1)
    assert (first.state, second.state) == (State.APPROVED, State.WAITING)
    assert broken() == []


def test_who_waits_cannot_ask_for_more_with_the_same_turn(session):
    package = make_package(stock=1)
    ordered(package)
    waiting = ordered(package)
    with pytest.raises(OthersWait):
        change(waiting, 2)
    assert waiting.quantity == 1


def test_another_package_gives_the_first_one_back(session):
    large, small = make_package(stock=2), make_package(stock=5, name="Klein pakket")
    order, waiting = ordered(large, 2), ordered(large, 1)
    change(order, 3, package=small)
    assert (order.package_id, order.quantity, small.reserved, large.reserved) == (small.id, 3, 3, 1)
    assert waiting.state == State.APPROVED
    assert broken() == []


def test_another_package_that_is_gone_leaves_the_order_as_it_was(session):
    large, small = make_package(stock=2), make_package(stock=1, name="Klein pakket")
    order = ordered(large, 2)
    with pytest.raises(NotThere):
        change(order, 2, package=small)
    assert (order.package_id, large.reserved, small.reserved) == (large.id, 2, 0)


def test_who_waits_is_served_at_once_by_a_package_that_is_there(session):
    large, small = make_package(stock=1), make_package(stock=5, name="Klein pakket")
    ordered(large)
    order, next_one = ordered(large, 5), ordered(large, 1)
    change(order, 2, package=small)
    assert (order.state, order.package_id) == (State.APPROVED, small.id)
    assert next_one.state == State.WAITING, "there is none left of the large one"
    assert broken() == []


def test_going_to_another_package_lets_the_next_one_in_line_be_served(session):
    large, small = make_package(stock=3), make_package(stock=5, name="Klein pakket")
    ordered(large, 2)
    order, next_one = ordered(large, 3), ordered(large, 1)
    change(order, 2, package=small)
    assert next_one.state == State.APPROVED
    assert broken() == []


def test_an_unusual_number_is_held_and_a_usual_one_let_go(session):
    order = ordered(make_package(), 1, visitors=20)
    change(order, 5)
    assert (order.state, order.hold) == (State.HELD, Hold.UNUSUAL_NUMBER)
    change(order, 2)
    assert (order.state, order.hold) == (State.APPROVED, Hold.NONE)
    assert broken() == []


def test_a_number_that_staff_found_good_is_not_doubted_again_for_another_door(session):
    order = ordered(make_package(), 5, visitors=20)
    service.release_hold(order, by=make_user("logistics"))
    change(order, delivery=door(99))
    assert (order.state, order.house_number) == (State.APPROVED, 99)


def test_a_doubtful_address_is_held_and_a_good_one_let_go(session):
    order = ordered(make_package())
    change(order, delivery=door(99, precision=Precision.UNKNOWN))
    assert (order.state, order.hold) == (State.HELD, Hold.UNKNOWN_ADDRESS)
    change(order, delivery=door(98))
    assert (order.state, order.hold) == (State.APPROVED, Hold.NONE)


def test_a_good_address_with_an_unusual_number_is_held_for_the_number(session):
    order = ordered(make_package(), 1, visitors=20, delivery=door(99, precision=Precision.UNKNOWN))
    change(order, 5, delivery=door(98))
    assert (order.state, order.hold) == (State.HELD, Hold.UNUSUAL_NUMBER)


def test_a_usual_number_with_a_doubtful_address_is_held_for_the_address(session):
    order = ordered(make_package(), 5, visitors=20)
    change(order, 1, delivery=door(99, precision=Precision.UNKNOWN))
    assert (order.state, order.hold) == (State.HELD, Hold.UNKNOWN_ADDRESS)


def test_what_staff_holds_for_another_reason_stays_held(session):
    order = ordered(make_package())
    service.hold(order, Hold.OTHER, "Bel ons even.", by=make_user("logistics"))
    change(order, 2, delivery=door(99))
    assert (order.state, order.hold, order.quantity) == (State.HELD, Hold.OTHER, 2)


def test_before_approval_an_order_stays_received(session):
    order = ordered(make_package(), state=ActivityState.SUBMITTED)
    change(order, 2)
    assert order.state == State.RECEIVED


def test_a_door_that_has_an_order_is_refused_and_nothing_has_changed(session):
    package, organisation = make_package(), make_organisation()
    ordered(package, delivery=door(50), organisation=organisation)
    order = ordered(package, 2, organisation=organisation)
    before = order.place_key
    with pytest.raises(PlaceTaken), db.session.begin_nested():
        change(order, 1, delivery=door(50))
    db.session.expire_all()
    assert (order.place_key, order.quantity) == (before, 2)
    assert broken() == []


@pytest.mark.parametrize("state", [State.BATCHED, State.SHIPPED, State.DELIVERED, State.CANCELLED])
def test_what_is_packed_or_given_up_does_not_change(session, state):
    order = ordered(make_package())
    if state == State.CANCELLED:
        service.cancel(order, by=order.initiator)
    else:
        order.state, order.batch_id = state, 1
        db.session.flush()
    with pytest.raises(WrongState):
        change(order, 2)


def test_its_history_tells_each_step(session):
    order = ordered(make_package())
    change(order, 2)
    change(order, 1, delivery=door(99))
    assert [note for note in notes(order) if note] == [
        "Het aantal is hoger dan eerst.",
        "Het aantal is lager dan eerst.",
        "Het adres is veranderd.",
    ]


STEPS = st.lists(
    st.tuples(st.sampled_from(["order", "change", "package", "cancel", "stock"]), st.integers(0, 5), st.integers(1, 5)), max_size=14
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_the_ledger_and_the_waiting_list_hold(session, steps):
    undo = session.begin_nested()
    packages, orders = [make_package(stock=6), make_package(stock=3, name="Klein pakket")], []
    for what, which, number in steps:
        try:
            with session.begin_nested():
                step(what, which, number, packages, orders)
        except DomainError:
            session.expire_all()
    session.flush()
    assert broken() == []
    undo.rollback()


def step(what, which, number, packages, orders):
    """One thing that somebody does."""
    if what == "order":
        orders.append(ordered(packages[which % 2], number))
    elif what == "stock":
        service.receive_stock(packages[which % 2], number, by_id=0)
    elif orders:
        order = orders[which % len(orders)]
        if what == "cancel":
            service.cancel(order, by=order.initiator)
        else:
            change(order, number, package=packages[which % 2] if what == "package" else None)


@pytest.mark.parametrize("attention", ["Noor Voorbeeld", "Iemand Anders"])
def test_an_address_that_staff_doubts_is_not_let_go_by_saving_it_again(session, attention):
    order = ordered(make_package())
    service.hold(order, Hold.UNKNOWN_ADDRESS, "De plaats hoort niet bij de postcode.", by=make_user("logistics"))
    change(order, delivery=door(number=order.house_number, attention=attention))
    assert (order.state, order.hold, order.attention) == (State.HELD, Hold.UNKNOWN_ADDRESS, attention)
    change(order, 2)
    assert (order.state, order.hold, order.quantity) == (State.HELD, Hold.UNKNOWN_ADDRESS, 2)
    change(order, delivery=door(number=order.house_number, town="De Bilt"))
    assert (order.state, order.hold) == (State.APPROVED, Hold.NONE)


def test_a_number_that_staff_doubts_is_let_go_by_another_number_only(session):
    order = ordered(make_package(), 2)
    service.hold(order, Hold.UNUSUAL_NUMBER, "Zo veel?", by=make_user("logistics"))
    change(order, delivery=door(99))
    assert (order.state, order.hold) == (State.HELD, Hold.UNUSUAL_NUMBER)
    change(order, 1)
    assert (order.state, order.hold) == (State.APPROVED, Hold.NONE)
