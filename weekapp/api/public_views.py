"""The API under /api/v1 and the page that explains it; Logius API design rules (API-01..09)."""

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from weekapp.access import public
from weekapp.activities import objects
from weekapp.activities import queries as activities
from weekapp.activities.choices import municipalities_by_province
from weekapp.activities.filters import parse
from weekapp.activities.public import PublicActivity
from weekapp.api import queries
from weekapp.api.examples import examples, short_addresses
from weekapp.api.objects import edition_object, municipality_object
from weekapp.api.openapi import GEO, PLAIN_JSON, document
from weekapp.api.parameters import FORMAT, GEOJSON, OF_ACTIVITIES, Asked, Parameter, read
from weekapp.editions import queries as editions
from weekapp.errors import InvalidInput, NotFound
from weekapp.geography import reference
from weekapp.web import found, settings

bp = Blueprint("api", __name__)
page = Blueprint("open_data", __name__)
CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
UTRECHT = "GM0344"


@bp.get("/activiteiten")
@public
def activity_list() -> Response:
    """A page of what is found: the same set as the page and the feeds with these filters."""
    asked = question(OF_ACTIVITIES)
    changed = editions.last_change()  # asked first: it must never be newer than what it vouches for
    total = activities.count(asked.filters)
    rows = queries.page_by_id(asked.filters, asked.number, asked.size)
    links = links_of(asked, total)
    head = {"totaal": total, "pagina": asked.number, "paginagrootte": asked.size, "links": links}
    base_url = settings().base_url
    if asked.format == GEOJSON:
        features = [objects.full_feature(activity, base_url) for activity in rows]
        response = geo_answer({**objects.collection([]), **head, "features": features})
    else:
        response = answer({**head, "activiteiten": [objects.activity_object(activity, base_url) for activity in rows]})
    response.headers["Link"] = ", ".join(f'<{href}>; rel="{relation}"' for relation, href in links.items() if href)
    response.last_modified = changed
    return response


@bp.get("/activiteiten/<number>")
@public
def activity(number: str) -> Response:
    """One activity; those of former editions stay readable."""
    asked = question((FORMAT,))
    changed = editions.last_change()
    row = found(activity_numbered(number))
    base_url = settings().base_url
    is_geo = asked.format == GEOJSON
    response = geo_answer(objects.full_feature(row, base_url)) if is_geo else answer(objects.activity_object(row, base_url))
    response.last_modified = changed
    return response


@bp.get("/gemeenten")
@public
def municipality_list() -> Response:
    """All municipalities and how much there is to do in each."""
    question(())
    changed = editions.last_change()
    counts, base_url = activities.counts_by_municipality(), settings().base_url
    rows = [municipality_object(row, counts.get(row.code, 0), base_url) for row in queries.municipalities()]
    response = answer({"totaal": len(rows), "gemeenten": rows})
    response.last_modified = changed
    return response


@bp.get("/gemeenten/<code>")
@public
def municipality(code: str) -> Response:
    """One municipality."""
    question(())
    changed = editions.last_change()
    if not re.fullmatch(r"GM[0-9]{4}", code):
        raise NotFound()
    row = found(queries.municipality(code))
    response = answer(municipality_object(row, activities.counts_by_municipality().get(code, 0), settings().base_url))
    response.last_modified = changed
    return response


@bp.get("/edities")
@public
def edition_list() -> Response:
    """All editions, the newest first."""
    question(())
    changed = editions.last_change()
    current = editions.current()
    rows = [edition_object(edition, current.year if current else None) for edition in editions.everything()]
    response = answer({"totaal": len(rows), "edities": rows})
    response.last_modified = changed
    return response


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    """The description of all this, for programs."""
    question(())
    return answer(document(settings().base_url, settings().contact_email))


@page.get("/open-data")
@public
def open_data() -> str:
    """For the web team of a municipality: what there is, with pieces to copy that work for that municipality."""
    filters, errors = parse(request.args.items(multi=True))
    row = filters.gemeente[0] if filters.gemeente and not errors else found(reference.municipality(UTRECHT))
    return render_template(
        "api/open_data.html",
        municipality=row,
        municipalities=municipalities_by_province(),
        errors=errors,
        examples=examples(row, settings().base_url),
        short_addresses=short_addresses(row, settings().base_url),
        parameters=OF_ACTIVITIES,
    )


def question(known: tuple[Parameter, ...]) -> Asked:
    """What this address asks; anything wrong is refused, all of it at once (API-02)."""
    asked, errors = read(request.args.items(multi=True), known)
    if errors:
        raise InvalidInput(errors)
    return asked


def activity_numbered(text: str) -> PublicActivity | None:
    """The activity with this number; each has one spelling, and no number is too long to look at."""
    return activities.one_public(int(text)) if re.fullmatch(r"[1-9][0-9]{0,9}", text) else None


def links_of(asked: Asked, total: int) -> dict[str, str | None]:
    """This page and those beside it (RFC 8288)."""
    last = max(1, -(-total // asked.size))
    before = min(asked.number - 1, last)
    return {
        "self": address_of(asked, asked.number),
        "prev": address_of(asked, before) if before else None,
        "next": address_of(asked, asked.number + 1) if asked.number < last else None,
    }


def address_of(asked: Asked, number: int) -> str:
    query = urlencode(asked.pairs(number), safe=",")
    return f"{settings().base_url}/api/v1/activiteiten" + (f"?{query}" if query else "")


def answer(content: object) -> Response:
    return Response(objects.as_json(content), content_type=PLAIN_JSON)


def geo_answer(content: object) -> Response:
    """GeoJSON, and in which system its coordinates are (API-07)."""
    response = Response(objects.as_json(content), content_type=GEO)
    response.headers["Content-Crs"] = CRS84
    return response
