"""What feeds are joined from: bytes that are written once when a moment or an activity changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp.activities.models import Activity, Occurrence
from weekapp.db import Base, choice
from weekapp.feeds.rules import Kind


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


class ActivityPiece(Base):
    """One activity as a piece of a feed.

    Stale when `changed_at` differs from that of the activity, or when it was written by another recipe.
    """

    __tablename__ = "activity_piece"
    activity_id: Mapped[int] = mapped_column(ForeignKey(Activity.id, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind), primary_key=True)
    changed_at: Mapped[datetime]
    recipe: Mapped[str] = mapped_column(String(16))
    octets: Mapped[bytes] = mapped_column(LargeBinary)
