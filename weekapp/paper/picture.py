"""The picture that goes along when somebody shares a page: 1200 by 630 dots, made here, with nothing of a person on it."""

from pathlib import Path

from flask_babel import gettext as _

from weekapp import clock
from weekapp.activities.public import PublicActivity
from weekapp.editions.models import Edition
from weekapp.geography.models import Municipality
from weekapp.templating import day, period
from weekapp.typesetting import png

TEMPLATE = Path(__file__).with_name("picture.typ")
WIDTH, HEIGHT = 1200, 630  # dots, as sharing sites show them whole


def of_activity(activity: PublicActivity) -> bytes:
    """Its title, when it is and where."""
    return made(activity.title, lines_of(activity))


def lines_of(activity: PublicActivity) -> list[str]:
    """When and where; of a home only the town, since nothing else of it is public (PRIV-04)."""
    where = (activity.venue or activity.street_line, activity.town)
    return [when(activity), ", ".join(line for line in where if line)]


def when(activity: PublicActivity) -> str:
    """The next moment, or that it does not take place."""
    coming = [one for one in activity.moments if not one.is_cancelled and one.ends_at > clock.now()]
    if activity.is_cancelled or not any(not one.is_cancelled for one in activity.moments):
        return _("Verplaatst, nieuwe datum volgt.") if activity.is_postponed else _("Gaat niet door")
    if not coming:
        return _("Dit is geweest")
    return period(coming[0].starts_at, coming[0].ends_at)


def of_municipality(municipality: Municipality, edition: Edition | None) -> bytes:
    """Its own name for the Week, and when that is."""
    name = municipality.local_name or _("Kom erbij in %(name)s", name=municipality.name)
    return made(name, [days(edition), _("Kijk wat er bij jou in de buurt te doen is.")])


def of_site(edition: Edition | None) -> bytes:
    """The call of the Week."""
    return made(_("Er is een stoel voor je vrij"), [days(edition), _("Samen eten, wandelen of zingen. Iedereen mag aanschuiven.")])


def days(edition: Edition | None) -> str:
    """From when to when."""
    if edition is None:
        return ""
    last = f"{day(edition.last_day)} {edition.last_day.year}"
    return _("%(first)s tot en met %(last)s", first=day(edition.first_day), last=last)


def made(title: str, lines: list[str]) -> bytes:
    return png(TEMPLATE, {"call": _("Kom erbij"), "title": title, "lines": [line for line in lines if line]})
