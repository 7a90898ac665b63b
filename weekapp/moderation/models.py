"""Tables of verdicts on activities, and of mistakes that readers report."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import Base, choice
from weekapp.moderation.rules import LONGEST_WORDS, Mistake, ReportState


class Verdict(StrEnum):
    """Approved, or sent back with a reason."""

    APPROVED = "approved"
    RETURNED = "returned"


class Review(Base):
    """One verdict of one moderator; sending back always says why."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint("verdict = 'approved' OR reason != ''", name="return_has_reason"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what was read: nobody has to read it a second time
    activity: Mapped[Activity] = relationship()
    by: Mapped[User] = relationship()


class Report(Base):
    """A reader says that something on the page of an activity is wrong. Who says so is not asked and not kept."""

    __tablename__ = "mistake_report"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_has_time"),
        Index("ix_mistake_report_queue", "state", "made_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    mistake: Mapped[Mistake] = mapped_column(choice(Mistake))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    state: Mapped[ReportState] = mapped_column(choice(ReportState), default=ReportState.OPEN)
    send_key: Mapped[str] = mapped_column(String(64), unique=True)  # a double click makes one report
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    activity: Mapped[Activity] = relationship()
    settled_by: Mapped[User | None] = relationship()


class RevisionState(StrEnum):
    """waiting -> approved | returned; or taken back by whoever sent it."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    TAKEN_BACK = "taken_back"


WAITS = text("state = 'waiting'")


class Revision(Base):
    """Other texts for an activity that is public. The approved ones stay until a moderator has read these; at most one waits (rule 9)."""

    __tablename__ = "revision"
    __table_args__ = (Index("uq_revision_waiting", "activity_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),)
    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    texts: Mapped[dict[str, Any]] = mapped_column(JSON)  # column of the activity -> text (or the id of a picture), only what is different
    picture_id: Mapped[int | None] = mapped_column(
        ForeignKey("picture.id"), index=True
    )  # the one in the texts, so that it is not forgotten
    state: Mapped[RevisionState] = mapped_column(choice(RevisionState), default=RevisionState.WAITING)
    sent_at: Mapped[datetime]
    judged_at: Mapped[datetime | None]
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    activity: Mapped[Activity] = relationship()
    by: Mapped[User] = relationship(foreign_keys=by_id)
