"""What people come to at a moment: an activity, or a session of a gathering. All else in this feature sees only a moment and its host."""

from dataclasses import dataclass, replace

from flask_babel import gettext

from weekapp import addresses
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import State
from weekapp.db import db
from weekapp.gatherings import queries as gatherings
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import full_title
from weekapp.signups import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """As far as signing up needs to know it."""

    title: str
    place: str  # on one line, as everybody may know it
    full_place: str  # as only who has a place hears it: the address of a home (PRIV-04)
    online_link: str = ""  # the same, of what is online
    page: str
    sign_up_page: str
    calendar: str
    elsewhere: str  # where there is more to come to
    takes_sign_ups: bool
    is_on: bool  # people can come, unless this very moment was called off
    is_gone: bool  # nobody comes any more, to none of its moments
    is_postponed: bool = False
    is_home: bool = False
    is_session: bool = False
    reason: str = ""  # why it does not take place


def host_of(occurrence: Occurrence, *, anew: bool = False) -> Host:
    """The host of a moment; `anew`: what was read of it before is worth nothing, since a lock was waited for."""
    if occurrence.activity_id is not None:
        return of_activity(db.session.get_one(Activity, occurrence.activity_id, populate_existing=anew))
    session = gatherings.session_at(occurrence.id, anew=anew)
    assert session is not None, "a moment without an activity is that of a session"
    return of_session(session)


def of_activity(activity: Activity) -> Host:
    """An activity; only who has a place hears the address of a home."""
    place = activity.municipality.slug if activity.municipality else ""
    return Host(
        title=activity.title,
        place=where(activity, in_full=False),
        full_place=where(activity, in_full=True),
        page=addresses.activity(activity.id, activity.title),
        sign_up_page=addresses.sign_up(activity.id),
        calendar=f"/activiteiten/{activity.id}.ics",
        elsewhere=f"/activiteiten?gemeente={place}" if place else "/activiteiten",
        takes_sign_ups=activity.takes_sign_ups,
        is_on=activity.state == State.PUBLISHED,
        is_gone=activity.state in rules.GONE,
        is_postponed=activity.postponed_at is not None,
        is_home=activity.is_home,
        reason=activity.cancel_reason,
    )


def of_session(session: Session) -> Host:
    """A session of a gathering: with its own name and room."""
    whole = of_gathering(session.gathering)
    place = ", ".join(part for part in (session.room, whole.place) if part)
    return replace(whole, title=full_title(whole.title, session.title), place=place, full_place=place)


def of_gathering(gathering: Gathering) -> Host:
    """All sessions of a gathering."""
    place = ", ".join(gathering.place_lines) or gettext("Online")
    return Host(
        title=gathering.title,
        place=place,
        full_place=place,
        online_link=gathering.online_link,
        page=gathering.path,
        sign_up_page=addresses.gathering_sign_up(gathering.id),
        calendar=f"{addresses.GATHERINGS}/{gathering.id}.ics",
        elsewhere=addresses.GATHERINGS,
        takes_sign_ups=gathering.takes_sign_ups,
        is_on=gathering.cancelled_at is None,
        is_gone=gathering.cancelled_at is not None,
        is_session=True,
        reason=gathering.cancel_reason,
    )


def where(activity: Activity, *, in_full: bool) -> str:
    """Where an activity is, on one line."""
    if activity.is_home and not in_full:
        return activity.town
    number = " ".join(part for part in (f"{activity.house_number}{activity.letter}", activity.addition) if part)
    street = f"{activity.street or activity.postcode} {number}"
    town = f"{activity.postcode} {activity.town}" if activity.street else activity.town
    return ", ".join(part for part in (activity.venue, street, town) if part)
