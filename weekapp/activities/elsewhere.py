"""Links from an activity to calendars, route planners and people: built here, and nobody is asked anything before somebody clicks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from weekapp.activities.public import Moment, PublicActivity
from weekapp.errors import N_
from weekapp.templating import period, webcal

LONGEST_DETAILS = 500  # characters: calendars cut long addresses off
GOOGLE_CALENDAR = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
OUTLOOK_SUBSCRIBE = "https://outlook.live.com/calendar/0/addfromweb"
OPENSTREETMAP = "https://www.openstreetmap.org/directions"
GOOGLE_MAPS = "https://www.google.com/maps/dir/"
WHATSAPP = "https://wa.me/"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another site: the catalogue text of what it does, its address, and the name of its icon."""

    words: str
    address: str
    icon: str


def calendars(activity: PublicActivity, moment: Moment, base_url: str) -> list[Link]:
    """Ways to put one moment in a calendar that is a website; the file for other calendars is /activiteiten/<id>.ics."""
    link = short_address(activity, base_url)
    details = f"{shortened(activity.description)}\n\n{link}"
    place = ", ".join(activity.place_lines)
    google = {
        "action": "TEMPLATE",
        "text": activity.title,
        "dates": f"{basic(moment.starts_at)}/{basic(moment.ends_at)}",
        "details": details,
        "location": place,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": activity.title,
        "startdt": extended(moment.starts_at),
        "enddt": extended(moment.ends_at),
        "body": details,
        "location": place,
    }
    return [
        Link(N_("Google Agenda"), f"{GOOGLE_CALENDAR}?{urlencode(google)}", "calendar"),
        Link(N_("Outlook"), f"{OUTLOOK}?{urlencode(outlook, quote_via=quote)}", "calendar"),
    ]


def subscriptions(feed: str, name: str) -> list[Link]:
    """Ways to follow a calendar feed (an https address) from a calendar that is a website. Google wants it as webcal, or fails."""
    google, outlook = {"cid": webcal(feed)}, {"url": feed, "name": name}
    return [
        Link(N_("Volg in Google Agenda"), f"{GOOGLE_CALENDAR}?{urlencode(google)}", "calendar"),
        Link(N_("Volg in Outlook"), f"{OUTLOOK_SUBSCRIBE}?{urlencode(outlook, quote_via=quote)}", "calendar"),
    ]


def routes(activity: PublicActivity) -> list[Link]:
    """Ways to get there, by the words of the address: a point on the map may be less precise. To a home there is none (PRIV-04)."""
    if activity.is_home or not activity.street:
        return []
    place = f"{activity.street_line}, {activity.postcode} {activity.town}"
    by_foot = {"engine": "fossgis_osrm_foot", "to": place}
    by_bus = {"api": "1", "destination": place, "travelmode": "transit"}
    return [
        Link(N_("Te voet of met de fiets"), f"{OPENSTREETMAP}?{urlencode(by_foot)}", "wandelen"),
        Link(N_("Met bus, trein of auto"), f"{GOOGLE_MAPS}?{urlencode(by_bus)}", "bus"),
    ]


def shares(activity: PublicActivity, base_url: str) -> list[Link]:
    """Ways to tell somebody else; without anything in the address by which somebody could be followed."""
    link = short_address(activity, base_url)
    text = "\n".join([activity.title, *when(activity), link])
    mail = urlencode({"subject": activity.title, "body": _("Ga je mee?") + f"\n\n{text}"}, quote_via=quote)
    return [
        Link(N_("Stuur een mail"), f"mailto:?{mail}", "mail"),
        Link(N_("Stuur een WhatsApp"), f"{WHATSAPP}?{urlencode({'text': text})}", "gesprek"),
    ]


def when(activity: PublicActivity) -> list[str]:
    """The first moment in words, as far as there is one that goes on."""
    return [period(moment.starts_at, moment.ends_at) for moment in activity.moments if not moment.is_cancelled][:1]


def short_address(activity: PublicActivity, base_url: str) -> str:
    """An address that stays good when the title changes."""
    return f"{base_url}/activiteiten/{activity.id}"


def shortened(text: str) -> str:
    """As much of a text as a calendar takes, cut between words."""
    if len(text) <= LONGEST_DETAILS:
        return text
    return text[:LONGEST_DETAILS].rsplit(None, 1)[0] + " ..."


def basic(instant: datetime) -> str:
    """20270930T100000Z"""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def extended(instant: datetime) -> str:
    """2027-09-30T10:00:00Z"""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
