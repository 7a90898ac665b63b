"""The table of registrations that are under way."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.activities.models import Activity
from weekapp.db import Base, choice
from weekapp.pictures.models import Picture


class Progress(StrEnum):
    """draft -> sent (the mail is under way) -> confirmed (activity and order exist)."""

    DRAFT = "draft"
    SENT = "sent"
    CONFIRMED = "confirmed"


class Registration(Base):
    """Answers given so far. Activity and order come into being together when the button behind the mail link is pressed."""

    __tablename__ = "registration"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # of the token in the addresses of the steps
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the token in the mail
    send_id: Mapped[str] = mapped_column(String(64), unique=True)  # of the first form: a double click makes one draft
    progress: Mapped[Progress] = mapped_column(choice(Progress), default=Progress.DRAFT)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)  # step name -> field name -> value; wiped when confirmed
    picture_id: Mapped[int | None] = mapped_column(ForeignKey(Picture.id))  # the one in the answers, so that it is not forgotten
    activity_id: Mapped[int | None] = mapped_column(ForeignKey(Activity.id))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
