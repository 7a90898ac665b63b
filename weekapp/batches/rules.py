"""States of batches, and which cut-off a moment belongs to."""

from enum import StrEnum

from weekapp.errors import N_


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
    State.CLAIMED: {State.READY, State.FAILED},
    State.READY: {State.HANDED_OVER},
    State.HANDED_OVER: {State.CLOSED},
    State.FAILED: {State.REQUESTED, State.CLAIMED},
    State.CLOSED: set[State](),
}
SEALED = frozenset({State.READY, State.HANDED_OVER, State.CLOSED})

STATE_WORDS = {
    State.REQUESTED: N_("Aangevraagd"),
    State.CLAIMED: N_("Wordt gemaakt"),
    State.READY: N_("Klaar om te downloaden"),
    State.HANDED_OVER: N_("Overgedragen aan de vervoerder"),
    State.CLOSED: N_("Afgesloten"),
    State.FAILED: N_("Mislukt"),
}


def can_become(now: State, then: State) -> bool:
    """Whether a batch may go from one state to the other."""
    return then in NEXT[now]
