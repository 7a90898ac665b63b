"""The moments of what was found, with the calendar entries that are stored for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from weekapp.activities import matching
from weekapp.activities.filters import Filters
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.public import Moment, PublicActivity, load
from weekapp.db import db
from weekapp.feeds.models import CalendarEntry

CHUNK = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class StoredMoment:
    """A moment, and the bytes that are stored for it unless they are missing or old."""

    activity_id: int
    occurrence_id: int
    octets: bytes | None


def stored_moments(which: list[ColumnElement[bool]], filters: Filters, recipe: str) -> list[StoredMoment]:
    """The moments on the days asked for, in order of time; one statement."""
    columns = (Occurrence.activity_id, Occurrence.id, Occurrence.changed_at, Activity.changed_at.label("activity_changed_at"))
    of_entry = (CalendarEntry.changed_at.label("written_for"), CalendarEntry.recipe, CalendarEntry.octets)
    found = (
        select(*columns, *of_entry)
        .join(Activity, Activity.id == Occurrence.activity_id)
        .outerjoin(CalendarEntry, CalendarEntry.occurrence_id == Occurrence.id)
        .where(*which, matching.on_days_asked(filters))
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return [StoredMoment(row.activity_id, row.id, row.octets if is_fresh(row, recipe) else None) for row in db.session.execute(found)]


def is_fresh(row: Any, recipe: str) -> bool:
    """Whether the stored bytes tell what is true now."""
    changed: datetime = max(row.changed_at, row.activity_changed_at)
    return bool(row.written_for == changed and row.recipe == recipe)


def moments_with_activity(activity_ids: set[int]) -> dict[int, tuple[PublicActivity, Moment]]:
    """All moments of these activities by their id."""
    ids = sorted(activity_ids)
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    activities = [activity for chunk in chunks for activity in load([Activity.id.in_(chunk)])]
    return {moment.id: (activity, moment) for activity in activities for moment in activity.moments}
