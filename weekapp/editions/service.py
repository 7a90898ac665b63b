"""Opening an edition, and telling everyone that something public changed."""

from datetime import date

from sqlalchemy import update

from weekapp import cache, clock
from weekapp.db import after_commit, db
from weekapp.editions import rules
from weekapp.editions.models import Edition
from weekapp.errors import N_, DomainError


def open_edition(year: int, *, opens: date | None = None, closes: date | None = None, ordering_closes: date | None = None) -> Edition:
    """Make the edition of a year with the default dates; windows are 1 June to 31 August unless given (rule 1)."""
    if db.session.query(Edition).filter_by(year=year).first():
        raise DomainError(N_("De editie van %(year)s is er al."), year=year)
    first, last = rules.default_days(year)
    opens = opens or date(year, 6, 1)
    closes = closes or date(year, 9, 14)
    edition = Edition(
        year=year,
        name=f"Week tegen Eenzaamheid {year}",
        first_day=first,
        last_day=last,
        registration_opens=opens,
        registration_closes=closes,
        ordering_opens=opens,
        ordering_closes=ordering_closes or min(date(year, 8, 31), closes),
        changed_at=clock.now(),
    )
    db.session.add(edition)
    db.session.flush()
    return edition


def touch(edition_id: int) -> None:
    """Something that the public sees has changed: stored answers of all processes become old (see weekapp.cache)."""
    db.session.execute(update(Edition).where(Edition.id == edition_id).values(version=Edition.version + 1, changed_at=clock.now()))
    after_commit(cache.look_again)
