"""States of orders and what may follow on what."""

from enum import StrEnum

from weekapp.errors import N_


class State(StrEnum):
    """received -> (held) -> approved -> batched -> shipped -> delivered; side ways: waiting, cancelled, returned."""

    RECEIVED = "received"
    HELD = "held"
    WAITING = "waiting"
    APPROVED = "approved"
    BATCHED = "batched"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


NEXT = {
    State.RECEIVED: {State.HELD, State.APPROVED, State.CANCELLED, State.WAITING},
    State.HELD: {State.RECEIVED, State.APPROVED, State.CANCELLED},
    State.WAITING: {State.RECEIVED, State.APPROVED, State.HELD, State.CANCELLED},
    State.APPROVED: {State.HELD, State.BATCHED, State.CANCELLED},
    State.BATCHED: {State.SHIPPED, State.APPROVED, State.CANCELLED},
    State.SHIPPED: {State.DELIVERED, State.RETURNED},
    State.DELIVERED: {State.RETURNED, State.SHIPPED},  # shipped once more: another parcel instead of a bad one
    State.RETURNED: {State.APPROVED, State.SHIPPED},
    State.CANCELLED: set[State](),
}
RESERVES = frozenset({State.RECEIVED, State.HELD, State.APPROVED, State.BATCHED})  # these hold stock
OPEN = frozenset({State.RECEIVED, State.HELD, State.WAITING, State.APPROVED})  # not packed yet: can still be changed
IN_BATCH = frozenset({State.BATCHED, State.SHIPPED, State.DELIVERED, State.RETURNED})

STATE_WORDS = {
    State.RECEIVED: N_("We hebben je bestelling. We kijken eerst naar je activiteit."),
    State.HELD: N_("We hebben een vraag over je bestelling. We mailen of bellen je."),
    State.WAITING: N_("De pakketten zijn op. Je staat op de wachtlijst."),
    State.APPROVED: N_("Je bestelling is goed. We pakken haar bij de volgende ronde in."),
    State.BATCHED: N_("We pakken je bestelling in."),
    State.SHIPPED: N_("Je pakket is onderweg."),
    State.DELIVERED: N_("Je pakket is bezorgd."),
    State.RETURNED: N_("Je pakket is teruggekomen. We nemen contact met je op."),
    State.CANCELLED: N_("Je bestelling is geannuleerd."),
}
SHORT_WORDS = {
    State.RECEIVED: N_("ontvangen"),
    State.HELD: N_("in de wacht"),
    State.WAITING: N_("wachtlijst"),
    State.APPROVED: N_("goedgekeurd"),
    State.BATCHED: N_("in batch"),
    State.SHIPPED: N_("onderweg"),
    State.DELIVERED: N_("bezorgd"),
    State.RETURNED: N_("retour"),
    State.CANCELLED: N_("geannuleerd"),
}


class Hold(StrEnum):
    """Why an order is held."""

    NONE = "none"
    UNKNOWN_ADDRESS = "unknown_address"
    PO_BOX = "po_box"
    UNUSUAL_NUMBER = "unusual_number"
    SECOND_ORDER = "second_order"
    OTHER = "other"


HOLD_WORDS = {
    Hold.UNKNOWN_ADDRESS: N_("Het adres is niet gevonden."),
    Hold.PO_BOX: N_("Het adres is een postbus."),
    Hold.UNUSUAL_NUMBER: N_("Het aantal is ongewoon."),
    Hold.SECOND_ORDER: N_("Er is al een bestelling voor deze plek."),
    Hold.OTHER: N_("Andere reden."),
}


def can_become(now: State, then: State) -> bool:
    """Whether an order may go from one state to the other."""
    return then in NEXT[now]


def is_unusual(quantity: int, proposed: int) -> bool:
    """Whether a number is so far from what fits the expected visitors that somebody should look at it."""
    return quantity > 2 * proposed


def number_of(year: int, serial: int) -> str:
    """The order number that people and carriers read: KE27-00042 (LOG-02: short, no name)."""
    return f"KE{year % 100:02d}-{serial:05d}"


def serial_of(number: str) -> int:
    """42 of KE27-00042."""
    return int(number.partition("-")[2])


def place_key(postcode: str, house_number: int, letter: str, addition: str) -> str:
    """One doorstep, however it was typed: rule 3 allows one order for each."""
    return f"{postcode.replace(' ', '').upper()}-{house_number}{letter.upper()}{addition.replace(' ', '').upper()}"
