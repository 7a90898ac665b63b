"""The moments of what was found, with the calendar entries that are stored for them."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, type_coerce
from sqlalchemy.types import NullType

from weekapp.activities import matching
from weekapp.activities.filters import Filters
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.public import Moment, PublicActivity, load
from weekapp.activities.queries import LARGEST_ID, in_calendars
from weekapp.db import db
from weekapp.feeds.models import CalendarEntry
from weekapp.organisations.models import Organisation

CHUNK = 500  # ids in one statement


class MomentId(NamedTuple):
    """A moment, and the activity that it is of."""

    activity_id: int
    occurrence_id: int


def stored_moments(which: list[ColumnElement[bool]], filters: Filters, recipe: str) -> list[tuple[MomentId, bytes | None]]:
    """The moments on the days asked for in order of time, each with its stored bytes unless they are missing or old; one statement.

    The order is made here, by the time as the database spells it: the database would drag all bytes through its sorting.
    """
    starts_at = type_coerce(Occurrence.starts_at, NullType())
    found = (
        select(Activity.id, Occurrence.id, CalendarEntry.octets, starts_at)
        .select_from(Occurrence)
        .join(Activity, Activity.id == Occurrence.activity_id)
        .outerjoin(CalendarEntry, and_(CalendarEntry.occurrence_id == Occurrence.id, is_fresh(recipe)))
        .where(*which, matching.on_days_asked(filters))
    )
    rows = sorted(db.session.connection().execute(found).all(), key=lambda row: (row[3], row[1]))
    return [(MomentId(row[0], row[1]), row[2]) for row in rows]


def missing_entries(recipe: str, *, after: int, most: int) -> list[MomentId]:
    """Moments in calendars without a fresh entry, by id from the one behind `after`; one statement."""
    missing = (
        select(Activity.id, Occurrence.id)
        .select_from(Occurrence)
        .join(Activity, Activity.id == Occurrence.activity_id)
        .outerjoin(CalendarEntry, and_(CalendarEntry.occurrence_id == Occurrence.id, is_fresh(recipe)))
        .where(Occurrence.id > after, CalendarEntry.occurrence_id.is_(None), *in_calendars(Filters()))
        .order_by(Occurrence.id)
        .limit(most)
    )
    return [MomentId(*row) for row in db.session.execute(missing)]


def is_fresh(recipe: str) -> ColumnElement[bool]:
    """Whether the stored bytes tell what is true now. The database judges: reading dates of 10,000 rows takes longer than their bytes."""
    written = CalendarEntry.changed_at
    newest = or_(written == Occurrence.changed_at, written == Activity.changed_at)
    return and_(CalendarEntry.recipe == recipe, written >= Occurrence.changed_at, written >= Activity.changed_at, newest)


def moments_with_activity(activity_ids: set[int]) -> dict[int, tuple[PublicActivity, Moment]]:
    """All moments of these activities by their id."""
    ids = sorted(activity_ids)
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    activities = [activity for chunk in chunks for activity in load([Activity.id.in_(chunk)])]
    return {moment.id: (activity, moment) for activity in activities for moment in activity.moments}


def public_organisation(organisation_id: int) -> Organisation | None:
    """An organisation of which something has been public; of others nobody learns the name."""
    has_been_public = exists().where(Activity.organisation_id == Organisation.id, Activity.published_at.is_not(None))
    chosen = select(Organisation).where(Organisation.id == organisation_id, has_been_public)
    return db.session.scalar(chosen) if organisation_id <= LARGEST_ID else None
