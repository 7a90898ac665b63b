"""Loading the reference data of municipalities, and what they say of themselves."""

from dataclasses import asdict

from sqlalchemy import func, select

from weekapp import audit
from weekapp.db import db, lock, transaction
from weekapp.geography import reference
from weekapp.geography.models import Municipality


def load_reference() -> int:
    """Fill the empty table of municipalities; returns how many were added. A command, so it commits itself."""
    if db.session.scalar(select(func.count()).select_from(Municipality)):
        return 0
    rows = reference.municipalities()
    with transaction():
        db.session.add_all(Municipality(**asdict(row)) for row in rows)
    return len(rows)


def describe(municipality: Municipality, local_name: str, introduction: str, *, by_id: int) -> Municipality:
    """Its own name for the Week and its own words at the top of its page; empty brings back ours."""
    lock(municipality)
    municipality.local_name, municipality.introduction = local_name, introduction
    audit.note("municipality described", f"municipality {municipality.code}", user_id=by_id)
    return municipality
