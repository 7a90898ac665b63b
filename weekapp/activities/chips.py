"""A search in words: one chip for each filter, to show it and to take it away."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from weekapp.activities.filters import RADIUS_KM, YES_WORDS, Filters, number
from weekapp.activities.rules import AUDIENCE_WORDS, LANGUAGE_WORDS, THEME_WORDS, Audience, Language, Theme
from weekapp.errors import N_
from weekapp.geography.reference import MunicipalityRow


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and what is left of the search without it. `value` fills %(value)s in the text."""

    name: str
    text: str
    value: str | date
    others: Filters


def chips(filters: Filters) -> list[Chip]:
    """What is being searched by, piece by piece, to show and to take away."""
    found: list[Chip] = []
    for name, text in (("q", N_("Zoekwoord: %(value)s")), ("van", N_("Vanaf %(value)s")), ("tot", N_("Tot en met %(value)s"))):
        if value := getattr(filters, name):
            found.append(Chip(name, text, value, changed(filters, {name: "" if name == "q" else None})))
    for name in ("gemeente", "provincie", "dag", "thema", "doelgroep", "taal"):
        for value in getattr(filters, name):
            left = tuple(other for other in getattr(filters, name) if other != value)
            found.append(Chip(name, *in_words(value), changed(filters, {name: left})))
    if filters.postcode:
        text = N_("Bij postcode %(value)s")
        found.append(Chip("postcode", text, with_place(filters), replace(filters, postcode="", straal=RADIUS_KM)))
        if filters.straal != RADIUS_KM:
            found.append(Chip("straal", N_("Hooguit %(value)s km ver"), number(filters.straal), replace(filters, straal=RADIUS_KM)))
    if filters.bbox:
        found.append(Chip("bbox", N_("In een deel van de kaart"), "", replace(filters, bbox=None)))
    found += [Chip(name, text, "", changed(filters, {name: False})) for name, text in YES_WORDS.items() if getattr(filters, name)]
    return found


def with_place(filters: Filters) -> str:
    """The postcode and the place it is in: who came here by the name of a village knows that name, not the digits."""
    return f"{filters.postcode} ({filters.centre.place})" if filters.centre else filters.postcode


def in_words(value: MunicipalityRow | str | date | Theme | Audience | Language) -> tuple[str, str | date]:
    """A catalogue text for one value, and what fills its %(value)s."""
    if isinstance(value, MunicipalityRow):
        return N_("Gemeente %(value)s"), value.name
    if isinstance(value, Theme):
        return THEME_WORDS[value], ""
    if isinstance(value, Audience):
        return AUDIENCE_WORDS[value], ""
    if isinstance(value, Language):
        return LANGUAGE_WORDS[value], ""
    if isinstance(value, date):
        return N_("Op %(value)s"), value
    return N_("Provincie %(value)s"), value


def changed(filters: Filters, values: dict[str, Any]) -> Filters:
    """The same filters but for these."""
    return replace(filters, **values)
