"""Taking part again: last edition's activity as a draft for this one, with its place, welcome card and package (issue 4, point 8)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.core import settings
from weekapp.db import db
from weekapp.editions.models import Edition
from weekapp.errors import N_, WrongState
from weekapp.orders import queries as orders
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.registration import queries, rules, service, upkeep
from weekapp.registration.answers import AboutPackage, AboutPlace, AboutYou, Address, Moment
from weekapp.registration.models import Progress, Registration


def can_repeat(activity: Activity, edition: Edition | None) -> bool:
    """Whether it belongs to a former edition and activities can be registered for this one today."""
    if edition is None or activity.edition.first_day >= edition.first_day:
        return False
    try:
        service.check_open(edition, clock.now())
    except service.NotOpen:
        return False
    return True


def repeat(activity: Activity, edition: Edition, *, by: User) -> tuple[Registration, str]:
    """A draft for this edition with all that was told before, and the token of its addresses; raises NotOpen and WrongState.

    Pressed again it is the same draft, as far as it has come, until it is confirmed.
    """
    service.check_open(edition, clock.now())
    if not can_repeat(activity, edition):
        raise WrongState(N_("Deze activiteit hoort al bij deze Week."))
    send_id, known = under_way(activity, edition, by)
    token = rules.draft_token(send_id, settings().secret_key)
    if known is not None:
        return known, token
    draft = service.begin(send_id, upkeep.about_activity(activity), token=token)
    service.save(draft, place_again(activity, edition))
    service.save(draft, you_again(activity, by))
    package = package_again(activity, edition, by)
    if package is not None:
        service.save(draft, package)
    db.session.flush()
    return draft, token


def under_way(activity: Activity, edition: Edition, by: User) -> tuple[str, Registration | None]:
    """The name of the draft of this person, and the draft where there is one; what was confirmed is followed by the next."""
    for turn in count(1):
        send_id = f"repeat {edition.year} {activity.id} {by.id} {turn}"
        known = queries.by_send_id(send_id)
        if known is None or known.progress is not Progress.CONFIRMED:
            return send_id, known
    raise AssertionError("counting does not end")


def place_again(activity: Activity, edition: Edition) -> AboutPlace:
    """The same place, on the same weekdays at the same times."""
    before = upkeep.about_place(activity)
    moved = (
        Moment(day=same_weekday(one.day, activity.edition.first_day, edition.first_day), begins=one.begins, ends=one.ends)
        for one in before.moments
    )
    first, last = edition.first_day, edition.last_day
    fits = tuple(dict.fromkeys(one for one in moved if before.is_ongoing or first <= one.day <= last))
    if not fits:
        fits = tuple(Moment(day=first, begins=one.begins, ends=one.ends) for one in before.moments[:1])
    return replace(before, moments=fits)


def same_weekday(day: date, old_first: date, new_first: date) -> date:
    """The day that stands to the new first day as `day` stands to the old one, on the same weekday."""
    weeks = (day - old_first).days // 7
    return new_first + timedelta(days=(day.weekday() - new_first.weekday()) % 7, weeks=weeks)


def you_again(activity: Activity, by: User) -> AboutYou:
    """The same organisation; whoever asks for it is the initiator now."""
    organisation = activity.organisation
    return AboutYou(organisation=organisation.name, kind=organisation.kind, name=by.name, email=by.email, phone=by.phone)


def package_again(activity: Activity, edition: Edition, by: User) -> AboutPackage | None:
    """As many packages as before, to the same door; None while none can be ordered, so that the form asks."""
    offered, _why_not = service.offer(edition, clock.now())
    live = [order for order in orders.of_activity(activity.id) if order.state is not State.CANCELLED]
    if not offered or not live:
        return None
    place, order = upkeep.address_of(activity), live[0]
    wanted = min(sum(one.quantity for one in live), settings().max_packages)
    elsewhere = None if order.place_key == upkeep.key_of(place) else address_of_order(order)
    name = order.package.name if order.package.name in {one.name for one in offered} else offered[0].name
    return AboutPackage(wanted=True, name=name, quantity=wanted, elsewhere=elsewhere, attention=by.name)


def address_of_order(order: Order) -> Address:
    """Where a parcel went, as an answer."""
    return Address(
        postcode=order.postcode,
        house_number=order.house_number,
        letter=order.letter,
        addition=order.addition,
        street=order.street,
        town=order.town,
        municipality_code=None,
        lon=None,
        lat=None,
        precision=order.precision,
        bag_id="",
    )
