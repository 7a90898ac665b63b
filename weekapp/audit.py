"""Who did what when, with ids and counts and without names; kept for a year (PRIV-05)."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from weekapp import clock
from weekapp.db import Base, db


class AuditEntry(Base):
    """One act of one person. `user_id` 0 is the system itself."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))  # e.g. "batch 12"
    counts: Mapped[dict[str, int]] = mapped_column(JSON)


def note(what: str, subject: str, *, user_id: int, **counts: int) -> AuditEntry:
    """Write down an act in the running transaction; `counts` are whole numbers, so no name can slip in."""
    entry = AuditEntry(at=clock.now(), user_id=user_id, what=what, subject=subject, counts=counts)
    db.session.add(entry)
    return entry
