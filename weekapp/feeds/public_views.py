"""The same search as the list, for calendars, maps, spreadsheets, websites and feed readers: never paged, never cut."""

from collections.abc import Callable
from datetime import datetime

import structlog
from flask import Blueprint, Response, make_response, redirect, request
from flask_babel import gettext
from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError, OperationalError

from weekapp.access import public
from weekapp.activities import objects, queries
from weekapp.activities.filters import ONLY_YES, YES, Filters, address, parse
from weekapp.activities.models import Activity
from weekapp.db import transaction
from weekapp.editions import queries as editions
from weekapp.errors import InvalidInput
from weekapp.feeds import atom, calendar, service, sheet
from weekapp.geography import queries as municipalities
from weekapp.geography import reference
from weekapp.web import found, settings

bp = Blueprint("feeds", __name__)
log = structlog.get_logger()
FULL = "volledig"
CALENDAR = "text/calendar; charset=utf-8"


@bp.get("/activiteiten.<any(ics, geojson, json, csv, atom):ending>")
@public
def feed(ending: str) -> Response:
    """Everything that this search finds, in one format."""
    changed = editions.last_change()  # asked first: it must never be newer than what it vouches for
    return dated(WRITERS[ending](asked(also=frozenset({FULL} if ending == "geojson" else ()))), changed)


@bp.get("/activiteiten/<int:activity_id>.ics")
@public
def one_calendar(activity_id: int) -> Response:
    """All moments of one activity, as a file to open."""
    changed = editions.last_change()
    activity = found(queries.one_public(activity_id))
    octets = octets_of(activity.title, [Activity.id == activity.id], Filters(), f"/activiteiten/{activity.id}.ics")
    return dated(machine_answer(octets, CALENDAR, f'attachment; filename="kom-erbij-{activity.id}.ics"'), changed)


@bp.get("/gemeenten/<slug>.ics")
@public
def municipality_calendar(slug: str) -> Response:
    """The calendar of a municipality; the address of a former one leads to the one that took its place."""
    municipality = municipalities.by_slug(slug)
    if municipality is None:
        successors = found(reference.former(slug)).successors
        row = found(reference.municipality(successors[0]) if len(successors) == 1 else None)
        return make_response(redirect(f"/gemeenten/{row.slug}.ics", 301))
    changed = editions.last_change()
    filters = asked(("gemeente", slug))
    name = gettext("Kom erbij in %(name)s", name=municipality.name)
    octets = octets_of(name, queries.found_by(filters), filters, f"/gemeenten/{slug}.ics")
    return dated(machine_answer(octets, CALENDAR, f'inline; filename="kom-erbij-{slug}.ics"'), changed)


def asked(*more: tuple[str, str], also: frozenset[str] = frozenset()) -> Filters:
    """The filters of this address and `more`; anything wrong is refused, all of it at once (API-02)."""
    filters, errors = parse([*request.args.items(multi=True), *more], also=also)
    if FULL in also and request.args.get(FULL, "1").lower() not in YES:
        errors.append((FULL, ONLY_YES))
    if errors:
        raise InvalidInput(errors)
    return filters


def as_ics(filters: Filters) -> Response:
    source = address("/activiteiten.ics", filters)
    octets = octets_of(gettext("Kom erbij"), queries.found_by(filters), filters, source)
    return machine_answer(octets, CALENDAR, 'inline; filename="kom-erbij.ics"')


def as_geojson(filters: Filters) -> Response:
    base_url = settings().base_url
    if request.args.get(FULL):
        features = [objects.full_feature(activity, base_url) for activity in queries.all_found(filters)]
    else:
        features = [objects.slim_feature(item, base_url) for item in queries.for_map(filters)]
    return machine_answer(objects.as_json(objects.collection(features)), "application/geo+json")


def as_json(filters: Filters) -> Response:
    rows = [objects.activity_object(activity, settings().base_url) for activity in queries.all_found(filters)]
    return machine_answer(objects.as_json(rows), "application/json")


def as_csv(filters: Filters) -> Response:
    octets = sheet.sheet(queries.all_found(filters), settings().base_url)
    return machine_answer(octets, "text/csv; charset=utf-8", 'attachment; filename="kom-erbij.csv"')


def as_atom(filters: Filters) -> Response:
    base_url = settings().base_url
    source, page = base_url + address("/activiteiten.atom", filters), base_url + address("/activiteiten", filters)
    octets = atom.atom(queries.all_found(filters), source, page, base_url, editions.last_change())
    return machine_answer(octets, "application/atom+xml; charset=utf-8")


WRITERS: dict[str, Callable[[Filters], Response]] = {
    "ics": as_ics,
    "geojson": as_geojson,
    "json": as_json,
    "csv": as_csv,
    "atom": as_atom,
}


def octets_of(name: str, which: list[ColumnElement[bool]], filters: Filters, path: str) -> bytes:
    """A calendar out of stored entries; what had to be written anew is stored for the next one who asks."""
    base_url = settings().base_url
    entries, fresh = service.entries(which, filters, base_url)
    octets = calendar.calendar(name, base_url + path, entries)
    if fresh:
        try:
            with transaction():
                service.store(fresh, base_url)
        except (OperationalError, IntegrityError) as error:  # busy, or the moment was just deleted: the answer is right all the same
            log.warning("calendar entries not stored", count=len(fresh), exc_info=error)
    return octets


def machine_answer(octets: bytes, content_type: str, disposition: str | None = None) -> Response:
    """An answer for programs; any website may read it, since it is the same for everyone."""
    response = Response(octets, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def dated(response: Response, changed: datetime) -> Response:
    """With `Last-Modified`: the last public change anywhere, so it grows when an activity goes away too."""
    response.last_modified = changed
    return response
