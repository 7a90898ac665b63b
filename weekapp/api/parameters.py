"""What may be asked of the API: names in lowerCamelCase (API-01) for the filters of the site, read with all errors at once (API-02)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from slugify import slugify

from weekapp.activities.choices import municipalities_by_province
from weekapp.activities.filters import LARGEST_RADIUS_KM, LONGEST_TEXT, ONCE, UNKNOWN_FILTER, Filters, Pairs, as_pairs, parse
from weekapp.activities.rules import Audience, Language, Theme
from weekapp.errors import N_

PAGE_SIZE, LARGEST_PAGE = 100, 500
MOST_PAGES = 100_000
JSON, GEOJSON = "json", "geojson"

NO_VALUE = N_("Geef een waarde, of haal dit filter weg.")
NO_SIGNS = N_("Hier staat een teken in dat we niet kunnen lezen.")
ONLY_TRUE = N_("Vul hier true in, of haal dit filter weg.")
NO_CODE = N_("Vul de code van een gemeente in. Bijvoorbeeld: GM0344.")
NO_PAGE = N_("Vul een bladzijde in van 1 tot en met 100000.")
NO_PAGE_SIZE = N_("Vul een getal in van 1 tot en met 500.")
NO_FORMAT = N_("Kies json of geojson.")


@dataclass(frozen=True)
class Parameter:
    """One name in an address. `filter` is what the site calls it, `schema` its values in the words of JSON Schema."""

    name: str
    meaning: str
    example: str
    schema: dict[str, Any] = field(hash=False)
    filter: str = ""
    is_many: bool = False

    def is_wrong(self, text: str) -> str:
        """What is wrong with a value before the site reads it; "" for nothing."""
        if self.schema.get("type") == "boolean" and text != "true":
            return ONLY_TRUE
        if self.filter == "gemeente" and not re.fullmatch(r"GM[0-9]{4}", text):
            return NO_CODE
        return ""


def day(name: str, site: str, meaning: str, *, is_many: bool = False) -> Parameter:
    return Parameter(name, meaning, "2027-09-30", {"type": "string", "format": "date"}, site, is_many)


def yes(name: str, meaning: str, site: str = "") -> Parameter:
    return Parameter(name, meaning, "true", {"type": "boolean", "enum": [True]}, site or name)


def words(values: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values]}


FILTERS = (
    Parameter(
        "zoek", N_("Woorden die in de activiteit staan."), "soep", {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}, "q"
    ),
    Parameter("gemeentecode", N_("De code van het CBS."), "GM0344", {"type": "string", "pattern": "^GM[0-9]{4}$"}, "gemeente", True),
    Parameter("provincie", N_("Een provincie."), "utrecht", words(map(slugify, municipalities_by_province())), "provincie", True),
    day("datumVanaf", "van", N_("Op of na deze dag.")),
    day("datumTot", "tot", N_("Op of voor deze dag.")),
    day("dag", "dag", N_("Precies op deze dag."), is_many=True),
    Parameter("thema", N_("Het soort activiteit."), "eten", words(Theme), "thema", True),
    Parameter("doelgroep", N_("Voor wie het is."), "ouderen", words(Audience), "doelgroep", True),
    Parameter("taal", N_("Een taal die mensen er spreken, naast Nederlands."), "ar", words(Language), "taal", True),
    Parameter(
        "postcode", N_("In de buurt van deze postcode."), "3511", {"type": "string", "pattern": "^[1-9][0-9]{3} ?([A-Z]{2})?$"}, "postcode"
    ),
    Parameter(
        "straal",
        N_("Zo ver van de postcode, in kilometers. Zonder dit filter 10."),
        "5",
        {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST_RADIUS_KM},
        "straal",
    ),
    Parameter(
        "bbox",
        N_("Een gebied: west, zuid, oost, noord in graden (CRS84)."),
        "5.0,52.0,5.2,52.2",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
        "bbox",
    ),
    yes("gratis", N_("Alleen wat gratis is.")),
    yes("rolstoel", N_("Alleen waar je met een rolstoel naar binnen kunt.")),
    yes("ringleiding", N_("Alleen waar een ringleiding is.")),
    yes("toilet", N_("Alleen waar een toilet is voor mensen met een rolstoel.")),
    yes("prikkelarm", N_("Alleen waar het rustig is, met weinig prikkels.")),
    yes("ov", N_("Alleen waar een halte is op minder dan 5 minuten lopen.")),
    yes("alleen", N_("Alleen waar je alleen kunt komen.")),
    yes("zonderAanmelden", N_("Alleen waar je je niet hoeft aan te melden."), "zonder_aanmelden"),
)
PAGE = Parameter("pagina", N_("De bladzijde, vanaf 1."), "2", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES})
SIZE = Parameter(
    "paginagrootte",
    N_("Hoeveel op een bladzijde. Zonder dit filter 100."),
    "50",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
)
FORMAT = Parameter("formaat", N_("JSON of GeoJSON. Dit gaat voor op de header Accept."), GEOJSON, words([JSON, GEOJSON]))
OF_ACTIVITIES = (*FILTERS, PAGE, SIZE, FORMAT)

API_NAMES = {one.filter: one.name for one in FILTERS}


class Asked(NamedTuple):
    """A question to the list of activities that can be answered."""

    filters: Filters
    number: int = 1
    size: int = PAGE_SIZE
    format: str = JSON

    def pairs(self, number: int) -> Pairs:
        """The address of another page of the same question, in its one spelling."""
        asked = [(API_NAMES[name], spelled(name, text)) for name, text in as_pairs_with_codes(self.filters)]
        own = [("pagina", number, 1), ("paginagrootte", self.size, PAGE_SIZE), ("formaat", self.format, JSON)]
        return asked + [(name, str(value)) for name, value, usual in own if value != usual]


def as_pairs_with_codes(filters: Filters) -> Pairs:
    """The filters as the site spells them, but with the codes of municipalities."""
    codes = {row.slug: row.code for row in filters.gemeente}
    return [(name, codes[text] if name == "gemeente" else text) for name, text in as_pairs(filters)]


def spelled(name: str, text: str) -> str:
    """A value of the site in the spelling of the API."""
    is_yes = next(one for one in FILTERS if one.filter == name).schema.get("type") == "boolean"
    return "true" if is_yes else text


def read(given: Iterable[tuple[str, str]], known: tuple[Parameter, ...] = OF_ACTIVITIES) -> tuple[Asked, Pairs]:
    """The question in the pairs of an address, and every (name, message) that is wrong; with errors it must not be answered."""
    by_name = {one.name: one for one in known}
    errors: Pairs = []
    pairs: Pairs = []
    own: dict[str, str] = {}
    for name, text in given:
        parameter = by_name.get(name)
        wrong = wrong_text(parameter, text)
        if parameter is None or wrong:
            errors.append((printable(name), wrong))
        elif parameter.filter:
            pairs.append((parameter.filter, text))
        elif own.setdefault(name, text) != text:
            errors.append((name, ONCE))
    filters, of_site = parse(pairs)
    errors += [(API_NAMES[name], message) for name, message in of_site]
    number = whole(own, PAGE, MOST_PAGES, NO_PAGE, 1, errors)
    size = whole(own, SIZE, LARGEST_PAGE, NO_PAGE_SIZE, PAGE_SIZE, errors)
    if own.get(FORMAT.name, JSON) not in (JSON, GEOJSON):
        errors.append((FORMAT.name, NO_FORMAT))
    return Asked(filters, number, size, own.get(FORMAT.name, JSON)), list(dict.fromkeys(errors))


def wrong_text(parameter: Parameter | None, text: str) -> str:
    """What is wrong with a name or its value; "" for nothing. No value at all is never everything."""
    if parameter is None:
        return UNKNOWN_FILTER
    if not text.strip():
        return NO_VALUE
    if printable(text, len(text)) != text:
        return NO_SIGNS
    return parameter.is_wrong(text)


def printable(text: str, longest: int = 40) -> str:
    """Without control characters (NUL among them), cut for an answer."""
    return "".join(sign for sign in text[:longest] if unicodedata.category(sign) not in {"Cc", "Cs"})


def whole(own: dict[str, str], parameter: Parameter, largest: int, message: str, usual: int, errors: Pairs) -> int:
    """A whole number from 1; adds to `errors` when it is none."""
    text = own.get(parameter.name)
    if text is None:
        return usual
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= largest:
        errors.append((parameter.name, message))
        return usual
    return int(text)
