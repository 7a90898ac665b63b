"""Orders into groups, one file each: a carrier takes so many rows at a time, a printer so many pages."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def parts(things: Sequence[Thing], limit: int) -> list[Sequence[Thing]]:
    """Consecutive groups of at most `limit`, in the same order; 0 is no limit."""
    if not things:
        return []
    size = limit or len(things)
    return [things[start : start + size] for start in range(0, len(things), size)]


def name_of_part(name: str, part: int, count: int) -> str:
    """'pakbonnen.pdf', or 'pakbonnen-2-van-3.pdf' when there are more."""
    stem, _, ending = name.rpartition(".")
    return name if count == 1 else f"{stem}-{part}-van-{count}.{ending}"


def named_parts(name: str, things: Sequence[Thing], limit: int) -> Iterator[tuple[str, Sequence[Thing]]]:
    """The groups, each with the name of its file."""
    groups = parts(things, limit)
    for number, group in enumerate(groups, 1):
        yield name_of_part(name, number, len(groups)), group
