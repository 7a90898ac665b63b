"""One moment, one at a time: what is kept too long is given up, and what is free is offered to who waits longest.

Everything that changes a sign-up happens inside `turn`, which locks the row of the moment before anything is counted. So the last
place is given once, however many press at once, and a freed place counts in the same transaction (pretix #1163, #2119).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from weekapp import clock
from weekapp.activities.models import Occurrence
from weekapp.db import db, lock
from weekapp.errors import NotFound
from weekapp.signups import letters, queries, rules
from weekapp.signups.hosts import host_of
from weekapp.signups.models import SignUp, SignUpEvent
from weekapp.signups.rules import Call, Reason, State


@contextmanager
def turn(occurrence_id: int) -> Iterator[Occurrence]:
    """Have a moment to oneself until the end of the transaction. Who waits is served before and after; raises NotFound."""
    found = db.session.get(Occurrence, occurrence_id)
    if found is None:
        raise NotFound()
    occurrence = lock(found)
    settle(occurrence)
    yield occurrence
    settle(occurrence)


def settle(occurrence: Occurrence) -> None:
    """Bring a locked moment up to date."""
    now = clock.now()
    for sign_up in queries.held_too_long(occurrence.id, now):
        write(sign_up, State.EXPIRED, Reason.NOT_CONFIRMED if sign_up.state == State.UNCONFIRMED else Reason.NO_ANSWER)
    if occurrence.starts_at <= now:
        for sign_up in queries.waiting(occurrence.id):
            write(sign_up, State.EXPIRED, Reason.BEGUN)
    else:
        serve(occurrence, now)


def serve(occurrence: Occurrence, now: datetime) -> None:
    """Offer what is free in the order of the waiting list; stops at the first party that does not fit, and writes down why."""
    while (front := queries.front(occurrence.id)) is not None:
        free = queries.free(occurrence, now)
        if free == 0 or not takes_place(occurrence):
            return
        if not rules.fits(front.party_size, free):
            note_too_large(front, free)
            return
        offer(front, occurrence, now)


def takes_place(occurrence: Occurrence) -> bool:
    """Whether people can still come to this moment."""
    return occurrence.cancelled_at is None and host_of(occurrence, anew=True).is_on


def note_too_large(sign_up: SignUp, free: int | None) -> None:
    """Say once for each number of free places that the front of the list waits for more (pretix #3628)."""
    if free and queries.last_reason(sign_up.id) != (Reason.TOO_LARGE, free):
        note(sign_up, Reason.TOO_LARGE)


def offer(sign_up: SignUp, occurrence: Occurrence, now: datetime) -> None:
    """Keep a place for who is next, and ask whether they come; who has no mail must be called."""
    sign_up.offered_at = now
    sign_up.round += 1
    sign_up.confirm_hash = letters.confirm_hash(sign_up)
    call = Call.NONE if sign_up.email else Call.OFFER
    write(sign_up, State.OFFERED, Reason.FREE, held_until=rules.offer_until(now, occurrence.starts_at), call=call)
    letters.offer(sign_up)
    if call != Call.NONE:
        letters.please_call(sign_up, f"offer {sign_up.id} {sign_up.round}")


def write(
    sign_up: SignUp, state: State, reason: Reason, *, held_until: datetime | None = None, call: Call = Call.NONE, by_id: int = 0
) -> None:
    """Take a step and write it down."""
    assert rules.can_become(sign_up.state, state), f"{sign_up.state} never becomes {state}"
    sign_up.state, sign_up.held_until, sign_up.call = state, held_until, call
    sign_up.changed_at = clock.now()
    note(sign_up, reason, by_id=by_id)


def note(sign_up: SignUp, reason: Reason, *, by_id: int = 0) -> None:
    """Write down what happened, with how many places there are now."""
    now = clock.now()
    db.session.flush()
    event = SignUpEvent(
        sign_up_id=sign_up.id,
        at=now,
        state=sign_up.state,
        reason=reason,
        party_size=sign_up.party_size,
        places_left=queries.free(sign_up.occurrence, now),
        by_id=by_id,
    )
    db.session.add(event)
    db.session.flush()
