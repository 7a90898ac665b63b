"""What a search means to the database: conditions, distance and order, the same on SQLite and PostgreSQL."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, func, or_, select

from weekapp import clock
from weekapp.activities.filters import Filters, days_asked
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.rules import VISIBLE, State, Stop
from weekapp.activities.word_search import Sought
from weekapp.geography import reference
from weekapp.geography.rules import EARTH_KM

Condition = ColumnElement[bool]
YES_CONDITIONS: dict[str, Condition] = {
    "gratis": Activity.is_free.is_(True),
    "alleen": Activity.can_come_alone.is_(True),
    "rolstoel": Activity.wheelchair.is_(True),
    "toilet": Activity.accessible_toilet.is_(True),
    "ringleiding": Activity.hearing_loop.is_(True),
    "prikkelarm": Activity.quiet.is_(True),
    "ov": Activity.stop == Stop.NEAR,
    "zonder_aanmelden": Activity.sign_up_needed.is_(False),
}
DEGREE = math.pi / 180


def visible(edition_id: int | None) -> Condition:
    """Published or cancelled in this edition, and what goes on all year in any."""
    ongoing = and_(Activity.is_ongoing, Activity.state == State.PUBLISHED)
    return or_(and_(Activity.edition_id == edition_id, Activity.state.in_(VISIBLE)), ongoing) if edition_id else ongoing


def taken_away(edition_id: int | None, since: datetime) -> Condition:
    """No longer on the site after it had been: of this edition, or going on all year and taken away after `since`."""
    ongoing = and_(Activity.is_ongoing, Activity.changed_at >= since)
    shown = or_(Activity.edition_id == edition_id, ongoing) if edition_id else ongoing
    return and_(Activity.state == State.WITHDRAWN, Activity.published_at.is_not(None), shown)


def conditions(filters: Filters, seen: Condition, words: Sequence[Sought]) -> list[Condition]:
    """All that must be true of an activity that is found; `seen` says which ones can be found at all, `words` what `q` stands for."""
    found = [seen, exists().where(Occurrence.activity_id == Activity.id, on_days_asked(filters)).correlate(Activity)]
    found += [word.occurs for word in words]
    if filters.gemeente:
        found.append(Activity.municipality_code.in_([row.code for row in filters.gemeente]))
    if filters.provincie:
        codes = [row.code for row in reference.municipalities() if row.province in filters.provincie]
        found.append(Activity.municipality_code.in_(codes))
    if filters.thema:
        found.append(Activity.theme.in_(filters.thema))
    if filters.doelgroep:
        found.append(
            exists()
            .where(ActivityAudience.activity_id == Activity.id, ActivityAudience.audience.in_(filters.doelgroep))
            .correlate(Activity)
        )
    if filters.taal:
        found.append(
            exists().where(ActivityLanguage.activity_id == Activity.id, ActivityLanguage.language.in_(filters.taal)).correlate(Activity)
        )
    if filters.postcode:
        found += [Activity.lon.is_not(None), distance_squared(filters) <= filters.straal**2]
    if filters.bbox:
        west, south, east, north = filters.bbox
        found += [Activity.lon.between(west, east), Activity.lat.between(south, north)]
    return found + welcome(filters)


def welcome(filters: Filters) -> list[Condition]:
    """The yes-filters."""
    return [condition for name, condition in YES_CONDITIONS.items() if getattr(filters, name)]


def on_days_asked(filters: Filters) -> Condition:
    """True of a moment that touches one of the Dutch days asked for; of every moment when none is asked for."""
    stretches = days_asked(filters)
    if stretches is None:
        return Occurrence.id.is_not(None)
    touched = [
        and_(Occurrence.starts_at < clock.day_bounds(last)[1], Occurrence.ends_at > clock.day_bounds(first)[0]) for first, last in stretches
    ]
    return or_(false(), *touched)


def first_moment(filters: Filters, *, after: datetime | None = None) -> ScalarSelect[datetime]:
    """When the first matching moment of an activity starts; `after` leaves out what had ended by then."""
    found = select(func.min(Occurrence.starts_at)).where(Occurrence.activity_id == Activity.id, on_days_asked(filters))
    if after:
        found = found.where(Occurrence.ends_at > after)
    return found.correlate(Activity).scalar_subquery()


def distance_squared(filters: Filters) -> ColumnElement[Any]:
    """Square of the distance in km from the middle of the postcode area, by sums and products only.

    SQLite may lack cosines: the cosine of the latitude halfway is taken as its tangent line at the centre, which is exact to a few
    metres within the Netherlands.
    """
    centre = filters.centre
    assert centre is not None, "filters with an unknown postcode are not searched by"
    cosine, sine = math.cos(centre.lat * DEGREE), math.sin(centre.lat * DEGREE)
    north = (Activity.lat - centre.lat) * DEGREE
    east = (Activity.lon - centre.lon) * DEGREE * (cosine - north * (sine / 2))
    return (north * north + east * east) * (EARTH_KM * EARTH_KM)


def first_moments(filters: Filters) -> tuple[ScalarSelect[datetime], ScalarSelect[datetime]]:
    """The first moment that matches, and the first of those that had not ended when today began."""
    return first_moment(filters), first_moment(filters, after=clock.day_bounds(clock.today())[0])


def by_time(filters: Filters) -> list[Any]:
    """What is still to come first, soonest first; what is over at the end."""
    first, coming = first_moments(filters)
    return [coming.is_(None), coming, first, Activity.id]


def by_distance(filters: Filters) -> list[Any]:
    """Nearest first; at one distance what starts first."""
    return [distance_squared(filters), *by_time(filters)]
