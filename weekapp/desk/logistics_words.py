"""What the pages of logistics need to put facts into words."""

import re
import secrets
from datetime import date
from typing import Any

from flask_babel import gettext

from weekapp import clock
from weekapp.batches import rules as batches
from weekapp.batches.preflight import SHORT_WORDS
from weekapp.core import settings
from weekapp.orders import delivery, rules
from weekapp.orders.models import Order
from weekapp.orders.rules import State, number_of
from weekapp.packages.rules import MOVEMENT_WORDS

TYPED = re.compile(r"KE\s*(\d{2})\s*[-/_ ]?\s*(\d{1,5})", re.IGNORECASE)  # with / for -: a scanner set to another keyboard
NOT_SENT = rules.OPEN | {State.BATCHED}


def hand_over_by(order: Order) -> date:
    """The last day on which the carrier must have the parcel to be in time (rule 8)."""
    closed = delivery.closed_days(settings().carrier_closed_days)
    return delivery.hand_over_by(order.needed_by, settings().carrier_days, closed)


def is_too_late(order: Order) -> bool:
    """Whether a parcel that has not left yet cannot be in time any more."""
    return order.state in NOT_SENT and hand_over_by(order) < clock.today()


def new_click() -> str:
    """A random text for a button, so that pressing it twice asks once."""
    return secrets.token_urlsafe(12)


def typed_number(text: str) -> str:
    """What stands for an order number, however it was typed or scanned: 'ke27 - 42' as well as 'KE27-00042'."""
    found = TYPED.fullmatch(text.strip())
    return number_of(int(found[1]), int(found[2])) if found else text


def state_of(order: Order) -> str:
    """The state of an order in a word."""
    return gettext(rules.SHORT_WORDS[order.state])


ALL: dict[str, Any] = {
    "State": State,
    "BatchState": batches.State,
    "order_words": rules.SHORT_WORDS,
    "hold_words": rules.HOLD_WORDS,
    "batch_words": batches.STATE_WORDS,
    "finding_words": SHORT_WORDS,
    "reason_words": batches.REASON_WORDS,
    "movement_words": MOVEMENT_WORDS,
    "open_states": rules.OPEN,
    "late": is_too_late,
}
