"""A search in each format: who writes it, and what the answer says of itself."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from sqlalchemy import ColumnElement

from weekapp.activities import objects, queries
from weekapp.activities.filters import Filters
from weekapp.editions import queries as editions
from weekapp.feeds import atom, calendar, service, sheet
from weekapp.feeds.search import Search
from weekapp.web import settings

FULL = "volledig"
CALENDAR = "text/calendar; charset=utf-8"


def as_ics(search: Search) -> Response:
    """With what was taken away, as called off."""
    octets = octets_of(search.name, [*queries.in_calendars(search.filters), *search.only], search.filters, search.path("ics"))
    return machine_answer(octets, CALENDAR, f'inline; filename="{search.label}.ics"')


def as_geojson(search: Search) -> Response:
    """As little as a map needs, or everything when asked for."""
    base_url = settings().base_url
    if request.args.get(FULL):
        features = [objects.full_feature(activity, base_url) for activity in queries.all_found(search.filters, *search.only)]
    else:
        features = [objects.slim_feature(item, base_url) for item in queries.for_map(search.filters, *search.only)]
    return machine_answer(objects.as_json(objects.collection(features)), "application/geo+json")


def as_json(search: Search) -> Response:
    rows = [objects.activity_object(activity, settings().base_url) for activity in queries.all_found(search.filters, *search.only)]
    return machine_answer(objects.as_json(rows), "application/json")


def as_csv(search: Search) -> Response:
    octets = sheet.sheet(queries.all_found(search.filters, *search.only), settings().base_url)
    return machine_answer(octets, "text/csv; charset=utf-8", f'attachment; filename="{search.label}.csv"')


def as_atom(search: Search) -> Response:
    base_url = settings().base_url
    found = queries.all_found(search.filters, *search.only)
    octets = atom.atom(search.name, found, base_url + search.path("atom"), base_url + search.page, base_url, editions.last_change())
    return machine_answer(octets, "application/atom+xml; charset=utf-8")


WRITERS: dict[str, Callable[[Search], Response]] = {
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
        service.keep(fresh, base_url)
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
