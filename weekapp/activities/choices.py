"""What can be chosen in the form above list and map."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from slugify import slugify

from weekapp.activities.filters import YES_WORDS, Filters
from weekapp.activities.rules import AUDIENCE_WORDS, LANGUAGE_WORDS, THEME_WORDS, Audience, Language, Theme
from weekapp.geography import reference
from weekapp.geography.reference import MunicipalityRow

RADII_KM = (2, 5, 10, 25, 50)


@dataclass(frozen=True, slots=True)
class Choices:
    """Values and words of each list; words of days and places are made in the template."""

    days: list[date]
    radii: list[float]
    provinces: list[tuple[str, str]]
    municipalities: dict[str, list[MunicipalityRow]]
    themes: dict[Theme, str]
    audiences: dict[Audience, str]
    languages: dict[Language, str]
    yes: dict[str, str]
    more: int  # how many filters are on in the folded part of the form


def choices(filters: Filters, first_day: date | None, last_day: date | None) -> Choices:
    """The lists for an edition, with what somebody asked for on top of what we offer."""
    days = {first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)} if first_day and last_day else set()
    folded = (filters.gemeente, filters.provincie, filters.thema, filters.doelgroep, filters.taal, filters.van, filters.tot)
    return Choices(
        days=sorted(days | set(filters.dag)),
        radii=sorted({*RADII_KM, filters.straal}),
        provinces=[(slugify(name), name) for name in municipalities_by_province()],
        municipalities=municipalities_by_province(),
        themes=THEME_WORDS,
        audiences=AUDIENCE_WORDS,
        languages=LANGUAGE_WORDS,
        yes=YES_WORDS,
        more=sum(bool(value) for value in folded) + sum(bool(getattr(filters, name)) for name in YES_WORDS),
    )


@cache
def municipalities_by_province() -> dict[str, list[MunicipalityRow]]:
    """All municipalities by name, under their province."""
    found: dict[str, list[MunicipalityRow]] = {province: [] for province in sorted({row.province for row in reference.municipalities()})}
    for row in sorted(reference.municipalities(), key=lambda row: slugify(row.name)):
        found[row.province].append(row)
    return found
