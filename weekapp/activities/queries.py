"""Which activities are found: one search for list, map and feeds."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from weekapp import addresses
from weekapp.activities import matching
from weekapp.activities.chips import Chip, chips
from weekapp.activities.filters import Filters, days_asked
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.public import Moment, PublicActivity, load
from weekapp.activities.rules import VISIBLE, State, Theme
from weekapp.activities.word_search import Sought, sought
from weekapp.clock import day_bounds, local, today
from weekapp.db import db
from weekapp.editions import queries as editions
from weekapp.geography.rules import Precision, distance_km

PAGE_SIZE = 24
FARTHER_KM = 50.0
LARGEST_ID = 2**31 - 1
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Hit:
    """An activity in a list: the moment that matches the search, how many more there are, and how far it is (km)."""

    activity: PublicActivity
    moment: Moment
    more: int
    distance: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list for people; pages count from 1."""

    hits: list[Hit]
    total: int
    number: int
    last: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of an empty result: without this filter (or, without a chip, farther away), and how many that finds."""

    without: Chip | None
    filters: Filters
    total: int


@dataclass(frozen=True, slots=True)
class MapItem:
    """As much of an activity as the map and the list beside it show."""

    id: int
    title: str
    theme: Theme
    place: str
    lon: float | None
    lat: float | None
    precision: Precision
    starts_at: datetime
    is_cancelled: bool

    @property
    def path(self) -> str:
        """The address of its page, without the host."""
        return addresses.activity(self.id, self.title)


def edition_id() -> int | None:
    """The edition whose activities are shown."""
    edition = editions.current()
    return edition.id if edition else None


def found_by(filters: Filters) -> list[ColumnElement[bool]]:
    """The one search that pages, map and feeds share."""
    visible = matching.visible(edition_id())
    return matching.conditions(filters, visible, sought(filters.words, visible))


def spelling(filters: Filters) -> list[Sought]:
    """The words of a search that nobody wrote that way, and what was looked up instead."""
    return [word for word in sought(filters.words, matching.visible(edition_id())) if word.instead]


def others_near(filters: Filters, besides: int, most: int) -> list[Hit]:
    """The nearest of what is found and goes on, without the one activity that somebody looks at."""
    chosen = (*found_by(filters), Activity.id != besides, Activity.state == State.PUBLISHED)
    ids = list(db.session.scalars(select(Activity.id).where(*chosen).order_by(*order_of(filters, True)).limit(most)))
    by_id = {activity.id: activity for activity in load([Activity.id.in_(ids)])}
    return [hit(by_id[activity_id], filters) for activity_id in ids]


def in_calendars(filters: Filters) -> list[ColumnElement[bool]]:
    """What calendars hold: all that is found, and until the edition ends what was taken away after it had been public.

    Whoever has it in a calendar sees that it does not take place (product.md, rule 11); no page or list shows it.
    """
    visible = matching.visible(edition_id())
    return matching.conditions(filters, or_(visible, taken_away()), sought(filters.words, visible))


def taken_away() -> ColumnElement[bool]:
    """What calendars still call off; what went on all year for REMEMBERED days."""
    edition = editions.current()
    is_running = edition is not None and today() <= edition.last_day
    return matching.taken_away(edition.id if edition and is_running else None, day_bounds(today() - REMEMBERED)[0])


def order_of(filters: Filters, by_distance: bool) -> list[ColumnElement[Any]]:
    """The order of a list for people."""
    return matching.by_distance(filters) if by_distance and filters.postcode else matching.by_time(filters)


def matching_ids(filters: Filters) -> list[int]:
    """Ids of all that is found, what comes first in front."""
    return list(db.session.scalars(select(Activity.id).where(*found_by(filters)).order_by(*matching.by_time(filters))))


def count(filters: Filters) -> int:
    """How many activities are found."""
    return db.session.scalar(select(func.count()).select_from(Activity).where(*found_by(filters))) or 0


def page_of(filters: Filters, number: int = 1, *, by_distance: bool = False) -> Page:
    """A page of the list, by time or nearest first; a page after the last is empty."""
    total = count(filters)
    ids = select(Activity.id).where(*found_by(filters)).order_by(*order_of(filters, by_distance))
    wanted = list(db.session.scalars(ids.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)))
    by_id = {activity.id: activity for activity in load([Activity.id.in_(wanted)])}
    hits = [hit(by_id[activity_id], filters) for activity_id in wanted]
    return Page(hits, total, number, max(1, -(-total // PAGE_SIZE)))


def hit(activity: PublicActivity, filters: Filters) -> Hit:
    """What to say of an activity in the list of this search."""
    asked = moments_asked(activity, filters)
    coming = [moment for moment in asked if moment.ends_at > day_bounds(today())[0]]
    centre, distance = filters.centre, None
    if centre and activity.lon is not None and activity.lat is not None:
        distance = distance_km(centre.lon, centre.lat, activity.lon, activity.lat)
    return Hit(activity, (coming or asked)[0], len(activity.moments) - 1, distance)


def moments_asked(activity: PublicActivity, filters: Filters) -> list[Moment]:
    """The moments of an activity on the days asked for."""
    stretches = days_asked(filters)
    if stretches is None:
        return list(activity.moments)
    bounds = [(day_bounds(first)[0], day_bounds(last)[1]) for first, last in stretches]
    return [moment for moment in activity.moments if any(moment.starts_at < end and moment.ends_at > start for start, end in bounds)]


def ways_out(filters: Filters) -> list[Way]:
    """What to loosen in a search that finds nothing, most helpful first."""
    ways: list[tuple[Chip | None, Filters]] = [(chip, chip.others) for chip in chips(filters)]
    if filters.postcode and filters.straal < FARTHER_KM:
        ways.append((None, replace(filters, straal=FARTHER_KM)))
    counted = [Way(chip, others, count(others)) for chip, others in ways]
    return sorted((way for way in counted if way.total), key=lambda way: -way.total)


def for_map(filters: Filters, *only: ColumnElement[bool]) -> list[MapItem]:
    """All that is found, as little of each as the map needs, in the order of the list; one statement."""
    columns = (
        Activity.id,
        Activity.title,
        Activity.theme,
        Activity.town,
        Activity.lon,
        Activity.lat,
        Activity.precision,
        matching.first_moment(filters).label("starts_at"),
        Activity.state == State.CANCELLED,
    )
    found = db.session.execute(select(*columns).where(*found_by(filters), *only).order_by(*matching.by_time(filters)))
    return [MapItem(*row) for row in found]


def all_found(filters: Filters, *only: ColumnElement[bool]) -> list[PublicActivity]:
    """All that is found, in full, by id: for machines, so that the same content gives the same bytes."""
    return load([*found_by(filters), *only])


def one_public(activity_id: int) -> PublicActivity | None:
    """One activity that everyone may see; those of former editions stay readable."""
    if activity_id > LARGEST_ID:
        return None
    found = load([Activity.id == activity_id, Activity.state.in_(VISIBLE)])
    return found[0] if found and found[0].moments else None


def one_in_calendars(activity_id: int) -> PublicActivity | None:
    """One activity that everyone may see, or that calendars still call off."""
    if activity_id > LARGEST_ID:
        return None
    found = load([Activity.id == activity_id, or_(Activity.state.in_(VISIBLE), taken_away())])
    return found[0] if found and found[0].moments else None


def programme(filters: Filters) -> list[tuple[date, list[tuple[PublicActivity, Moment]]]]:
    """Everything that is found, moment by moment, under the Dutch day on which the moment starts."""
    moments = [(activity, moment) for activity in all_found(filters) for moment in moments_asked(activity, filters)]
    days: dict[date, list[tuple[PublicActivity, Moment]]] = defaultdict(list)
    for activity, moment in sorted(moments, key=lambda pair: (pair[1].starts_at, pair[0].id)):
        days[local(moment.starts_at).date()].append((activity, moment))
    return list(days.items())


def counts_by_day(first: date | None, last: date | None) -> dict[date, int]:
    """How many activities there are on each day of a stretch; one activity counts on each of its days."""
    if first is None or last is None:
        return {}
    chosen = select(Activity.id, Occurrence.starts_at, Occurrence.ends_at).join_from(Occurrence, Activity)
    chosen = chosen.where(*found_by(Filters()), Activity.state == State.PUBLISHED, Occurrence.cancelled_at.is_(None))
    on_day: dict[date, set[int]] = defaultdict(set)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    bounds = [(day, *day_bounds(day)) for day in days]
    for activity_id, starts_at, ends_at in db.session.execute(chosen):
        for day, start, end in bounds:
            if starts_at < end and ends_at > start:
                on_day[day].add(activity_id)
    return {day: len(on_day[day]) for day in days}


def counts_by_municipality() -> dict[str, int]:
    """How many activities each municipality (by code) has that has any."""
    grouped = select(Activity.municipality_code, func.count()).where(*found_by(Filters())).group_by(Activity.municipality_code)
    return {code: many for code, many in db.session.execute(grouped) if code}
