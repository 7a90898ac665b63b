"""What can be done with an order until it is packed, and afterwards by a whole batch (product.md rules 2-6).

Who needs both locks the package first and then the order, so that two who do so never wait for each other.
"""

from collections.abc import Collection

from slugify import slugify
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from weekapp import addresses, clock
from weekapp.accounts.models import User
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.errors import N_, DomainError, WrongState
from weekapp.geography.rules import Precision
from weekapp.mail.service import queue_mail
from weekapp.orders import delivery as deliveries
from weekapp.orders import needs, queries, rules
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order, OrderEvent
from weekapp.orders.rules import Hold, State
from weekapp.packages import service as stock
from weekapp.packages.models import Package, StockEntry

ADDRESS_HOLDS = frozenset({Hold.PO_BOX, Hold.UNKNOWN_ADDRESS})  # only the initiator can tell what is right
TRIES = 20  # for a number of its own, when several packages of one edition are ordered at the same moment


class PlaceTaken(DomainError):
    """This organisation has an order for this doorstep already (rule 3); `order` is the earlier one."""

    def __init__(self, order: Order) -> None:
        text = N_("Voor dit adres is al een pakket besteld: %(number)s. Bestel er een bij, of vul in welke afdeling je bent.")
        super().__init__(text, field="branch", number=order.number)
        self.order = order


class TooMany(DomainError):
    """More packages for one activity than the setting allows."""

    def __init__(self, most: int) -> None:
        super().__init__(N_("Je kunt per activiteit %(most)s pakketten bestellen. Kies een lager aantal."), field="quantity", most=most)


class OthersWait(DomainError):
    """More packages for this order would go before people who have waited longer (rule 4)."""

    def __init__(self) -> None:
        text = N_("Er wachten al anderen op dit pakket. Je kunt er nu niet meer nemen. Je eerste bestelling blijft staan.")
        super().__init__(text, field="quantity")


def place(activity: Activity, package: Package, quantity: int, delivery: Delivery, *, branch: str = "", by: User) -> Order:
    """Order packages for an activity: reserved at once, or on the waiting list; held when somebody must look at it first.

    Raises PlaceTaken when this place has an order already, and TooMany above the maximum for one activity.
    """
    stock.at_least_one(quantity)
    lock(package)
    check_maximum(activity.id, quantity)
    order = Order(
        edition_id=activity.edition_id,
        package_id=package.id,
        activity_id=activity.id,
        organisation_id=activity.organisation_id,
        initiator_id=activity.initiator_id,
        quantity=quantity,
        state=State.WAITING,
        hold=Hold.NONE,
        needed_by=needs.needed_by(activity),
        organisation_key=activity.organisation.name_key,
        branch=branch.strip(),
        branch_key=slugify(branch)[:80],
        created_at=clock.now(),
        changed_at=clock.now(),
        **needs.address_columns(delivery),
    )
    insert_numbered(order, activity.edition.year)
    is_first = not queries.has_waiting(package.id, besides=order.id)
    if is_first and package.available >= quantity:
        stock.reserve(package, quantity, order_id=order.id, by_id=by.id)
        admit(order, by_id=by.id)
    else:
        write(order, State.WAITING, by_id=by.id)
    return order


def insert_numbered(order: Order, year: int) -> None:
    """Give the order the next number of its edition; the unique indexes have the last word about number and place."""
    for _ in range(TRIES):
        check_place(order)
        last = queries.last_number(year)
        order.number = rules.number_of(year, rules.serial_of(last) + 1 if last else 1)
        try:
            with db.session.begin_nested():
                db.session.add(order)
        except IntegrityError:
            continue
        return
    raise WrongState(N_("Het is nu te druk. Probeer het over een paar minuten opnieuw."))


def check_place(order: Order) -> None:
    """Raises PlaceTaken when another order of this organisation goes to the same doorstep."""
    with db.session.no_autoflush:
        earlier = queries.at_place(order.edition_id, order.place_key, order.organisation_key, order.branch_key)
    if earlier is not None and earlier.id != order.id:
        raise PlaceTaken(earlier)


def check_maximum(activity_id: int, more: int) -> None:
    """Raises TooMany when `more` packages would be too many for the activity."""
    if queries.quantity_of_activity(activity_id) + more > settings().max_packages:
        raise TooMany(settings().max_packages)


def admit(order: Order, *, by_id: int) -> None:
    """An order whose packages have just been reserved: held, or received, or approved when its activity is public."""
    doubt = needs.doubt_about(order)
    if doubt != Hold.NONE:
        write(order, State.HELD, by_id=by_id, hold=doubt)
        if doubt in ADDRESS_HOLDS:
            tell_held(order, rules.HOLD_WORDS[doubt])
        return
    write(order, State.RECEIVED, by_id=by_id)
    if order.activity.state == activities.State.PUBLISHED:
        write(order, State.APPROVED, by_id=by_id)


def write(order: Order, state: State, *, note: str = "", by_id: int, **columns: object) -> None:
    """Set the state, and the columns that must change together with it, and write the step down."""
    for name, value in columns.items():
        setattr(order, name, value)
    order.state = state
    order.changed_at = clock.now()
    db.session.add(OrderEvent(order_id=order.id, at=order.changed_at, state=state, note=note, by_id=by_id))
    db.session.flush()


def lock_for(order: Order, then: State) -> None:
    """Lock an order that is about to change; raises WrongState when somebody was first."""
    lock(order)
    if not rules.can_become(order.state, then):
        raise WrongState(N_("Dit kan niet meer: de bestelling is intussen veranderd."))


def add_to(order: Order, quantity: int, *, by: User) -> Order:
    """More packages to the same place, in the same parcel; raises OthersWait, and OutOfStock when they are not there."""
    stock.at_least_one(quantity)
    lock(order.package)
    lock_open(order)
    check_maximum(order.activity_id, quantity)
    check_turn(order)
    stock.reserve(order.package, quantity, order_id=order.id, by_id=by.id)
    order.quantity += quantity
    write(order, order.state, note=N_("Er zijn pakketten bij besteld."), by_id=by.id)
    if order.state in {State.RECEIVED, State.APPROVED} and needs.doubt_about(order) != Hold.NONE:
        hold(order, needs.doubt_about(order), "", by=by)
    return order


def check_turn(order: Order) -> None:
    """Raises OthersWait when more for this order would go before who has waited longer."""
    if not queries.has_turn(order):
        raise OthersWait()


def lock_open(order: Order) -> None:
    """Lock an order that must not be packed yet; raises WrongState when it is."""
    lock(order)
    if order.state not in rules.OPEN:
        raise WrongState(N_("Je bestelling is al ingepakt. Mail of bel ons als er iets moet veranderen."))


def approve(order: Order, *, by: User) -> Order:
    """The order may be packed; only when its activity is public."""
    lock_for(order, State.APPROVED)
    if order.state != State.RECEIVED:
        raise WrongState(N_("Je kunt deze bestelling nu niet goedkeuren."))
    if order.activity.state != activities.State.PUBLISHED:
        raise WrongState(N_("Keur eerst de activiteit goed."))
    write(order, State.APPROVED, by_id=by.id)
    return order


def approve_of(activity: Activity, *, by: User) -> list[Order]:
    """The activity has become public: so may its received orders. Held ones stay held, waiting ones wait for stock."""
    return [approve(order, by=by) for order in queries.of_activity(activity.id) if order.state == State.RECEIVED]


def approve_left_behind() -> int:
    """Approve orders that were placed at the very moment at which their activity was approved; how many there were."""
    orders = queries.left_received()
    for order in orders:
        lock_for(order, State.APPROVED)
        write(order, State.APPROVED, by_id=0)
    return len(orders)


def hold(order: Order, reason: Hold, note: str, *, by: User) -> Order:
    """Keep an order out of the next batch until somebody has looked at it; its packages stay reserved. The note is mailed too."""
    lock_for(order, State.HELD)
    if order.state == State.WAITING:
        raise WrongState(N_("Deze bestelling staat op de wachtlijst. Dan kan zij niet in de wacht."))
    write(order, State.HELD, note=note.strip(), by_id=by.id, hold=reason)
    if note.strip() or reason in ADDRESS_HOLDS:
        tell_held(order, note.strip() or rules.HOLD_WORDS[reason])
    return order


def tell_held(order: Order, reason: str) -> None:
    """Ask the initiator by mail what must change; one mail for each time that the order is held."""
    queue_mail(
        f"order-held-{order.id}-{len(queries.events(order.id))}",
        "order_held",
        order.initiator.email,
        language=order.initiator.language,
        number=order.number,
        title=order.activity.title,
        reason=reason,
        link=settings().base_url + addresses.MINE,
    )


def release_hold(order: Order, *, by: User) -> Order:
    """Somebody has looked: on with it. An address that nobody can deliver to must be corrected first."""
    lock_for(order, State.RECEIVED)
    if order.state != State.HELD:
        raise WrongState(N_("Deze bestelling staat niet in de wacht."))
    if order.precision in deliveries.NOT_FOUND:
        order.precision = Precision.BY_HAND
    if deliveries.doubt_about(needs.delivery_of(order)) != Hold.NONE:
        raise WrongState(N_("Pas eerst het adres aan. Dan kan de bestelling verder."))
    write(order, State.RECEIVED, note=N_("Nagekeken en in orde."), by_id=by.id, hold=Hold.NONE)
    if order.activity.state == activities.State.PUBLISHED:
        write(order, State.APPROVED, by_id=by.id)
    return order


def change_delivery(order: Order, delivery: Delivery, *, by: User, branch: str | None = None) -> Order:
    """Another address for an order that is not packed yet. A doubtful address begins a hold, a good one ends it.

    Where somebody of staff doubts an address that is good by the rules, only another doorstep ends the hold.
    """
    lock_open(order)
    place, before = order.place_key, needs.delivery_of(order)
    for name, value in needs.address_columns(delivery).items():
        setattr(order, name, value)
    if branch is not None:
        order.branch, order.branch_key = branch.strip(), slugify(branch)[:80]
    if order.place_key != place:
        order.accepted_warnings = ""
    check_place(order)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise WrongState(N_("Voor dit adres is net een andere bestelling gedaan.")) from None
    write(order, order.state, note=N_("Het adres is veranderd."), by_id=by.id)
    doubt = deliveries.doubt_about(delivery)
    is_mended = deliveries.doorstep(before) != deliveries.doorstep(delivery) or deliveries.doubt_about(before) == order.hold
    if order.state == State.HELD and order.hold in ADDRESS_HOLDS and doubt == Hold.NONE and is_mended:
        release_hold(order, by=by)
    elif order.state in {State.RECEIVED, State.APPROVED} and doubt != Hold.NONE:
        hold(order, doubt, "", by=by)
    return order


def reschedule_of(activity: Activity) -> None:
    """The moments of an activity changed: its orders that are not packed yet must be there by another day."""
    for order in queries.of_activity(activity.id):
        lock(order)
        if order.state in rules.OPEN:
            order.needed_by = needs.needed_by(activity)
    db.session.flush()


def cancel(order: Order, *, by: User, note: str = "") -> Order:
    """Give the order up; its packages go to who waits longest. A packed one is taken out of its batch first (batches.service)."""
    lock(order.package)
    lock_open(order)
    if order.state in rules.RESERVES:
        stock.release(order.package, order.quantity, order_id=order.id, by_id=by.id)
    write(order, State.CANCELLED, note=note.strip(), by_id=by.id, hold=Hold.NONE)
    serve_waiting(order.package)
    return order


def cancel_of(activity: Activity, *, by: User) -> list[Order]:
    """The activity does not take place: cancel its orders that are not packed yet."""
    return [cancel(order, by=by) for order in queries.of_activity(activity.id) if order.state in rules.OPEN]


def serve_waiting(package: Package) -> list[Order]:
    """Give what is available to the waiting list, first come first served; stops at the first one for whom it is not enough."""
    served = []
    lock(package)
    for order in queries.waiting(package.id):
        lock(order)
        if order.state != State.WAITING:
            continue
        if order.quantity > package.available:
            break
        stock.reserve(package, order.quantity, order_id=order.id, by_id=0)
        admit(order, by_id=0)
        served.append(order)
    return served


def receive_stock(package: Package, quantity: int, *, by_id: int, reason: str = "") -> list[Order]:
    """Packages came in: book them, and serve the waiting list. The orders that were served."""
    stock.receive(package, quantity, by_id=by_id, reason=reason)
    return serve_waiting(package)


def correct_stock(package: Package, counted: int, reason: str, *, by_id: int) -> StockEntry | None:
    """Somebody counted the shelf; if there was more than we thought, the waiting list is served."""
    entry = stock.correct(package, counted, reason, by_id=by_id)
    serve_waiting(package)
    return entry


def follow_carrier(order: Order, state: State, *, note: str, by_id: int) -> Order:
    """What the carrier says has become of an order that is packed; its packages leave the stock when this is the first word of it."""
    lock(order.package)
    lock_for(order, state)
    if order.state == State.BATCHED:
        stock.issue(order.package, order.quantity, order_id=order.id, by_id=by_id)
    write(order, state, note=note, by_id=by_id)
    return order


def set_urgent(order_ids: Collection[int], *, by: User) -> list[Order]:
    """Let orders that are not packed yet go first in the next batch; those that changed, each with a line in its history."""
    rows = select(Order).where(Order.id.in_(order_ids), Order.state.in_(rules.OPEN), Order.is_urgent.is_(False)).order_by(Order.id)
    orders = list(db.session.scalars(rows.with_for_update(of=Order).execution_options(populate_existing=True)))
    for order in orders:
        order.is_urgent = True
        write(order, order.state, note=N_("Gaat voor: anders komt het pakket te laat."), by_id=by.id)
    return orders


def hand_over(organisation_id: int, old: User, new: User) -> None:
    """Mails about the orders that one person placed for an organisation go to another from now on."""
    rows = update(Order).where(Order.organisation_id == organisation_id, Order.initiator_id == old.id)
    db.session.execute(rows.values(initiator_id=new.id))
