"""When the Week is, and what its windows allow (product.md, rule 1)."""

from datetime import date, timedelta
from enum import StrEnum


class Window(StrEnum):
    """Where a day stands against a window of dates."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


def default_days(year: int) -> tuple[date, date]:
    """The last Thursday of September and six days more."""
    last = date(year, 9, 30)
    first = last - timedelta(days=(last.weekday() - 3) % 7)
    return first, first + timedelta(days=6)


def window(opens: date, closes: date, day: date) -> Window:
    """Both days belong to the window."""
    if day < opens:
        return Window.BEFORE
    return Window.OPEN if day <= closes else Window.CLOSED


def upcoming_year(day: date) -> int:
    """The year of the Week that is running or comes next."""
    return day.year if day <= default_days(day.year)[1] else day.year + 1
