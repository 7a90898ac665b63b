"""What the API tells, a page at a time and in an order that stays the same."""

from sqlalchemy import select

from weekapp.activities.filters import Filters
from weekapp.activities.models import Activity
from weekapp.activities.public import PublicActivity, load
from weekapp.activities.queries import found_by
from weekapp.db import db
from weekapp.geography.models import Municipality


def page_by_id(filters: Filters, number: int, size: int) -> list[PublicActivity]:
    """One page (from 1) of what is found, by id: whoever follows the pages misses nothing when a day goes by."""
    ids = select(Activity.id).where(*found_by(filters)).order_by(Activity.id)
    wanted = list(db.session.scalars(ids.limit(size).offset((number - 1) * size)))
    return load([Activity.id.in_(wanted)])


def municipalities() -> list[Municipality]:
    """All municipalities of today, by code."""
    return list(db.session.scalars(select(Municipality).order_by(Municipality.code)))


def municipality(code: str) -> Municipality | None:
    """One municipality by its CBS code."""
    return db.session.scalar(select(Municipality).where(Municipality.code == code))
