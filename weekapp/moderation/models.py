"""The table of verdicts on activities."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import Base, choice


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
    activity: Mapped[Activity] = relationship()
    by: Mapped[User] = relationship()
