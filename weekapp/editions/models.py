"""The table of editions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.db import Base


class Edition(Base):
    """One Week. Dates are Dutch calendar days, first and last included; `version` grows with each public change."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("registration_opens <= registration_closes", name="registration_in_order"),
        CheckConstraint("ordering_opens <= ordering_closes", name="ordering_in_order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    first_day: Mapped[date]
    last_day: Mapped[date]
    registration_opens: Mapped[date]
    registration_closes: Mapped[date]
    ordering_opens: Mapped[date]
    ordering_closes: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
