"""Where a package goes and by when it must be there: values in, answer out (product.md rules 5 and 8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from weekapp.geography.rules import Precision, is_po_box
from weekapp.orders.rules import Hold

NOT_FOUND = frozenset({Precision.UNKNOWN, Precision.MUNICIPALITY})


@dataclass(frozen=True)
class Delivery:
    """A doorstep in the Netherlands; the parts of the house number apart, as carriers want them (LOG-02)."""

    recipient: str  # organisation or name of the house
    attention: str  # person at the door
    street: str
    house_number: int
    letter: str
    addition: str
    postcode: str  # 1234 AB
    town: str
    precision: Precision


def doorstep(delivery: Delivery) -> tuple[str | int, ...]:
    """Where a parcel is brought, whoever takes it in there."""
    where = (delivery.street, delivery.house_number, delivery.letter, delivery.addition, delivery.postcode, delivery.town)
    return tuple(one.lower() if isinstance(one, str) else one for one in where)


def doubt_about(delivery: Delivery) -> Hold:
    """Why nothing can be sent to this address yet; Hold.NONE when it is good."""
    if is_po_box(delivery.street) or is_po_box(delivery.addition):
        return Hold.PO_BOX
    if delivery.precision in NOT_FOUND or not (delivery.street and delivery.town):
        return Hold.UNKNOWN_ADDRESS
    return Hold.NONE


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Dutch public holidays of a year; 5 May only when it is a day off for most (each fifth year)."""
    return frozenset(country_holidays("NL", years=year))


def is_delivery_day(day: date, closed_days: Collection[date]) -> bool:
    """Whether a carrier brings parcels on a day: not on Sundays, public holidays and its own closed days."""
    return day.weekday() != 6 and day not in public_holidays(day.year) and day not in closed_days


def needed_by(first_moment: date, days_before: int, closed_days: Collection[date]) -> date:
    """The last day on which a package for an activity may arrive: `days_before` before it, or the delivery day before that."""
    day = first_moment - timedelta(days=days_before)
    while not is_delivery_day(day, closed_days):
        day -= timedelta(days=1)
    return day


def hand_over_by(needed: date, carrier_days: int, closed_days: Collection[date]) -> date:
    """The last day on which a carrier that takes `carrier_days` delivery days must have a parcel that is needed on a day."""
    day = needed
    for _ in range(carrier_days):
        day = needed_by(day, 1, closed_days)
    return day


def closed_days(setting: str) -> frozenset[date]:
    """'2027-12-24, 2027-12-31' as dates; raises ValueError on anything else."""
    return frozenset(date.fromisoformat(part.strip()) for part in setting.split(",") if part.strip())
