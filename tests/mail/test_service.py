from datetime import timedelta

import pytest
from jinja2 import TemplateNotFound, UndefinedError
from sqlalchemy import func, select

from tests.mail.letters import LETTERS
from weekapp import clock
from weekapp.mail import queries, rules, service
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState

SAM = "sam@voorbeeld.nl"


def queue(key="proef 1", template="order_shipped", recipient=SAM, **more):
    return service.queue_mail(key, template, recipient, **(LETTERS[template] | more))


def test_a_second_mail_for_the_same_event_is_not_written(session):
    assert queue() is not None
    assert queue() is None
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_a_mail_is_due_at_once(session):
    mail = queue()
    assert queries.due(clock.now(), 10) == [mail.id]


def test_due_mails_come_longest_waiting_first(session, at):
    start = clock.now()
    at(start)
    later = queue("later")
    at(start - timedelta(minutes=5))
    sooner = queue("sooner")
    assert queries.due(start, 10) == [sooner.id, later.id]
    assert queries.due(start, 1) == [sooner.id]


def test_a_template_that_does_not_exist_fails_with_its_event(session):
    with pytest.raises(TemplateNotFound):
        service.queue_mail("proef 1", "bestaat_niet", SAM)


def test_a_value_that_is_missing_fails_with_its_event(session):
    with pytest.raises(UndefinedError):
        service.queue_mail("proef 1", "order_shipped", SAM, number="KE27-00001")


def test_a_recipient_of_two_lines_is_refused(session):
    with pytest.raises(ValueError, match="one line"):
        queue(recipient="sam@voorbeeld.nl\nBcc: x@voorbeeld.nl")


def test_what_was_sent_is_wiped_and_never_sent_again(session):
    mail = queue()
    letter = service.take(mail.id)
    assert letter.message["To"] == SAM
    assert service.settle(mail.id, "") == "sent"
    assert (mail.recipient, mail.values, mail.state) == ("", {}, MailState.SENT)
    assert service.take(mail.id) is None
    assert queue() is None


def test_a_mail_that_a_worker_has_is_left_to_it(session):
    mail = queue()
    service.take(mail.id)
    assert service.take(mail.id) is None
    assert queries.due(clock.now(), 10) == []


def test_a_mail_of_a_worker_that_died_comes_back(session, at):
    mail = queue()
    first = service.take(mail.id)
    at(clock.now() + rules.LEASE)
    second = service.take(mail.id)
    assert second.message["Message-ID"] == first.message["Message-ID"]
    assert second.file_name == first.file_name


def test_a_mail_that_was_not_accepted_waits_before_the_next_try(session, at):
    at(clock.now())
    mail = queue()
    service.take(mail.id)
    assert service.settle(mail.id, "SMTPServerDisconnected") == "later"
    assert mail.next_try_at == clock.now() + timedelta(seconds=30)
    assert (mail.attempts, mail.recipient) == (1, SAM)
    assert service.take(mail.id) is None


def test_a_mail_is_parked_after_too_many_tries(session, at):
    mail = queue()
    mail.attempts = rules.MAX_ATTEMPTS - 1
    service.take(mail.id)
    assert service.settle(mail.id, "SMTPRecipientsRefused 550") == "parked"
    at(clock.now() + timedelta(days=1))
    assert service.take(mail.id) is None
    assert queries.due(clock.now(), 10) == []
    assert queries.parked_count() == 1


def test_a_mail_that_does_not_exist_is_no_work(session):
    assert service.take(1) is None
