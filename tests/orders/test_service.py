"""Orders from click to approved: one per place, stock or waiting list, held when somebody must look."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import make_activity, make_edition, make_order, make_organisation, make_package, make_user, package_of
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.errors import InvalidInput, WrongState
from weekapp.geography.rules import Precision
from weekapp.orders import queries, service
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold, State
from weekapp.packages import service as stock


def door(**more: object) -> Delivery:
    values = {
        "recipient": "Buurthuis De Linde",
        "attention": "Sanne de Vries",
        "street": "Voorbeeldstraat",
        "house_number": 12,
        "letter": "",
        "addition": "",
        "postcode": "3511 LX",
        "town": "Utrecht",
        "precision": Precision.PC4,
    }
    return Delivery(**(values | more))  # type: ignore[arg-type]


def submitted(**more: object) -> Activity:
    return make_activity(state=activities.State.SUBMITTED, published_at=None, **more)


def placed(activity: Activity | None = None, quantity: int = 1, **more: object) -> Order:
    activity = activity or submitted()
    package = more.pop("package", None) or package_of(activity.edition)
    branch = str(more.pop("branch", ""))
    return service.place(activity, package, quantity, door(**more), branch=branch, by=activity.initiator)


def states(order: Order) -> list[State]:
    return [step.event.state for step in queries.events(order.id)]


def test_an_order_reserves_its_packages(session: Session) -> None:
    package = make_package(stock=10)
    order = placed(quantity=2, package=package)
    assert (order.state, package.reserved, package.available) == (State.RECEIVED, 2, 8)
    assert states(order) == [State.RECEIVED]


def test_an_order_for_a_public_activity_is_approved_at_once(session: Session) -> None:
    order = placed(make_activity())
    assert states(order) == [State.RECEIVED, State.APPROVED]


def test_numbers_count_up_within_an_edition(session: Session) -> None:
    package = make_package()
    numbers = [placed(package=package, house_number=door_number).number for door_number in (1, 2, 3)]
    assert numbers == ["KE27-00001", "KE27-00002", "KE27-00003"]


def test_each_edition_counts_by_itself(session: Session) -> None:
    placed()
    later = make_edition(2028)
    activity = submitted(edition=later, organisation=make_organisation("Ander buurthuis"))
    assert placed(activity, package=make_package(edition=later)).number == "KE28-00001"


def test_a_second_order_for_the_same_doorstep_shows_the_earlier_one(session: Session) -> None:
    activity = submitted()
    first = placed(activity)
    with pytest.raises(service.PlaceTaken) as refused:
        placed(activity)
    assert refused.value.order is first
    assert first.number in str(refused.value)


@pytest.mark.parametrize("typed", [{"postcode": "3511LX"}, {"addition": " "}])
def test_a_doorstep_is_recognised_however_it_was_typed(session: Session, typed: dict[str, str]) -> None:
    activity = submitted()
    placed(activity)
    with pytest.raises(service.PlaceTaken):
        placed(activity, **typed)


def test_a_refused_second_order_reserves_nothing(session: Session) -> None:
    activity, package = submitted(), make_package(stock=10)
    placed(activity, package=package)
    with pytest.raises(service.PlaceTaken):
        placed(activity, package=package)
    assert package.reserved == 1


def test_another_branch_at_the_same_doorstep_is_another_place(session: Session) -> None:
    activity = submitted()
    placed(activity)
    assert placed(activity, branch="Jeugdafdeling").branch_key == "jeugdafdeling"


def test_another_organisation_at_the_same_doorstep_is_another_place(session: Session) -> None:
    placed()
    assert placed(submitted(organisation=make_organisation("Bibliotheek"))).id


def test_a_cancelled_order_frees_its_place(session: Session) -> None:
    activity = submitted()
    service.cancel(placed(activity), by=activity.initiator)
    assert placed(activity).state == State.RECEIVED


def test_the_database_itself_refuses_a_second_order_for_a_place(session: Session) -> None:
    first = make_order()
    with pytest.raises(IntegrityError):
        make_order(activity=first.activity, package=first.package, place_key=first.place_key)


def test_more_than_the_maximum_for_one_activity_is_refused(session: Session) -> None:
    activity = submitted(expected_visitors=1000)
    placed(activity, 4)
    with pytest.raises(service.TooMany):
        placed(activity, 2, house_number=99)


def test_no_packages_is_no_order(session: Session) -> None:
    with pytest.raises(InvalidInput):
        placed(quantity=0)


@pytest.mark.parametrize(
    ("address", "hold"),
    [
        ({"street": "Postbus", "house_number": 123}, Hold.PO_BOX),
        ({"precision": Precision.UNKNOWN}, Hold.UNKNOWN_ADDRESS),
        ({"precision": Precision.MUNICIPALITY}, Hold.UNKNOWN_ADDRESS),
        ({"street": ""}, Hold.UNKNOWN_ADDRESS),
    ],
)
def test_an_order_that_cannot_be_delivered_is_held_with_its_packages(session: Session, address: dict[str, object], hold: Hold) -> None:
    package = make_package(stock=3)
    order = placed(make_activity(), package=package, **address)
    assert (order.state, order.hold, package.reserved) == (State.HELD, hold, 1)


def test_an_unusual_number_is_held(session: Session) -> None:
    assert placed(submitted(expected_visitors=10), 4).hold == Hold.UNUSUAL_NUMBER


def test_without_stock_an_order_waits_and_holds_nothing(session: Session) -> None:
    package = make_package(stock=0)
    order = placed(make_activity(), package=package)
    assert (order.state, package.reserved) == (State.WAITING, 0)


def test_a_small_order_does_not_pass_a_large_one_that_waits(session: Session) -> None:
    package = make_package(stock=1)
    placed(submitted(expected_visitors=200), 2, package=package)
    assert placed(submitted(), house_number=13, package=package).state == State.WAITING


def test_received_stock_serves_the_waiting_list_first_come_first_served(session: Session) -> None:
    package = make_package(stock=0)
    orders = [placed(package=package, house_number=number) for number in (1, 2, 3)]
    assert service.receive_stock(package, 2, by_id=0) == orders[:2]
    assert [order.state for order in orders] == [State.RECEIVED, State.RECEIVED, State.WAITING]
    assert (package.on_hand, package.reserved) == (2, 2)


def test_cancelling_gives_the_packages_to_who_waits_longest(session: Session) -> None:
    package = make_package(stock=1)
    first, second, third = (placed(package=package, house_number=number) for number in (1, 2, 3))
    service.cancel(first, by=first.initiator)
    assert [order.state for order in (first, second, third)] == [State.CANCELLED, State.RECEIVED, State.WAITING]
    assert (package.reserved, package.available) == (1, 0)


def test_who_is_served_for_a_public_activity_is_approved(session: Session) -> None:
    package = make_package(stock=0)
    order = placed(make_activity(), package=package)
    service.receive_stock(package, 5, by_id=0)
    assert states(order) == [State.WAITING, State.RECEIVED, State.APPROVED]


def test_who_is_served_with_a_bad_address_is_held(session: Session) -> None:
    package = make_package(stock=0)
    order = placed(make_activity(), package=package, precision=Precision.UNKNOWN)
    service.receive_stock(package, 5, by_id=0)
    assert (order.state, order.hold) == (State.HELD, Hold.UNKNOWN_ADDRESS)


def test_a_count_that_finds_more_serves_the_waiting_list(session: Session) -> None:
    package = make_package(stock=0)
    order = placed(package=package)
    service.correct_stock(package, 1, "stond achter de deur", by_id=0)
    assert order.state == State.RECEIVED


def test_cancelling_who_waits_releases_nothing(session: Session) -> None:
    package = make_package(stock=0)
    service.cancel(placed(package=package), by=make_user())
    assert package.reserved == 0


def test_approving_the_activity_approves_its_order(session: Session) -> None:
    activity = submitted()
    order = placed(activity)
    activity.state = activities.State.PUBLISHED
    assert service.approve_of(activity, by=make_user("moderator")) == [order]
    assert order.state == State.APPROVED


def test_approving_the_activity_leaves_held_and_waiting_orders(session: Session) -> None:
    activity, package = submitted(), make_package(stock=1)
    held = placed(activity, package=package, precision=Precision.UNKNOWN)
    waits = placed(activity, package=package, house_number=99)
    activity.state = activities.State.PUBLISHED
    assert service.approve_of(activity, by=make_user("moderator")) == []
    assert (held.state, waits.state) == (State.HELD, State.WAITING)


def test_an_order_is_not_approved_before_its_activity(session: Session) -> None:
    order = placed()
    with pytest.raises(WrongState):
        service.approve(order, by=make_user("moderator"))


def test_an_order_that_missed_the_approval_of_its_activity_is_found_again(session: Session) -> None:
    activity = submitted()
    order = placed(activity)
    activity.state = activities.State.PUBLISHED
    assert service.approve_left_behind() == 1
    assert order.state == State.APPROVED
    assert service.approve_left_behind() == 0


def test_adding_reserves_the_extra_packages(session: Session) -> None:
    package = make_package(stock=10)
    order = placed(package=package)
    service.add_to(order, 1, by=order.initiator)
    assert (order.quantity, package.reserved) == (2, 2)


def test_adding_what_is_not_there_is_refused(session: Session) -> None:
    order = placed(package=make_package(stock=1))
    with pytest.raises(stock.OutOfStock):
        service.add_to(order, 1, by=order.initiator)


def test_adding_goes_before_nobody_who_waits(session: Session) -> None:
    """Rule 4: first come, first served. Two are left, and somebody waits for three."""
    package = make_package(stock=3)
    order = placed(package=package)
    first_in_line = placed(quantity=3, package=package, house_number=14)
    assert first_in_line.state == State.WAITING
    with pytest.raises(service.OthersWait):
        service.add_to(order, 1, by=order.initiator)
    with pytest.raises(service.OthersWait):
        service.add_to(first_in_line, 1, by=first_in_line.initiator)
    assert (order.quantity, first_in_line.quantity, package.reserved) == (1, 3, 1)


def test_adding_to_an_unusual_number_holds_the_order(session: Session) -> None:
    order = placed(make_activity(expected_visitors=10))
    service.add_to(order, 3, by=order.initiator)
    assert (order.state, order.hold) == (State.HELD, Hold.UNUSUAL_NUMBER)


def test_a_held_order_goes_on_when_somebody_has_looked(session: Session) -> None:
    order = placed(make_activity(expected_visitors=10), 4)
    service.release_hold(order, by=make_user("logistics"))
    assert (order.state, order.hold) == (State.APPROVED, Hold.NONE)
    assert states(order) == [State.HELD, State.RECEIVED, State.APPROVED]


def test_an_unknown_address_that_somebody_checked_is_known_by_hand(session: Session) -> None:
    order = placed(precision=Precision.UNKNOWN)
    service.release_hold(order, by=make_user("logistics"))
    assert (order.state, order.precision) == (State.RECEIVED, Precision.BY_HAND)


def test_a_po_box_cannot_be_released(session: Session) -> None:
    order = placed(street="Postbus")
    with pytest.raises(WrongState):
        service.release_hold(order, by=make_user("logistics"))


def test_holding_keeps_the_packages_and_the_note(session: Session) -> None:
    package = make_package(stock=5)
    order = placed(make_activity(), package=package)
    service.hold(order, Hold.OTHER, "Bel eerst even.", by=make_user("logistics"))
    assert (order.state, order.hold, package.reserved) == (State.HELD, Hold.OTHER, 1)
    assert queries.events(order.id)[-1].event.note == "Bel eerst even."


def test_correcting_the_address_ends_its_hold(session: Session) -> None:
    order = placed(make_activity(), street="Postbus")
    service.change_delivery(order, door(street="Kerkstraat", house_number=3), by=make_user("logistics"))
    assert (order.state, order.street, order.place_key) == (State.APPROVED, "Kerkstraat", "3511LX-3")


def test_a_doubtful_new_address_holds_the_order(session: Session) -> None:
    order = placed(make_activity())
    service.change_delivery(order, door(precision=Precision.UNKNOWN), by=make_user("logistics"))
    assert (order.state, order.hold) == (State.HELD, Hold.UNKNOWN_ADDRESS)


def test_an_address_that_has_an_order_already_is_refused(session: Session) -> None:
    activity = submitted()
    placed(activity)
    other = placed(activity, house_number=99)
    with pytest.raises(service.PlaceTaken):
        service.change_delivery(other, door(), by=activity.initiator)


def test_cancelling_an_activity_cancels_its_orders(session: Session) -> None:
    activity, package = make_activity(), make_package(stock=5)
    placed(activity, package=package)
    placed(activity, package=package, house_number=99)
    assert len(service.cancel_of(activity, by=activity.initiator)) == 2
    assert package.reserved == 0


def test_a_cancelled_order_cannot_be_cancelled_again(session: Session) -> None:
    order = placed()
    service.cancel(order, by=order.initiator)
    with pytest.raises(WrongState):
        service.cancel(order, by=order.initiator)


def test_a_package_is_needed_a_week_before_the_first_moment(session: Session) -> None:
    activity = submitted(starts=datetime(2027, 9, 30, 22, 30, tzinfo=UTC))  # 1 October on a Dutch clock
    assert placed(activity).needed_by == date(2027, 9, 24)


def test_search_finds_by_number_name_and_postcode(session: Session) -> None:
    order = placed()
    for text in (order.number.lower(), "linde", "sanne", "3511lx", " 3511 LX "):
        assert queries.search(text) == [order], text
    assert queries.search("%") == []
    assert queries.search("") == []


def test_counts_name_every_state(session: Session) -> None:
    order = placed()
    found = queries.counts(order.edition_id)
    assert (found[State.RECEIVED], found[State.SHIPPED], set(found)) == (1, 0, set(State))


def test_an_approved_order_of_a_cancelled_activity_is_not_ready(session: Session, at: Callable[[datetime], None]) -> None:
    order = placed(make_activity())
    assert queries.ready(order.edition_id, most=9) == [order]
    at(datetime(2027, 8, 1, tzinfo=UTC))
    order.activity.state, order.activity.cancelled_at = activities.State.CANCELLED, datetime(2027, 8, 1, tzinfo=UTC)
    session.flush()
    assert queries.ready(order.edition_id, most=9) == []
