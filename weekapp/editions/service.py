"""Opening an edition, and telling everyone that something public changed."""

from datetime import date

from sqlalchemy import update

from weekapp import audit, cache, clock
from weekapp.db import after_commit, db, lock
from weekapp.editions import queries, rules
from weekapp.editions.models import Edition
from weekapp.errors import N_, DomainError, InvalidInput
from weekapp.queue import Task, nudge


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


def change(edition: Edition, name: str, dates: rules.Dates, *, by_id: int) -> Edition:
    """Other dates or another name; raises InvalidInput with all that is wrong.

    Orders keep the day on which they must be there: that follows from the moments of their activity.
    """
    wrong = rules.wrong_dates(edition.year, dates)
    other = queries.overlapping(edition.id, dates.first_day, dates.last_day)
    if other:
        wrong.append(("first_day", N_("In deze dagen is er al een andere editie. Kies andere dagen.")))
    if wrong:
        raise InvalidInput(wrong)
    lock(edition)
    edition.name = name
    for field, day in vars(dates).items():
        setattr(edition, field, day)
    audit.note("edition changed", f"edition {edition.id}", user_id=by_id)
    db.session.flush()
    touch(edition.id)
    return edition


def touch(edition_id: int) -> None:
    """Something that the public sees has changed: stored answers of all processes become old (see weekapp.cache)."""
    db.session.execute(update(Edition).where(Edition.id == edition_id).values(version=Edition.version + 1, changed_at=clock.now()))
    after_commit(cache.look_again)
    nudge(Task.WRITE_ENTRIES)
