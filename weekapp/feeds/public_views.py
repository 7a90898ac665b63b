"""The same search as the list, for calendars, maps, spreadsheets, websites and feed readers: never paged, never cut."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, request

from weekapp import addresses
from weekapp.access import public
from weekapp.activities import queries
from weekapp.activities.filters import ONLY_YES, YES, Filters, municipality_by_slug, parse, province_by_slug
from weekapp.activities.models import Activity
from weekapp.activities.rules import AUDIENCE_WORDS, THEME_WORDS, Audience, Theme
from weekapp.editions import queries as editions
from weekapp.errors import InvalidInput, NotFound
from weekapp.feeds import queries as feeds
from weekapp.feeds import search
from weekapp.feeds.formats import CALENDAR, FULL, WRITERS, dated, machine_answer, octets_of
from weekapp.feeds.search import Search
from weekapp.geography import reference
from weekapp.geography.places import municipalities_called
from weekapp.geography.reference import MunicipalityRow
from weekapp.web import found

bp = Blueprint("feeds", __name__)
ENDING = "<any(ics, geojson, json, csv, atom):ending>"


@bp.get(f"/activiteiten.{ENDING}")
@public
def feed(ending: str) -> Response:
    """Everything that this search finds, in one format."""
    changed = editions.last_change()  # asked first: it must never be newer than what it vouches for
    return written(search.everything(asked(ending)), ending, changed)


@bp.get("/activiteiten/<int:activity_id>.ics")
@public
def one_calendar(activity_id: int) -> Response:
    """All moments of one activity, as a file to open."""
    changed = editions.last_change()
    activity = found(queries.one_in_calendars(activity_id))
    octets = octets_of(activity.title, [Activity.id == activity.id], Filters(), f"/activiteiten/{activity.id}.ics")
    return dated(machine_answer(octets, CALENDAR, f'attachment; filename="kom-erbij-{activity.id}.ics"'), changed)


@bp.get(f"/gemeenten/<slug>.{ENDING}")
@public
def of_municipality(slug: str, ending: str) -> Response:
    """The programme of a municipality; another name of it, and that of the one whose place it took, lead to it."""
    municipality = municipality_by_slug().get(slug)
    if municipality is None:
        rows = called_otherwise(slug)
        row = found(rows[0] if len(rows) == 1 else None)
        return moved(f"{addresses.municipality(row.slug)}.{ending}")
    changed = editions.last_change()
    return written(search.of_municipality(municipality, asked(ending)), ending, changed)


def called_otherwise(name: str) -> Sequence[MunicipalityRow]:
    """The municipalities that a former slug, a CBS code, a capital or another name may mean."""
    former, row = reference.former(name), reference.municipality(name.upper())
    if former:
        return [row for code in former.successors if (row := reference.municipality(code))]
    return [row] if row else municipalities_called(name)


@bp.get(f"/provincies/<slug>.{ENDING}")
@public
def of_province(slug: str, ending: str) -> Response:
    """All of a province; its other name leads to the name that it has here."""
    changed = editions.last_change()
    chosen = search.of_province(found(province_by_slug().get(slug)), asked(ending))
    if chosen.start != f"/provincies/{slug}":
        return moved(chosen.path(ending))
    return written(chosen, ending, changed)


@bp.get(f"/themas/<theme>.{ENDING}")
@public
def of_theme(theme: str, ending: str) -> Response:
    """Everything of one kind."""
    changed = editions.last_change()
    if theme not in THEME_WORDS:
        raise NotFound()
    return written(search.of_theme(Theme(theme), asked(ending)), ending, changed)


@bp.get(f"/doelgroepen/<audience>.{ENDING}")
@public
def of_audience(audience: str, ending: str) -> Response:
    """Everything for one group of people."""
    changed = editions.last_change()
    if audience not in AUDIENCE_WORDS:
        raise NotFound()
    return written(search.of_audience(Audience(audience), asked(ending)), ending, changed)


@bp.get(f"/organisaties/<int:organisation_id>-<slug>.{ENDING}")
@public
def of_organisation(organisation_id: int, slug: str, ending: str) -> Response:
    """Everything of one organisation; an old name in the address leads to the new one."""
    changed = editions.last_change()
    chosen = search.of_organisation(found(feeds.public_organisation(organisation_id)), asked(ending))
    if chosen.start != f"/organisaties/{organisation_id}-{slug}":
        return moved(chosen.path(ending))
    return written(chosen, ending, changed)


@bp.after_request
def let_others_ask(response: Response) -> Response:
    """A script on any website may ask whether a feed has changed; browsers ask for leave first (Fetch, CORS-preflight request)."""
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-Modified-Since, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def asked(ending: str) -> Filters:
    """The filters of this address; anything wrong is refused, all of it at once (API-02)."""
    also = frozenset({FULL} if ending == "geojson" else ())
    filters, errors = parse(request.args.items(multi=True), also=also)
    if also and request.args.get(FULL, "1").lower() not in YES:
        errors.append((FULL, ONLY_YES))
    if errors:
        raise InvalidInput(errors)
    return filters


def written(chosen: Search, ending: str, changed: datetime) -> Response:
    return dated(WRITERS[ending](chosen), changed)


def moved(path: str) -> Response:
    """For good: subscribers keep an address for years."""
    return make_response(redirect(path, 301))
