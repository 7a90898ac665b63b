"""Which mails have to go out."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from weekapp.db import db
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState

ALARM_WINDOW = timedelta(days=1)  # mails that were parked so long ago are told of


def due(now: datetime, limit: int) -> list[int]:
    """The ids of mails whose time has come, longest waiting first."""
    wanted = select(OutgoingMail.id).where(OutgoingMail.state == MailState.WAITING, OutgoingMail.next_try_at <= now)
    return list(db.session.scalars(wanted.order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(limit)))


def parked_count() -> int:
    """How many mails we have given up on."""
    return db.session.execute(select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.PARKED)).scalar_one()


def parked_since(moment: datetime, *, besides: str) -> list[str]:
    """What the mail server said of each mail that was parked after a moment, the newest last; one template left out."""
    rows = select(OutgoingMail.problem).where(OutgoingMail.state == MailState.PARKED, OutgoingMail.next_try_at > moment)
    return list(db.session.scalars(rows.where(OutgoingMail.template != besides).order_by(OutgoingMail.next_try_at, OutgoingMail.id)))


def is_known(event_key: str) -> bool:
    """Whether a mail for this event exists already."""
    return db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.event_key == event_key)) is not None
