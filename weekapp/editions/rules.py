"""When the Week is, and what its windows allow (product.md, rule 1)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from weekapp.errors import N_

LONGEST = 62  # days: some municipalities make it a month


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


@dataclass(frozen=True)
class Dates:
    """All days of an edition, named as its columns; each pair with both days included."""

    first_day: date
    last_day: date
    registration_opens: date
    registration_closes: date
    ordering_opens: date
    ordering_closes: date


def wrong_dates(year: int, dates: Dates) -> list[tuple[str, str]]:
    """Everything that is wrong with the days of the edition of a year, as (field, message)."""
    found = []
    if dates.first_day.year != year:
        found.append(("first_day", N_("De eerste dag valt in een ander jaar. Kies een dag in het jaar van de editie.")))
    if dates.last_day < dates.first_day:
        found.append(("last_day", N_("De laatste dag is voor de eerste dag. Kies een latere dag.")))
    elif (dates.last_day - dates.first_day).days >= LONGEST:
        found.append(("last_day", N_("De Week duurt nu langer dan twee maanden. Kies een eerdere dag.")))
    if dates.registration_closes < dates.registration_opens:
        found.append(("registration_closes", N_("Aanmelden sluit voordat het opengaat. Kies een latere dag.")))
    elif dates.registration_closes > dates.last_day:
        found.append(("registration_closes", N_("Aanmelden sluit na de laatste dag van de Week. Kies een eerdere dag.")))
    if dates.ordering_closes < dates.ordering_opens:
        found.append(("ordering_closes", N_("Bestellen sluit voordat het opengaat. Kies een latere dag.")))
    elif dates.ordering_closes > dates.registration_closes:
        found.append(("ordering_closes", N_("Bestellen sluit na het aanmelden. Kies een dag die niet later is.")))
    return found


def upcoming_year(day: date) -> int:
    """The year of the Week that is running or comes next."""
    return day.year if day <= default_days(day.year)[1] else day.year + 1
