"""The only place that asks what time it is, and the only one that knows the zone of the Week."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """This instant, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """What is done inside was done then. For demo data only, which need a past."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """The date on a Dutch calendar."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """The same instant on a Dutch clock."""
    return moment.astimezone(AMSTERDAM)


def is_skipped(day: date, at: time) -> bool:
    """Whether the clock change in spring leaves this wall time out (DATA-08)."""
    wall = datetime.combine(day, at, AMSTERDAM)
    return wall.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None) != wall.replace(tzinfo=None)


def instant(day: date, at: time) -> datetime:
    """The instant, in UTC, of a Dutch wall time; of a doubled hour in autumn the first one."""
    return datetime.combine(day, at, AMSTERDAM).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a Dutch day and of the next one; a day of a clock change has 23 or 25 hours."""
    return instant(day, time()), instant(day + timedelta(days=1), time())
