"""Short addresses of feeds, for searches that ask for one thing only: a place, a province, a theme or a group of people."""

from collections.abc import Callable
from typing import Any

from weekapp import addresses
from weekapp.activities.filters import Filters, address

STARTS: dict[str, Callable[[Any], str]] = {
    "gemeente": lambda row: addresses.municipality(row.slug),
    "provincie": addresses.province,
    "thema": addresses.theme,
    "doelgroep": addresses.audience,
}


def feed_address(ending: str, filters: Filters) -> str:
    """The shortest address of the feed of a search."""
    for name, start in STARTS.items():
        values = getattr(filters, name)
        alone: dict[str, Any] = {name: values}
        if len(values) == 1 and filters == Filters(**alone):
            return f"{start(values[0])}.{ending}"
    return address(f"/activiteiten.{ending}", filters)
