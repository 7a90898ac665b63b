"""Municipalities as pages show them."""

from sqlalchemy import select

from weekapp.db import db
from weekapp.geography.models import Municipality


def by_slug(slug: str) -> Municipality | None:
    """The municipality of today whose page has this address."""
    return db.session.scalar(select(Municipality).where(Municipality.slug == slug))


def by_code(code: str) -> Municipality | None:
    """The municipality of today with this CBS code."""
    return db.session.get(Municipality, code)


def municipalities() -> list[Municipality]:
    """All municipalities of today, by name."""
    return list(db.session.scalars(select(Municipality).order_by(Municipality.name)))
