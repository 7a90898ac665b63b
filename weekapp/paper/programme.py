"""What stands in a printed programme: what is to come, by day or by neighbourhood."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from weekapp import clock
from weekapp.activities.public import Moment, PublicActivity
from weekapp.config import Settings
from weekapp.editions.models import Edition
from weekapp.geography.models import Municipality
from weekapp.paper.facts import place, welcome
from weekapp.templating import at, day, short_day
from weekapp.typesetting import pdf, qr_svg

TEMPLATE = Path(__file__).with_name("programme.typ")
CHAIR = Path(__file__).parent.parent / "static" / "chair.svg"
PAPERS = ("a5", "a3")
ORDERS = ("dag", "buurt")
Entry = tuple[PublicActivity, Moment]


def of_municipality(
    municipality: Municipality, edition: Edition, activities: Iterable[PublicActivity], paper: str, by: str, settings: Settings
) -> bytes:
    """The programme as tagged PDF; `paper` is one of PAPERS, `by` one of ORDERS."""
    entries = coming(activities)
    link = f"{settings.base_url}/gemeenten/{municipality.slug}"
    name = municipality.local_name or _("Kom erbij in %(name)s", name=municipality.name)
    data = {
        "paper": paper,
        "title": name,
        "period": _("%(first)s tot en met %(last)s", first=day(edition.first_day), last=day(edition.last_day)),
        "introduction": [line for line in municipality.introduction.splitlines() if line]
        or [_("Iedereen is welkom. Je kunt gewoon komen.")],
        "chair": CHAIR.read_text(),
        "chair_alt": _("Een lege stoel"),
        "parts": by_neighbourhood(entries) if by == "buurt" else by_day(entries),
        "foot": [_("Meer weten? Kijk op %(link)s", link=link), _("Of bel %(phone)s.", phone=settings.contact_phone)],
        "qr": qr_svg(link),
        "qr_alt": _("QR-code naar %(address)s", address=link),
    }
    return pdf(TEMPLATE, data)


def coming(activities: Iterable[PublicActivity]) -> list[Entry]:
    """Moments that still go on and have not been, soonest first: paper cannot be corrected."""
    now = clock.now()
    entries = [
        (activity, moment)
        for activity in activities
        for moment in activity.moments
        if not activity.is_cancelled and not moment.is_cancelled and moment.ends_at > now
    ]
    return sorted(entries, key=lambda entry: (entry[1].starts_at, entry[0].id))


def by_day(entries: list[Entry]) -> list[dict[str, Any]]:
    """A part for each day."""
    grouped = groupby(entries, key=lambda entry: clock.local(entry[1].starts_at).date())
    return [{"words": day(date), "entries": [shown(entry, with_day=False) for entry in group]} for date, group in grouped]


def by_neighbourhood(entries: list[Entry]) -> list[dict[str, Any]]:
    """A part for each town and four-digit postcode."""

    def part(entry: Entry) -> tuple[str, str]:
        return entry[0].town, entry[0].postcode[:4]

    ordered = sorted(entries, key=lambda entry: (part(entry), entry[1].starts_at))
    parts = groupby(ordered, key=part)
    return [{"words": " ".join(key).strip(), "entries": [shown(entry, with_day=True) for entry in group]} for key, group in parts]


def shown(entry: Entry, *, with_day: bool) -> dict[str, Any]:
    """One moment in print."""
    activity, moment = entry
    time = _("%(start)s tot %(end)s", start=clock.local(moment.starts_at).strftime("%H.%M"), end=at(moment.ends_at))
    when = f"{short_day(moment.starts_at)}, {time}" if with_day else time
    return {"title": activity.title, "lines": [when, ", ".join(place(activity)), " ".join(welcome(activity))]}
