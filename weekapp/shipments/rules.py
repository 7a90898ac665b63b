"""Statuses of parcels, what they mean for their order, and verdicts on what a carrier says: values in, answer out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from weekapp.errors import N_
from weekapp.orders import rules as orders

MOST_BYTES = 25 * 1024 * 1024  # of a file that comes back from a carrier
MOST_ROWS = 50_000
MOST_ATTEMPTS = 5  # a file that kills its worker so often is refused
PATIENCE = timedelta(minutes=1)  # a message that has not woken anybody after this is taken for lost
LEASE = timedelta(minutes=5)  # a worker that has taken a file and is silent for longer is taken for dead
CONTENT_LIFE = timedelta(days=7)  # PRIV-05: files of and for carriers
ROWS_LIFE = timedelta(days=90)
ORDER_NUMBER = re.compile(r"KE\d{2}-\d{5,6}")
BARCODE = re.compile(r"[A-Z0-9][A-Z0-9-]{5,39}")


class Carrier(StrEnum):
    """Who brings the parcels; the values stand in the address of the webhook."""

    POSTNL = "postnl"
    DHL = "dhl"
    DPD = "dpd"
    OTHER = "ander"


CARRIER_WORDS = {
    Carrier.POSTNL: N_("PostNL"),
    Carrier.DHL: N_("DHL eCommerce"),
    Carrier.DPD: N_("DPD"),
    Carrier.OTHER: N_("Andere vervoerder"),
}


class Status(StrEnum):
    """Where a parcel is. A status only moves forward in this list, so files give the same result in any order and any number of times."""

    ANNOUNCED = "announced"
    SHIPPED = "shipped"
    LOST = "lost"  # a lost parcel may turn up
    DELIVERED = "delivered"
    DAMAGED = "damaged"
    RETURNED = "returned"


RANK = {status: place for place, status in enumerate(Status)}
PROBLEMS = frozenset({Status.LOST, Status.DAMAGED, Status.RETURNED})  # somebody must decide what to do

STATUS_WORDS = {
    Status.ANNOUNCED: N_("aangemeld"),
    Status.SHIPPED: N_("onderweg"),
    Status.LOST: N_("kwijt"),
    Status.DELIVERED: N_("bezorgd"),
    Status.DAMAGED: N_("beschadigd"),
    Status.RETURNED: N_("teruggekomen"),
}
STATUS_NOTES = {  # in the history of the order
    Status.ANNOUNCED: N_("Een zending is aangemeld."),
    Status.SHIPPED: N_("Een zending is onderweg."),
    Status.LOST: N_("Een zending is kwijt."),
    Status.DELIVERED: N_("Een zending is bezorgd."),
    Status.DAMAGED: N_("Een zending is beschadigd."),
    Status.RETURNED: N_("Een zending is teruggekomen."),
}
CARRIER_SAYS = {  # what carriers write, in lower case; other words are asked for once and remembered per carrier
    Status.ANNOUNCED: "aangemeld, voorgemeld, nog niet ontvangen, announced, label created, registered",
    Status.SHIPPED: "onderweg, verzonden, verstuurd, gesorteerd, ontvangen, afgehaald, in bezorging, bij afhaalpunt, "
    "shipped, sent, collected, sorted, in transit, out for delivery, picked up",
    Status.LOST: "kwijt, vermist, verloren, lost, missing",
    Status.DELIVERED: "bezorgd, afgeleverd, geleverd, bezorgd bij buren, delivered, delivered at neighbours",
    Status.DAMAGED: "beschadigd, kapot, damaged",
    Status.RETURNED: "retour, geretourneerd, teruggekomen, retour afzender, returned, return to sender",
}
MEANING = {word: status for status, words in CARRIER_SAYS.items() for word in words.split(", ")} | {
    str(status): status for status in Status
}


class FileState(StrEnum):
    """uploaded -> parsed -> applying -> applied; or unclear (columns or words are asked for), or refused."""

    UPLOADED = "uploaded"
    UNCLEAR = "unclear"
    PARSED = "parsed"
    APPLYING = "applying"
    APPLIED = "applied"
    REFUSED = "refused"


FILE_NEXT = {
    FileState.UPLOADED: {FileState.UNCLEAR, FileState.PARSED, FileState.REFUSED},
    FileState.UNCLEAR: {FileState.UPLOADED, FileState.REFUSED},
    FileState.PARSED: {FileState.UPLOADED, FileState.APPLYING, FileState.REFUSED},
    FileState.APPLYING: {FileState.APPLIED},
    FileState.APPLIED: set[FileState](),
    FileState.REFUSED: {FileState.UPLOADED},  # other columns were chosen; only while the content is there
}
DEALT_WITH = frozenset({FileState.APPLIED, FileState.REFUSED})
FILE_WORDS = {
    FileState.UPLOADED: N_("we lezen het bestand"),
    FileState.UNCLEAR: N_("kies de kolommen"),
    FileState.PARSED: N_("klaar om toe te passen"),
    FileState.APPLYING: N_("we passen het toe"),
    FileState.APPLIED: N_("toegepast"),
    FileState.REFUSED: N_("niet gebruikt"),
}


class Verdict(StrEnum):
    """What a row means for us; matched and changed rows do something, the others are only listed."""

    MATCHED = "matched"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBLE = "double"
    UNKNOWN = "unknown"
    WRONG = "wrong"


APPLIES = frozenset({Verdict.MATCHED, Verdict.CHANGED})
VERDICT_WORDS = {
    Verdict.MATCHED: N_("Nieuwe zending"),
    Verdict.CHANGED: N_("Nieuwe status"),
    Verdict.UNCHANGED: N_("Niets nieuws"),
    Verdict.DOUBLE: N_("Dubbel"),
    Verdict.UNKNOWN: N_("Niet van ons"),
    Verdict.WRONG: N_("Fout"),
}


@dataclass(frozen=True)
class Columns:
    """Which columns of a carrier's file hold what; '' for what it does not say. `words` are its own words for statuses."""

    reference: str
    barcode: str
    status: str = ""
    date: str = ""
    words: Mapping[str, Status] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One thing that a carrier says. `row` counts as the spreadsheet does; without a status the row is not about one of our orders."""

    row: int
    reference: str
    barcode: str
    status: Status | None
    at: datetime | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row (0: in the file), as a catalogue text with its values."""

    row: int
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    reference: str = ""
    barcode: str = ""


@dataclass(frozen=True)
class KnownOrder:
    """What a verdict needs of an order. `is_packed`: its batch is sealed, so a parcel of it can exist."""

    id: int
    state: orders.State
    is_packed: bool


@dataclass(frozen=True)
class KnownParcel:
    """What a verdict needs of a parcel."""

    order_id: int
    status: Status


@dataclass(frozen=True)
class Judgement:
    """What a row means, and why."""

    told: Told
    verdict: Verdict
    order_id: int | None = None
    message: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def moves_forward(now: Status, then: Status) -> bool:
    """Whether a status is news."""
    return RANK[then] > RANK[now]


def meaning_of(word: str, own_words: Mapping[str, Status]) -> Status | None:
    """The status that a carrier's word stands for; None when nobody has said so yet."""
    plain = plain_word(word)
    return own_words.get(plain) or MEANING.get(plain)


def plain_word(text: str) -> str:
    """A word or the name of a column without the differences that do not matter."""
    return " ".join(text.split()).casefold()


def clean_barcode(text: str) -> str | None:
    """A barcode in capitals without spaces, 6 to 40 signs; None when it cannot be one (SEC-10: no formula passes)."""
    plain = "".join(text.split()).upper()
    return plain if BARCODE.fullmatch(plain) else None


def clean_number(text: str) -> str:
    """An order number in capitals without spaces."""
    return "".join(text.split()).upper()


def is_order_number(text: str) -> bool:
    """Whether this looks like one of our order numbers; what does not is somebody else's parcel."""
    return ORDER_NUMBER.fullmatch(text) is not None


def judge(lines: Sequence[Told], known_orders: Mapping[str, KnownOrder], known_parcels: Mapping[str, KnownParcel]) -> list[Judgement]:
    """A verdict on each line. Orders by number, parcels by barcode; matched on the reference only (LOG-05)."""
    of_barcode = dict[str, list[Told]]()
    for told in lines:
        if told.status is not None:
            of_barcode.setdefault(told.barcode, []).append(told)
    return [verdict_on(told, of_barcode.get(told.barcode, []), known_orders, known_parcels) for told in lines]


def verdict_on(
    told: Told, same_barcode: Sequence[Told], known_orders: Mapping[str, KnownOrder], known_parcels: Mapping[str, KnownParcel]
) -> Judgement:
    """The verdict on one line, beside the other lines about the same barcode."""
    order = known_orders.get(told.reference)
    if order is None or told.status is None:
        message = N_("Dit bestelnummer kennen we niet.") if told.reference else N_("Er staat geen bestelnummer.")
        return Judgement(told, Verdict.UNKNOWN, None, message)
    other = next((line for line in same_barcode if line.reference != told.reference), None)
    if other is not None:
        message = N_("Rij %(other)s heeft dezelfde barcode bij een andere bestelling.")
        return Judgement(told, Verdict.DOUBLE, order.id, message, {"other": str(other.row)})
    best = max(same_barcode, key=lambda line: (RANK[line.status or Status.ANNOUNCED], -line.row))
    if best is not told:
        message = N_("Rij %(other)s zegt al hetzelfde, of iets nieuwers.")
        return Judgement(told, Verdict.DOUBLE, order.id, message, {"other": str(best.row)})
    parcel = known_parcels.get(told.barcode)
    if parcel is not None and parcel.order_id != order.id:
        return Judgement(told, Verdict.DOUBLE, order.id, N_("Deze barcode hoort al bij een andere bestelling."))
    if order.state not in orders.IN_BATCH:
        return Judgement(told, Verdict.WRONG, order.id, N_("Deze bestelling zit niet in een batch. Zoek uit wat er is verstuurd."))
    if not order.is_packed:
        return Judgement(told, Verdict.WRONG, order.id, N_("De batch van deze bestelling is nog niet klaar."))
    if parcel is None:
        return Judgement(told, Verdict.MATCHED, order.id)
    if moves_forward(parcel.status, told.status):
        return Judgement(told, Verdict.CHANGED, order.id)
    return Judgement(told, Verdict.UNCHANGED, order.id)


def order_state(now: orders.State, statuses: Sequence[Status]) -> orders.State:
    """The state of an order whose parcels that count have these statuses; parcels that were sent anew or settled do not count.

    Delivered or returned only when all parcels are; an order whose parcels disagree stays what it is, and stands on the list for staff.
    """
    if all(status == Status.ANNOUNCED for status in statuses):
        return now
    if all(status == Status.DELIVERED for status in statuses):
        return orders.State.DELIVERED
    if all(status == Status.RETURNED for status in statuses):
        return orders.State.RETURNED
    return orders.State.SHIPPED if now == orders.State.BATCHED or Status.SHIPPED in statuses else now


def steps(now: orders.State, then: orders.State) -> list[orders.State]:
    """The states that an order passes, `then` included; a parcel that is there has also been on its way."""
    if now == then:
        return []
    return [then] if orders.can_become(now, then) else [orders.State.SHIPPED, then]


def spread(packages: int, parcels: int) -> list[int]:
    """How many packages are in each parcel of an order, as even as can be: a carrier's file does not tell. 3 over 2 is [2, 1]."""
    least, more = divmod(packages, parcels)
    return [least + 1 if place < more else least for place in range(parcels)]


def is_left(state: FileState, uploaded_at: datetime, worked_at: datetime | None, now: datetime) -> bool:
    """Whether nobody seems to be busy with a file that is waiting for a worker."""
    if state == FileState.APPLYING:
        return now - (worked_at or uploaded_at) > PATIENCE
    return state == FileState.UPLOADED and (now - worked_at > LEASE if worked_at else now - uploaded_at > PATIENCE)
