"""Postcodes, house numbers, distances and how sure we are of a place: values in, answer out."""

import math
import re
from enum import StrEnum
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.nl import postcode as dutch_postcode

from weekapp.errors import N_

EARTH_KM = 6371.0


class Precision(StrEnum):
    """How exactly a location is known; shown with every pin (product.md, rule 10)."""

    ADDRESS = "address"
    PC6 = "pc6"
    PC4 = "pc4"
    MUNICIPALITY = "municipality"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"


PRECISION_WORDS = {
    Precision.ADDRESS: N_("De plek op de kaart is het adres."),
    Precision.PC6: N_("De plek op de kaart is het stukje straat met deze postcode."),
    Precision.PC4: N_("De plek op de kaart is ongeveer: ergens in de wijk of het dorp met deze postcode."),
    Precision.MUNICIPALITY: N_("Van deze plek weten we alleen de gemeente."),
    Precision.BY_HAND: N_("De plek op de kaart is met de hand aangewezen."),
    Precision.UNKNOWN: N_("De plek op de kaart is nog niet bekend."),
}

# The register of addresses (BAG) writes the left name, everybody else the right one.
COMMON_TOWN_NAMES = {"'s-Gravenhage": "Den Haag"}


class HouseNumber(NamedTuple):
    """The three fields of a Dutch house number (DATA-02)."""

    number: int
    letter: str
    addition: str


HOUSE_NUMBER = re.compile(
    r"\s*(?P<number>[0-9]{1,5})(?![0-9])[\s,./-]*(?:(?P<letter>[A-Za-z])(?![A-Za-z])[\s,./-]*)?(?P<addition>.*)", re.DOTALL
)

PO_BOX = re.compile(
    r"\b(post\s?bus|antwoord\s?nummer|p\.?\s?o\.?[\s-]?box|post\s?office\s?box|postfach)(?![a-z])|^\s*(pb|antw\.?\s?nr)\.?\s*[0-9]",
    re.IGNORECASE,
)


def normalise_postcode(text: str) -> str | None:
    """'1234ab', '1234 AB' and 'NL-1234AB' become '1234 AB'; None when it cannot be a Dutch postcode (DATA-03)."""
    try:
        return str(dutch_postcode.validate(text))
    except ValidationError:
        return None


def split_house_number(text: str) -> HouseNumber | None:
    """'12-2 bis' becomes (12, '', '2 bis') and '12a' becomes (12, 'A', ''); None when it does not start with a number.

    The source does not say whether the A of '12-A' is a letter or an addition; it is taken for a letter, and the
    geocoder compares both together.
    """
    found = HOUSE_NUMBER.fullmatch(text)
    if found is None or int(found["number"]) == 0:
        return None
    return HouseNumber(int(found["number"]), (found["letter"] or "").upper(), " ".join(found["addition"].split()))


def is_po_box(street: str) -> bool:
    """Whether a street line is a PO box or a reply number, where no parcel can be received (product.md, rule 5)."""
    return PO_BOX.search(street) is not None


def common_town(name: str) -> str:
    """The name of a town as people write it: 'Den Haag' for \"'s-Gravenhage\"."""
    return COMMON_TOWN_NAMES.get(name, name)


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great circle distance in kilometres between two points in degrees (WGS84), within 0.5 %."""
    east1, north1, east2, north2 = map(math.radians, (lon1, lat1, lon2, lat2))
    h = math.sin((north2 - north1) / 2) ** 2 + math.cos(north1) * math.cos(north2) * math.sin((east2 - east1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def in_netherlands(lon: float, lat: float) -> bool:
    """Whether a point lies in the box around the European Netherlands: enough to catch exchanged or empty values."""
    return 3.3 <= lon <= 7.3 and 50.7 <= lat <= 53.6
