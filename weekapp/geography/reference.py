"""The reference data that travel with the program; where they come from is in data/PROVENANCE.md."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from statistics import fmean

DATA = files("weekapp.geography") / "data"


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality of today: CBS code, Dutch name, slug of its page, province, a central point in degrees (WGS84)."""

    code: str
    name: str
    slug: str
    province: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Postcode4:
    """Four postcode digits: their main place and municipality, and the middle of their addresses in degrees (WGS84)."""

    digits: str
    place: str
    municipality_code: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class FormerMunicipality:
    """A municipality that no longer exists, the last day it did, and the codes of one or more successors (DATA-07)."""

    code: str
    slug: str
    name: str
    successors: tuple[str, ...]
    valid_to: date


@cache
def municipalities() -> tuple[MunicipalityRow, ...]:
    """All municipalities of today, by code."""
    return tuple(
        MunicipalityRow(row["code"], row["name"], row["slug"], row["province"], float(row["lon"]), float(row["lat"]))
        for row in rows("municipalities.csv")
    )


def municipality(code: str) -> MunicipalityRow | None:
    """The municipality of today with this CBS code ('GM0344')."""
    return by_code().get(code)


def postcode4(digits: str) -> Postcode4 | None:
    """Where the postcodes with these four digits are; None when they do not exist or when the source is plainly wrong."""
    return by_digits().get(digits)


def postcodes4() -> tuple[Postcode4, ...]:
    """All postcode areas that are trusted."""
    return tuple(by_digits().values())


def former(slug: str) -> FormerMunicipality | None:
    """The municipality that had this slug and was merged or split since 2019: its page redirects, or shows a choice."""
    return by_former_slug().get(slug)


@cache
def outline_bytes() -> bytes:
    """The outline of the Netherlands as GeoJSON, to draw; too coarse to decide whether a point is inside."""
    return (DATA / "outline.geojson").read_bytes()


@cache
def places_bytes() -> bytes:
    """Names of larger places as GeoJSON points; `rank` 1 fits at any zoom, 2 and 3 need more room."""
    return (DATA / "places.geojson").read_bytes()


@cache
def close_by_bytes() -> bytes:
    """For who has come close, as GeoJSON points: villages (rank 4) and, in places with several, the digits of postcodes (rank 5)."""
    larger = {one["properties"]["name"] for one in json.loads(places_bytes())["features"]}
    areas: dict[str, list[Postcode4]] = {}
    for one in postcodes4():
        areas.setdefault(one.place, []).append(one)
    middles = {name: (fmean(one.lon for one in some), fmean(one.lat for one in some)) for name, some in areas.items()}
    villages = [labelled(name, 4, *middle) for name, middle in middles.items() if name not in larger]
    digits = [labelled(one.digits, 5, one.lon, one.lat) for some in areas.values() if len(some) > 1 for one in some]
    return json.dumps({"type": "FeatureCollection", "features": villages + digits}, ensure_ascii=False, separators=(",", ":")).encode()


def labelled(name: str, rank: int, lon: float, lat: float) -> dict[str, object]:
    """A name at a point."""
    point = {"type": "Point", "coordinates": [round(lon, 3), round(lat, 3)]}
    return {"type": "Feature", "geometry": point, "properties": {"name": name, "rank": rank}}


@cache
def by_code() -> dict[str, MunicipalityRow]:
    """The municipalities of today by CBS code."""
    return {row.code: row for row in municipalities()}


@cache
def by_digits() -> dict[str, Postcode4]:
    """The postcodes that are trusted, by their four digits."""
    return {
        row["postcode4"]: Postcode4(row["postcode4"], row["place"], row["municipality_code"], float(row["lon"]), float(row["lat"]))
        for row in rows("postcodes.csv")
        if row["trusted"] == "1"
    }


@cache
def by_former_slug() -> dict[str, FormerMunicipality]:
    """The former municipalities by slug."""
    return {
        row["slug"]: FormerMunicipality(
            row["code"], row["slug"], row["name"], tuple(row["successors"].split()), date.fromisoformat(row["valid_to"])
        )
        for row in rows("former_municipalities.csv")
    }


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV file of the package."""
    yield from csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines())
