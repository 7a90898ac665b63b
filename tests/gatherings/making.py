"""Builders for gatherings: one that everybody may see, with as many sessions as a test needs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.builders import make_edition, make_user
from weekapp.gatherings import service
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import Attendance, Audience, Kind
from weekapp.gatherings.service import NewGathering, NewSession

STARTS = datetime(2027, 9, 29, 11, tzinfo=UTC)  # 13.00 uur
LINK = "https://voorbeeld.nl/kijk-mee"


def new_gathering(title: str = "Landelijke opening", **more: Any) -> NewGathering:
    values = {
        "kind": Kind.OPENING,
        "title": title,
        "description": "We eten samen aan een lange tafel.",
        "organiser": "Programmateam",
        "attendance": Attendance.ON_SITE,
        "venue": "De Verzonnen Hal",
        "street": "Voorbeeldplein 1",
        "postcode": "3511 LX",
        "town": "Utrecht",
    }
    if more.get("attendance") == Attendance.ONLINE:
        values |= {"venue": "", "street": "", "postcode": "", "town": ""}
    return NewGathering(**(values | more))


def new_session(title: str = "", *, starts: datetime = STARTS, hours: float = 2, **more: Any) -> NewSession:
    values = {"audience": Audience.EVERYBODY} | more
    return NewSession(title=title, starts_at=starts, ends_at=starts + timedelta(hours=hours), **values)


def make_gathering(title: str = "Landelijke opening", *, sessions: tuple[NewSession, ...] | None = None, **more: Any) -> Gathering:
    """A gathering with one session on the day before the Week, unless `sessions` says otherwise."""
    by = make_user("manager")
    gathering = service.make(make_edition().id, new_gathering(title, **more), by=by)
    for one in (new_session(),) if sessions is None else sessions:
        service.add_session(gathering, one, by=by)
    return gathering


def make_session(title: str = "", *, gathering: Gathering | None = None, **more: Any) -> Session:
    """One session, of a gathering of its own unless it is given."""
    return service.add_session(gathering or make_gathering(sessions=()), new_session(title, **more), by=make_user("manager"))
