"""Which edition is meant."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

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


def last_change() -> datetime:
    """When something that the public sees changed last, the passing of an edition included; never goes back."""
    touched = db.session.scalar(select(func.max(Edition.changed_at)))
    ended = db.session.scalar(select(func.max(Edition.last_day)).where(Edition.last_day < clock.today()))
    moments = [moment for moment in (touched, clock.day_bounds(ended)[1] if ended else None) if moment]
    return max(moments) if moments else datetime(2010, 1, 1, tzinfo=UTC)
