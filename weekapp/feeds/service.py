"""Keeping calendar entries: each is written once after a change, and joined ever after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import postgresql, sqlite

from weekapp.activities.filters import Filters
from weekapp.db import db
from weekapp.feeds import calendar, queries
from weekapp.feeds.models import CalendarEntry

CHUNK = 200  # rows in one statement


@dataclass(frozen=True, slots=True)
class FreshEntry:
    """An entry that was written just now and is not stored yet."""

    occurrence_id: int
    changed_at: datetime
    octets: bytes


def entries(which: list[ColumnElement[bool]], filters: Filters, base_url: str) -> tuple[list[bytes], list[FreshEntry]]:
    """The entries of all moments in order of time, and those among them that should be stored."""
    moments = queries.stored_moments(which, filters, calendar.recipe(base_url))
    missing = {moment.activity_id for moment in moments if moment.octets is None}
    known = queries.moments_with_activity(missing)
    fresh = {
        stored.occurrence_id: FreshEntry(
            stored.occurrence_id, calendar.last_change(*known[stored.occurrence_id]), calendar.entry(*known[stored.occurrence_id], base_url)
        )
        for stored in moments
        if stored.octets is None and stored.occurrence_id in known
    }
    octets = [moment.octets or fresh[moment.occurrence_id].octets for moment in moments if moment.octets or moment.occurrence_id in fresh]
    return octets, list(fresh.values())


def store(fresh: list[FreshEntry], base_url: str) -> None:
    """Keep entries; whoever wrote the same ones at the same time wrote the same bytes, so the last one stays."""
    recipe = calendar.recipe(base_url)
    rows = [{"occurrence_id": e.occurrence_id, "changed_at": e.changed_at, "recipe": recipe, "octets": e.octets} for e in fresh]
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    for start in range(0, len(rows), CHUNK):
        insert = dialect.insert(CalendarEntry).values(rows[start : start + CHUNK])
        new = {name: insert.excluded[name] for name in ("changed_at", "recipe", "octets")}
        db.session.execute(insert.on_conflict_do_update(index_elements=[CalendarEntry.occurrence_id], set_=new))
