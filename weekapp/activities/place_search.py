"""From what somebody types in one box, a place or a postcode, to searches: where did they mean?"""

import re
from dataclasses import dataclass, replace

from slugify import slugify

from weekapp.activities import queries
from weekapp.activities.filters import Filters, parse, province_by_slug
from weekapp.geography import places, reference
from weekapp.geography.reference import MunicipalityRow
from weekapp.geography.rules import normalise_postcode

POSTCODE = re.compile(r"(?:NL-?)?(?P<digits>[1-9][0-9]{3}) ?(?P<letters>[A-Za-z]{2}\b)?(?P<rest>[ ,]+\S.*)?")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody may have meant: its name, what tells it apart from another of that name, and the search there."""

    name: str
    where: str
    filters: Filters


def spots_meant(text: str) -> list[Spot]:
    """Where somebody wants to look. Several: they must choose. None: they typed something else than a place.

    A name with a typo is a place only when no activity is about that word.
    """
    return spots_called(text) or ([] if is_about_something(text) else spots_like(text))


def elsewhere_meant(filters: Filters) -> list[tuple[Spot, int]]:
    """Where the words of a search that finds nothing may be a place: the same search there, and how many that finds."""
    spots = spots_called(filters.q) or spots_like(filters.q)
    there = [replace(spot, filters=moved(filters, spot.filters)) for spot in spots]
    return [(spot, many) for spot in there if (many := queries.count(spot.filters))]


def moved(filters: Filters, to: Filters) -> Filters:
    """A search without its words, at another place."""
    return replace(filters, q="", bbox=None, gemeente=to.gemeente, provincie=to.provincie, postcode=to.postcode)


def spots_called(text: str) -> list[Spot]:
    """A postcode (with whatever follows it), a municipality, a village, a province."""
    if spot := spot_of_postcode(text):
        return [spot]
    if rows := places.municipalities_called(text):
        return [spot_of(row) for row in rows]
    if found := villages_called(text):
        return found
    province = province_by_slug().get(slugify(text))
    return [Spot(province, "", Filters(provincie=(province,)))] if province else []


def villages_called(text: str) -> list[Spot]:
    """Places of this name, and the municipality that it was until a merger, where that is somewhere else."""
    found = places.places_called(text)
    spots = [Spot(one.name, f"{one.municipality.name}, {one.municipality.province}", near(one.middle.digits)) for one in found]
    former = reference.former(slugify(text))
    rows = [row for code in former.successors if (row := reference.municipality(code))] if former else []
    if former and not {row.code for row in rows} & {one.municipality.code for one in found}:
        spots.append(Spot(former.name, ", ".join(row.name for row in rows), Filters(gemeente=tuple(rows))))
    return spots


def spots_like(text: str) -> list[Spot]:
    """The places whose names come nearest to this text."""
    return [spot for name in places.names_like(text) for spot in spots_called(name)]


def spot_of_postcode(text: str) -> Spot | None:
    """`3511`, `3511 AB`, and what stands on an envelope: `3511 AB 12`, `3511 AB Utrecht`."""
    read = POSTCODE.fullmatch(text)
    area = reference.postcode4(read["digits"]) if read else None
    if read is None or area is None:
        return None
    whole = normalise_postcode(read["digits"] + read["letters"]) if read["letters"] else None
    return Spot(area.place, "", near(whole or area.digits))


def spot_of(row: MunicipalityRow) -> Spot:
    return Spot(row.name, row.province, Filters(gemeente=(row,)))


def near(postcode: str) -> Filters:
    return Filters(postcode=postcode)


def is_about_something(text: str) -> bool:
    """Whether a search finds something that has these very words, not just words that look like them."""
    filters, errors = parse([("q", text)])
    return not errors and not queries.spelling(filters) and queries.count(filters) > 0
