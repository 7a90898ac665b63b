"""The table of calendar entries, written once when a moment changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.activities.models import Occurrence
from weekapp.db import Base


class CalendarEntry(Base):
    """The VEVENT of one moment as bytes; stale when `changed_at` differs from that of the moment or its activity."""

    __tablename__ = "calendar_entry"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey(Occurrence.id, ondelete="CASCADE"), primary_key=True)
    changed_at: Mapped[datetime]
    octets: Mapped[bytes] = mapped_column(LargeBinary)
