"""A search in each format: who writes it, and what the answer says of itself."""

from collections.abc import Callable
from datetime import datetime
from operator import itemgetter
from typing import Any

from flask import Response, request
from sqlalchemy import ColumnElement

from weekapp.activities import matching, objects, queries
from weekapp.activities.filters import Filters
from weekapp.activities.models import Activity
from weekapp.db import as_spelled, instant_from
from weekapp.editions import queries as editions
from weekapp.feeds import atom, calendar, pieces, service, sheet
from weekapp.feeds.models import CalendarEntry
from weekapp.feeds.rules import Kind
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
    features = [octets for _, octets in whole(Kind.FEATURE, search)] if request.args.get(FULL) else points(search)
    return machine_answer(pieces.collection(features), "application/geo+json")


def points(search: Search) -> list[bytes]:
    """Slim features in the order of the list."""
    first, coming = matching.first_moments(search.filters)
    rows = service.pieces(Kind.POINT, wanted(search), settings().base_url, as_spelled(first), as_spelled(coming))
    rows.sort(key=lambda row: (row[3] is None, row[3] or row[2], row[2], row[0]))
    stamps = {moment: objects.stamp(instant_from(moment)).encode() for moment in {row[2] for row in rows}}
    return [pieces.point(octets, stamps[begin]) for _, octets, begin, _ in rows]


def as_json(search: Search) -> Response:
    rows = [pieces.object_of(octets) for _, octets in whole(Kind.FEATURE, search)]
    return machine_answer(b"[" + b",".join(rows) + b"]", "application/json")


def as_csv(search: Search) -> Response:
    octets = sheet.sheet([octets for _, octets in whole(Kind.ROW, search)])
    return machine_answer(octets, "text/csv; charset=utf-8", f'attachment; filename="{search.label}.csv"')


def as_atom(search: Search) -> Response:
    """The newest change first."""
    base_url = settings().base_url
    rows = service.pieces(Kind.ENTRY, wanted(search), base_url, as_spelled(Activity.changed_at))
    rows.sort(key=lambda row: (row[2], row[0]), reverse=True)
    entries = [octets for _, octets, _ in rows]
    octets = atom.atom(search.name, entries, base_url + search.path("atom"), base_url + search.page, editions.last_change())
    return machine_answer(octets, "application/atom+xml; charset=utf-8")


def whole(kind: Kind, search: Search) -> list[tuple[Any, ...]]:
    """All that is found as (id, bytes), by id: the same content gives the same bytes."""
    return sorted(service.pieces(kind, wanted(search), settings().base_url), key=itemgetter(0))


def wanted(search: Search) -> list[ColumnElement[bool]]:
    return [*queries.found_by(search.filters), *search.only]


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
        service.keep(CalendarEntry, fresh)
    return octets


def machine_answer(octets: bytes, content_type: str, disposition: str | None = None) -> Response:
    """An answer for programs; any website may read it, since it is the same for everyone."""
    response = Response(octets, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def dated(response: Response, changed: datetime) -> Response:
    """With `Last-Modified`: the last public change anywhere, so it grows when an activity goes away too."""
    response.last_modified = changed
    return response
