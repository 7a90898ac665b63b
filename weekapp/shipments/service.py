"""What becomes of parcels: what carriers say about them, what staff decide, and what follows for order, stock and initiator.

Who changes a parcel has locked the package of its order and then the order, as everywhere.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from weekapp import addresses, audit, clock
from weekapp.accounts.models import User
from weekapp.batches.models import BatchLine
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.errors import N_, InvalidInput, WrongState
from weekapp.mail.service import queue_mail
from weekapp.orders import service as ordering
from weekapp.orders.models import Order
from weekapp.orders.rules import State as OrderState
from weekapp.packages import service as stock
from weekapp.packages.models import Package
from weekapp.shipments import queries, rules, telling, tracking
from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import APPLIES, CARRIER_WORDS, STATUS_NOTES, Carrier, Judgement, Status, Told

CAME_BACK = N_("Zending teruggekomen")


def judged(lines: Sequence[Told]) -> list[Judgement]:
    """A verdict on each line as things stand now; changes nothing."""
    known_orders = queries.known_orders({told.reference for told in lines})
    return rules.judge(lines, known_orders, queries.known_parcels({told.barcode for told in lines}))


def write_down(lines: Sequence[Told], carrier: Carrier, *, by_id: int) -> list[Judgement]:
    """Do what a carrier says, and a verdict on each line. Said once more, it changes nothing; `by_id` 0 is the carrier itself."""
    orders = locked({told.reference for told in lines})
    parcels, along = queries.parcels_of(orders), queries.travelling_along(orders)
    judgements = judged(lines)
    back = set[int]()
    for order_id, order in orders.items():
        news = [judgement.told for judgement in judgements if judgement.verdict in APPLIES and judgement.order_id == order_id]
        if news:
            back |= bring_up_to_date(order, along.get(order_id, []), parcels.get(order_id, []), news, carrier, by_id=by_id)
    for package_id in sorted(back):
        ordering.serve_waiting(db.session.get_one(Package, package_id))
    return judgements


def locked(told_of: Collection[str]) -> dict[int, Order]:
    """The orders with these numbers and those in their parcels by id, their packages locked and then they themselves."""
    along = select(BatchLine.order_number).where(BatchLine.lead_number.in_(told_of), BatchLine.is_live)
    numbers = {*told_of, *db.session.scalars(along)}
    used = select(Package).where(Package.id.in_(select(Order.package_id).where(Order.number.in_(numbers)))).order_by(Package.id)
    for package in db.session.scalars(used).all():
        lock(package)
    around = joinedload(Order.package), joinedload(Order.activity), joinedload(Order.initiator)
    rows = select(Order).where(Order.number.in_(numbers)).options(*around).order_by(Order.id).with_for_update(of=Order)
    return {order.id: order for order in db.session.scalars(rows.execution_options(populate_existing=True))}


def bring_up_to_date(
    order: Order, along: Sequence[Order], parcels: list[Parcel], news: Sequence[Told], carrier: Carrier, *, by_id: int
) -> set[int]:
    """Everything that is new about one order and those in its parcel, in one go; the packages (ids) that came back into stock."""
    left = list[Parcel]()
    for told in news:
        parcel = parcel_for(order, parcels, told, carrier)
        if parcel.status == Status.ANNOUNCED and told.status == Status.SHIPPED:
            left.append(parcel)
        move(parcel, told)
    share_out(order, parcels)
    db.session.add_all(parcels)
    db.session.flush()
    follow(order, parcels, {told.status for told in news if told.status}, by_id=by_id)
    came_back = {order.package_id} if take_back(order, parcels, by_id=by_id) else set()
    for companion in along:
        if follow_lead(companion, parcels, {told.status for told in news if told.status}, by_id=by_id):
            came_back.add(companion.package_id)
    for group in groups_of(parcels):
        if any(parcel in left for parcel in group):
            for one in (order,) if group[0].reship_of_id else (order, *along):  # what is sent anew is for this order only
                tell_initiator(one, group)
    return came_back


def follow_lead(order: Order, parcels: Sequence[Parcel], news: Collection[Status], *, by_id: int) -> bool:
    """An order that travels in the first parcel of another one goes where that goes; whether its packages came back into stock."""
    before = order.state
    follow(order, [parcel for parcel in parcels if parcel.reship_of_id is None], news, by_id=by_id)
    if before == OrderState.RETURNED or order.state != OrderState.RETURNED:
        return False
    stock.take_back(order.package, order.quantity, order_id=order.id, by_id=by_id, reason=CAME_BACK)
    return True


def parcel_for(order: Order, parcels: list[Parcel], told: Told, carrier: Carrier) -> Parcel:
    """The parcel with this barcode; else one that waits for its barcode; else a new one."""
    for parcel in parcels:
        if parcel.barcode == told.barcode:
            return parcel
    for parcel in parcels:
        if parcel.barcode is None:
            parcel.barcode, parcel.carrier = told.barcode, carrier
            return parcel
    parcel = new_parcel(order, parcels, carrier)
    parcel.barcode = told.barcode
    return parcel


def new_parcel(order: Order, parcels: list[Parcel], carrier: Carrier) -> Parcel:
    """One more parcel of an order, announced."""
    assert order.batch_id is not None, "the database ties the states with parcels to a batch"
    now = clock.now()
    parcel = Parcel(
        order_id=order.id,
        batch_id=order.batch_id,
        number=max((parcel.number for parcel in parcels), default=0) + 1,
        quantity=0,
        carrier=carrier,
        status=Status.ANNOUNCED,
        status_at=now,
        created_at=now,
        changed_at=now,
    )
    parcels.append(parcel)
    return parcel


def move(parcel: Parcel, told: Told) -> None:
    """The parcel is where the carrier says."""
    assert told.status is not None, "lines without a status are never applied"
    parcel.status, parcel.status_at, parcel.changed_at = told.status, told.at or clock.now(), clock.now()
    if parcel.shipped_at is None and told.status != Status.ANNOUNCED:
        parcel.shipped_at = parcel.status_at


def share_out(order: Order, parcels: Sequence[Parcel]) -> None:
    """Say how many packages are in each of the first parcels of an order, those left out that are back in stock."""
    first = [parcel for parcel in parcels if parcel.reship_of_id is None]
    open_ones = [parcel for parcel in first if parcel.taken_back is None]
    if open_ones:
        left = order.quantity - sum(parcel.taken_back or 0 for parcel in first)
        for parcel, quantity in zip(open_ones, rules.spread(left, len(open_ones)), strict=True):
            parcel.quantity = quantity


def counted(parcels: Sequence[Parcel]) -> list[Parcel]:
    """The parcels that count for the state of their order."""
    sent_anew = {parcel.reship_of_id for parcel in parcels}
    return [parcel for parcel in parcels if parcel.settled_at is None and parcel.id not in sent_anew]


def follow(order: Order, parcels: Sequence[Parcel], news: Collection[Status], *, by_id: int) -> None:
    """Bring the order to the state that its parcels tell, and write all that is new in its history."""
    then = rules.order_state(order.state, [parcel.status for parcel in counted(parcels)])
    passed = rules.steps(order.state, then)
    for state in passed:
        ordering.follow_carrier(order, state, note=STATUS_NOTES[Status(state.value)], by_id=by_id)
    for status in sorted(news, key=lambda status: rules.RANK[status]):
        if status.value not in passed:
            ordering.write(order, order.state, note=STATUS_NOTES[status], by_id=by_id)


def take_back(order: Order, parcels: Sequence[Parcel], *, by_id: int) -> bool:
    """Put what came back into stock, once per parcel; whether there was any."""
    came_back = [parcel for parcel in parcels if parcel.status == Status.RETURNED and parcel.taken_back is None]
    for parcel in came_back:
        if parcel.quantity:
            stock.take_back(order.package, parcel.quantity, order_id=order.id, by_id=by_id, reason=CAME_BACK)
        parcel.taken_back = parcel.quantity
    return bool(came_back)


def groups_of(parcels: Sequence[Parcel]) -> list[list[Parcel]]:
    """Parcels that the initiator hears of together: those of the order as it was placed, and each one that is sent anew."""
    first = [parcel for parcel in parcels if parcel.reship_of_id is None]
    return [group for group in [first, *([parcel] for parcel in parcels if parcel.reship_of_id)] if group]


def tell_initiator(order: Order, group: Sequence[Parcel]) -> None:
    """One mail about a group, when the first of it is on its way (LOG-05: never two, see `telling`)."""
    if not order.initiator.active:  # who was forgotten (PRIV-05) has no address any more
        return
    first = group[0]
    under_way = [parcel for parcel in group if parcel.status == Status.SHIPPED]
    queue_mail(
        f"parcel-{first.id}-shipped" if first.reship_of_id else telling.left_key(order.id, first.batch_id),
        "parcel_shipped",
        order.initiator.email,
        language=order.initiator.language,
        name=order.initiator.name,
        number=order.number,
        title=order.activity.title,
        parcels="\n".join(where_to_look(parcel, order.postcode) for parcel in under_way),
        link=settings().base_url + addresses.MINE,
    )


def where_to_look(parcel: Parcel, postcode: str) -> str:
    """The page of the carrier about a parcel, or its name and the barcode to ask for."""
    barcode = parcel.barcode or ""
    return tracking.link(parcel.carrier, barcode, postcode) or f"{CARRIER_WORDS[parcel.carrier]}: {barcode}"


def lock_with_order(parcel: Parcel) -> Parcel:
    """Lock the package, the order and the parcel, in this order."""
    lock(parcel.order.package)
    lock(parcel.order)
    return lock(parcel)


def add_by_hand(number: str, barcode: str, carrier: Carrier, status: Status, *, by: User) -> Parcel:
    """One parcel that staff type in. Raises InvalidInput when there is no such order, or the barcode is taken."""
    told = Told(1, rules.clean_number(number), barcode, status)
    verdict = write_down([told], carrier, by_id=by.id)[0]
    if verdict.verdict not in APPLIES:
        field = "number" if verdict.verdict in {rules.Verdict.UNKNOWN, rules.Verdict.WRONG} else "barcode"
        raise InvalidInput([(field, verdict.message or N_("Deze zending staat er al."))])
    parcel = queries.by_barcode(barcode)
    assert parcel is not None, "it was written down just now"
    audit.note("parcel added by hand", f"parcel {parcel.id}", user_id=by.id)
    return parcel


def give_barcode(parcel: Parcel, barcode: str, carrier: Carrier, *, by: User) -> Parcel:
    """A parcel that is sent anew has its label: it is on its way. Raises InvalidInput when another parcel has this barcode."""
    lock_with_order(parcel)
    if parcel.barcode:
        raise WrongState(N_("Deze zending heeft al een barcode."))
    try:
        with db.session.begin_nested():
            parcel.barcode, parcel.carrier = barcode, carrier
    except IntegrityError:
        raise InvalidInput([("barcode", N_("Deze barcode is al van een andere zending."))]) from None
    return set_status(parcel, Status.SHIPPED, by=by)


def set_status(parcel: Parcel, status: Status, *, by: User) -> Parcel:
    """Staff know more than the carrier's files say. Raises WrongState when the parcel is further already."""
    told = Told(1, parcel.order.number, parcel.barcode or "", status)
    if write_down([told], parcel.carrier, by_id=by.id)[0].verdict not in APPLIES:
        raise WrongState(N_("Dit kan niet meer: de zending is al verder."))
    audit.note("parcel status set", f"parcel {parcel.id}", user_id=by.id)
    return parcel


def reship(parcel: Parcel, quantity: int, *, by: User) -> Parcel:
    """Send so many packages anew instead of a parcel, out of the stock. Raises OutOfStock; asked twice, the second time is refused."""
    lock_with_order(parcel)
    order = parcel.order
    if parcel.status == Status.ANNOUNCED:
        raise WrongState(N_("Deze zending is nog niet verstuurd."))
    if queries.reship_of(parcel.id) is not None:
        raise WrongState(N_("Voor deze zending is al een nieuwe gemaakt."))
    if not 1 <= quantity <= order.quantity:
        raise InvalidInput([("quantity", N_("Kies een aantal dat bij de bestelling past."))])
    stock.reserve(order.package, quantity, order_id=order.id, by_id=by.id)
    stock.issue(order.package, quantity, order_id=order.id, by_id=by.id)
    new = new_parcel(order, queries.parcels_of([order.id])[order.id], parcel.carrier)
    new.quantity, new.reship_of_id = quantity, parcel.id
    db.session.add(new)
    ordering.write(order, order.state, note=N_("We sturen een nieuwe zending."), by_id=by.id)
    audit.note("parcel sent anew", f"parcel {parcel.id}", user_id=by.id, packages=quantity)
    return new


def settle(parcel: Parcel, *, by: User) -> Parcel:
    """Nothing more is done about a parcel that is lost, damaged or back: it leaves the list, and counts no longer for its order."""
    lock_with_order(parcel)
    if parcel.status not in rules.PROBLEMS:
        raise WrongState(N_("Met deze zending is niets mis."))
    if parcel.settled_at is None:
        parcel.settled_at = parcel.changed_at = clock.now()
        db.session.flush()
        follow(parcel.order, queries.parcels_of([parcel.order_id])[parcel.order_id], set(), by_id=by.id)
        audit.note("parcel settled", f"parcel {parcel.id}", user_id=by.id)
    return parcel
