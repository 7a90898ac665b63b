"""Who organises, and where: invented people, organisations and addresses in real municipalities."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from slugify import slugify

from weekapp.geography import reference
from weekapp.geography.reference import MunicipalityRow, Postcode4
from weekapp.geography.rules import Precision
from weekapp.organisations.rules import Kind

SHARES = {  # how many of a hundred organisations are of a kind
    Kind.WELFARE: 33,
    Kind.LIBRARY: 14,
    Kind.VOLUNTEERS: 20,
    Kind.CARE: 12,
    Kind.RESIDENTS: 9,
    Kind.EDUCATION: 5,
    Kind.MUNICIPALITY: 4,
    Kind.COMPANY: 3,
}
FIRST_LETTERS, SECOND_LETTERS = "ABCDEGHJKLMNPR", "ABCDEGHJKLMNPRSTVWXZ"  # without S in front: SA, SD and SS are not used
FIRST_GROUP, FIRST_EMAIL, FIRST_MUNICIPALITY = "Buurthuis De Linde", "initiator@voorbeeld.nl", "GM0344"
PRECISIONS = {Precision.PC4: 62, Precision.ADDRESS: 28, Precision.BY_HAND: 8, Precision.UNKNOWN: 2}


@cache
def names() -> dict[str, Any]:
    """The content of names.toml."""
    return tomllib.loads((files("weekapp.demo") / "names.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Address:
    """A door and its place on the map; the point is None where the precision is unknown."""

    street: str
    house_number: int
    letter: str
    addition: str
    postcode: str
    town: str
    municipality_code: str
    lon: float | None
    lat: float | None
    precision: Precision


@dataclass(frozen=True)
class Group:
    """An organisation, the one person who acts for it, and where it is at home."""

    name: str
    kind: Kind
    person: str
    email: str
    phone: str  # E.164
    municipality: MunicipalityRow
    venue: str  # name of the house, or empty
    address: Address


def chosen_municipalities(rng: Random, count: int) -> list[tuple[MunicipalityRow, list[Postcode4]]]:
    """Municipalities with their postcode areas: Utrecht first, then by chance, large ones sooner than small ones."""
    areas: dict[str, list[Postcode4]] = {}
    for digits in range(1000, 10_000):
        if row := reference.postcode4(str(digits)):
            areas.setdefault(row.municipality_code, []).append(row)
    known = [(row, areas[row.code]) for row in reference.municipalities() if row.code in areas]
    order = sorted(known, key=lambda one: rng.random() ** (1 / len(one[1])), reverse=True)
    order.sort(key=lambda one: one[0].code != FIRST_MUNICIPALITY)
    return order[:count]


def make_groups(rng: Random, count: int, places: Sequence[tuple[MunicipalityRow, list[Postcode4]]]) -> list[Group]:
    """Organisations: at least one in each municipality as far as they go, the others where more people live."""
    sizes = [len(areas) for _, areas in places]
    where = list(places[:count]) + rng.choices(places, weights=sizes, k=max(0, count - len(places)))
    return [make_group(rng, serial, row, areas) for serial, (row, areas) in enumerate(where, 1)]


def make_group(rng: Random, serial: int, municipality: MunicipalityRow, areas: list[Postcode4]) -> Group:
    """An organisation by chance; the first one is the neighbourhood house of the initiator whose account is shown."""
    is_first = serial == 1
    kind = Kind.WELFARE if is_first else rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
    address = make_address(rng, municipality, rng.choice(areas))
    house = rng.choice(names()["houses"])
    pattern = rng.choice(names()["organisations"][kind.value])
    name = FIRST_GROUP if is_first else pattern.format(m=municipality.name, t=address.town, h=house, s=address.street)
    person = f"{rng.choice(names()['first'])} {rng.choice(names()['last'])}"
    return Group(
        name=name,
        kind=kind,
        person=person,
        email=FIRST_EMAIL if is_first else f"{slugify(person, separator='.')}.{serial}@voorbeeld.nl",
        phone=f"+316123{rng.randrange(100_000):05d}",
        municipality=municipality,
        venue=venue_of(name, kind, house),
        address=address,
    )


def venue_of(name: str, kind: Kind, house: str) -> str:
    """The name on the door: that of the organisation when it has a house of its own; neighbours have none."""
    if kind == Kind.RESIDENTS:
        return ""
    return house if kind in {Kind.MUNICIPALITY, Kind.VOLUNTEERS} else name


def make_address(rng: Random, municipality: MunicipalityRow, area: Postcode4) -> Address:
    """A street that may exist, in a postcode area that does; an exact point lies within some 300 m of the middle of the area."""
    precision = rng.choices(list(PRECISIONS), weights=list(PRECISIONS.values()))[0]
    spread = 0.004 if precision in {Precision.ADDRESS, Precision.BY_HAND} else 0.0  # degrees
    is_known = precision != Precision.UNKNOWN
    return Address(
        street=rng.choice(names()["streets"]),
        house_number=rng.randint(1, 240),
        letter=rng.choice("ABC") if rng.random() < 0.06 else "",
        addition=rng.choice(("2", "bis", "hs")) if rng.random() < 0.03 else "",
        postcode=f"{area.digits} {rng.choice(FIRST_LETTERS)}{rng.choice(SECOND_LETTERS)}",
        town=area.place,
        municipality_code=municipality.code,
        lon=round(area.lon + rng.uniform(-spread, spread), 5) if is_known else None,
        lat=round(area.lat + rng.uniform(-spread, spread) * 0.6, 5) if is_known else None,
        precision=precision,
    )
