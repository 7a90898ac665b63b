"""What an order needs: by which day, at which door, and whether somebody must look at it first."""

from collections.abc import Sequence
from datetime import date

from weekapp.activities.models import Activity
from weekapp.core import settings
from weekapp.orders import delivery as deliveries
from weekapp.orders import queries, rules
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold
from weekapp.packages import rules as packages
from weekapp.packages.models import Package


def address_columns(delivery: Delivery) -> dict[str, object]:
    """A delivery as columns of an order, with the key of its doorstep."""
    key = rules.place_key(delivery.postcode, delivery.house_number, delivery.letter, delivery.addition)
    return {**vars(delivery), "place_key": key}


def delivery_of(order: Order) -> Delivery:
    """Where an order goes."""
    return Delivery(**{name: getattr(order, name) for name in Delivery.__dataclass_fields__})


def needed_by(activity: Activity) -> date:
    """The day on which the packages of an activity must be there; the first day of the Week counts where it has no moment."""
    first = queries.first_day_of(activity.id) or activity.edition.first_day
    return deliveries.needed_by(first, settings().days_before, deliveries.closed_days(settings().carrier_closed_days))


def doubt_about(order: Order) -> Hold:
    """Why somebody must look at an order before it is packed."""
    doubt = deliveries.doubt_about(delivery_of(order))
    if doubt == Hold.NONE and rules.is_unusual(order.quantity, proposed_quantity(order.activity.expected_visitors, order.package)):
        return Hold.UNUSUAL_NUMBER
    return doubt


def served_by(package: Package | None) -> int:
    """For how many visitors one is enough; the setting says it where the package does not."""
    return (package and package.visitors_served) or settings().visitors_per_package


def proposed_quantity(visitors: int, package: Package | None) -> int:
    """Packages that fit the expected number of visitors (rule 2)."""
    return packages.proposed_quantity(visitors, served_by(package), settings().max_packages)


def proposed_package(visitors: int, offered: Sequence[Package]) -> Package:
    """Which of the offered packages fits the expected number of visitors."""
    return offered[packages.best_fit(visitors, [served_by(package) for package in offered])]
