"""Removing what has been kept long enough (PRIV-05): safe to repeat, and it reports counts only (PRIV-06)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, CursorResult, String, cast, delete, literal, select, update

from weekapp import clock
from weekapp.accounts.models import SignIn, SignInLink, User
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.audit import AuditEntry
from weekapp.batches.terms import wipe_addresses
from weekapp.core import settings
from weekapp.db import Base, db
from weekapp.editions.models import Edition
from weekapp.mail.models import OutgoingMail
from weekapp.moderation.models import Report
from weekapp.moderation.rules import REPORT_LIFE
from weekapp.organisations.models import Invitation, Membership
from weekapp.pictures import service as pictures
from weekapp.registration.models import Progress, Registration
from weekapp.registration.rules import UNCONFIRMED_LIFE
from weekapp.shipments import files as carrier_files
from weekapp.signups import service as sign_ups

MAIL_LIFE = timedelta(days=30)  # rows are wiped when a mail is sent; what is left is that it was sent
AUDIT_LIFE = timedelta(days=365)
PEOPLE_LIFE = timedelta(days=90)  # after the last day of the edition


@dataclass(frozen=True)
class Purged:
    """How many rows and files went."""

    registrations: int
    sign_ups: int
    sign_in_links: int
    invitations: int
    sign_ins: int
    mails: int
    mail_files: int
    audit_entries: int
    order_addresses: int
    initiators: int
    carrier_files: int
    carrier_rows: int
    mistake_reports: int
    pictures: int
    public_contacts: int


def purge(now: datetime) -> Purged:
    """Remove everything whose term has ended. In a transaction of the caller."""
    from_carriers = carrier_files.forget_old(now)
    return Purged(
        registrations=remove(Registration, Registration.progress != Progress.CONFIRMED, Registration.changed_at < now - UNCONFIRMED_LIFE),
        sign_ups=sign_ups.purge(now, limit=5000),  # the next hour brings more
        sign_in_links=remove(SignInLink, SignInLink.expires_at < now),
        invitations=remove(Invitation, Invitation.expires_at < now),
        sign_ins=remove(SignIn, SignIn.ends_at < now),
        mails=remove(OutgoingMail, OutgoingMail.created_at < now - MAIL_LIFE),
        mail_files=remove_files(settings().data_dir / "mail", now - MAIL_LIFE),
        audit_entries=remove(AuditEntry, AuditEntry.at < now - AUDIT_LIFE),
        order_addresses=wipe_addresses(editions_over(now), now),
        initiators=wipe_initiators(now),
        carrier_files=from_carriers["files"],
        carrier_rows=from_carriers["rows"],
        mistake_reports=remove(Report, Report.made_at < now - REPORT_LIFE),
        public_contacts=activities.forget_contacts(editions_over(now)),
        pictures=pictures.forget_unused(now - UNCONFIRMED_LIFE),
    )


def editions_over(now: datetime) -> list[int]:
    """Editions whose people and addresses have been kept long enough."""
    return list(db.session.scalars(select(Edition.id).where(Edition.last_day < clock.local(now - PEOPLE_LIFE).date())))


def wipe_initiators(now: datetime) -> int:
    """Forget who organised, where all that somebody and their colleagues organised was in editions that are over long enough.

    Staff stay. Who was a colleague and never organised anything, or went away, goes as well when they have been here so long.
    """
    later = Activity.edition_id.not_in(editions_over(now)) | Activity.is_ongoing
    busy = select(Activity.initiator_id).where(later)
    with_busy = select(Membership.user_id).join(Activity, Activity.organisation_id == Membership.organisation_id).where(later)
    once = User.id.in_(select(Activity.initiator_id)) | (User.created_at < now - PEOPLE_LIFE)
    idle = (once, User.id.not_in(busy), User.id.not_in(with_busy), User.password.is_(None), User.active.is_(True))
    nobody = {"name": "", "phone": "", "active": False, "email": literal("gone-") + cast(User.id, String) + "@invalid"}
    result = db.session.execute(update(User).where(*idle).values(**nobody).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult), "an UPDATE counts its rows"
    return result.rowcount


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
