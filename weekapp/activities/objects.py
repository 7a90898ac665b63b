"""Activities as JSON objects and GeoJSON features, with Dutch names as the Logius design rules ask (API-01, API-04, API-07).

The types say what is in an object, in the words of JSON Schema; the documentation of the read API is made from them.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypedDict

from weekapp import addresses
from weekapp.activities.public import PublicActivity
from weekapp.activities.rules import Audience, Theme
from weekapp.geography.rules import Precision
from weekapp.organisations.rules import Kind

Object = dict[str, Any]


def told(description: str, **keywords: object) -> Object:
    """Keywords of JSON Schema for a value, to put in `Annotated`."""
    return {"description": description, **keywords}


class MomentObject(TypedDict):
    """Een moment: van begin tot einde."""

    id: Annotated[str, told("Het vaste kenmerk van dit moment. Het is ook de UID in de agenda.")]
    begin: Annotated[str, told("Het begin, in UTC.", format="date-time")]
    einde: Annotated[str, told("Het einde, in UTC.", format="date-time")]
    afgelast: Annotated[bool, told("Of dit moment niet doorgaat.")]


class ActivityObject(TypedDict):
    """Alles wat openbaar is van een activiteit. Er staan geen gegevens van personen in."""

    id: Annotated[int, told("Het nummer van de activiteit. Het verandert nooit.")]
    url: Annotated[str, told("De pagina van de activiteit.", format="uri")]
    titel: str
    omschrijving: str
    afgelast: Annotated[bool, told("Of de hele activiteit niet doorgaat.")]
    doorlopend: Annotated[bool, told("Of de activiteit het hele jaar doorgaat.")]
    thema: Theme
    doelgroepen: list[Audience]
    momenten: Annotated[list[MomentObject], told("Alle momenten, het eerste eerst.")]
    organisatie: Annotated[str, told("De naam van de organisatie.")]
    organisatiesoort: Kind
    gratis: Annotated[bool, told("Of je niets betaalt.")]
    kosten: Annotated[str, told("Wat het kost, in woorden. Leeg als er niets bekend is.")]
    alleen: Annotated[bool, told("Of je alleen kunt komen.")]
    rolstoel: Annotated[bool, told("Of je met een rolstoel naar binnen kunt.")]
    ringleiding: Annotated[bool, told("Of er een ringleiding is.")]
    zonderAanmelden: Annotated[bool, told("Of je kunt komen zonder je aan te melden.")]
    adresNaAanmelding: Annotated[bool, told("Of het bij iemand thuis is. Het adres staat dan niet in deze gegevens.")]
    gebouw: str
    straat: str
    huisnummer: Annotated[str, told("Huisnummer, letter en toevoeging samen.")]
    postcode: str
    plaats: str
    gemeente: Annotated[str | None, told("De naam van de gemeente.")]
    gemeentecode: Annotated[str | None, told("De code van het CBS.", pattern="^GM[0-9]{4}$")]
    provincie: str | None
    lengtegraad: Annotated[float | None, told("WGS84. Leeg als de plek niet bekend is.")]
    breedtegraad: Annotated[float | None, told("WGS84. Leeg als de plek niet bekend is.")]
    precisie: Annotated[Precision, told("Hoe zeker we zijn van de plek op de kaart.")]
    gewijzigd: Annotated[str, told("De laatste wijziging, in UTC.", format="date-time")]


def as_json(content: object) -> bytes:
    """Compact UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def stamp(instant: datetime) -> str:
    """2027-09-30T08:00:00Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def activity_object(activity: PublicActivity, base_url: str) -> ActivityObject:
    """All that is public of an activity."""
    municipality = activity.municipality
    return {
        "id": activity.id,
        "url": base_url + activity.path,
        "titel": activity.title,
        "omschrijving": activity.description,
        "afgelast": activity.is_cancelled,
        "doorlopend": activity.is_ongoing,
        "thema": activity.theme,
        "doelgroepen": list(activity.audiences),
        "momenten": [
            {
                "id": moment.uid,
                "begin": stamp(moment.starts_at),
                "einde": stamp(moment.ends_at),
                "afgelast": activity.is_cancelled or moment.is_cancelled,
            }
            for moment in activity.moments
        ],
        "organisatie": activity.organisation,
        "organisatiesoort": activity.kind,
        "gratis": activity.is_free,
        "kosten": activity.cost,
        "alleen": activity.can_come_alone,
        "rolstoel": activity.wheelchair,
        "ringleiding": activity.hearing_loop,
        "zonderAanmelden": not activity.sign_up_needed,
        "adresNaAanmelding": activity.is_home,
        "gebouw": activity.venue,
        "straat": activity.street,
        "huisnummer": activity.house_number,
        "postcode": activity.postcode,
        "plaats": activity.town,
        "gemeente": municipality.name if municipality else None,
        "gemeentecode": municipality.code if municipality else None,
        "provincie": municipality.province if municipality else None,
        "lengtegraad": activity.lon,
        "breedtegraad": activity.lat,
        "precisie": activity.precision,
        "gewijzigd": stamp(activity.changed_at),
    }


def slim_feature(activity: PublicActivity, base_url: str) -> Object:
    """As much as a map needs, but for `begin`: the first moment that was asked for is that of a search, not of the activity.

    The address of the page is the short one, which leads on: so 3,000 stay below 120 kB on the wire.
    """
    properties: Object = {
        "id": activity.id,
        "url": base_url + addresses.short_activity(activity.id),
        "titel": activity.title,
        "thema": activity.theme,
        "plaats": activity.town,
        "precisie": activity.precision,
    }
    if activity.is_cancelled:
        properties["afgelast"] = True
    return feature(activity.id, activity.lon, activity.lat, properties)


def full_feature(activity: PublicActivity, base_url: str) -> Object:
    """All that is public, as a GeoJSON feature."""
    return feature(activity.id, activity.lon, activity.lat, activity_object(activity, base_url))


def feature(number: int, lon: float | None, lat: float | None, properties: Mapping[str, object]) -> Object:
    """A feature; a place that is not known has no geometry, rather than a wrong one (product.md, rule 10; RFC 7946, 3.2)."""
    geometry = None if lon is None or lat is None else {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}


def collection(features: list[Object]) -> Object:
    """A GeoJSON document."""
    return {"type": "FeatureCollection", "features": features}
