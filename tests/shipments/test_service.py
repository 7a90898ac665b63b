"""What a carrier says becomes parcels, states, stock and one mail; said again, it changes nothing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_activity, make_order, make_package, make_user, package_of
from tests.shipments.making import booked, history, make_batch, packed_order, parcels_of, says
from weekapp.batches import service as batches
from weekapp.batches.rules import State as BatchState
from weekapp.errors import InvalidInput, WrongState
from weekapp.mail.models import OutgoingMail
from weekapp.orders.rules import State
from weekapp.packages import queries as stock
from weekapp.packages.rules import Movement
from weekapp.packages.service import OutOfStock
from weekapp.shipments import queries, service
from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import Carrier, Status, Verdict


def tell(*lines, carrier: Carrier = Carrier.POSTNL) -> list[Verdict]:
    return [judgement.verdict for judgement in service.write_down(lines, carrier, by_id=0)]


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).where(OutgoingMail.template == "parcel_shipped").order_by(OutgoingMail.id)))


def all_there_is(session: Session) -> list[object]:
    """Everything that a repetition must not change."""
    session.flush()
    tables = [
        Parcel.__table__,
        *(Parcel.metadata.tables[name] for name in ("order", "order_event", "stock_entry", "package", "outgoing_mail")),
    ]
    return [session.execute(select(table).order_by(table.c.id)).all() for table in tables]


def assert_ledger_agrees() -> None:
    for sums in stock.ledger_sums():
        assert sums.shown == sums.booked


def test_a_barcode_puts_the_order_under_way(session: Session) -> None:
    order = packed_order(state=BatchState.READY, quantity=2)
    assert tell(says(order)) == [Verdict.MATCHED]
    (parcel,) = parcels_of(order)
    assert (parcel.status, parcel.barcode, parcel.quantity, parcel.batch_id) == (Status.SHIPPED, "3SABCD0000001", 2, order.batch_id)
    assert (order.state, booked(order, Movement.ISSUED)) == (State.SHIPPED, 2)
    assert history(order) == [(State.SHIPPED, "Een zending is onderweg.")]


def test_the_stock_of_a_batch_that_was_handed_over_is_not_issued_again(session: Session) -> None:
    order = packed_order()
    tell(says(order))
    assert booked(order, Movement.ISSUED) == 1
    assert_ledger_agrees()


def test_hand_over_after_the_first_scan_issues_only_the_rest(session: Session) -> None:
    activity = make_activity()
    scanned, other = make_order(activity=activity, state="approved"), make_order(activity=activity, state="approved")
    batch = make_batch(scanned, other)
    tell(says(scanned))
    batches.hand_over(batch, by=make_user("logistics"))
    assert [(order.state, booked(order, Movement.ISSUED)) for order in (scanned, other)] == [(State.SHIPPED, 1)] * 2
    assert_ledger_agrees()


def test_said_twice_it_changes_nothing(session: Session) -> None:
    order, other = packed_order(), packed_order()
    lines = says(order, status=Status.DELIVERED), says(other, "3SABCD0000002", Status.RETURNED, row=3)
    tell(*lines)
    before = all_there_is(session)
    assert tell(*lines) == [Verdict.UNCHANGED, Verdict.UNCHANGED]
    assert all_there_is(session) == before


def test_older_news_changes_nothing(session: Session) -> None:
    order = packed_order()
    tell(says(order, status=Status.DELIVERED))
    before = all_there_is(session)
    assert tell(says(order, status=Status.SHIPPED)) == [Verdict.UNCHANGED]
    assert all_there_is(session) == before


def test_the_initiator_gets_one_mail_with_the_track_and_trace_link(session: Session) -> None:
    order = packed_order()
    tell(says(order))
    (mail,) = mails(session)
    assert mail.recipient == order.initiator.email
    assert mail.values["parcels"] == "https://jouw.postnl.nl/track-and-trace/3SABCD0000001-NL-3511LX"
    assert mail.values["number"] == order.number


def test_a_second_parcel_of_the_order_brings_no_second_mail(session: Session) -> None:
    order = packed_order(quantity=2)
    tell(says(order))
    tell(says(order, "3SABCD0000002"))
    assert len(mails(session)) == 1


def test_parcels_told_together_stand_in_one_mail(session: Session) -> None:
    order = packed_order(quantity=2)
    tell(says(order), says(order, "3SABCD0000002", row=3), carrier=Carrier.OTHER)
    assert [mail.values["parcels"] for mail in mails(session)] == ["Andere vervoerder: 3SABCD0000001\nAndere vervoerder: 3SABCD0000002"]


def test_announced_parcels_bring_no_mail_and_leave_the_order_as_it_is(session: Session) -> None:
    order = packed_order(state=BatchState.READY)
    tell(says(order, status=Status.ANNOUNCED))
    assert (order.state, mails(session)) == (State.BATCHED, [])
    tell(says(order))
    assert (order.state, len(mails(session))) == (State.SHIPPED, 1)


def test_two_of_three_parcels_delivered_is_still_under_way(session: Session) -> None:
    order = packed_order(quantity=3)
    codes = [f"3SABCD000000{number}" for number in (1, 2, 3)]
    tell(*(says(order, code, row=row) for row, code in enumerate(codes, 2)))
    assert [parcel.quantity for parcel in parcels_of(order)] == [1, 1, 1]
    tell(*(says(order, code, Status.DELIVERED, row=row) for row, code in enumerate(codes[:2], 2)))
    assert order.state == State.SHIPPED
    tell(says(order, codes[2], Status.DELIVERED))
    assert order.state == State.DELIVERED


def test_delivered_before_hand_over_passes_under_way(session: Session) -> None:
    order = packed_order(state=BatchState.READY)
    tell(says(order, status=Status.DELIVERED))
    assert history(order) == [(State.SHIPPED, "Een zending is onderweg."), (State.DELIVERED, "Een zending is bezorgd.")]


@pytest.mark.parametrize(("status", "note"), [(Status.LOST, "Een zending is kwijt."), (Status.DAMAGED, "Een zending is beschadigd.")])
def test_what_goes_wrong_stands_in_the_history_and_on_the_list(session: Session, status: Status, note: str) -> None:
    order = packed_order()
    tell(says(order))
    tell(says(order, status=status))
    assert history(order)[-1] == (State.SHIPPED, note)
    assert [parcel.order_id for parcel in queries.with_problems(most=9)] == [order.id]
    assert booked(order, Movement.RETURNED) == 0


def test_returned_packages_are_back_in_stock_once(session: Session) -> None:
    package = make_package(stock=10)
    order = packed_order(package=package, quantity=3)
    tell(says(order), says(order, "3SABCD0000002", row=3))
    tell(says(order, status=Status.RETURNED))
    assert (package.on_hand, order.state) == (9, State.SHIPPED)  # 2 of the 3 came back
    tell(says(order, "3SABCD0000002", Status.RETURNED))
    assert (package.on_hand, package.reserved, order.state) == (10, 0, State.RETURNED)
    assert_ledger_agrees()


def test_a_parcel_that_shows_up_after_the_others_came_back_cannot_bring_back_more_than_was_sent(session: Session) -> None:
    order = packed_order(quantity=2)
    tell(says(order, status=Status.RETURNED))
    tell(says(order, "3SABCD0000002", Status.RETURNED))
    assert booked(order, Movement.RETURNED) == 2


def test_what_comes_back_goes_to_the_waiting_list(session: Session) -> None:
    package = make_package(stock=1)
    order = packed_order(package=package)
    waiting = make_order(package=make_package(stock=1, name="Ander pakket"))
    waiting.package_id, waiting.state = package.id, State.WAITING
    session.flush()
    session.expire(waiting)
    tell(says(order, status=Status.RETURNED))
    assert waiting.state != State.WAITING
    assert package.available == 0


def test_an_order_that_was_taken_out_gets_no_parcel(session: Session) -> None:
    order = packed_order(state=BatchState.READY)
    batches.take_out(order, by=make_user("logistics"))
    assert tell(says(order)) == [Verdict.WRONG]
    assert (order.state, parcels_of(order)) == (State.APPROVED, [])


def test_a_parcel_that_is_sent_anew_takes_stock_and_waits_for_its_barcode(session: Session) -> None:
    package = make_package(stock=5)
    order = packed_order(package=package, quantity=2)
    tell(says(order, status=Status.LOST))
    new = service.reship(parcels_of(order)[0], 2, by=make_user("logistics"))
    assert (package.on_hand, package.reserved, booked(order, Movement.ISSUED)) == (1, 0, 4)
    assert (new.status, new.barcode, new.quantity, new.number) == (Status.ANNOUNCED, None, 2, 2)
    assert queries.with_problems(most=9) == []
    assert queries.waiting_for_barcode(most=9) == [new]
    assert_ledger_agrees()


def test_the_next_file_fills_in_the_barcode_of_the_new_parcel(session: Session) -> None:
    order = packed_order()
    tell(says(order, status=Status.RETURNED))
    new = service.reship(parcels_of(order)[0], 1, by=make_user("logistics"))
    assert order.state == State.RETURNED
    assert tell(says(order, "3SNEW00001"), carrier=Carrier.DHL) == [Verdict.MATCHED]
    assert (new.barcode, new.carrier, new.status, len(parcels_of(order))) == ("3SNEW00001", Carrier.DHL, Status.SHIPPED, 2)
    assert order.state == State.SHIPPED
    tell(says(order, "3SNEW00001", Status.DELIVERED))
    assert order.state == State.DELIVERED


def test_a_new_parcel_brings_a_new_mail(session: Session) -> None:
    order = packed_order()
    tell(says(order))
    tell(says(order, status=Status.LOST))
    service.give_barcode(service.reship(parcels_of(order)[0], 1, by=make_user()), "3SNEW00001", Carrier.DPD, by=make_user())
    assert [mail.values["parcels"].rpartition("/")[2] for mail in mails(session)] == ["3SABCD0000001-NL-3511LX", "3SNEW00001"]


def test_the_lost_parcel_that_turns_up_after_all_does_not_disturb_the_new_one(session: Session) -> None:
    order = packed_order()
    tell(says(order, status=Status.LOST))
    service.give_barcode(service.reship(parcels_of(order)[0], 1, by=make_user()), "3SNEW00001", Carrier.DPD, by=make_user())
    tell(says(order, status=Status.RETURNED))
    assert (order.state, booked(order, Movement.RETURNED)) == (State.SHIPPED, 1)


def test_a_parcel_is_sent_anew_once(session: Session) -> None:
    order = packed_order()
    tell(says(order, status=Status.LOST))
    parcel = parcels_of(order)[0]
    service.reship(parcel, 1, by=make_user())
    with pytest.raises(WrongState):
        service.reship(parcel, 1, by=make_user())
    assert booked(order, Movement.ISSUED) == 2


def test_without_stock_nothing_is_sent_anew(session: Session) -> None:
    order = packed_order(package=make_package(stock=1))
    tell(says(order, status=Status.LOST))
    with pytest.raises(OutOfStock):
        service.reship(parcels_of(order)[0], 1, by=make_user())
    assert len(parcels_of(order)) == 1


@pytest.mark.parametrize("quantity", [0, 3])
def test_as_many_are_sent_anew_as_can_have_been_in_it(session: Session, quantity: int) -> None:
    order = packed_order(quantity=2)
    tell(says(order, status=Status.LOST))
    with pytest.raises(InvalidInput):
        service.reship(parcels_of(order)[0], quantity, by=make_user())


def test_a_settled_parcel_leaves_the_list_and_counts_no_longer(session: Session) -> None:
    order = packed_order(quantity=2)
    tell(says(order, status=Status.DELIVERED), says(order, "3SABCD0000002", Status.LOST, row=3))
    assert order.state == State.SHIPPED
    service.settle(parcels_of(order)[1], by=make_user())
    assert (order.state, queries.count_with_problems()) == (State.DELIVERED, 0)


def test_only_a_parcel_with_a_problem_is_settled(session: Session) -> None:
    order = packed_order()
    tell(says(order))
    with pytest.raises(WrongState):
        service.settle(parcels_of(order)[0], by=make_user())


def test_a_parcel_by_hand(session: Session) -> None:
    order = packed_order()
    parcel = service.add_by_hand(f" {order.number.lower()} ", "3SHAND001", Carrier.DPD, Status.DELIVERED, by=make_user())
    assert (parcel.order_id, parcel.carrier, order.state) == (order.id, Carrier.DPD, State.DELIVERED)


def test_by_hand_what_is_wrong_is_said_at_its_field(session: Session) -> None:
    order, other = packed_order(), packed_order()
    tell(says(order))
    for number, barcode, field in (
        ("KE27-99999", "3SHAND001", "number"),
        (other.number, "3SABCD0000001", "barcode"),
        (order.number, "3SABCD0000001", "barcode"),
    ):
        with pytest.raises(InvalidInput) as refused:
            service.add_by_hand(number, barcode, Carrier.DPD, Status.SHIPPED, by=make_user())
        assert refused.value.field == field


def test_a_barcode_that_another_parcel_has_is_refused(session: Session) -> None:
    order, other = packed_order(), packed_order()
    tell(says(order, status=Status.LOST), says(other, "3SABCD0000002", row=3))
    new = service.reship(parcels_of(order)[0], 1, by=make_user())
    with pytest.raises(InvalidInput):
        service.give_barcode(new, "3SABCD0000002", Carrier.DPD, by=make_user())


def test_staff_cannot_move_a_parcel_back(session: Session) -> None:
    order = packed_order()
    tell(says(order, status=Status.DELIVERED))
    with pytest.raises(WrongState):
        service.set_status(parcels_of(order)[0], Status.SHIPPED, by=make_user())


def test_parcels_of_orders_for_the_pages_of_initiators(session: Session) -> None:
    order, other = packed_order(quantity=2), packed_order()
    tell(says(order), says(order, "3SABCD0000002", row=3))
    found = queries.parcels_of([order.id, other.id])
    assert [parcel.barcode for parcel in found[order.id]] == ["3SABCD0000001", "3SABCD0000002"]
    assert other.id not in found


def test_a_parcel_is_found_by_its_barcode_however_it_was_scanned(session: Session) -> None:
    order = packed_order(package=package_of(make_activity().edition))
    tell(says(order))
    found = queries.by_barcode("3sabcd 0000001")
    assert found is not None
    assert found.order_id == order.id
    assert queries.by_barcode("?") is None


def test_who_was_forgotten_gets_no_mail(session: Session) -> None:
    order = packed_order()
    order.initiator.active = False
    tell(says(order))
    assert (order.state, mails(session)) == (State.SHIPPED, [])
