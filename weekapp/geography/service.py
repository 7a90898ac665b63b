"""Loading the reference data of municipalities."""

from dataclasses import asdict

from sqlalchemy import func, select

from weekapp.db import db, transaction
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
