"""The map with the list beside it, the small map for other websites, and the files that the map is drawn with."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import gettext

from weekapp.access import public
from weekapp.activities import queries
from weekapp.activities.chips import chips
from weekapp.activities.choices import choices
from weekapp.activities.facets import facets
from weekapp.activities.filters import Filters, address, as_pairs, away_from_here, focus, parse
from weekapp.activities.short import feed_address
from weekapp.assets import YEAR, asset
from weekapp.editions import queries as editions
from weekapp.geography.rules import PRECISION_WORDS
from weekapp.map.skeleton import CLOSEST, CREDITS, TILE_CREDITS, Skeleton, drawings, skeleton
from weekapp.web import may_be_framed, settings

bp = Blueprint("map", __name__)
PIN_STYLES = "leaflet/leaflet.css", "weekapp/map.css", "weekapp/pin.css"
PIN_SCRIPTS = "leaflet/leaflet.js", "weekapp/map.js", "weekapp/map-names.js", "weekapp/pin.js"


@bp.app_template_global("map_parts")
def map_parts() -> tuple[Skeleton, dict[str, Any]]:
    """What a page of another feature needs to show the map: files and element, and what the script says."""
    return skeleton(settings().tiles_url), texts()


@bp.app_template_global("map_ground")
def map_ground() -> dict[str, Any]:
    """What the map of one pin needs: its files, what lies under it, and what its buttons say."""
    tiles_url, files = settings().tiles_url, drawings()
    data = {
        "tiles": tiles_url,
        "credits": TILE_CREDITS if tiles_url else CREDITS,
        "outline": files["omtrek"].path,
        "places": files["plaatsen"].path,
        "closest": CLOSEST,
    }
    return {"data": data, "texts": texts(), "styles": [asset(one) for one in PIN_STYLES], "scripts": [asset(one) for one in PIN_SCRIPTS]}


@bp.get("")
@public
def index() -> str:
    """List and map of one search; the list comes first and needs no script (A11Y-06)."""
    return render_template("map/index.html", **shown())


@bp.get("/insluiten")
@public
def embed() -> Response:
    """The same, small, for a frame on any website: no cookie."""
    return may_be_framed(make_response(render_template("map/embed.html", **shown())))


@bp.get("/skelet-<digest>.js")
@public
def script(digest: str) -> Response:
    """The script that folium made."""
    made = skeleton(settings().tiles_url)
    if digest != made.digest:
        abort(404)
    return kept_for_ever(made.script, "text/javascript; charset=utf-8")


@bp.get("/<name>-<digest>.geojson")
@public
def drawing(name: str, digest: str) -> Response:
    """Outline of the country, or names of places."""
    found = drawings().get(name)
    if found is None or not found.path.endswith(f"-{digest}.geojson"):
        abort(404)
    return kept_for_ever(found.octets, "application/geo+json")


def kept_for_ever(octets: bytes, content_type: str) -> Response:
    """A file whose address changes with its content."""
    response = Response(octets, content_type=content_type)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def shown() -> dict[str, object]:
    """What both pages show of the search in their address; with a wrong filter nothing, and why."""
    filters, errors = parse(request.args.items(multi=True))
    items = [] if errors else queries.for_map(filters)
    offered = choices(filters, *editions.current_days())
    return {
        "filters": filters,
        "errors": errors,
        "items": items,
        "spelling": [] if errors else queries.spelling(filters),
        "unplaced": sum(item.lon is None for item in items),
        "chips": chips(filters),
        "choices": offered,
        "counts": None if errors else facets(filters, offered.days),
        "map": skeleton(settings().tiles_url),
        "address": address,
        "feed_address": feed_address,
        "geojson": address("/activiteiten.geojson", filters),
        "focus": focus(filters),
        "here": address("/kaart", away_from_here(filters)),
        "elsewhere": as_pairs(away_from_here(filters)),
        "texts": texts(),
        "everything": Filters(),
    }


def texts() -> dict[str, Any]:
    """What the script says; %s stands for a number, a time or a place."""
    return {
        "all": gettext("Bekijk ze allemaal in de lijst"),
        "at": gettext("%(time)s uur", time="%s"),
        "close": gettext("Sluit"),
        "down": gettext("Naar beneden"),
        "failed": gettext("De kaart laadt niet. De lijst werkt wel."),
        "group": gettext("%(number)s activiteiten bij elkaar", number="%s"),
        "here": gettext("%(number)s activiteiten op deze plek", number="%s"),
        "left": gettext("Naar links"),
        "mostly": gettext("vooral in %(place)s", place="%s"),
        "off": gettext("Gaat niet door"),
        "right": gettext("Naar rechts"),
        "precisions": {precision: gettext(words) for precision, words in PRECISION_WORDS.items()},
        "up": gettext("Naar boven"),
        "zoomIn": gettext("Dichterbij"),
        "zoomOut": gettext("Verder weg"),
    }
