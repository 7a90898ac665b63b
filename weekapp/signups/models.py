"""Tables of sign-ups and of what happened to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp import languages
from weekapp.activities.models import Occurrence
from weekapp.db import Base, choice
from weekapp.signups.rules import Call, Reason, State


class SignUp(Base):
    """One party at one moment. A first name, one way to reach them and their number: nothing else, ever (PRIV-02).

    Who changes a row locks the row of its moment first (see `service.turn`). There is no key to the activity: a lock on it would
    meet that one from the other side.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        CheckConstraint("party_size BETWEEN 1 AND 10", name="party_size"),
        CheckConstraint("(email = '') != (phone = '')", name="one_way_to_reach"),
        CheckConstraint("(state IN ('unconfirmed', 'offered')) = (held_until IS NOT NULL)", name="held_has_end"),
        CheckConstraint("(state IN ('waiting', 'offered')) <= (queued_at IS NOT NULL)", name="waiting_has_turn"),
        CheckConstraint("(state = 'offered') <= (offered_at IS NOT NULL)", name="offered_has_time"),
        Index("ix_sign_up_queue", "occurrence_id", "state", "queued_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey(Occurrence.id))
    first_name: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(254), default="")  # lower case
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164
    party_size: Mapped[int]
    state: Mapped[State] = mapped_column(choice(State))
    code: Mapped[str] = mapped_column(String(6), unique=True)
    send_key: Mapped[str] = mapped_column(String(64), unique=True)  # a double click makes one sign-up
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the token in the newest mail that asks for the button
    cancel_hash: Mapped[str] = mapped_column(String(64), unique=True)
    round: Mapped[int] = mapped_column(default=0)  # how often a place was offered: a new offer ends the link of the one before
    held_until: Mapped[datetime | None] = mapped_column(index=True)  # of a place that is not sure yet
    queued_at: Mapped[datetime | None]  # the turn in the waiting list
    offered_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    told_sequence: Mapped[int] = mapped_column(default=0)  # of the moment, as this party knows it
    call: Mapped[Call] = mapped_column(choice(Call), default=Call.NONE)
    made_by_id: Mapped[int] = mapped_column(default=0)  # who filled it in on behalf of the party; 0: they themselves
    language: Mapped[str] = mapped_column(String(8), default=languages.current, server_default=languages.WRITTEN)  # of our mails to them
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(index=True)

    occurrence: Mapped[Occurrence] = relationship()

    def __repr__(self) -> str:
        return f"<SignUp {self.id}>"


class SignUpEvent(Base):
    """One step of a sign-up with its reason."""

    __tablename__ = "sign_up_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey(SignUp.id, ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    state: Mapped[State] = mapped_column(choice(State))
    reason: Mapped[Reason] = mapped_column(choice(Reason))
    party_size: Mapped[int]
    places_left: Mapped[int | None]  # after the step; None: no limit
    by_id: Mapped[int] = mapped_column(default=0)  # 0: they themselves, or the system
