"""Registrations under way, and what an initiator has: own activities and those of the own organisations."""

from datetime import datetime

from slugify import slugify
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import GOES_ON
from weekapp.db import db
from weekapp.moderation.models import Review, Verdict
from weekapp.orders import queries as orders
from weekapp.orders import rules as order_rules
from weekapp.orders.models import Order
from weekapp.organisations.models import Membership
from weekapp.organisations.rules import name_key
from weekapp.registration.answers import Address
from weekapp.registration.models import Progress, Registration
from weekapp.registration.rules import Step


def by_token_hash(token_hash: str) -> Registration | None:
    """The registration whose steps have this token in their addresses."""
    return db.session.scalar(select(Registration).where(Registration.token_hash == token_hash))


def by_confirm_hash(confirm_hash: str) -> Registration | None:
    """The registration whose mail holds this token."""
    return db.session.scalar(select(Registration).where(Registration.confirm_hash == confirm_hash))


def by_send_id(send_id: str) -> Registration | None:
    """The registration that began with this form."""
    return db.session.scalar(select(Registration).where(Registration.send_id == send_id))


def unconfirmed_of(email: str) -> list[Registration]:
    """Registrations under this mail address that have not become an activity, newest first."""
    typed = func.lower(Registration.answers[Step.YOU.value]["email"].as_string())
    rows = select(Registration).where(Registration.progress != Progress.CONFIRMED, typed == email.lower())
    return list(db.session.scalars(rows.order_by(Registration.changed_at.desc(), Registration.id.desc())))


def order_at(edition_id: int, address: Address, organisation: str, branch: str = "") -> Order | None:
    """The order that this organisation (by name) has at this doorstep already (product.md rule 3)."""
    place = order_rules.place_key(address.postcode, address.house_number, address.letter, address.addition)
    return orders.at_place(edition_id, place, name_key(organisation), slugify(branch)[:80])


def at_place_and_time(edition_id: int, address: Address, moments: list[tuple[datetime, datetime]]) -> list[Activity]:
    """Activities that go on at this house number and have a moment that overlaps with one of these."""
    overlaps = or_(*(and_(Occurrence.starts_at < ends, Occurrence.ends_at > starts) for starts, ends in moments))
    here = (Activity.postcode == address.postcode, Activity.house_number == address.house_number, Activity.letter == address.letter)
    then = select(Occurrence.id).where(Occurrence.activity_id == Activity.id, Occurrence.cancelled_at.is_(None), overlaps)
    rows = select(Activity).where(Activity.edition_id == edition_id, *here, Activity.state.in_(GOES_ON), then.exists())
    return list(db.session.scalars(rows.order_by(Activity.id).limit(3)))


def activity_with_organisation(activity_id: int) -> Activity | None:
    """One activity with what a page about it shows."""
    return db.session.scalar(select(Activity).where(Activity.id == activity_id).options(*shown()))


def is_own(user_id: int) -> ColumnElement[bool]:
    """Activities of organisations for which a person acts; who went away from one sees none of its activities, not even the own."""
    return Activity.organisation_id.in_(select(Membership.organisation_id).where(Membership.user_id == user_id))


def shown() -> tuple[ExecutableOption, ...]:
    """Loads what pages of initiators show of an activity in the same go."""
    return (
        joinedload(Activity.edition),
        joinedload(Activity.organisation),
        joinedload(Activity.initiator),
        selectinload(Activity.occurrences),
        selectinload(Activity.audiences),
        selectinload(Activity.languages),
        joinedload(Activity.picture),
    )


def own_activities(user_id: int) -> list[Activity]:
    """What a person has put forward, newest edition first."""
    rows = select(Activity).where(is_own(user_id)).options(*shown()).order_by(Activity.edition_id.desc(), Activity.id.desc())
    return list(db.session.scalars(rows))


def own_activity(activity_id: int, user_id: int) -> Activity | None:
    """One activity of this person; None when it is somebody else's."""
    return db.session.scalar(select(Activity).where(Activity.id == activity_id, is_own(user_id)).options(*shown()))


def own_order(order_id: int, user_id: int) -> Order | None:
    """One order for an activity of this person; None when it is somebody else's."""
    rows = select(Order).join(Order.activity).where(Order.id == order_id, is_own(user_id))
    return db.session.scalar(rows.options(joinedload(Order.activity), joinedload(Order.package)))


def without_package(user_id: int, edition_id: int) -> list[Activity]:
    """Own activities of an edition that go on and have no order."""
    ordered = select(Order.id).where(Order.activity_id == Activity.id, Order.state != order_rules.State.CANCELLED)
    goes_on = Activity.state.in_(GOES_ON)
    rows = select(Activity).where(is_own(user_id), Activity.edition_id == edition_id, goes_on, ~ordered.exists())
    return list(db.session.scalars(rows.options(*shown()).order_by(Activity.id)))


def return_reason(activity_id: int) -> str:
    """Why a moderator sent the activity back, the last time; '' when nobody did."""
    rows = select(Review.reason).where(Review.activity_id == activity_id, Review.verdict == Verdict.RETURNED)
    return db.session.scalar(rows.order_by(Review.id.desc()).limit(1)) or ""
