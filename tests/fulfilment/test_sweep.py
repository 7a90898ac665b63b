"""What was left behind is found: batches, mails, orders."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from fulfilment import build, commands, sweep
from tests.builders import make_activity, make_order, make_package, make_user
from tests.fulfilment.filling import approved_orders, ask, batch_now, orders_now
from weekapp import clock
from weekapp.activities import rules as activities
from weekapp.batches import service
from weekapp.batches.rules import State
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.orders import rules as orders
from weekapp.packages import service as stock


def test_nothing_left_behind_is_nothing_to_do(app: Flask) -> None:
    approved_orders(1)
    assert not sweep.wake_workers(clock.now())


def test_a_batch_whose_message_was_lost_is_found_after_a_minute(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    assert sweep.wake_workers(clock.now()).batches == []
    assert sweep.wake_workers(clock.now() + timedelta(minutes=2)).batches == [batch_id]


def test_the_command_makes_what_was_left_behind(app: Flask) -> None:
    approved_orders(2)
    batch_id = ask()
    with transaction():
        db.session.get_one(service.Batch, batch_id).requested_at = clock.now() - timedelta(minutes=2)
    assert commands.sweep().batches == [batch_id]
    assert batch_now(batch_id).state == State.READY


def test_initiators_who_were_not_told_are_told(app: Flask) -> None:
    approved_orders(3)
    batch_id = ask()
    build.make(batch_id)
    with transaction():
        service.hand_over(db.session.get_one(service.Batch, batch_id), by=make_user("logistics"))
    assert commands.sweep().untold == [batch_id]
    assert len(list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == "order_shipped")))) == 3
    assert commands.sweep().untold == []


def test_mails_that_are_due_are_sent(app: Flask) -> None:
    approved_orders(1)
    batch_id = ask()
    build.make(batch_id)
    with transaction():
        service.hand_over(db.session.get_one(service.Batch, batch_id), by=make_user("logistics"))
    commands.sweep()
    assert len(commands.sweep().mails) == 1
    assert db.session.scalars(select(OutgoingMail.state)).all() == [MailState.SENT]


def test_who_waits_is_served_when_somebody_forgot(app: Flask) -> None:
    with transaction():
        package = make_package(stock=1)
        order = make_order(package=package)
        stock.release(package, 1, order_id=order.id, by_id=0)
        order.state = orders.State.WAITING
    assert sweep.wake_workers(clock.now()).orders == 1
    assert orders_now()[0].state == orders.State.APPROVED


def test_an_order_placed_while_its_activity_was_approved_is_approved(app: Flask) -> None:
    with transaction():
        activity = make_activity(state=activities.State.SUBMITTED, published_at=None)
        make_order(activity=activity)
        activity.state = activities.State.PUBLISHED
    assert sweep.wake_workers(clock.now()).orders == 1
    assert orders_now()[0].state == orders.State.APPROVED


def parked_mail(template: str = "order_shipped") -> None:
    with transaction():
        values = {"event_key": "proef", "template": template, "recipient": "sam@voorbeeld.nl", "values": {}, "problem": "550 bestaat niet"}
        db.session.add(OutgoingMail(**values, state=MailState.PARKED, created_at=clock.now(), next_try_at=clock.now()))


def alarms() -> list[OutgoingMail]:
    return list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.template == "mails_parked")))


def test_logistics_hear_once_a_day_of_mails_that_were_parked(app: Flask) -> None:
    with transaction():
        make_user("logistics")
    parked_mail()
    sweep.wake_workers(clock.now())
    sweep.wake_workers(clock.now())
    assert [(one.values["count"], one.values["problem"]) for one in alarms()] == [("1", "550 bestaat niet")]


def test_mails_that_were_parked_long_ago_are_no_news(app: Flask) -> None:
    with transaction():
        make_user("logistics")
    parked_mail()
    sweep.wake_workers(clock.now() + timedelta(days=2))
    assert alarms() == []


def test_an_alarm_that_is_parked_itself_raises_no_alarm(app: Flask) -> None:
    with transaction():
        make_user("logistics")
    parked_mail("mails_parked")
    sweep.wake_workers(clock.now())
    assert len(alarms()) == 1  # the parked one
