import pytest
from sqlalchemy import select

from tests.builders import make_activity, make_order, make_user
from weekapp.activities.rules import State
from weekapp.desk import approval
from weekapp.mail.models import OutgoingMail
from weekapp.moderation.service import AlreadyJudged
from weekapp.orders.rules import State as OrderState


def waiting_activity(**more):
    return make_activity(state=State.SUBMITTED, published_at=None, **more)


def mails(session):
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def test_approving_an_activity_approves_its_order(session):
    order = make_order(activity=waiting_activity())
    approval.approve(order.activity, by=make_user("moderator"))
    assert order.activity.state == State.PUBLISHED
    assert order.state == OrderState.APPROVED


def test_a_waiting_order_stays_waiting_and_the_mail_says_so(session):
    order = make_order(activity=waiting_activity())
    order.state = OrderState.WAITING
    approval.approve(order.activity, by=make_user("moderator"))
    assert order.state == OrderState.WAITING
    assert "Je staat op de wachtlijst." in mails(session)[0].values["order_words"]


def test_the_initiator_reads_that_it_is_public_and_what_happens_to_the_order(session):
    order = make_order(activity=waiting_activity())
    approval.approve(order.activity, by=make_user("moderator"))
    (mail,) = mails(session)
    assert (mail.template, mail.recipient) == ("activity_published", order.activity.initiator.email)
    assert mail.values["order_words"].startswith(f"Bestelling {order.number}: Je bestelling is goed.")
    assert mail.values["url"].endswith(f"/activiteiten/{order.activity.id}-samen-soep-eten")


def test_without_an_order_the_mail_is_silent_about_it(session):
    approval.approve(waiting_activity(), by=make_user("moderator"))
    assert mails(session)[0].values["order_words"] == ""


def test_the_reason_reaches_the_initiator_and_the_order_stays_as_it_is(session):
    order = make_order(activity=waiting_activity())
    approval.send_back(order.activity, "Controleer het adres.", by=make_user("moderator"))
    (mail,) = mails(session)
    assert (mail.template, mail.values["reason"]) == ("activity_returned", "Controleer het adres.")
    assert order.state == OrderState.RECEIVED


def test_a_second_verdict_sends_no_second_mail(session):
    activity, moderator = waiting_activity(), make_user("moderator")
    approval.approve(activity, by=moderator)
    with pytest.raises(AlreadyJudged):
        approval.approve(activity, by=moderator)
    assert len(mails(session)) == 1


def test_after_each_round_the_initiator_gets_a_mail_of_its_own(session):
    activity, moderator = waiting_activity(), make_user("moderator")
    for _ in range(2):
        approval.send_back(activity, "Nog een keer.", by=moderator)
        activity.state = State.SUBMITTED
    assert len(mails(session)) == 2
