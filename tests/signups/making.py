"""Builders for sign-ups: a moment with few places, and people who come by themselves or through a librarian."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from tests.builders import make_activity
from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity, Occurrence
from weekapp.db import db
from weekapp.mail.models import OutgoingMail
from weekapp.signups import service
from weekapp.signups.models import SignUp
from weekapp.signups.service import Party

STARTS = datetime(2027, 9, 30, 10, tzinfo=UTC)
LONG_BEFORE = datetime(2027, 9, 1, 8, tzinfo=UTC)
serial = count(1)


def make_moment(places: int | None = 2, **more: Any) -> Occurrence:
    """The moment of a public activity for which people can sign up."""
    activity = make_activity(**({"takes_sign_ups": True, "starts": STARTS} | more))
    moment: Occurrence = activity.occurrences[0]
    moment.places = places
    db.session.flush()
    return moment


def activity_of(moment: Occurrence) -> Activity:
    found = db.session.get(Activity, moment.activity_id)
    assert found is not None
    return found


def somebody(name: str = "", *, size: int = 1, phone: str = "", email: str = "") -> Party:
    number = next(serial)
    address = "" if phone else email or f"bezoeker{number}@voorbeeld.nl"
    return Party(first_name=name or f"Bezoeker {number}", email=address, phone=phone, size=size)


def signed_up(moment: Occurrence, name: str = "", *, by: User | None = None, **more: Any) -> SignUp:
    """Somebody fills in the form."""
    return service.sign_up(moment.id, somebody(name, **more), send_id=f"form {next(serial)}", by=by).sign_up


def coming(moment: Occurrence, name: str = "", **more: Any) -> SignUp:
    """Somebody fills in the form and presses the button in the mail."""
    return service.confirm(signed_up(moment, name, **more))


def mails() -> list[tuple[str, str]]:
    """Template and recipient of all mails so far."""
    return [(mail.template, mail.recipient) for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def mails_to(sign_up: SignUp) -> list[str]:
    """The templates of what somebody got."""
    return [template for template, recipient in mails() if recipient == sign_up.email]


def link_in_last_mail(sign_up: SignUp, name: str) -> str:
    """The path of a link in the newest mail of somebody."""
    wanted = select(OutgoingMail).where(OutgoingMail.recipient == sign_up.email).order_by(OutgoingMail.id.desc()).limit(1)
    mail = db.session.scalars(wanted).one()
    return str(mail.values[name]).removeprefix("http://127.0.0.1:8000")


def later(**more: float) -> datetime:
    return clock.now() + timedelta(**more)
