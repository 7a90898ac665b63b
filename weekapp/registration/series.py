"""Moments that come back: the days of a series, written out one by one so that each can be dropped or changed."""

from datetime import date, timedelta
from enum import StrEnum

from weekapp.errors import N_, DomainError
from weekapp.registration.rules import MOST_MOMENTS, spoken

WEEK = timedelta(days=7)
SATURDAY = 5


class Rhythm(StrEnum):
    """How often it comes back."""

    WEEKLY = "week"
    WORKDAYS = "werkdag"
    DAILY = "dag"


RHYTHM_WORDS = {
    Rhythm.WEEKLY: N_("Elke week op dezelfde dag"),
    Rhythm.WORKDAYS: N_("Elke werkdag: maandag tot en met vrijdag"),
    Rhythm.DAILY: N_("Elke dag"),
}


class WrongSeries(DomainError):
    """A series that cannot be; the sentence says what to change."""

    status = 400


def days_after(first: date, until: date, rhythm: Rhythm) -> list[date]:
    """The days after `first` up to and including `until` on which it comes back; raises WrongSeries.

    Days, not instants: with the wall time of the first moment each of them is right on both sides of a clock change (DATA-08).
    """
    if until <= first:
        raise WrongSeries(N_("De laatste dag komt na de eerste. Kies een dag na %(first)s."), first=spoken(first))
    step = WEEK if rhythm is Rhythm.WEEKLY else timedelta(days=1)
    most = (until - first) // step
    if most > MOST_MOMENTS * 2:  # weekends go out below; more than this is too many anyhow
        raise too_many()
    days = [first + step * number for number in range(1, most + 1)]
    return [day for day in days if rhythm is not Rhythm.WORKDAYS or day.weekday() < SATURDAY]


def too_many() -> WrongSeries:
    """There is an end to what people can look over, and to what a list of moments is useful for."""
    return WrongSeries(N_("Er passen %(most)s momenten in. Kies een eerdere laatste dag."), most=MOST_MOMENTS)
