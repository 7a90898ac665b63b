"""What somebody may search by: the filters of page, map and feeds, read from an address and written back (product.md)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from slugify import slugify

from weekapp.activities.rules import Audience, Language, Theme, folded
from weekapp.activities.words import words_in
from weekapp.errors import N_
from weekapp.geography import reference
from weekapp.geography.reference import MunicipalityRow, Postcode4
from weekapp.geography.rules import normalise_postcode

Pairs = list[tuple[str, str]]
Member = TypeVar("Member", Theme, Audience, Language)

RADIUS_KM, LARGEST_RADIUS_KM = 10.0, 200.0
MUNICIPALITY_KM = 6.0  # from its middle to the edge of what the map shows of it
LONGEST_TEXT, MOST_WORDS = 100, 10
FIRST_DATE, LAST_DATE = date(2010, 1, 1), date(2099, 12, 31)
YES = {"1", "ja", "true", "on"}
YES_WORDS = {
    "gratis": N_("Gratis"),
    "alleen": N_("Je kunt alleen komen"),
    "rolstoel": N_("Met een rolstoel naar binnen"),
    "toilet": N_("Er is een toilet voor mensen met een rolstoel"),
    "ringleiding": N_("Er is een ringleiding"),
    "prikkelarm": N_("Het is er rustig, met weinig prikkels"),
    "ov": N_("Er is een halte op minder dan 5 minuten lopen"),
    "zonder_aanmelden": N_("Zonder aanmelden"),
}

UNKNOWN_FILTER = N_("Dit filter kennen we niet. Haal het weg uit het adres.")
ONCE = N_("Dit filter kan maar één keer. Kies één waarde.")
ONLY_YES = N_("Vul hier 1 in, of haal dit filter weg.")
NOT_A_DATE = N_("Vul een dag in als jaar-maand-dag. Bijvoorbeeld: 2027-09-30.")
DAYS_REVERSED = N_("De laatste dag ligt voor de eerste dag. Draai ze om.")
NO_WORDS = N_("Zoek met een gewoon woord. Bijvoorbeeld: soep.")
TOO_MANY_WORDS = N_("Je zoekt met te veel woorden. Gebruik er hooguit 10.")
NO_MUNICIPALITY = N_("Deze gemeente kennen we niet. Kies een gemeente uit de lijst.")
NO_PROVINCE = N_("Deze provincie kennen we niet. Kies een provincie uit de lijst.")
NO_THEME = N_("Dit soort activiteit kennen we niet. Kies er een uit de lijst.")
NO_AUDIENCE = N_("Deze doelgroep kennen we niet. Kies er een uit de lijst.")
NO_LANGUAGE = N_("Deze taal kennen we niet. Kies er een uit de lijst.")
NO_POSTCODE = N_("Deze postcode kennen we niet. Vul 4 cijfers in. Bijvoorbeeld: 3511.")
NO_RADIUS = N_("Vul een afstand in van 1 tot en met 200 kilometer.")
RADIUS_OF_WHAT = N_("Vul ook een postcode in. Dan weten we waar je zoekt.")
NO_BOX = N_("Dit gebied begrijpen we niet. Geef west, zuid, oost en noord in graden.")


class Wrong(ValueError):
    """A value that cannot be used; its text is a catalogue text for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What to find. Empty means: not asked for. Days are Dutch days, `straal` is in kilometres, `bbox` in degrees.

    Different filters narrow the result; several values of one filter widen it.
    """

    q: str = ""
    gemeente: tuple[MunicipalityRow, ...] = ()
    provincie: tuple[str, ...] = ()
    dag: tuple[date, ...] = ()
    van: date | None = None
    tot: date | None = None
    thema: tuple[Theme, ...] = ()
    doelgroep: tuple[Audience, ...] = ()
    taal: tuple[Language, ...] = ()
    postcode: str = ""
    straal: float = RADIUS_KM
    bbox: tuple[float, float, float, float] | None = None
    gratis: bool = False
    alleen: bool = False
    rolstoel: bool = False
    toilet: bool = False
    ringleiding: bool = False
    prikkelarm: bool = False
    ov: bool = False
    zonder_aanmelden: bool = False

    @property
    def centre(self) -> Postcode4 | None:
        """The middle of the postcode area to search around."""
        return reference.postcode4(self.postcode[:4]) if self.postcode else None

    @property
    def words(self) -> tuple[str, ...]:
        """The words of `q` that say something, folded like the texts that they are looked up in."""
        return tuple(words_in(folded(self.q)))

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == Filters()


def parse(pairs: Iterable[tuple[str, str]], *, also: frozenset[str] = frozenset()) -> tuple[Filters, Pairs]:
    """The filters in the pairs of an address, and every (field, message) that is wrong.

    `also` names what else this address takes (a page number). An empty value counts as absent, since forms send those; with
    errors the filters hold what could be read, to show the form again, and must not be searched by.
    """
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if text.strip():
            given.setdefault(name, []).append(text.strip())
    values: dict[str, Any] = {}
    errors: Pairs = []
    for name, texts in given.items():
        if name in READERS:
            try:
                values[name] = READERS[name](texts)
            except Wrong as wrong:
                errors.append((name, str(wrong)))
        elif name not in also:
            errors.append((name[:40], UNKNOWN_FILTER))
    if values.get("van") and values.get("tot") and values["van"] > values["tot"]:
        errors.append(("tot", DAYS_REVERSED))
    if "straal" in values and "postcode" not in given:
        errors.append(("postcode", RADIUS_OF_WHAT))
    return Filters(**values), errors


def one(texts: list[str]) -> str:
    """The only value of a filter that takes one."""
    if len(set(texts)) > 1:
        raise Wrong(ONCE)
    return texts[0]


def read_text(texts: list[str]) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in one(texts)).split())
    words = folded(text).split()
    if not words_in(folded(text)):
        raise Wrong(NO_WORDS)
    if len(words) > MOST_WORDS or len(text) > LONGEST_TEXT:
        raise Wrong(TOO_MANY_WORDS)
    return text


def read_municipalities(texts: list[str]) -> tuple[MunicipalityRow, ...]:
    found = {row.slug: row for text in texts for row in municipalities_called(text)}
    return tuple(found[slug] for slug in sorted(found))


def municipalities_called(text: str) -> tuple[MunicipalityRow, ...]:
    """By slug, code or name; a former municipality means those that took its place (DATA-07)."""
    current = reference.municipality(text.upper()) or municipality_by_slug().get(slugify(text))
    if current:
        return (current,)
    former = reference.former(slugify(text))
    if former is None:
        raise Wrong(NO_MUNICIPALITY)
    return tuple(row for code in former.successors if (row := reference.municipality(code)))


def read_provinces(texts: list[str]) -> tuple[str, ...]:
    try:
        return tuple(sorted({province_by_slug()[slugify(text)] for text in texts}))
    except KeyError:
        raise Wrong(NO_PROVINCE) from None


def read_day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Wrong(NOT_A_DATE)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Wrong(NOT_A_DATE) from None
    if not FIRST_DATE <= day <= LAST_DATE:
        raise Wrong(NOT_A_DATE)
    return day


def read_members(kind: type[Member], message: str, texts: list[str]) -> tuple[Member, ...]:
    try:
        return tuple(sorted({kind(text) for text in texts}))
    except ValueError:
        raise Wrong(message) from None


def read_postcode(texts: list[str]) -> str:
    text = one(texts)
    postcode = text if re.fullmatch(r"[1-9][0-9]{3}", text) else normalise_postcode(text)
    if postcode is None or reference.postcode4(postcode[:4]) is None:
        raise Wrong(NO_POSTCODE)
    return postcode


def read_radius(texts: list[str]) -> float:
    text = one(texts).replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", text) or not 0 < float(text) <= LARGEST_RADIUS_KM:
        raise Wrong(NO_RADIUS)
    return float(text)


def read_box(texts: list[str]) -> tuple[float, float, float, float]:
    parts = one(texts).split(",")
    if len(parts) != 4 or not all(re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", part.strip()) for part in parts):
        raise Wrong(NO_BOX)
    west, south, east, north = map(float, parts)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Wrong(NO_BOX)
    return west, south, east, north


def read_yes(texts: list[str]) -> bool:
    if one([text.lower() for text in texts]) not in YES:
        raise Wrong(ONLY_YES)
    return True


READERS: dict[str, Callable[[list[str]], object]] = {
    "q": read_text,
    "gemeente": read_municipalities,
    "provincie": read_provinces,
    "dag": lambda texts: tuple(sorted({read_day(text) for text in texts})),
    "van": lambda texts: read_day(one(texts)),
    "tot": lambda texts: read_day(one(texts)),
    "thema": lambda texts: read_members(Theme, NO_THEME, texts),
    "doelgroep": lambda texts: read_members(Audience, NO_AUDIENCE, texts),
    "taal": lambda texts: read_members(Language, NO_LANGUAGE, texts),
    "postcode": read_postcode,
    "straal": read_radius,
    "bbox": read_box,
    **dict.fromkeys(YES_WORDS, read_yes),
}


def as_pairs(filters: Filters) -> Pairs:
    """The same search in its one spelling: always in the same order, and nothing that is not asked for."""
    pairs: Pairs = []
    for field in fields(filters):
        value = getattr(filters, field.name)
        if field.name == "straal":
            value = value if filters.postcode and value != RADIUS_KM else None
        pairs += [(field.name, text) for text in texts_of(field.name, value)]
    return pairs


def texts_of(name: str, value: Any) -> list[str]:
    """The values of one filter as they stand in an address."""
    if name == "gemeente":
        return [row.slug for row in value]
    if name == "provincie":
        return [slugify(province) for province in value]
    if name == "bbox":
        return [",".join(number(part) for part in value)] if value else []
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if isinstance(value, bool):
        return ["1"] if value else []
    if isinstance(value, float):
        return [number(value)]
    return [str(value)] if value else []


def number(value: float) -> str:
    """10 and 7.5, never 10.0 or 1e-05."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def address(path: str, filters: Filters, **more: object) -> str:
    """The address of a page or feed with these filters, and with `more` where a value is given."""
    query = urlencode(as_pairs(filters) + [(name, str(value)) for name, value in more.items() if value is not None])
    return f"{path}?{query}" if query else path


def away_from_here(filters: Filters) -> Filters:
    """The same search without what says where it is near to, to look at another place."""
    return replace(filters, postcode="", straal=RADIUS_KM, bbox=None)


def focus(filters: Filters) -> tuple[float, float, float, float] | None:
    """The part of the map (west, south, east, north) that a search is about, also when it finds nothing; None: the country."""
    if filters.bbox:
        return filters.bbox
    centre = filters.centre
    points = [(centre.lon, centre.lat)] if centre else [(row.lon, row.lat) for row in filters.gemeente]
    if not points:
        return None
    north = (filters.straal if centre else MUNICIPALITY_KM) / 111
    east = north * 1.63  # a degree of longitude is shorter, at 52 degrees north
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return round(min(lons) - east, 3), round(min(lats) - north, 3), round(max(lons) + east, 3), round(max(lats) + north, 3)


def days_asked(filters: Filters) -> list[tuple[date, date]] | None:
    """The Dutch days on which a moment must be, as stretches of (first, last); None when any day will do."""
    first, last = filters.van or FIRST_DATE, filters.tot or LAST_DATE
    if filters.dag:
        return [(day, day) for day in filters.dag if first <= day <= last]
    return [(first, last)] if filters.van or filters.tot else None


@cache
def municipality_by_slug() -> dict[str, MunicipalityRow]:
    return {row.slug: row for row in reference.municipalities()}


@cache
def province_by_slug() -> dict[str, str]:
    """Names of provinces by slug; Fryslân answers to its Dutch name too."""
    names = {slugify(row.province): row.province for row in reference.municipalities()}
    return names | {"friesland": next(name for name in names.values() if slugify(name) in {"fryslan", "friesland"})}
