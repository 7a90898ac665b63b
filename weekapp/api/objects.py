"""What the API answers, besides the activities themselves; the types are its documentation too."""

from datetime import date
from typing import Annotated, Literal, TypedDict

from weekapp import addresses
from weekapp.activities.objects import ActivityObject, told
from weekapp.editions.models import Edition
from weekapp.geography.models import Municipality

CODE = told("De code van het CBS.", pattern="^GM[0-9]{4}$")
Day = Annotated[str, {"format": "date"}]


class Links(TypedDict):
    """Adressen van deze bladzijde en die ernaast. Ze staan ook in de header Link (RFC 8288)."""

    self: Annotated[str, told("Deze bladzijde.", format="uri")]
    prev: Annotated[str | None, told("De vorige bladzijde.", format="uri")]
    next: Annotated[str | None, told("De volgende bladzijde.", format="uri")]


class ActivityPage(TypedDict):
    """Een bladzijde met activiteiten, op volgorde van nummer."""

    totaal: Annotated[int, told("Hoeveel activiteiten er in totaal zijn.")]
    pagina: Annotated[int, told("Welke bladzijde dit is, vanaf 1.")]
    paginagrootte: Annotated[int, told("Hoeveel er hooguit op een bladzijde staan.")]
    links: Links
    activiteiten: list[ActivityObject]


class PointObject(TypedDict):
    """Een punt in GeoJSON."""

    type: Literal["Point"]
    coordinates: Annotated[list[float], told("Lengtegraad, breedtegraad (CRS84).", minItems=2, maxItems=2)]


class FeatureObject(TypedDict):
    """Een activiteit in GeoJSON. Zonder bekende plek is er geen punt."""

    type: Literal["Feature"]
    id: int
    geometry: PointObject | None
    properties: ActivityObject


class FeaturePage(TypedDict):
    """Een bladzijde met activiteiten in GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    totaal: int
    pagina: int
    paginagrootte: int
    links: Links
    features: list[FeatureObject]


class MunicipalityObject(TypedDict):
    """Een gemeente."""

    code: Annotated[str, CODE]
    url: Annotated[str, told("De pagina van de gemeente.", format="uri")]
    naam: str
    eigenNaam: Annotated[str, told("Hoe de gemeente de Week zelf noemt. Leeg als dat gewoon Kom erbij is.")]
    provincie: str
    lengtegraad: Annotated[float, told("Een punt in het midden, WGS84.")]
    breedtegraad: Annotated[float, told("Een punt in het midden, WGS84.")]
    aantalActiviteiten: Annotated[int, told("Hoeveel activiteiten er nu zijn.")]
    agenda: Annotated[str, told("Het adres van de agenda, voor een abonnement.", format="uri")]


class MunicipalityList(TypedDict):
    """Alle gemeenten, op volgorde van code."""

    totaal: int
    gemeenten: list[MunicipalityObject]


class EditionObject(TypedDict):
    """Een editie: één Week. Alle dagen tellen mee, ook de laatste."""

    jaar: int
    naam: str
    eersteDag: Day
    laatsteDag: Day
    aanmeldenVanaf: Annotated[str, told("De eerste dag om een activiteit aan te melden.", format="date")]
    aanmeldenTot: Annotated[str, told("De laatste dag om een activiteit aan te melden.", format="date")]
    huidig: Annotated[bool, told("Of de activiteiten in deze API bij deze editie horen.")]


class EditionList(TypedDict):
    """Alle edities, de nieuwste eerst."""

    totaal: int
    edities: list[EditionObject]


class WrongParameter(TypedDict):
    """Eén fout in de vraag."""

    field: Annotated[str, told("De naam van het filter.")]
    detail: Annotated[str, told("Wat er mis is en wat je kunt doen.")]


class Problem(TypedDict):
    """Een fout (RFC 9457). Bij een verkeerde vraag staan alle fouten er tegelijk in, onder errors."""

    type: str
    status: int
    title: str
    detail: str


class WrongQuestion(Problem):
    """De vraag klopt niet. Alle fouten staan er tegelijk in."""

    errors: list[WrongParameter]


def municipality_object(municipality: Municipality, activity_count: int, base_url: str) -> MunicipalityObject:
    """A municipality and how much there is to do."""
    page = base_url + addresses.municipality(municipality.slug)
    return {
        "code": municipality.code,
        "url": page,
        "naam": municipality.name,
        "eigenNaam": municipality.local_name,
        "provincie": municipality.province,
        "lengtegraad": municipality.lon,
        "breedtegraad": municipality.lat,
        "aantalActiviteiten": activity_count,
        "agenda": f"{page}.ics",
    }


def edition_object(edition: Edition, current_year: int | None) -> EditionObject:
    """An edition; days are Dutch days (API-04)."""
    return {
        "jaar": edition.year,
        "naam": edition.name,
        "eersteDag": iso(edition.first_day),
        "laatsteDag": iso(edition.last_day),
        "aanmeldenVanaf": iso(edition.registration_opens),
        "aanmeldenTot": iso(edition.registration_closes),
        "huidig": edition.year == current_year,
    }


def iso(day: date) -> str:
    """2027-09-30"""
    return day.isoformat()
