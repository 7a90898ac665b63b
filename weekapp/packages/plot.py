"""The stock of a package over time, as levels per day and as the lines of a drawing; values in, values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from weekapp import clock
from weekapp.packages.rules import EFFECT, Movement

WIDTH, HEIGHT = 400, 240  # of the drawing, in its own units
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 10, 32  # room for the words around the lines
Y_LINES, X_WORDS = 4, 3  # at most
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Level:
    """What there was at the end of a Dutch day, in packages."""

    day: date
    on_hand: int
    available: int


@dataclass(frozen=True)
class Plot:
    """Lines as the `d` of SVG paths; words with where they stand."""

    on_hand: str
    available: str
    coming: str  # from today to the day on which it runs out; '' when that is not known
    heights: list[tuple[float, int]]
    days: list[tuple[float, date]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def levels(ledger: Sequence[tuple[datetime, Movement, int]]) -> list[Level]:
    """The end of each day on which something was booked, oldest first; `ledger` comes in the order of time."""
    on_hand = reserved = 0
    found = []
    for day, lines in groupby(ledger, key=lambda line: clock.local(line[0]).date()):
        for _moment, kind, quantity in lines:
            on_hand += EFFECT[kind][0] * quantity
            reserved += EFFECT[kind][1] * quantity
        found.append(Level(day, on_hand, on_hand - reserved))
    return found


def plot(known: Sequence[Level], today: date, runs_out: date | None) -> Plot | None:
    """The drawing; None where there is less than one whole day to draw."""
    if not known or known[0].day >= today:
        return None
    first, last = known[0].day, max(today, runs_out or today) + DAY
    highest = nice(max(level.on_hand for level in known))

    def x(day: date) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / (last - first).days, 1)

    def y(count: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - count / highest), 1)

    def line(points: Sequence[tuple[date, int]]) -> str:
        start, *others = points
        steps = [f"M{x(start[0])} {y(start[1])}"] + [f"H{x(day)}V{y(count)}" for day, count in others]
        return "".join([*steps, f"H{x(today + DAY)}"])

    coming = f"M{x(today + DAY)} {y(known[-1].available)}L{x(runs_out + DAY)} {y(0)}" if runs_out else ""
    return Plot(
        on_hand=line([(level.day, level.on_hand) for level in known]),
        available=line([(level.day, level.available) for level in known]),
        coming=coming,
        heights=[(y(count), count) for count in range(0, highest + 1, max(1, highest // Y_LINES))],
        days=[(x(day), day) for day in spread(first, last - DAY)],
    )


def nice(highest: int) -> int:
    """The top of the scale, of which a quarter is a round number too: 4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100, 120, 160, 200 ..."""
    if highest <= 8:
        return 4 if highest <= 4 else 8
    power = 1
    while True:
        for top in (12, 16, 20, 24, 32, 40, 60, 80, 100):
            if highest <= top * power:
                return top * power
        power *= 10


def spread(first: date, last: date) -> list[date]:
    """The first and the last day, and one between where there is room."""
    middle = first + (last - first) / 2
    return sorted({first, middle, last}) if (last - first).days > X_WORDS else sorted({first, last})
