"""Which edition is meant."""

from sqlalchemy import select

from weekapp import clock
from weekapp.db import db
from weekapp.editions.models import Edition


def current() -> Edition | None:
    """The edition that is running or comes next; after the last one, the last one."""
    coming = select(Edition).where(Edition.last_day >= clock.today()).order_by(Edition.first_day).limit(1)
    latest = select(Edition).order_by(Edition.first_day.desc()).limit(1)
    return db.session.scalar(coming) or db.session.scalar(latest)


def by_year(year: int) -> Edition | None:
    """One edition."""
    return db.session.scalar(select(Edition).where(Edition.year == year))
