"""The answers of PDOK Locatieserver v3_1 (DATA-01): what is in them, and which of the addresses was meant."""

import re
from dataclasses import dataclass
from typing import Any

URL = "https://api.pdok.nl/bzk/locatieserver/search/v3_1/free"
FIELDS = "straatnaam,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaatsnaam,gemeentecode,nummeraanduiding_id,centroide_ll"
MOST_ROWS = 100  # the largest that the service accepts: one house number can have many additions
POINT = re.compile(r"POINT\((-?[0-9.]+) (-?[0-9.]+)\)")


@dataclass(frozen=True, slots=True)
class Hit:
    """One address of an answer, in our words; the postcode has no space, as in the answer."""

    postcode: str
    number: int
    letter: str
    addition: str
    street: str
    town: str
    municipality_code: str
    bag_id: str
    lon: float
    lat: float

    def is_named(self, letter: str, addition: str) -> bool:
        """Whether letter and addition together are these; people do not know which of the two the A of 12-A is."""
        return squeezed(self.letter + self.addition) == squeezed(letter + addition)


def as_text(postcode: str, number: int, letter: str = "", addition: str = "") -> str:
    """'3511LX 12A-2': an address as the register writes it, without signs that mean something in a search."""
    words = "-".join(re.findall(r"\w+", addition.lower()))
    return f"{postcode.replace(' ', '')} {number}{squeezed(letter)}-{words}".rstrip("-")


def parameters(text: str) -> dict[str, str | int | list[str]]:
    """The query for a text; the service refuses a request with a parameter that it does not know."""
    return {"q": text, "fq": "type:adres", "rows": MOST_ROWS, "fl": FIELDS}


def any_place(text: str, municipality_code: str | None) -> dict[str, str | int | list[str]]:
    """The query for a street, a town, a postcode or an address, in one municipality when that is known."""
    words = " ".join(re.findall(r"[\w'-]+", text))
    inside = [f"gemeentecode:{municipality_code.removeprefix('GM')}"] if municipality_code else []
    return {"q": words, "fq": ["type:(adres OR weg OR postcode OR woonplaats)", *inside], "rows": 1, "fl": "centroide_ll"}


def points(answer: Any) -> list[tuple[float, float]]:
    """Longitude and latitude of what was found, best first; raises ValueError when it is not an answer of this service."""
    try:
        return [point_of(doc) for doc in answer["response"]["docs"]]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError("not an answer of Locatieserver") from problem


def point_of(doc: dict[str, Any]) -> tuple[float, float]:
    """Longitude and latitude of one document."""
    point = POINT.fullmatch(doc["centroide_ll"])
    if point is None:
        raise ValueError("not a point")
    return float(point[1]), float(point[2])


def hits(answer: Any) -> list[Hit]:
    """The addresses of an answer; raises ValueError when it is not an answer of this service."""
    try:
        return [hit(doc) for doc in answer["response"]["docs"]]
    except (KeyError, TypeError, AttributeError) as problem:
        raise ValueError("not an answer of Locatieserver") from problem


def hit(doc: dict[str, Any]) -> Hit:
    """One document of an answer; letter, addition and sometimes the postcode are absent where an address has none."""
    lon, lat = point_of(doc)
    return Hit(
        postcode=doc.get("postcode", ""),
        number=int(doc["huisnummer"]),
        letter=doc.get("huisletter", ""),
        addition=doc.get("huisnummertoevoeging", ""),
        street=doc["straatnaam"],
        town=doc["woonplaatsnaam"],
        municipality_code=f"GM{doc['gemeentecode']}",
        bag_id=doc["nummeraanduiding_id"],
        lon=lon,
        lat=lat,
    )


def same_number(found: list[Hit], postcode: str, number: int) -> list[Hit]:
    """The hits at this house number, the one without letter and addition first; the service also returns what looks like it."""
    same = [one for one in found if one.postcode == postcode.replace(" ", "") and one.number == number]
    return sorted(same, key=lambda one: (one.letter, one.addition))


def squeezed(text: str) -> str:
    """Letters and digits only, in capitals."""
    return re.sub(r"[\W_]", "", text).upper()
