"""Gatherings for calendars: all of them as a feed, and each as a file to open."""

from flask import Blueprint, Response

from weekapp.access import public
from weekapp.editions import queries as editions
from weekapp.feeds.formats import CALENDAR, dated, machine_answer
from weekapp.feeds.gathering_calendar import gathering_calendar
from weekapp.gatherings import queries
from weekapp.web import found, settings

bp = Blueprint("gathering_feeds", __name__)
NAME = "Kom erbij: bijeenkomsten"


@bp.get("/bijeenkomsten.ics")
@public
def feed() -> Response:
    """Every session there is and was; without any it is an empty calendar."""
    changed, base_url = editions.last_change(), settings().base_url  # the change is asked first: see `feeds.public_views`
    octets = gathering_calendar(NAME, queries.public(), f"{base_url}/bijeenkomsten.ics", base_url)
    return dated(machine_answer(octets, CALENDAR, 'inline; filename="kom-erbij-bijeenkomsten.ics"'), changed)


@bp.get("/bijeenkomsten/<int:gathering_id>.ics")
@public
def one_calendar(gathering_id: int) -> Response:
    """All sessions of one gathering."""
    changed, base_url = editions.last_change(), settings().base_url
    gathering = found(queries.one_public(gathering_id))
    octets = gathering_calendar(gathering.title, [gathering], f"{base_url}/bijeenkomsten/{gathering.id}.ics", base_url)
    return dated(machine_answer(octets, CALENDAR, f'attachment; filename="kom-erbij-bijeenkomst-{gathering.id}.ics"'), changed)
