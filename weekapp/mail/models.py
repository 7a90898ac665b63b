"""The table of mails to send."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp import languages
from weekapp.db import Base, choice
from weekapp.mail.rules import MailState


class OutgoingMail(Base):
    """One mail for one event. `event_key` makes a second one for the same event impossible.

    Recipient and values are wiped when it has been sent: the log keeps only what kind of mail went out when (PRIV-05).
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        CheckConstraint("state != 'sent' OR recipient = ''", name="sent_is_wiped"),
        Index("ix_outgoing_mail_due", "state", "next_try_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    event_key: Mapped[str] = mapped_column(String(120), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8), default=languages.current, server_default=languages.WRITTEN)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[MailState] = mapped_column(choice(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
