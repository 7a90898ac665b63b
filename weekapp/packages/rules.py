"""Kinds of stock movements and what each does to the two counters."""

from collections.abc import Sequence
from enum import StrEnum
from math import ceil

from weekapp.errors import N_


class Movement(StrEnum):
    """Why the stock changed."""

    RECEIVED = "received"
    RESERVED = "reserved"
    RELEASED = "released"
    ISSUED = "issued"
    RETURNED = "returned"
    CORRECTED = "corrected"


# movement: (sign on hand, sign reserved); corrected brings its own sign
EFFECT = {
    Movement.RECEIVED: (1, 0),
    Movement.RESERVED: (0, 1),
    Movement.RELEASED: (0, -1),
    Movement.ISSUED: (-1, -1),
    Movement.RETURNED: (1, 0),
    Movement.CORRECTED: (1, 0),
}

MOVEMENT_WORDS = {
    Movement.RECEIVED: N_("ontvangen"),
    Movement.RESERVED: N_("gereserveerd"),
    Movement.RELEASED: N_("vrijgegeven"),
    Movement.ISSUED: N_("uitgegeven"),
    Movement.RETURNED: N_("teruggekomen"),
    Movement.CORRECTED: N_("gecorrigeerd"),
}


def proposed_quantity(visitors: int, visitors_per_package: int, most: int) -> int:
    """Packages that fit the expected number of visitors: at least 1, at most `most` (product.md rules 2 and 3)."""
    return max(1, min(most, ceil(visitors / visitors_per_package)))


def best_fit(visitors: int, served: Sequence[int]) -> int:
    """The position of the package that fits in `served` (visitors for whom each is enough): the smallest that will do, else the largest."""
    enough = [position for position, number in enumerate(served) if number >= visitors]
    if enough:
        return min(enough, key=lambda position: served[position])
    return max(range(len(served)), key=lambda position: served[position])
