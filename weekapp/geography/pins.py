"""Pins that somebody puts right by hand: finding a place by its name, moving a point, and where a pin may stand.

There are no borders of municipalities in our data (docs/decisions/0004-map.md): the middles of postcode areas say whose land it is.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from slugify import slugify

from weekapp.errors import N_, DomainError
from weekapp.geography import reference
from weekapp.geography.reference import Postcode4
from weekapp.geography.rules import common_town, distance_km, in_netherlands

LonLat = tuple[float, float]  # degrees, WGS84
METRES_PER_DEGREE = 111_320.0  # of latitude
FARTHEST_KM = 10.0  # from the middle of the nearest postcode area: nowhere in the country is farther
BORDER_KM = 1.0
POSTCODE = re.compile(r"([1-9][0-9]{3})(\s?[A-Za-z]{2})?(\s.*)?")


class WrongPlace(DomainError):
    """A pin that cannot stand there."""

    status = 400


class Direction(StrEnum):
    """Which way a pin is moved."""

    NORTH = "noord"
    EAST = "oost"
    SOUTH = "zuid"
    WEST = "west"


STEP_EAST_NORTH = {Direction.NORTH: (0, 1), Direction.EAST: (1, 0), Direction.SOUTH: (0, -1), Direction.WEST: (-1, 0)}


def moved(point: LonLat, direction: Direction, metres: int) -> LonLat:
    """The point so many metres further."""
    east, north = STEP_EAST_NORTH[direction]
    lon, lat = point
    return rounded((lon + east * metres / (METRES_PER_DEGREE * math.cos(math.radians(lat))), lat + north * metres / METRES_PER_DEGREE))


def rounded(point: LonLat) -> LonLat:
    """In five decimals, about a metre: as a pin is kept."""
    return round(point[0], 5), round(point[1], 5)


def metres_between(one: LonLat, other: LonLat) -> int:
    """How far apart two points are."""
    return round(distance_km(*one, *other) * 1000)


def check_pin(point: LonLat, municipality_code: str | None) -> None:
    """Raises WrongPlace when a point lies outside the country, or plainly not in this municipality (None: not known which)."""
    if not is_in_country(point):
        raise WrongPlace(N_("Deze plek ligt niet in Nederland. Kies een andere plek."))
    row = reference.municipality(municipality_code or "")
    if row and not is_in_municipality(point, row.code):
        raise WrongPlace(N_("Deze plek ligt niet in de gemeente %(name)s. Kies een plek dichter bij het adres."), name=row.name)


def is_in_country(point: LonLat) -> bool:
    """Whether a point lies in the European Netherlands, or just over its border."""
    return in_netherlands(*point) and nearest_km(point, reference.postcodes4()) <= FARTHEST_KM


def is_in_municipality(point: LonLat, code: str) -> bool:
    """Whether a point can lie in this municipality: its own postcode areas are not much farther away than others."""
    own = [row for row in reference.postcodes4() if row.municipality_code == code]
    return not own or nearest_km(point, own) <= 2 * nearest_km(point, reference.postcodes4()) + BORDER_KM


def municipality_at(point: LonLat) -> str | None:
    """The code of the municipality around a point; None close to a border, where we cannot tell."""
    codes = {row.municipality_code for row in around(point, 3)}
    return codes.pop() if len(codes) == 1 and is_in_country(point) else None


def around(point: LonLat, most: int) -> list[Postcode4]:
    """The postcode areas whose middles are nearest, nearest first."""
    return sorted(reference.postcodes4(), key=lambda row: distance_km(*point, row.lon, row.lat))[:most]


def nearest_km(point: LonLat, rows: Iterable[Postcode4]) -> float:
    """How far the nearest of these middles is."""
    return min(distance_km(*point, row.lon, row.lat) for row in rows)


def named(text: str, near: LonLat | None = None) -> LonLat | None:
    """Where a postcode, a town or a municipality is, told from our own tables; of towns with one name the one that is nearest."""
    if found := POSTCODE.fullmatch(text.strip()):
        row = reference.postcode4(found[1])
        return (row.lon, row.lat) if row else None
    places = by_name().get(folded(text), [])
    return min(places, key=lambda place: metres_between(place, near)) if near and places else next(iter(places), None)


@cache
def by_name() -> dict[str, list[LonLat]]:
    """The middles of towns, then of municipalities, by the name in small letters."""
    areas: dict[tuple[str, str], list[LonLat]] = defaultdict(list)
    for area in reference.postcodes4():
        areas[folded(area.place), area.municipality_code].append((area.lon, area.lat))
    names: dict[str, list[LonLat]] = defaultdict(list)
    for (name, _code), points in areas.items():
        names[name].append(rounded((sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points))))
    for row in reference.municipalities():
        names.setdefault(folded(row.name), [(row.lon, row.lat)])
    return dict(names)


def folded(name: str) -> str:
    """A name as it is compared: small letters, without accents and signs."""
    return slugify(common_town(" ".join(name.split())), separator=" ")
