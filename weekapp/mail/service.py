"""The outbox: a mail is a row, written in the transaction of what it tells about.

Delivery takes two transactions with the mail server's part between them, so that nobody waits for a slow mail server with the
database locked (on SQLite a writer locks everybody out). `take` leases the row, `settle` writes down how it went. A worker that
dies in between leaves a lease that ends; the mail is then sent again with the same Message-ID (and the same file name), which mail
boxes show once. The other choice, marking before sending, would lose mails.
"""

from dataclasses import dataclass
from email.message import EmailMessage

import structlog
from sqlalchemy.exc import IntegrityError

from weekapp import clock
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.languages import current, speaking
from weekapp.mail import queries, render, rules
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState
from weekapp.queue import Task, nudge

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """A mail on its way, outside any transaction. `file_name` is where it goes when mails are files."""

    mail_id: int
    message: EmailMessage
    file_name: str


def queue_mail(event_key: str, template: str, recipient: str, *, language: str = "", **values: str) -> OutgoingMail | None:
    """Promise a mail about one event; None when that event has one already.

    `template` names two files in templates/mail, `values` fills them (texts only). A mail that could not be written fails here, in the
    transaction of its event, not later in the worker. Without a `language` it is that of the page, or of `with speaking(...)`.
    """
    if not rules.is_one_line(recipient):
        raise ValueError("a recipient is one line")
    language = language or current()
    with speaking(language):
        render.render(template, values)
    if queries.is_known(event_key):
        return None
    now = clock.now()
    mail = OutgoingMail(
        event_key=event_key,
        template=template,
        recipient=recipient,
        language=language,
        values=values,
        state=MailState.WAITING,
        created_at=now,
        next_try_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(mail)
    except IntegrityError:  # somebody else wrote the same one in the meantime
        if queries.is_known(event_key):
            return None
        raise
    nudge(Task.SEND_MAIL, mail.id)
    return mail


def take(mail_id: int) -> Letter | None:
    """Lease a mail that is due and write it out; None when there is nothing to do (sent, parked, taken, or not yet due)."""
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is None:
        return None
    mail, now = lock(mail), clock.now()
    if mail.state != MailState.WAITING or mail.next_try_at > now:
        return None
    mail.attempts += 1
    mail.next_try_at = now + rules.LEASE
    with speaking(mail.language):
        text = render.render(mail.template, mail.values)
        message = render.message(text, recipient=mail.recipient, event_key=mail.event_key, written_at=mail.created_at, settings=settings())
    return Letter(mail.id, message, f"{mail.created_at:%Y%m%dT%H%M%S}-{mail.id}.eml")


def settle(mail_id: int, problem: str) -> str:
    """Write down how it went: "sent", "later" or "parked". What was sent is wiped (PRIV-05)."""
    found = db.session.get(OutgoingMail, mail_id)
    assert found is not None, "mails are not deleted while a worker has them"
    mail, now = lock(found), clock.now()
    if mail.state != MailState.WAITING:
        return "skipped"
    if not problem:
        mail.state, mail.sent_at, mail.problem = MailState.SENT, now, ""
        mail.recipient, mail.values = "", {}
        return "sent"
    mail.problem, mail.next_try_at = problem[:120], rules.next_try(mail.attempts, now)
    if mail.attempts < rules.MAX_ATTEMPTS:
        log.warning("mail not accepted, will be tried again", mail_id=mail.id, attempts=mail.attempts, problem=problem)
        return "later"
    mail.state = MailState.PARKED
    log.error("mail parked", mail_id=mail.id, template=mail.template, attempts=mail.attempts, problem=problem)
    return "parked"
