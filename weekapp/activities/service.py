"""Making an activity, and its steps from one state to the next."""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import uuid4

from sqlalchemy import CursorResult, select, update

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.activities import history, rules
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.rules import Audience, Happened, Language, State, Stop, Theme
from weekapp.activities.word_index import write_words
from weekapp.db import db, lock
from weekapp.editions import service as editions
from weekapp.editions.models import Edition
from weekapp.errors import N_, WrongState
from weekapp.geography.geocoder import locate
from weekapp.geography.rules import Precision
from weekapp.organisations.models import Organisation
from weekapp.pictures import service as pictures


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """What somebody tells about an activity; the fields are those of `Activity`. Moments are (starts_at, ends_at)."""

    title: str
    description: str
    theme: Theme
    audiences: tuple[Audience, ...]
    expected_visitors: int
    moments: tuple[tuple[datetime, datetime], ...]
    house_number: int
    postcode: str
    town: str
    precision: Precision
    street: str = ""
    letter: str = ""
    addition: str = ""
    venue: str = ""
    municipality_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    bag_id: str = ""
    is_home: bool = False
    is_ongoing: bool = False
    is_free: bool = True
    cost: str = ""
    can_come_alone: bool = False
    wheelchair: bool = False
    accessible_toilet: bool = False
    hearing_loop: bool = False
    quiet: bool = False
    welcomer: str = ""
    languages: tuple[Language, ...] = ()
    stop: Stop = Stop.UNKNOWN
    parking: bool = False
    public_phone: str = ""
    public_email: str = ""
    sign_up_needed: bool = False
    picture_id: int | None = None


def create(new: NewActivity, *, edition: Edition, organisation: Organisation, initiator: User) -> Activity:
    """A submitted activity with its moments; nobody but its initiator and moderators sees it yet.

    The point of a home is the middle of its postcode area, so that no file or map can give the door away (PRIV-04).
    """
    now = clock.now()
    activity = Activity(
        edition_id=edition.id,
        organisation_id=organisation.id,
        initiator_id=initiator.id,
        state=State.SUBMITTED,
        created_at=now,
        changed_at=now,
        submitted_at=now,
    )
    write_down(activity, new, organisation.name)
    audit.note("activity submitted", f"activity {activity.id}", user_id=initiator.id, moments=len(activity.occurrences))
    history.note(activity, Happened.REGISTERED, by=initiator)
    return activity


def revise(activity: Activity, new: NewActivity, *, by: User) -> Activity:
    """Other answers for an activity that was sent back, and in front of the moderators again; raises WrongState.

    It has never been public, so its moments are new ones: no calendar knows the old.
    """
    resubmit(activity, by=by)
    write_down(activity, new, activity.organisation.name)
    return activity


def improve(activity: Activity, new: NewActivity, *, by: User) -> Activity:
    """Other answers while nobody has looked yet; it keeps its turn. Raises WrongState when somebody has.

    `changed_at` tells a moderator who was reading that it is another text now.
    """
    lock(activity)
    if activity.state is not State.SUBMITTED:
        raise WrongState(N_("Dit kan niet meer. De activiteit is net veranderd. Bekijk haar nog een keer."))
    activity.changed_at = clock.now()
    write_down(activity, new, activity.organisation.name)
    history.note(activity, Happened.IMPROVED, by=by)
    return activity


def write_down(activity: Activity, new: NewActivity, organisation_name: str) -> None:
    """Copy what was told onto the row, with the moments, the audiences and the words that it is found by."""
    for field in fields(new):
        if field.name not in {"moments", "audiences", "languages", "lon", "lat", "precision", "bag_id"}:
            setattr(activity, field.name, getattr(new, field.name))
    activity.takes_sign_ups = new.sign_up_needed  # who must sign up, can do it here
    activity.lon, activity.lat, activity.precision, activity.bag_id = place_to_keep(new)
    activity.search_text = search_text(new, organisation_name)
    activity.occurrences = [
        Occurrence(starts_at=starts, ends_at=ends, uid=str(uuid4()), changed_at=activity.changed_at)
        for starts, ends in sorted(set(new.moments))
    ]
    known = {row.audience: row for row in activity.audiences}
    activity.audiences = [known.get(one) or ActivityAudience(audience=one) for one in dict.fromkeys(new.audiences)]
    spoken = {row.language: row for row in activity.languages}
    activity.languages = [spoken.get(one) or ActivityLanguage(language=one) for one in dict.fromkeys(new.languages)]
    db.session.add(activity)
    db.session.flush()
    write_words({activity.id: activity.search_text})


def place_to_keep(new: NewActivity) -> tuple[float | None, float | None, Precision, str]:
    """Longitude, latitude, their precision and the id of the address; of a home only the postcode area."""
    if not new.is_home:
        return new.lon, new.lat, new.precision, new.bag_id
    area = locate(new.postcode[:4])
    return (area.lon, area.lat, area.precision, "") if area else (None, None, Precision.UNKNOWN, "")


def search_text(new: NewActivity, organisation_name: str) -> str:
    """What a search looks through, folded as `rules.folded` does; of a home not the name on the door (PRIV-04)."""
    venue = "" if new.is_home else new.venue
    return rules.folded(" ".join((new.title, new.description, venue, new.town, organisation_name)))


def publish(activity: Activity, *, by: User) -> Activity:
    """Put it on the website, or back on it after it had been cancelled; raises WrongState."""
    was_cancelled = activity.state is State.CANCELLED
    become(activity, State.PUBLISHED, by=by, what=Happened.BACK_ON if was_cancelled else None)
    activity.published_at = activity.published_at or activity.changed_at
    pictures.show(activity.picture)
    if was_cancelled:
        activity.cancelled_at, activity.cancel_reason, activity.postponed_at = None, "", None
        tell_subscribers(activity)
    editions.touch(activity.edition_id)
    return activity


def send_back(activity: Activity, *, by: User) -> Activity:
    """Ask the initiator to change something; raises WrongState."""
    return become(activity, State.RETURNED, by=by)


def resubmit(activity: Activity, *, by: User) -> Activity:
    """Put it in front of the moderators once more; raises WrongState."""
    become(activity, State.SUBMITTED, by=by)
    activity.submitted_at = activity.changed_at
    return activity


def cancel(activity: Activity, reason: str, *, by: User) -> Activity:
    """It does not take place. It stays visible as cancelled, in page and feeds (product.md rule 11); raises WrongState."""
    return call_off(activity, reason, Happened.CANCELLED, by=by)


def postpone(activity: Activity, reason: str, *, by: User) -> Activity:
    """It does not take place for now; a new date follows. For calendars it is cancelled until then. Raises WrongState."""
    call_off(activity, reason, Happened.POSTPONED, by=by)
    activity.postponed_at = activity.cancelled_at
    return activity


def call_off(activity: Activity, reason: str, what: Happened, *, by: User) -> Activity:
    become(activity, State.CANCELLED, by=by, what=what, why=reason)
    activity.cancelled_at, activity.cancel_reason = activity.changed_at, reason
    tell_subscribers(activity)
    editions.touch(activity.edition_id)
    return activity


def withdraw(activity: Activity, *, by: User) -> Activity:
    """Take it away before or after it was public; calendars that have it call it off. Raises WrongState."""
    was_visible = activity.state in rules.VISIBLE
    become(activity, State.WITHDRAWN, by=by)
    if was_visible:
        tell_subscribers(activity)
        editions.touch(activity.edition_id)
    return activity


def become(activity: Activity, then: State, *, by: User, what: Happened | None = None, why: str = "") -> Activity:
    """Take one step under a lock, so that two people who press at once do not both succeed; `what` and `why` stand in its history."""
    lock(activity)
    if not rules.can_become(activity.state, then):
        raise WrongState(N_("Dit kan niet meer. De activiteit is net veranderd. Bekijk haar nog een keer."))
    activity.state = then
    activity.changed_at = clock.now()
    audit.note(f"activity {then}", f"activity {activity.id}", user_id=by.id)
    history.note(activity, what or history.STEP_TO[then], by=by, after=why)
    return activity


def hand_over(organisation_id: int, old: User, new: User, *, by: User) -> list[Activity]:
    """What one person organised for an organisation is another's now, of all editions; those activities."""
    rows = select(Activity).where(Activity.organisation_id == organisation_id, Activity.initiator_id == old.id).order_by(Activity.id)
    handed = list(db.session.scalars(rows.with_for_update(of=Activity).execution_options(populate_existing=True)))
    for activity in handed:
        activity.initiator_id = new.id
        history.note(activity, Happened.HANDED_OVER, by=by)
    db.session.flush()
    for activity in handed:
        db.session.expire(activity, ["initiator"])
    return handed


def tell_subscribers(activity: Activity) -> None:
    """Raise the sequence of every moment, so that calendars replace what they have (RFC 5545, 3.8.7.4)."""
    for occurrence in activity.occurrences:
        occurrence.sequence += 1
        occurrence.changed_at = activity.changed_at


def forget_contacts(edition_ids: list[int]) -> int:
    """Of activities of these editions that do not go on: wipe whom to call, to mail and to ask for at the door (PRIV-05)."""
    told = (Activity.welcomer != "") | (Activity.public_phone != "") | (Activity.public_email != "")
    old = (Activity.edition_id.in_(edition_ids), Activity.is_ongoing.is_(False), told)
    editions_of_them = list(db.session.scalars(select(Activity.edition_id).where(*old).distinct()))
    nobody = {"welcomer": "", "public_phone": "", "public_email": ""}
    result = db.session.execute(update(Activity).where(*old).values(**nobody).execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult), "an UPDATE counts its rows"
    for edition_id in editions_of_them:
        editions.touch(edition_id)
    return result.rowcount
