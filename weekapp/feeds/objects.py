"""Activities as JSON objects and GeoJSON features, with Dutch names as the Logius design rules ask (API-01, API-04, API-07)."""

import json
from datetime import UTC, datetime
from typing import Any

from weekapp.activities.public import PublicActivity
from weekapp.activities.queries import MapItem

Object = dict[str, Any]


def as_json(content: object) -> bytes:
    """Compact UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def stamp(instant: datetime) -> str:
    """2027-09-30T08:00:00Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def activity_object(activity: PublicActivity, base_url: str) -> Object:
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


def slim_feature(item: MapItem, base_url: str) -> Object:
    """As much as a map needs: 3,000 of them stay below 120 kB on the wire."""
    properties: Object = {
        "id": item.id,
        "url": base_url + item.path,
        "titel": item.title,
        "begin": stamp(item.starts_at),
        "thema": item.theme,
        "plaats": item.place,
        "precisie": item.precision,
    }
    if item.is_cancelled:
        properties["afgelast"] = True
    return feature(item.id, item.lon, item.lat, properties)


def full_feature(activity: PublicActivity, base_url: str) -> Object:
    """All that is public, as a GeoJSON feature."""
    return feature(activity.id, activity.lon, activity.lat, activity_object(activity, base_url))


def feature(number: int, lon: float | None, lat: float | None, properties: Object) -> Object:
    """A feature; a place that is not known has no geometry, rather than a wrong one (product.md, rule 10; RFC 7946, 3.2)."""
    geometry = None if lon is None or lat is None else {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}


def collection(features: list[Object]) -> Object:
    """A GeoJSON document."""
    return {"type": "FeatureCollection", "features": features}
