"""What was found, with the bytes that are stored for it: calendar entries of moments, pieces of activities."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from weekapp.activities import matching
from weekapp.activities.filters import Filters
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.public import Moment, PublicActivity, load
from weekapp.activities.queries import LARGEST_ID, found_by, in_calendars
from weekapp.db import as_spelled, db
from weekapp.feeds.models import ActivityPiece, CalendarEntry
from weekapp.feeds.rules import Kind
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
    starts_at = as_spelled(Occurrence.starts_at)
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


def stored_pieces(kind: Kind, which: list[ColumnElement[bool]], recipe: str, *columns: ColumnElement[Any]) -> Sequence[Row[Any]]:
    """Activities as (id, stored bytes or None when they are missing or old, and what else was asked for), in no order; one statement."""
    mine = and_(ActivityPiece.activity_id == Activity.id, ActivityPiece.kind == kind, is_piece_fresh(recipe))
    return (
        db.session.connection()
        .execute(select(Activity.id, ActivityPiece.octets, *columns).outerjoin(ActivityPiece, mine).where(*which))
        .all()
    )


def missing_pieces(recipe: str, *, after: int, most: int) -> list[int]:
    """Ids of activities that everyone may see and that lack a fresh piece, from the one behind `after`; one statement."""
    fresh = (
        select(func.count()).where(ActivityPiece.activity_id == Activity.id, is_piece_fresh(recipe)).correlate(Activity).scalar_subquery()
    )
    lacking = select(Activity.id).where(Activity.id > after, fresh < len(Kind), *found_by(Filters()))
    return list(db.session.scalars(lacking.order_by(Activity.id).limit(most)))


def is_piece_fresh(recipe: str) -> ColumnElement[bool]:
    """Whether a stored piece tells what is true now: every public change of an activity or of its moments moves `changed_at`."""
    return and_(ActivityPiece.recipe == recipe, ActivityPiece.changed_at == Activity.changed_at)


def activities(ids: Sequence[int]) -> list[PublicActivity]:
    """These activities, however many."""
    chunks = [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
    return [activity for chunk in chunks for activity in load([Activity.id.in_(chunk)])]


def moments_with_activity(activity_ids: set[int]) -> dict[int, tuple[PublicActivity, Moment]]:
    """All moments of these activities by their id."""
    return {moment.id: (activity, moment) for activity in activities(sorted(activity_ids)) for moment in activity.moments}


def public_organisation(organisation_id: int) -> Organisation | None:
    """An organisation of which something has been public; of others nobody learns the name."""
    has_been_public = exists().where(Activity.organisation_id == Organisation.id, Activity.published_at.is_not(None))
    chosen = select(Organisation).where(Organisation.id == organisation_id, has_been_public)
    return db.session.scalar(chosen) if organisation_id <= LARGEST_ID else None
