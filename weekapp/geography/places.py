"""Towns and villages by name, however somebody spells them: what stands behind the one search box of the home page.

The names are those of the postcode areas, so a village is found that is no municipality.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from rapidfuzz import process
from rapidfuzz.distance import OSA
from slugify import slugify

from weekapp.geography import reference
from weekapp.geography.reference import MunicipalityRow, Postcode4
from weekapp.geography.rules import distance_km

ONE_PLACE_KM = 15.0  # areas of one name that lie nearer to each other are one place
FIRST_TYPO, SECOND_TYPO = 5, 8  # letters from which on a name may hold so many typos
APART = re.compile(r" (\(.*?\)|Gn|GN|Gld|Ut|NB|NH|AC)$")  # what the source writes behind a name that there is twice
OTHER_NAMES = {"denbosch": "shertogenbosch", "sgravenhage": "denhaag", "thehague": "denhaag"}


@dataclass(frozen=True, slots=True)
class Place:
    """A town or village: its name, the municipality it lies in, and the postcode area nearest to its middle."""

    name: str
    municipality: MunicipalityRow
    middle: Postcode4


def places_called(text: str) -> tuple[Place, ...]:
    """All places of this name: there are five called Nes, and some are called Bergen."""
    return by_key().get(key_of(text), ())


def municipalities_called(text: str) -> tuple[MunicipalityRow, ...]:
    """All municipalities of this name; two are called Bergen."""
    return municipalities_by_key().get(key_of(text), ())


def municipalities_meant(text: str) -> set[str]:
    """The codes of the municipalities of this name, or in which a village of this name lies; with a typo in it, of the nearest names."""
    names = [text] if municipalities_called(text) or places_called(text) else names_like(text)
    found = {row.code for name in names for row in municipalities_called(name)}
    return found | {place.municipality.code for name in names for place in places_called(name)}


def names_like(text: str) -> list[str]:
    """The names, as keys, that come nearest to a name with a typo or two in it; none when nothing comes near."""
    typed = key_of(text)
    most = 0 if len(typed) < FIRST_TYPO or any(letter.isdigit() for letter in typed) else 1 if len(typed) < SECOND_TYPO else 2
    names = sorted({*by_key(), *municipalities_by_key()})
    found = process.extract(typed, names, scorer=OSA.distance, score_cutoff=most, limit=None) if most else []
    nearest = min((distance for _, distance, _ in found), default=0)
    return [name for name, distance, _ in found if distance == nearest]


def key_of(text: str) -> str:
    """A name without what people leave out or write differently: capitals, accents, hyphens, spaces, (NH)."""
    key = slugify(APART.sub("", text)).replace("-", "")
    return OTHER_NAMES.get(key, key)


@cache
def municipalities_by_key() -> dict[str, tuple[MunicipalityRow, ...]]:
    found: dict[str, list[MunicipalityRow]] = {}
    for row in reference.municipalities():
        found.setdefault(key_of(row.name), []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


@cache
def by_key() -> dict[str, tuple[Place, ...]]:
    areas: dict[str, list[Postcode4]] = {}
    for one in reference.postcodes4():
        areas.setdefault(key_of(one.place), []).append(one)
    return {key: tuple(place_of(group) for group in together(some)) for key, some in areas.items()}


def together(areas: Iterable[Postcode4]) -> list[list[Postcode4]]:
    """Areas of one name, those of one place together."""
    groups: list[list[Postcode4]] = []
    for area in areas:
        near = (group for group in groups if any(distance_km(area.lon, area.lat, one.lon, one.lat) < ONE_PLACE_KM for one in group))
        group = next(near, None)
        if group is None:
            groups.append([area])
        else:
            group.append(area)
    return groups


def place_of(areas: list[Postcode4]) -> Place:
    """The place that these areas are."""
    lon, lat = fmean(one.lon for one in areas), fmean(one.lat for one in areas)
    middle = min(areas, key=lambda one: (distance_km(lon, lat, one.lon, one.lat), one.digits))
    row = reference.municipality(middle.municipality_code)
    assert row is not None, middle  # the build script lets no area through without one
    return Place(APART.sub("", middle.place), row, middle)
