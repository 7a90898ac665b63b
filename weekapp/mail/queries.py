"""Which mails have to go out."""

from datetime import datetime

from sqlalchemy import func, select

from weekapp.db import db
from weekapp.mail.models import OutgoingMail
from weekapp.mail.rules import MailState


def due(now: datetime, limit: int) -> list[int]:
    """The ids of mails whose time has come, longest waiting first."""
    wanted = select(OutgoingMail.id).where(OutgoingMail.state == MailState.WAITING, OutgoingMail.next_try_at <= now)
    return list(db.session.scalars(wanted.order_by(OutgoingMail.next_try_at, OutgoingMail.id).limit(limit)))


def parked_count() -> int:
    """How many mails we have given up on."""
    return db.session.execute(select(func.count()).select_from(OutgoingMail).where(OutgoingMail.state == MailState.PARKED)).scalar_one()


def is_known(event_key: str) -> bool:
    """Whether a mail for this event exists already."""
    return db.session.scalar(select(OutgoingMail.id).where(OutgoingMail.event_key == event_key)) is not None
