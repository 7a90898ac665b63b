"""What an initiator does with an activity that exists: order a package, improve what was sent back, call it off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import changes
from weekapp.activities import rules as activity_rules
from weekapp.activities import service as activities
from weekapp.activities.changes import WantedMoment
from weekapp.activities.models import Activity, Occurrence
from weekapp.db import db, lock
from weekapp.errors import N_, WrongState
from weekapp.geography import reference
from weekapp.geography.pins import LonLat, rounded
from weekapp.geography.rules import Precision
from weekapp.moderation import revisions
from weekapp.orders import changing
from weekapp.orders import queries as order_queries
from weekapp.orders import service as orders
from weekapp.orders.delivery import NOT_FOUND, Delivery
from weekapp.orders.models import Order
from weekapp.orders.needs import delivery_of
from weekapp.orders.rules import OPEN, place_key
from weekapp.registration import service
from weekapp.registration.answers import AboutActivity, AboutPackage, AboutPlace, Address, Moment
from weekapp.signups import service as sign_ups


def address_of(activity: Activity) -> Address:
    """Where an activity is, as an answer. What is known of the address itself, when somebody put the pin right by hand."""
    by_hand = activity.precision is Precision.BY_HAND
    return Address(
        postcode=activity.postcode,
        house_number=activity.house_number,
        letter=activity.letter,
        addition=activity.addition,
        street=activity.street,
        town=activity.town,
        municipality_code=activity.municipality_code,
        lon=None if by_hand else activity.lon,
        lat=None if by_hand else activity.lat,
        precision=precision_of(activity),
        bag_id=activity.bag_id,
    )


def precision_of(activity: Activity) -> Precision:
    """How exactly its address is known: a pin by hand says nothing of that, and no parcel must be thought safe because of it."""
    if activity.precision is not Precision.BY_HAND:
        return activity.precision
    if activity.bag_id:
        return Precision.ADDRESS
    return Precision.PC4 if reference.postcode4(activity.postcode[:4]) else Precision.UNKNOWN


def pin_of(activity: Activity) -> LonLat | None:
    """Where somebody put its pin by hand."""
    if activity.precision is not Precision.BY_HAND or activity.lon is None or activity.lat is None:
        return None
    return rounded((activity.lon, activity.lat))


def about_activity(activity: Activity) -> AboutActivity:
    """What was answered about an activity, to be shown in a form."""
    return AboutActivity(
        title=activity.title,
        description=activity.description,
        theme=activity.theme,
        audiences=tuple(row.audience for row in activity.audiences),
        expected_visitors=activity.expected_visitors,
        is_free=activity.is_free,
        cost=activity.cost,
        can_come_alone=activity.can_come_alone,
        wheelchair=activity.wheelchair,
        hearing_loop=activity.hearing_loop,
        sign_up_needed=activity.sign_up_needed,
        accessible_toilet=activity.accessible_toilet,
        quiet=activity.quiet,
        welcomer=activity.welcomer,
        languages=tuple(row.language for row in activity.languages),
        stop=activity.stop,
        parking=activity.parking,
        public_phone=activity.public_phone,
        public_email=activity.public_email,
        picture_id=activity.picture_id,
    )


def about_place(activity: Activity) -> AboutPlace:
    """What was answered about its place and moments, to be shown in a form."""
    walls = ((clock.local(one.starts_at), clock.local(one.ends_at)) for one in activity.occurrences)
    moments = tuple(Moment(day=begins.date(), begins=begins.time(), ends=ends.time()) for begins, ends in walls)
    where: dict[str, Any] = {"venue": activity.venue, "is_home": activity.is_home, "is_ongoing": activity.is_ongoing}
    return AboutPlace(address=address_of(activity), pin=pin_of(activity), moments=moments, **where)


def order_package(activity: Activity, wanted: AboutPackage, *, by: User) -> Order:
    """A package for an activity that exists; raises NotOpen outside the ordering window, and what `orders.service` raises."""
    service.check_ordering_open(activity.edition, clock.now())
    lock(activity)
    if activity.state not in activity_rules.GOES_ON:
        raise WrongState(N_("Deze activiteit gaat niet door. Je kunt er geen pakket voor bestellen."))
    return service.order_for(activity, wanted, address_of(activity), by=by)


def check_order_open(order: Order) -> None:
    """Raises WrongState when an order is packed, or given up."""
    if order.state not in OPEN:
        raise WrongState(N_("Je kunt deze bestelling niet meer aanpassen. Hieronder staat wat nog wel kan."))


def change_order(order: Order, wanted: AboutPackage, *, by: User) -> Order:
    """Another number, package or address. More than before only while packages can be ordered.

    Raises NotOpen, `TakenElsewhere`, and what `changing.change` raises.
    """
    lock(order.activity)
    db.session.refresh(order)  # a colleague may have changed it while we waited
    package = order.package
    if wanted.name and wanted.name != package.name:
        package = service.chosen_package(order.activity, wanted.name)
    if package is not order.package or wanted.quantity > order.quantity:
        service.check_ordering_open(order.activity.edition, clock.now())
    delivery = delivery_for(order, wanted.elsewhere or address_of(order.activity), wanted.attention)
    try:
        return changing.change(order, package, wanted.quantity, delivery, by=by)
    except orders.PlaceTaken as taken:
        raise TakenElsewhere(taken.order.number) from None


class TakenElsewhere(WrongState):
    """The other address has an order of this organisation already (rule 3)."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("Naar dit adres gaat al een bestelling van jullie: %(number)s. Kies een ander adres."), number=number)


def delivery_for(order: Order, address: Address, attention: str) -> Delivery:
    """Where an order goes; a doorstep that is known and stays keeps what somebody put right by hand."""
    if key_of(address) == order.place_key and order.precision not in NOT_FOUND:
        return replace(delivery_of(order), attention=attention)
    return service.delivery_to(address, recipient=order.recipient, attention=attention)


def check_revisable(activity: Activity) -> None:
    """Raises WrongState unless a moderator sent the activity back."""
    if activity.state != activity_rules.State.RETURNED:
        raise WrongState(N_("Je kunt deze activiteit nu niet aanpassen. Mail of bel ons als er iets niet klopt."))


def revise(activity: Activity, about: AboutActivity, place: AboutPlace, *, by: User) -> Activity:
    """Better answers for an activity that a moderator sent back. A package that went to its old address goes to the new one."""
    old_key = key_of(address_of(activity))
    activities.revise(activity, service.new_activity(about, place), by=by)
    packages_follow(activity, old_key, place.address, by=by)
    return activity


def packages_follow(activity: Activity, old_key: str, now_at: Address, *, by: User) -> None:
    """Packages that are not packed yet must be there by another day, and go along when they went to the activity itself."""
    orders.reschedule_of(activity)
    for order in order_queries.of_activity(activity.id):
        if order.state in OPEN and order.place_key == old_key != key_of(now_at):
            delivery = service.delivery_to(now_at, recipient=order.recipient, attention=order.attention)
            orders.change_delivery(order, delivery, by=by)


def key_of(address: Address) -> str:
    """The doorstep of an address."""
    return place_key(address.postcode, address.house_number, address.letter, address.addition)


def call_off(activity: Activity, reason: str, *, by: User) -> Activity:
    """It does not take place: a public activity stays visible as cancelled, another one goes; unpacked packages are released."""
    if activity_rules.can_become(activity.state, activity_rules.State.CANCELLED):
        activities.cancel(activity, reason, by=by)
        sign_ups.activity_cancelled(activity)
    else:
        activities.withdraw(activity, by=by)
    orders.cancel_of(activity, by=by)
    return activity


def postpone(activity: Activity, reason: str, *, by: User) -> Activity:
    """It does not take place now and a new date follows: who signed up hears it, unpacked packages are released. Raises WrongState."""
    activities.postpone(activity, reason, by=by)
    sign_ups.activity_cancelled(activity)
    orders.cancel_of(activity, by=by)
    return activity


def call_off_moment(activity: Activity, occurrence: Occurrence, reason: str, *, by: User) -> Activity:
    """One moment does not take place; with the last one the whole activity does not. Raises WrongState."""
    if changes.coming(activity) == [occurrence]:
        return call_off(activity, reason, by=by)
    changes.cancel_moment(activity, occurrence, reason, by=by)
    sign_ups.moment_cancelled(occurrence)
    orders.reschedule_of(activity)
    return activity


@dataclass(frozen=True)
class Changed:
    """What became of a change: `at_once` on the website, `waits` for a moderator."""

    at_once: bool
    waits: bool


def check_changeable(activity: Activity) -> None:
    """Raises WrongState unless it waits for its first moderator, or can be changed in public."""
    if activity.state is not activity_rules.State.SUBMITTED and not changes.can_change(activity):
        raise WrongState(N_("Je kunt deze activiteit nu niet aanpassen. Mail of bel ons als er iets niet klopt."))


def change(
    activity: Activity,
    about: AboutActivity,
    place: AboutPlace,
    moments: Sequence[WantedMoment],
    dropped: Collection[int],
    remark: str,
    *,
    by: User,
) -> Changed:
    """Other answers: facts and moments of a public activity at once, its texts after a moderator; before that everything at once."""
    old_key, new = key_of(address_of(activity)), service.new_activity(about, place)
    if activity.state is activity_rules.State.SUBMITTED:
        activities.improve(activity, new, by=by)
        done = Changed(at_once=False, waits=True)
    else:
        at_once = changes.change(activity, new, moments, dropped, remark, by=by)
        texts = {name: getattr(new, name) for name in activity_rules.TEXTS}
        revision = revisions.propose(activity, texts, by=by)
        done = Changed(at_once, revision is not None)
    packages_follow(activity, old_key, place.address, by=by)
    return done
