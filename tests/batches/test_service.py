"""Asking for batches, handing them over, taking orders out of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from fulfilment import build, reconcile
from tests.builders import make_edition, make_order, make_user
from tests.fulfilment.filling import approved_orders, ask, batch_now, orders_now
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.audit import AuditEntry
from weekapp.batches import queries, service
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.errors import NotFound, WrongState
from weekapp.mail.models import OutgoingMail
from weekapp.orders import rules as orders
from weekapp.orders import service as ordering
from weekapp.orders.rules import Hold

AFTERNOON = datetime(2027, 7, 14, 14, tzinfo=UTC)  # before the cut-off of half past five on a Dutch clock
EVENING = datetime(2027, 7, 14, 18, tzinfo=UTC)


def ready_batch(count: int = 3) -> int:
    """A sealed batch of so many orders."""
    approved_orders(count)
    batch_id = ask()
    assert build.make(batch_id) == "built"
    return batch_id


def test_the_same_key_gives_the_same_batch(session: Session) -> None:
    first = service.request(make_edition(), run_key="een", profile="generiek", by_id=0)
    assert service.request(make_edition(), run_key="een", profile="generiek", by_id=0) is first


def test_a_double_click_asks_once(session: Session) -> None:
    make_order(state="approved")
    first = service.request_on_demand(make_edition(), click="klik", by_id=0)
    assert service.request_on_demand(make_edition(), click="klik", by_id=0) is first


def test_who_asks_while_a_batch_is_waiting_gets_that_one(session: Session) -> None:
    make_order(state="approved")
    first = service.request_on_demand(make_edition(), click="een", by_id=0)
    assert service.request_on_demand(make_edition(), click="twee", by_id=0) is first


def test_nothing_to_send_is_no_batch(session: Session) -> None:
    make_order(state="received")
    with pytest.raises(service.NothingToSend):
        service.request_on_demand(make_edition(), click="klik", by_id=0)
    assert queries.newest(make_edition().id) == []


def test_the_cut_off_asks_for_what_was_approved_before_it(session: Session, at: Callable[[datetime], None]) -> None:
    at(AFTERNOON)
    make_order(state="approved")
    assert [batch.run_key for batch in service.cut_off(EVENING)] == ["cutoff-2027-07-14"]


def test_a_cut_off_that_fires_twice_asks_once(session: Session, at: Callable[[datetime], None]) -> None:
    at(AFTERNOON)
    make_order(state="approved")
    assert len(service.cut_off(EVENING)) == 1
    assert service.cut_off(EVENING) == []
    assert service.cut_off(EVENING + timedelta(hours=20)) == []
    assert len(queries.newest(make_edition().id)) == 1


def test_a_straggler_of_a_former_day_goes_with_the_next_cut_off(session: Session, at: Callable[[datetime], None]) -> None:
    at(EVENING)
    make_order(state="approved")
    assert service.cut_off(EVENING + timedelta(hours=1)) == []
    assert [batch.run_key for batch in service.cut_off(EVENING + timedelta(days=3))] == ["cutoff-2027-07-17"]


def test_a_cut_off_with_nothing_to_send_is_no_batch(session: Session, at: Callable[[datetime], None]) -> None:
    at(AFTERNOON)
    make_order(state="received")
    assert service.cut_off(EVENING) == []


def test_handing_over_ships_the_orders_and_issues_their_stock(app: Flask) -> None:
    batch_id = ready_batch()
    with transaction():
        shipped = service.hand_over(batch_now(batch_id), by=make_user("logistics"))
    assert len(shipped) == 3
    assert {order.state for order in orders_now()} == {orders.State.SHIPPED}
    package = orders_now()[0].package
    assert (package.reserved, package.on_hand) == (0, 9 - sum(order.quantity for order in orders_now()))
    assert reconcile.broken() == []


def test_handing_over_twice_ships_once(app: Flask) -> None:
    batch_id = ready_batch()
    by = make_person()
    with transaction():
        service.hand_over(batch_now(batch_id), by=by)
    with transaction():
        assert service.hand_over(batch_now(batch_id), by=by) == []
    assert reconcile.broken() == []


def make_person() -> User:
    with transaction():
        return make_user("logistics")


def test_only_what_was_handed_over_can_be_closed(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with pytest.raises(WrongState), transaction():
        service.close(batch_now(batch_id), by=by)
    with transaction():
        service.hand_over(batch_now(batch_id), by=by)
    with transaction():
        service.close(batch_now(batch_id), by=by)
    assert batch_now(batch_id).state == State.CLOSED
    assert reconcile.broken() == []


def test_an_order_taken_out_of_a_sealed_batch_comes_on_its_recall_list(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with transaction():
        service.cancel_order(orders_now()[1], by=by)
    assert [line.order_number for line in queries.recall_list(batch_id)] == [orders_now()[1].number]
    assert len(queries.lines(batch_id)) == 2
    assert orders_now()[1].state == orders.State.CANCELLED
    assert reconcile.broken() == []


def test_a_recalled_order_is_not_shipped_with_its_batch(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with transaction():
        order = orders_now()[1]
        service.out_of_batch(order, by=by, then=lambda: ordering.hold(order, Hold.OTHER, "Bel eerst.", by=by))
    with transaction():
        assert len(service.hand_over(batch_now(batch_id), by=by)) == 2
    assert [order.state for order in orders_now()] == [orders.State.SHIPPED, orders.State.HELD, orders.State.SHIPPED]
    assert reconcile.broken() == []


def test_what_was_taken_out_goes_with_the_next_batch(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with transaction():
        service.take_out(orders_now()[0], by=by)
    second = ask("later")
    assert (build.make(second), len(queries.lines(second))) == ("built", 1)
    assert queries.recall_list(batch_id)[0].order_id == queries.lines(second)[0].order_id
    assert reconcile.broken() == []


def test_an_order_that_has_left_cannot_be_taken_out(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with transaction():
        service.hand_over(batch_now(batch_id), by=by)
    with pytest.raises(WrongState), transaction():
        service.cancel_order(orders_now()[0], by=by)


def test_a_failed_batch_keeps_its_orders_and_can_be_repeated(app: Flask) -> None:
    approved_orders(2)
    batch_id, by = ask(), make_person()
    with transaction():
        batch_now(batch_id).profile = "bestaat-niet"
    assert build.make(batch_id) == "failed"
    assert "bestaat-niet" in batch_now(batch_id).failure
    with transaction():
        batch = batch_now(batch_id)
        batch.profile = "dpd"
        db.session.flush()
        service.repeat(batch, by=by)
    assert (build.make(batch_id), batch_now(batch_id).order_count) == ("built", 2)
    assert reconcile.broken() == []


def test_logistics_get_word_of_a_batch_that_failed(app: Flask) -> None:
    approved_orders(1)
    by, batch_id = make_person(), ask()
    with transaction():
        batch_now(batch_id).profile = "bestaat-niet"
    build.make(batch_id)
    alarm = db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == "batch_alarm")).one()
    assert (alarm.recipient, alarm.values["batch"]) == (by.email, str(batch_id))


def test_a_download_is_noted_with_counts_and_without_names(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with transaction():
        artefact = service.download(batch_now(batch_id), "manifest.json", by=by)
        size = artefact.size
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what.like("batch %ed %"))).one()
    assert (entry.subject, entry.user_id, entry.counts) == (f"batch {batch_id}", by.id, {"orders": 3, "bytes": size})


def test_only_files_of_sealed_batches_can_be_downloaded(app: Flask) -> None:
    batch_id, by = ready_batch(), make_person()
    with pytest.raises(NotFound), transaction():
        service.download(batch_now(batch_id), "iets-anders.csv", by=by)


def test_batches_that_nobody_touched_for_a_minute_are_left_behind(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    assert queries.left_behind(clock.now()) == []
    assert [batch.id for batch in queries.left_behind(clock.now() + timedelta(minutes=2))] == [batch_id]
    build.make(batch_id)
    assert queries.left_behind(clock.now() + timedelta(minutes=2)) == []
