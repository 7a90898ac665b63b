"""A registration from its first step to the activity and the order that come of it, and what its initiator does afterwards."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from weekapp import addresses, clock
from weekapp.accounts import service as accounts
from weekapp.accounts.models import User
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.service import NewActivity
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.editions.models import Edition
from weekapp.editions.rules import Window, window
from weekapp.errors import N_, DomainError, LinkExpired, WrongState
from weekapp.geography.pins import municipality_at
from weekapp.geography.rules import Precision
from weekapp.mail import service as mail
from weekapp.orders import queries as order_queries
from weekapp.orders import service as orders
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.needs import proposed_package
from weekapp.orders.rules import OPEN
from weekapp.organisations import queries as people_of
from weekapp.organisations import service as organisations
from weekapp.packages import queries as packages
from weekapp.packages.models import Package
from weekapp.registration import queries, rules
from weekapp.registration.answers import STEP_OF, AboutActivity, AboutPackage, AboutPlace, Address, Answers, Part
from weekapp.registration.models import Progress, Registration
from weekapp.registration.rules import Again

Answer = TypeVar("Answer")
OLD_LINK = N_("Deze link werkt niet meer. Kijk of je een nieuwere mail van ons hebt. Anders kun je je activiteit opnieuw aanmelden.")
ADDED_TO = "added_to"  # all that stays of the answers: the id of an earlier order that packages were added to


class NotOpen(DomainError):
    """The window for what somebody wants is closed, or not open yet."""


class AlreadySent(WrongState):
    """The registration has been confirmed: from now on it lives under /mijn."""

    def __init__(self) -> None:
        super().__init__(N_("Je hebt deze activiteit al bevestigd. Je vindt haar bij Mijn activiteiten."))


class Incomplete(DomainError):
    """Something has not been answered yet."""

    def __init__(self) -> None:
        super().__init__(N_("Je hebt nog niet alles ingevuld. Ga terug naar de stap die mist."))


def begin(send_id: str, first: AboutActivity, *, token: str) -> Registration:
    """A draft with the first step; the same form sent twice (`send_id`) is the same draft."""
    known = queries.by_send_id(send_id)
    if known is None:
        now = clock.now()
        draft = Registration(send_id=send_id, token_hash=accounts.hash_of(token), answers={}, created_at=now, changed_at=now)
        try:
            with db.session.begin_nested():
                db.session.add(draft)
            known = draft
        except IntegrityError:  # the other half of a double click was first
            known = queries.by_send_id(send_id)
            assert known is not None, "what the unique index refused is there"
    return save(known, first)


def save(registration: Registration, part: Part) -> Registration:
    """Keep the answers of one step. What is changed after sending must be sent again: only what was mailed can be confirmed."""
    lock(registration)
    if registration.progress == Progress.CONFIRMED:
        raise AlreadySent()
    answers = registration.answers | {STEP_OF[type(part)]: part.to_json()}
    if answers != registration.answers:
        registration.answers = answers
        registration.progress = Progress.DRAFT
    if isinstance(part, AboutActivity):
        registration.picture_id = part.picture_id
    registration.changed_at = clock.now()
    return registration


def answers_of(registration: Registration) -> Answers:
    """The answers so far, typed."""
    return Answers.from_json(registration.answers)


def check_open(edition: Edition, at: datetime) -> None:
    """Raises NotOpen when activities cannot be registered at this instant."""
    day = clock.local(at).date()
    state = window(edition.registration_opens, edition.registration_closes, day)
    if state is Window.BEFORE:
        raise NotOpen(N_("Je kunt je activiteit aanmelden vanaf %(day)s."), day=rules.spoken(edition.registration_opens))
    if state is Window.CLOSED:
        raise NotOpen(
            N_("Aanmelden kon tot en met %(day)s. Mail of bel ons als je nog mee wilt doen."), day=rules.spoken(edition.registration_closes)
        )


def check_ordering_open(edition: Edition, at: datetime) -> None:
    """Raises NotOpen when packages cannot be ordered at this instant (O06)."""
    day = clock.local(at).date()
    state = window(edition.ordering_opens, edition.ordering_closes, day)
    if state is Window.BEFORE:
        raise NotOpen(N_("Je kunt een pakket bestellen vanaf %(day)s."), day=rules.spoken(edition.ordering_opens))
    if state is Window.CLOSED:
        text = N_("Een pakket bestellen kon tot en met %(day)s. Nu kunnen we het niet meer op tijd brengen.")
        raise NotOpen(text, day=rules.spoken(edition.ordering_closes))


def offered_packages(edition: Edition) -> list[Package]:
    """The packages of an edition, one or more; raises NotOpen when there is none."""
    offered = packages.offered(edition.id)
    if not offered:
        raise NotOpen(N_("Er is nu geen pakket om te bestellen."))
    return offered


def offer(edition: Edition, at: datetime) -> tuple[list[Package], NotOpen | None]:
    """The packages that can be ordered at this instant, or the reason why there are none."""
    try:
        check_ordering_open(edition, at)
        return offered_packages(edition), None
    except NotOpen as reason:
        return [], reason


def chosen_package(activity: Activity, name: str) -> Package:
    """The newest version of the package with this name; without a name, or when it is offered no more, the one that fits best."""
    offered = offered_packages(activity.edition)
    return next((one for one in offered if one.name == name), None) or proposed_package(activity.expected_visitors, offered)


def check_all(answers: Answers, edition: Edition, *, sent_at: datetime) -> None:
    """Everything once more, since time has passed: raises a DomainError with a sentence for the first thing that cannot be.

    Windows are judged by when it was sent: who sent in time and reads the mail a day later is in time.
    """
    if answers.missing or not (answers.place and answers.you and answers.package):
        raise Incomplete()
    check_open(edition, sent_at)
    days: dict[str, Any] = {"first_day": edition.first_day, "last_day": edition.last_day, "now": clock.now()}
    days["is_ongoing"] = answers.place.is_ongoing
    for moment in answers.place.moments:
        rules.check_moment(**asdict(moment), **days)
    if not answers.package.wanted:
        return
    check_ordering_open(edition, sent_at)
    earlier = earlier_order(answers, edition)
    if earlier and not (answers.package.again is Again.ADD and room_in(earlier, answers.you.email)):
        raise orders.PlaceTaken(earlier)


def earlier_order(answers: Answers, edition: Edition) -> Order | None:
    """The order that stands in the way of the wanted package."""
    assert answers.you is not None, "asked for complete answers only"
    assert answers.package is not None, "asked for complete answers only"
    return queries.order_at(edition.id, answers.delivery_address, answers.you.organisation, answers.package.branch)


def room_in(order: Order, email: str) -> int:
    """How many packages whoever reads this mail address can add to an order.

    0 when it is packed, full or of another organisation, and when others wait for the package.
    """
    if order.state not in OPEN or not people_of.has_member_with(order.organisation_id, email) or not order_queries.has_turn(order):
        return 0
    return max(0, min(settings().max_packages - order_queries.quantity_of_activity(order.activity_id), order.package.available))


def send(registration: Registration, edition: Edition) -> Registration:
    """Mail the link behind which the button waits. A second click sends nothing more."""
    lock(registration)
    if registration.progress != Progress.DRAFT:
        return registration
    answers, now = answers_of(registration), clock.now()
    check_all(answers, edition, sent_at=now)
    activity, you = whole(answers.activity), whole(answers.you)
    token, registration.confirm_hash = accounts.new_token()
    registration.progress, registration.sent_at, registration.changed_at = Progress.SENT, now, now
    mail.queue_mail(
        f"confirm-registration {registration.confirm_hash[:40]}",
        "confirm_registration",
        you.email,
        name=you.name,
        title=activity.title,
        link=settings().base_url + addresses.confirm_registration(token),
        valid_until=rules.spoken_instant(now + rules.UNCONFIRMED_LIFE),
    )
    return registration


def valid_until(registration: Registration) -> datetime | None:
    """The instant at which the mailed link stops working; None when nothing was mailed."""
    return registration.sent_at + rules.UNCONFIRMED_LIFE if registration.sent_at else None


def send_again(registration: Registration, edition: Edition) -> Registration:
    """The mail got lost: a new one, whose link ends the one before. Raises WrongState within a minute."""
    lock(registration)
    if registration.progress == Progress.SENT and registration.sent_at:
        if clock.now() < registration.sent_at + rules.MAIL_PAUSE:
            raise WrongState(N_("We hebben net een mail gestuurd. Wacht een minuut en kijk ook bij je ongewenste mail."))
        registration.progress = Progress.DRAFT
    return send(registration, edition)


def check_confirmable(registration: Registration, edition: Edition) -> None:
    """Raises LinkExpired when a mailed link has served its time, and WrongState when something was changed after that mail."""
    if registration.progress == Progress.CONFIRMED:
        if clock.today() > edition.last_day:
            raise LinkExpired(N_("Deze link werkt niet meer. De Week is voorbij."))
        return
    if registration.sent_at is None or rules.is_over(registration.sent_at, clock.now()):
        raise LinkExpired(OLD_LINK)
    if registration.progress == Progress.DRAFT:
        raise WrongState(N_("Je hebt na deze mail nog iets veranderd. Verstuur je activiteit nog een keer."))


def confirm(registration: Registration, edition: Edition, *, link: str) -> Registration:
    """The button: person, organisation, activity and order come into being together, or nothing does. Harmless when repeated."""
    lock(registration)
    check_confirmable(registration, edition)
    if registration.progress == Progress.CONFIRMED:
        return registration
    answers = answers_of(registration)
    check_all(answers, edition, sent_at=whole(registration.sent_at))
    you, place, package = whole(answers.you), whole(answers.place), whole(answers.package)
    user = accounts.initiator_for(you.email, you.name, you.phone)
    organisation = organisations.organisation_for(you.organisation, you.kind, member=user)
    new = new_activity(whole(answers.activity), place)
    activity = activities.create(new, edition=edition, organisation=organisation, initiator=user)
    order = order_for(activity, package, place.address, by=user) if package.wanted else None
    registration.activity_id = activity.id
    registration.progress, registration.changed_at = Progress.CONFIRMED, clock.now()
    registration.answers = {ADDED_TO: order.id} if order and order.activity_id != activity.id else {}
    mail.queue_mail(
        f"registration-received {registration.id}",
        "registration_received",
        user.email,
        name=user.name,
        title=activity.title,
        order=order.number if order else "",
        link=link,
    )
    return registration


def press(registration: Registration, edition: Edition, *, link: str) -> User | None:
    """The button in the mail: `confirm`, and who may be signed in by it; None when it had been pressed before (SEC-11: once)."""
    lock(registration)
    was_confirmed = registration.progress == Progress.CONFIRMED
    confirm(registration, edition, link=link)
    activity = db.session.get(Activity, registration.activity_id)
    if was_confirmed or activity is None or accounts.is_staff(activity.initiator):
        return None  # a mail alone never lets staff in (SEC-13)
    return activity.initiator


def whole(part: Answer | None) -> Answer:
    """An answer that `check_all` has found to be there."""
    assert part is not None, "check_all lets only whole registrations pass"
    return part


def new_activity(about: AboutActivity, place: AboutPlace) -> NewActivity:
    """The answers of the first two steps as an activity."""
    moments = tuple(moment.instants for moment in place.moments)
    where: dict[str, Any] = {"venue": place.venue, "is_home": place.is_home, "is_ongoing": place.is_ongoing}
    return NewActivity(**vars(about), **vars(place.address) | by_hand(place), **where, moments=moments)


def by_hand(place: AboutPlace) -> dict[str, Any]:
    """What a pin that somebody put right changes about the address, for the map only: a parcel goes to the address itself."""
    if place.pin is None:
        return {}
    code = place.address.municipality_code or municipality_at(place.pin)
    return {"lon": place.pin[0], "lat": place.pin[1], "precision": Precision.BY_HAND, "municipality_code": code}


def similar(answers: Answers, edition: Edition) -> list[Activity]:
    """What was registered before at this doorstep for a moment that overlaps: perhaps the same, by a colleague."""
    place = whole(answers.place)
    return queries.at_place_and_time(edition.id, place.address, [moment.instants for moment in place.moments])


def order_for(activity: Activity, wanted: AboutPackage, here: Address, *, by: User) -> Order:
    """The package of an activity: an order of its own, or more in the parcel that goes to this place already."""
    earlier = queries.order_at(activity.edition_id, wanted.elsewhere or here, activity.organisation.name, wanted.branch)
    if earlier and wanted.again is Again.ADD and room_in(earlier, by.email):
        return orders.add_to(earlier, wanted.quantity, by=by)
    package = chosen_package(activity, wanted.name)
    delivery = delivery_to(wanted.elsewhere or here, recipient=activity.organisation.name, attention=wanted.attention)
    return orders.place(activity, package, wanted.quantity, delivery, branch=wanted.branch, by=by)


def delivery_to(address: Address, *, recipient: str, attention: str) -> Delivery:
    """An address with the names on the label."""
    return Delivery(
        recipient=recipient,
        attention=attention,
        street=address.street,
        house_number=address.house_number,
        letter=address.letter,
        addition=address.addition,
        postcode=address.postcode,
        town=address.town,
        precision=address.precision,
    )


def orders_of(registration: Registration) -> list[Order]:
    """What a confirmed registration has ordered."""
    added_to = order_queries.order(registration.answers[ADDED_TO]) if ADDED_TO in registration.answers else None
    if added_to:
        return [added_to]
    return order_queries.of_activity(registration.activity_id) if registration.activity_id else []
