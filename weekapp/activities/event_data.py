"""An activity in the words of schema.org, for search engines and assistants (EXCH-01)."""

from typing import Any

from weekapp.activities.public import Moment, PublicActivity


def event_data(activity: PublicActivity, base_url: str) -> list[dict[str, Any]]:
    """One Event for each moment; of a home only the town is told (PRIV-04)."""
    return [event(activity, moment, base_url) for moment in activity.moments]


def event(activity: PublicActivity, moment: Moment, base_url: str) -> dict[str, Any]:
    moved = {"previousStartDate": moment.moved_from.isoformat()} if moment.moved_from else {}
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{base_url}/activiteiten/{activity.id}#{moment.uid}",
        "identifier": activity.id,
        "url": base_url + activity.path,
        "name": activity.title,
        "description": activity.description,
        "image": pictures(activity, base_url),
        "startDate": moment.starts_at.isoformat(),
        "endDate": moment.ends_at.isoformat(),
        "eventStatus": f"https://schema.org/{status_of(activity, moment)}",
        **moved,
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": activity.is_free,
        "inLanguage": "nl",
        "organizer": {"@type": "Organization", "name": activity.organisation},
        "location": place(activity),
    }


def status_of(activity: PublicActivity, moment: Moment) -> str:
    """One of the values of EventStatusType."""
    if activity.is_cancelled or moment.is_cancelled:
        return "EventPostponed" if activity.is_postponed else "EventCancelled"
    return "EventRescheduled" if moment.moved_from else "EventScheduled"


def place(activity: PublicActivity) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress",
        "streetAddress": "" if activity.is_home else activity.street_line,
        "postalCode": activity.postcode,
        "addressLocality": activity.town,
        "addressRegion": activity.municipality.province if activity.municipality else "",
        "addressCountry": "NL",
    }
    found: dict[str, Any] = {
        "@type": "Place",
        "name": activity.venue or activity.town,
        "address": {name: value for name, value in address.items() if value},
    }
    if activity.lon is not None and not activity.is_home:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": activity.lat, "longitude": activity.lon}
    return found


def pictures(activity: PublicActivity, base_url: str) -> list[str]:
    """Its own picture where it has one, and the one that we draw."""
    own = [base_url + activity.picture.path] if activity.picture else []
    return [*own, f"{base_url}/activiteiten/{activity.id}/deelplaatje.png"]
