"""A gathering in the words of schema.org, for search engines: one Event, its sessions as parts. The link to take part is not in it."""

from typing import Any

from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import Attendance

MODES = {
    Attendance.ON_SITE: "OfflineEventAttendanceMode",
    Attendance.ONLINE: "OnlineEventAttendanceMode",
    Attendance.MIXED: "MixedEventAttendanceMode",
}


def event_data(gathering: Gathering, base_url: str) -> dict[str, Any]:
    """The whole of it."""
    page = base_url + gathering.path
    places = [place(gathering)] * gathering.has_place + [{"@type": "VirtualLocation", "url": page}] * gathering.is_online
    return {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{base_url}/bijeenkomsten/{gathering.id}",
        "identifier": gathering.id,
        "url": page,
        "name": gathering.title,
        "description": gathering.description,
        "image": f"{base_url}/deelplaatje.png",
        "startDate": gathering.starts_at.isoformat(),
        "endDate": gathering.ends_at.isoformat(),
        "eventStatus": status(is_off=gathering.is_off),
        "eventAttendanceMode": f"https://schema.org/{MODES[gathering.attendance]}",
        "isAccessibleForFree": True,
        "inLanguage": "nl",
        "organizer": {"@type": "Organization", "name": gathering.organiser},
        "location": places[0] if len(places) == 1 else places,
        "subEvent": [part(session) for session in gathering.programme],
    }


def part(session: Session) -> dict[str, Any]:
    moved_from = session.moment.moved_from
    return {
        "@type": "Event",
        "name": session.title or session.gathering.title,
        "startDate": session.moment.starts_at.isoformat(),
        "endDate": session.moment.ends_at.isoformat(),
        "eventStatus": status(is_off=session.is_off, is_moved=moved_from is not None),
        **({"previousStartDate": moved_from.isoformat()} if moved_from else {}),
        "location": session.room or session.gathering.town or "online",
    }


def status(*, is_off: bool, is_moved: bool = False) -> str:
    """One of the values of EventStatusType."""
    return f"https://schema.org/{'EventCancelled' if is_off else 'EventRescheduled' if is_moved else 'EventScheduled'}"


def place(gathering: Gathering) -> dict[str, Any]:
    address = {"streetAddress": gathering.street, "postalCode": gathering.postcode, "addressLocality": gathering.town}
    filled = {name: value for name, value in address.items() if value}
    return {
        "@type": "Place",
        "name": gathering.venue or gathering.town,
        "address": {"@type": "PostalAddress", "addressCountry": "NL", **filled},
    }
