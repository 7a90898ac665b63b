"""The map's script, made by folium once per process: the same settings give the same bytes, so browsers keep it for ever.

folium would put its script into the page and take Leaflet from other hosts. Here its parts have fixed names, its files are those of
`weekapp.assets`, and its script is a file of its own: the page needs no inline script. What differs per page (which search) is read from
the element that the map stands in. See docs/decisions/0004-map.md.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from weekapp.assets import asset
from weekapp.geography import reference

CENTRE = [52.2, 5.3]  # latitude, longitude of the middle of the country
ZOOM, FARTHEST, CLOSEST = 7, 6, 17
CLOSEST_DRAWN = 14  # closer than that there is nothing on a drawn map to see where one is; pins on one spot fan out
CREDITS = "Plaatsen en postcodes: GeoNames (CC BY 4.0), bewerkt. Omtrek: CBS, via cbsplotlib (MIT)."
TILE_CREDITS = "Ondergrond: Kadaster, PDOK (CC BY 4.0). Plaatsen en postcodes: GeoNames (CC BY 4.0), bewerkt."
JS = ("leaflet/leaflet.js", "markercluster/leaflet.markercluster.js", "weekapp/map.js", "weekapp/map-area.js", "weekapp/map-names.js")
CSS = ("leaflet/leaflet.css", "markercluster/MarkerCluster.css")
SHEET, LATER = "weekapp/map.css", "weekapp/map-later.js"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What a page with a map needs: the id of the map's element, its look, and the small script that fetches the rest when it is seen.

    The rest: style sheets that come before the look, scripts in order, and the script that folium made.
    """

    element: str
    sheet: str
    later: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    script: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A GeoJSON file of ours under an address that changes with its content."""

    name: str
    octets: bytes

    @property
    def path(self) -> str:
        """The address, without the host."""
        return f"/kaart/{self.name}-{digest_of(self.octets)}.geojson"


class BareMap(folium.Map):
    """A folium map without folium's own files: a page links to ours."""

    default_js: list[tuple[str, str]] = []
    default_css: list[tuple[str, str]] = []


class Part(MacroElement):
    """A piece of the script."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]


class Activities(Part):
    """The activities of the search that the map's element names, in clusters; see `showActivities` in static/map.js."""

    _template = Template("{% macro script(this, kwargs) %}komErbij.showActivities({{ this._parent.get_name() }});{% endmacro %}")


class Controls(Part):
    """Buttons to move and to zoom without dragging (A11Y-09)."""

    _template = Template("{% macro script(this, kwargs) %}komErbij.addControls({{ this._parent.get_name() }});{% endmacro %}")


class Country(Part):
    """The outline of the country and names of places, for a map without any other host."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "komErbij.drawCountry({{ this._parent.get_name() }}, {{ this.outline|tojson }}, {{ this.places|tojson }}, "
        "{{ this.credits|tojson }}, {{ this.close_by|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, outline: str, places: str, close_by: str, credits: str) -> None:
        super().__init__()
        self.outline, self.places, self.close_by, self.credits = outline, places, close_by, credits


@cache
def drawings() -> dict[str, Drawing]:
    """The files that the map is drawn from, by the name in their address."""
    files = {"omtrek": reference.outline_bytes(), "plaatsen": reference.places_bytes(), "dichtbij": reference.close_by_bytes()}
    return {name: Drawing(name, octets) for name, octets in files.items()}


@cache
def skeleton(tiles_url: str) -> Skeleton:
    """The map for this address of tiles; without one the country is drawn from our own data."""
    closest = CLOSEST if tiles_url else CLOSEST_DRAWN
    drawn = BareMap(
        CENTRE, zoom_start=ZOOM, tiles=None, zoom_control=False, minZoom=FARTHEST, maxZoom=closest, zoomSnap=0.25, worldCopyJump=False
    )
    named(drawn, "kaart", "nl")
    if tiles_url:
        named(folium.TileLayer(tiles_url, attr=TILE_CREDITS, name="achtergrond", max_zoom=19), "ondergrond", "brt").add_to(drawn)
    else:
        files = drawings()
        outline, places, close_by = (files[name].path for name in ("omtrek", "plaatsen", "dichtbij"))
        named(Country(outline, places, close_by, CREDITS), "omtrek", "nl").add_to(drawn)
    named(Controls(), "knoppen", "nl").add_to(drawn)
    named(Activities(), "laag", "activiteiten").add_to(drawn)
    figure: Any = drawn.get_root()
    figure.render()  # fills figure.script
    script = figure.script.render().encode()
    return Skeleton(drawn.get_name(), asset(SHEET), asset(LATER), tuple(map(asset, CSS)), tuple(map(asset, JS)), script, digest_of(script))


def named(part: MacroElement, name: str, ident: str) -> MacroElement:
    """The part under a fixed name: folium's own names are random, and would change the script with each start."""
    part._name, part._id = name, ident
    return part


def digest_of(octets: bytes) -> str:
    return hashlib.blake2s(octets, digest_size=6).hexdigest()
