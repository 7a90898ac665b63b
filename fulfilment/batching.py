"""Ready orders into groups: a carrier takes so many rows at a time, a printer so many pages."""

from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def parts(things: Sequence[Thing], limit: int) -> list[Sequence[Thing]]:
    """Consecutive groups of at most `limit`, in the same order; 0 is no limit."""
    if not things:
        return []
    size = limit or len(things)
    return [things[start : start + size] for start in range(0, len(things), size)]


def name_of_part(stem: str, ending: str, part: int, count: int) -> str:
    """'pakbonnen.pdf', or 'pakbonnen-2-van-3.pdf' when there are more."""
    return f"{stem}.{ending}" if count == 1 else f"{stem}-{part}-van-{count}.{ending}"
