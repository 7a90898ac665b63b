"""One mail that a parcel has left: with a link when the carrier gives one in time, without one when it stays silent."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.builders import make_order
from tests.shipments.making import make_batch, says
from weekapp import clock
from weekapp.batches.models import Batch
from weekapp.batches.rules import State as BatchState
from weekapp.mail.models import OutgoingMail
from weekapp.shipments import service, telling
from weekapp.shipments.rules import Carrier


@pytest.fixture(autouse=True)
def wait(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carriers get 20 hours."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], tracking_wait=20))


def handed_over(number: int = 1) -> Batch:
    return make_batch(*(make_order(state="approved") for _ in range(number)), state=BatchState.HANDED_OVER)


def mails(session: Session) -> list[str]:
    return list(session.scalars(select(OutgoingMail.template).where(OutgoingMail.template.like("%shipped")).order_by(OutgoingMail.id)))


def later(hours: int) -> datetime:
    return clock.now() + timedelta(hours=hours)


def test_nobody_is_told_before_the_carrier_had_its_time(session: Session) -> None:
    batch = handed_over()
    assert telling.tell_some(batch.id, later(19)) == 0
    assert telling.with_untold(later(19)) == []
    assert telling.with_untold(later(21)) == [batch.id]


def test_each_initiator_gets_one_mail_for_each_order(session: Session) -> None:
    batch = handed_over(5)
    assert [telling.tell_some(batch.id, later(21), most=2) for _ in range(4)] == [2, 2, 1, 0]
    keys = list(session.scalars(select(OutgoingMail.event_key).where(OutgoingMail.template == "order_shipped").order_by(OutgoingMail.id)))
    assert keys == [telling.left_key(line.order_id, batch.id) for line in telling.untold(reset(batch), 9)]


def reset(batch: Batch) -> Batch:
    batch.told_up_to = 0
    return batch


def test_who_got_the_link_gets_no_second_mail(session: Session) -> None:
    batch = handed_over(2)
    first = telling.untold(batch, 1)[0].order
    service.write_down([says(first)], Carrier.POSTNL, by_id=0)
    assert telling.tell_some(batch.id, later(21)) == 2
    assert mails(session) == ["parcel_shipped", "order_shipped"]


def test_a_link_that_comes_after_all_is_no_second_mail(session: Session) -> None:
    batch = handed_over()
    order = telling.untold(batch, 1)[0].order
    telling.tell_some(batch.id, later(21))
    service.write_down([says(order)], Carrier.POSTNL, by_id=0)
    service.write_down([says(order)], Carrier.POSTNL, by_id=0)
    assert mails(session) == ["order_shipped"]


def test_a_batch_that_has_not_left_tells_nobody(session: Session) -> None:
    batch = make_batch(make_order(state="approved"))
    assert telling.tell_some(batch.id, later(99)) == 0
    assert telling.with_untold(later(99)) == []
