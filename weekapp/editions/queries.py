"""Which edition is meant."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, case, func, select

from weekapp import clock
from weekapp.db import db
from weekapp.editions.models import Edition


def current() -> Edition | None:
    """The edition that is running or comes next; after the last one, the last one."""
    coming = select(Edition).where(Edition.last_day >= clock.today()).order_by(Edition.first_day).limit(1)
    latest = select(Edition).order_by(Edition.first_day.desc()).limit(1)
    return db.session.scalar(coming) or db.session.scalar(latest)


def current_days() -> tuple[date, date] | tuple[None, None]:
    """First and last day of the edition that is shown."""
    edition = current()
    return (edition.first_day, edition.last_day) if edition else (None, None)


def by_year(year: int) -> Edition | None:
    """One edition."""
    return db.session.scalar(select(Edition).where(Edition.year == year))


def everything() -> list[Edition]:
    """All editions, the newest first."""
    return list(db.session.scalars(select(Edition).order_by(Edition.year.desc())))


def overlapping(edition_id: int, first: date, last: date) -> Edition | None:
    """Another edition with a day in common with these days."""
    return db.session.scalar(select(Edition).where(Edition.id != edition_id, Edition.first_day <= last, Edition.last_day >= first).limit(1))


def last_change() -> datetime:
    """When something that the public sees changed last, the passing of an edition included; never goes back."""
    return public_version(db.session.connection())[1]


def public_version(connection: Connection) -> tuple[int, datetime, date]:
    """A number that grows with each public change, when the newest was, and the Dutch date: all that public answers depend on."""
    day = clock.today()
    ended = func.max(case((Edition.last_day < day, Edition.last_day)))
    asked = select(func.coalesce(func.sum(Edition.version), 0), func.max(Edition.changed_at), ended)
    number, touched, last_day = connection.execute(asked).one()
    moments = [moment for moment in (touched, clock.day_bounds(last_day)[1] if last_day else None) if moment]
    return int(number), max(moments, default=datetime(2010, 1, 1, tzinfo=UTC)), day
