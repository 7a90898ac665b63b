"""States of batches, which cut-off a moment belongs to, and when a batch was left behind."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from weekapp import clock
from weekapp.errors import N_

SILENCE = timedelta(seconds=60)  # a worker shows life at each file, which takes seconds; after this it is taken for dead
MOST_ATTEMPTS = 5


class State(StrEnum):
    """requested -> claimed -> ready -> handed_over -> closed; or failed, from where it can be repeated."""

    REQUESTED = "requested"
    CLAIMED = "claimed"
    READY = "ready"
    HANDED_OVER = "handed_over"
    CLOSED = "closed"
    FAILED = "failed"


NEXT = {
    State.REQUESTED: {State.CLAIMED, State.CLOSED, State.FAILED},  # closed at once when there was nothing to send
    State.CLAIMED: {State.READY, State.FAILED, State.CLOSED},  # closed when every order was taken out meanwhile
    State.READY: {State.HANDED_OVER},
    State.HANDED_OVER: {State.CLOSED},
    State.FAILED: {State.REQUESTED, State.CLAIMED},
    State.CLOSED: set[State](),
}
SEALED = frozenset({State.READY, State.HANDED_OVER, State.CLOSED})

STATE_WORDS = {
    State.REQUESTED: N_("Aangevraagd"),
    State.CLAIMED: N_("We maken de batch"),
    State.READY: N_("Klaar om te downloaden"),
    State.HANDED_OVER: N_("Overgedragen aan de vervoerder"),
    State.CLOSED: N_("Afgesloten"),
    State.FAILED: N_("Mislukt"),
}


class Reason(StrEnum):
    """Why somebody takes a file with addresses (PRIV-09); it follows from how far the batch is, so that nobody has to be asked."""

    PACK = "batch downloaded to pack"
    PRINT = "batch printed otherwise"
    LOOK_BACK = "batch downloaded to look back"


REASON_WORDS = {
    Reason.PACK: N_("om in te pakken"),
    Reason.PRINT: N_("om anders te printen"),
    Reason.LOOK_BACK: N_("om terug te kijken"),
}


def reason_of(state: State) -> Reason:
    """Why a sealed file is taken."""
    return Reason.PACK if state is State.READY else Reason.LOOK_BACK


def can_become(now: State, then: State) -> bool:
    """Whether a batch may go from one state to the other."""
    return then in NEXT[now]


def last_cut_off(now: datetime, at: time) -> tuple[date, datetime]:
    """The day and the instant of the last cut-off that has passed; `at` is a time on Dutch clocks, also around a clock change."""
    day = clock.local(now).date() + timedelta(days=1)
    while clock.instant(day, at) > now:
        day -= timedelta(days=1)
    return day, clock.instant(day, at)


def run_key_of_cut_off(day: date, year: int) -> str:
    """One batch a day for each edition; an edition of another year than the day carries its own year."""
    return f"cutoff-{day}" if day.year == year else f"cutoff-{day}-{year}"


def is_silent(since: datetime | None, now: datetime) -> bool:
    """Whether nobody seems to be working on it (any more)."""
    return since is None or now - since > SILENCE
