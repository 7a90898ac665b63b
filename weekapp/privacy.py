"""Removing what has been kept long enough (PRIV-05): safe to repeat, and it reports counts only (PRIV-06)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, CursorResult, delete

from weekapp.accounts.models import SignIn, SignInLink
from weekapp.audit import AuditEntry
from weekapp.core import settings
from weekapp.db import Base, db
from weekapp.mail.models import OutgoingMail
from weekapp.registration.models import Progress, Registration
from weekapp.registration.rules import UNCONFIRMED_LIFE

MAIL_LIFE = timedelta(days=30)  # rows are wiped when a mail is sent; what is left is that it was sent
AUDIT_LIFE = timedelta(days=365)


@dataclass(frozen=True)
class Purged:
    """How many rows and files went."""

    registrations: int
    sign_in_links: int
    sign_ins: int
    mails: int
    mail_files: int
    audit_entries: int


def purge(now: datetime) -> Purged:
    """Remove everything whose term has ended. In a transaction of the caller."""
    return Purged(
        registrations=remove(Registration, Registration.progress != Progress.CONFIRMED, Registration.changed_at < now - UNCONFIRMED_LIFE),
        sign_in_links=remove(SignInLink, SignInLink.expires_at < now),
        sign_ins=remove(SignIn, SignIn.ends_at < now),
        mails=remove(OutgoingMail, OutgoingMail.created_at < now - MAIL_LIFE),
        mail_files=remove_files(settings().data_dir / "mail", now - MAIL_LIFE),
        audit_entries=remove(AuditEntry, AuditEntry.at < now - AUDIT_LIFE),
    )


def remove(table: type[Base], *where: ColumnElement[bool]) -> int:
    result = db.session.execute(delete(table).where(*where).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult), "a DELETE counts its rows"
    return result.rowcount


def remove_files(folder: Path, before: datetime) -> int:
    """Mails that lie as files, where no mail server is configured."""
    old = [path for path in folder.glob("*.eml") if path.stat().st_mtime < before.timestamp()] if folder.is_dir() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
