"""The table of calendar entries, written once when a moment changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.activities.models import Occurrence
from weekapp.db import Base


class CalendarEntry(Base):
    """The VEVENT of one moment as bytes.

    Stale when `changed_at` differs from that of the moment or its activity, or when it was written by another recipe: another host
    in its addresses, or an older version of this program.
    """

    __tablename__ = "calendar_entry"
    occurrence_id: Mapped[int] = mapped_column(ForeignKey(Occurrence.id, ondelete="CASCADE"), primary_key=True)
    changed_at: Mapped[datetime]
    recipe: Mapped[str] = mapped_column(String(16))
    octets: Mapped[bytes] = mapped_column(LargeBinary)
