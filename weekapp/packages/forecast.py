"""When the stock runs out, from how people order: plain values in, an answer with its margin out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

PerDay = Mapping[date, int]  # packages ordered on each Dutch day; days without orders may be absent

FORMER_AT_LEAST = 30  # packages ordered in the former edition: fewer are no curve
ENOUGH = 20  # packages ordered in this edition: the weight of the doubt whether it goes like the former one
PACE_DAYS, PACE_AT_LEAST = 14, 7  # days whose mean is the pace, and how many the window must have been open
MARGIN = 0.25  # the first and last likely day: a quarter more or less is ordered than expected


class Outcome(StrEnum):
    """What will become of the stock before ordering closes."""

    OUT = "out"  # nothing is free now
    RUNS_OUT = "runs out"
    LASTS = "lasts"
    TOO_LITTLE = "too little"  # known to say anything
    CLOSED = "closed"  # nobody can order any more


class Basis(StrEnum):
    """What the forecast rests on."""

    FORMER = "former"  # the curve of the former edition
    PACE = "pace"  # the last days of this one
    NONE = "none"


@dataclass(frozen=True)
class Season:
    """The days on which packages could be ordered, first and last included, and what was ordered."""

    opens: date
    closes: date
    ordered: PerDay

    @property
    def length(self) -> int:
        """Days."""
        return (self.closes - self.opens).days + 1

    def total(self, before: date | None = None) -> int:
        """Packages ordered, all or those before a day."""
        return sum(count for day, count in self.ordered.items() if before is None or day < before)


@dataclass(frozen=True)
class Forecast:
    """The answer; days are None where the stock lasts. `expected` is what will still be ordered, in packages."""

    outcome: Outcome
    basis: Basis = Basis.NONE
    day: date | None = None
    earliest: date | None = None
    latest: date | None = None
    expected: int = 0


def run_out(now: Season, former: Season | None, available: int, today: date) -> Forecast:
    """The day on which the last free package is ordered.

    Method. Every coming day gets an expected number of orders; the day on which their sum reaches `available` is the answer.

    1. With a former edition of 30 packages or more: its order curve is stretched over the window of this edition, so that the same
       share of the window has passed. This edition may go better or worse: the curve is multiplied by
       (ordered until today + 20) / (ordered by the former one until the same point + 20). The 20 keep a handful of early orders from
       counting for much: without orders on either side the factor is 1.
    2. Without one: the mean of the last 14 days of this edition goes on unchanged, provided that the window has been open for 7 days
       and 20 packages were ordered.
    3. Else nobody can know, and the answer is TOO_LITTLE.

    Today counts whole: what was ordered today is in `available` already, so the answer is at most one day early. `earliest` and
    `latest` are the days if a quarter more or less is ordered than expected; `latest` is None when the stock then lasts.
    """
    if today > now.closes:
        return Forecast(Outcome.CLOSED)
    if available <= 0:
        return Forecast(Outcome.OUT)
    basis, coming = expectation(now, former, today)
    if basis is Basis.NONE:
        return Forecast(Outcome.TOO_LITTLE)
    expected = round(sum(count for _day, count in coming))
    day, earliest, latest = (first_day(coming, available, factor) for factor in (1, 1 + MARGIN, 1 - MARGIN))
    return Forecast(Outcome.RUNS_OUT if day else Outcome.LASTS, basis, day, earliest, latest, expected)


def expectation(now: Season, former: Season | None, today: date) -> tuple[Basis, list[tuple[date, float]]]:
    """What the forecast rests on, and the packages expected on each day from today to the close."""
    days = list(days_between(max(today, now.opens), now.closes))
    if former and former.total() >= FORMER_AT_LEAST:
        return Basis.FORMER, like_former(now, former, days, today)
    open_since = (today - now.opens).days
    if open_since >= PACE_AT_LEAST and now.total(before=today) >= ENOUGH:
        return Basis.PACE, [(day, pace(now, today)) for day in days]
    return Basis.NONE, []


def like_former(now: Season, former: Season, days: list[date], today: date) -> list[tuple[date, float]]:
    """The curve of the former edition, stretched and multiplied (see `run_out`)."""
    curve = cumulative(former)

    def reached(day: date) -> float:
        """Packages that the former edition had ordered when the same share of its window had passed, at the start of the day."""
        passed = min(max((day - now.opens).days / now.length, 0), 1) * former.length
        whole = min(int(passed), former.length - 1)
        return curve[whole] + (passed - whole) * (curve[whole + 1] - curve[whole])

    factor = (now.total(before=today) + ENOUGH) / (reached(today) + ENOUGH)
    return [(day, factor * (reached(day + timedelta(days=1)) - reached(day))) for day in days]


def cumulative(season: Season) -> list[int]:
    """Packages ordered before the 1st, 2nd, ... day of the window, and at its end; orders outside it count at its edges."""
    sums, start = [0], season.opens - timedelta(days=1)
    per_day = [0] * season.length
    for day, count in season.ordered.items():
        per_day[min(max((day - start).days - 1, 0), season.length - 1)] += count
    for count in per_day:
        sums.append(sums[-1] + count)
    return sums


def pace(now: Season, today: date) -> float:
    """Packages a day, over the last days before today on which one could order."""
    since = max(now.opens, today - timedelta(days=PACE_DAYS))
    return sum(count for day, count in now.ordered.items() if since <= day < today) / (today - since).days


def first_day(coming: list[tuple[date, float]], available: int, factor: float) -> date | None:
    """The first day on which everything available has been ordered; None when that does not happen."""
    ordered = 0.0
    for day, count in coming:
        ordered += factor * count
        if ordered >= available - 1e-9:
            return day
    return None


def days_between(first: date, last: date) -> Iterator[date]:
    """All days, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
