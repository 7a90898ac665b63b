"""Signing up, confirming, giving a place back, and telling people when something changes (product.md rules 11-13).

Who changes several moments at once locks them in the order of their ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import folded
from weekapp.db import db, lock
from weekapp.editions import service as editions
from weekapp.errors import N_, DomainError, WrongState
from weekapp.signups import letters, queries, rules
from weekapp.signups.hosts import host_of
from weekapp.signups.models import SignUp, SignUpEvent
from weekapp.signups.rules import Call, Reason, State
from weekapp.signups.turns import note, takes_place, turn, write

TRIES = 20  # for a code of its own
AT_ONCE = 100  # moments that one call of `expire` or `tell_changes` brings up to date
MAILS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who signs up: one of `email` (lower case) and `phone` (E.164) is empty."""

    first_name: str
    email: str
    phone: str
    size: int


@dataclass(frozen=True)
class Answer:
    """What came of signing up. For somebody who was on the list already `has_place` says what a stranger would hear (SEC-14)."""

    sign_up: SignUp
    has_place: bool


class TooLate(WrongState):
    """Nobody can sign up for this moment any more."""

    def __init__(self) -> None:
        super().__init__(N_("Je kunt je niet meer aanmelden voor dit moment. Kies een ander moment."), field="moment")


class OnTheList(DomainError):
    """Somebody of the organisation signs up a person who is there already."""

    def __init__(self) -> None:
        super().__init__(N_("Deze persoon staat al op de lijst voor dit moment."), field="first_name")


def sign_up(occurrence_id: int, party: Party, *, send_id: str, by: User | None = None) -> Answer:
    """A place, or the end of the waiting list. With a mail address a place has to be confirmed first, unless `by` filled it in.

    A double click gives the first answer again. Raises TooLate, and OnTheList when `by` signs up somebody twice.
    """
    key = rules.send_key(send_id, occurrence_id, folded(party.first_name), party.email, party.phone, party.size)
    with turn(occurrence_id) as occurrence:
        known = queries.by_send_key(key)
        if known is not None:
            return Answer(known, known.state != State.WAITING)
        refuse_late(occurrence, by)
        earlier = queries.same_person(occurrence_id, party.first_name, party.email) if party.email else []
        has_place = queries.has_place(occurrence, party.size, clock.now())
        for one in earlier:
            if one.state == State.EXPIRED:
                write(one, State.CANCELLED, Reason.REPLACED)
            elif by is not None:
                raise OnTheList()
            else:
                say_again(one, party.size, key)
                return Answer(one, has_place)
        return Answer(enter(occurrence, party, key, has_place, by), has_place)


def refuse_late(occurrence: Occurrence, by: User | None) -> None:
    """Raises TooLate. The organisation may go on after it has closed the form for others."""
    is_open = by is not None or host_of(occurrence, anew=True).takes_sign_ups
    if not (is_open and takes_place(occurrence) and occurrence.starts_at > clock.now()):
        raise TooLate()


def enter(occurrence: Occurrence, party: Party, key: str, has_place: bool, by: User | None) -> SignUp:
    """A new row: a sure place, a place that waits for a button, or a turn in the list."""
    now = clock.now()
    sign_up = SignUp(
        occurrence_id=occurrence.id,
        first_name=party.first_name,
        email=party.email,
        phone=party.phone,
        party_size=party.size,
        send_key=key,
        round=0,
        told_sequence=occurrence.sequence,
        call=Call.NONE,
        made_by_id=by.id if by else 0,
        created_at=now,
        changed_at=now,
    )
    sign_up.confirm_hash, sign_up.cancel_hash = letters.confirm_hash(sign_up), letters.cancel_hash(sign_up)
    if not has_place:
        sign_up.state, sign_up.queued_at = State.WAITING, now
    elif by is not None or not party.email:
        sign_up.state, sign_up.confirmed_at = State.CONFIRMED, now
    else:
        sign_up.state, sign_up.held_until = State.UNCONFIRMED, rules.hold_until(now, occurrence.starts_at)
    insert_with_code(sign_up)
    reason = Reason.FULL if not has_place else Reason.ON_BEHALF if by else Reason.PLACE
    note(sign_up, reason, by_id=sign_up.made_by_id)
    tell_state(sign_up, "")
    if by is None:
        call_about_home(sign_up)
    return sign_up


def insert_with_code(sign_up: SignUp) -> None:
    """Give the row a code that no other has; the unique index has the last word."""
    for _ in range(TRIES):
        sign_up.code = rules.new_code()
        try:
            with db.session.begin_nested():
                db.session.add(sign_up)
        except IntegrityError:
            if queries.by_code(sign_up.code) is None:
                raise
            continue
        return
    raise WrongState(N_("Het is nu te druk. Probeer het over een paar minuten opnieuw."))


def tell_state(sign_up: SignUp, about: str) -> None:
    """Mail how it stands."""
    by_state = {
        State.UNCONFIRMED: letters.ask,
        State.CONFIRMED: letters.confirmed,
        State.WAITING: letters.waiting,
        State.OFFERED: letters.offer,
    }
    by_state[sign_up.state](sign_up, about)


def say_again(sign_up: SignUp, party_size: int, key: str) -> None:
    """Somebody who is on the list fills in the form again: the mail goes out again, with the number that counts.

    A place that is not confirmed yet takes the new number when there is room for it; it is not kept longer, or it would be for ever.
    """
    free = queries.free(sign_up.occurrence, clock.now())
    more = party_size - sign_up.party_size
    if sign_up.state == State.UNCONFIRMED and more and rules.fits(more, free):
        sign_up.party_size, sign_up.changed_at = party_size, clock.now()
        note(sign_up, Reason.LARGER if more > 0 else Reason.SMALLER)
    tell_state(sign_up, key[:20])


def call_about_home(sign_up: SignUp) -> None:
    """Who has a place at somebody's home, and no mail, must hear the address by phone (PRIV-04)."""
    if sign_up.state == State.CONFIRMED and sign_up.phone and letters.host_of(sign_up).is_home:
        sign_up.call = Call.ADDRESS
        letters.please_call(sign_up, f"address {sign_up.id}")


def confirm(sign_up: SignUp, *, by: User | None = None) -> SignUp:
    """Somebody says that they come; `by` says it for them after a call. Pressing twice changes nothing; look at the state.

    Who is too late still comes when there is room and nobody waits for it, and is at the end of the waiting list otherwise. Raises TooLate.
    """
    with turn(sign_up.occurrence_id) as occurrence:
        lock(sign_up)
        if sign_up.state in {State.CONFIRMED, State.WAITING, State.CANCELLED}:
            return sign_up
        now, by_id = clock.now(), by.id if by else 0
        if occurrence.starts_at <= now or not takes_place(occurrence):
            raise TooLate()
        if sign_up.state in rules.HELD:
            reason = Reason.ACCEPTED if sign_up.state == State.OFFERED else Reason.CONFIRMED
        elif queries.has_place(occurrence, sign_up.party_size, now):
            reason = Reason.LATE
        else:
            sign_up.queued_at = now
            write(sign_up, State.WAITING, Reason.FULL, by_id=by_id)
            letters.waiting(sign_up)
            return sign_up
        sign_up.confirmed_at = now
        write(sign_up, State.CONFIRMED, reason, by_id=by_id)
        letters.confirmed(sign_up)
        return sign_up


def cancel(sign_up: SignUp, reason: Reason, *, by: User | None = None) -> SignUp:
    """Give the place back, to whoever is next; giving it back twice changes nothing."""
    with turn(sign_up.occurrence_id):
        lock(sign_up)
        if sign_up.state == State.CANCELLED:
            return sign_up
        was_live = sign_up.state in rules.LIVE
        write(sign_up, State.CANCELLED, reason, by_id=by.id if by else 0)
        if was_live:
            letters.cancelled(sign_up)
        return sign_up


def by_code(code: str, first_name: str) -> SignUp | None:
    """The sign-up of a code on paper, for who knows the first name that goes with it; of a moment that is not over."""
    found = queries.by_code(rules.read_code(code))
    if found is None or folded(found.first_name) != folded(first_name) or found.occurrence.ends_at <= clock.now():
        return None
    return found


def called(sign_up: SignUp, *, by: User) -> SignUp:
    """Somebody of the organisation has called; an offer is answered by `confirm` or `cancel` instead."""
    with turn(sign_up.occurrence_id):
        lock(sign_up)
        if sign_up.call not in {Call.NONE, Call.OFFER}:
            sign_up.call = Call.NONE
            note(sign_up, Reason.CALLED, by_id=by.id)
        return sign_up


def set_places(activity: Activity, *, takes_sign_ups: bool, places: Mapping[int, int | None], by: User) -> Activity:
    """Whether people can sign up on this site, and how many for each moment (by id; None: no limit).

    More places are offered to who waits; fewer take nobody's place away.
    """
    lock(activity)
    activity.takes_sign_ups = takes_sign_ups
    for occurrence in by_id(activity):
        if occurrence.id in places:
            with turn(occurrence.id) as locked:
                locked.places = places[occurrence.id]
    audit.note("places set", f"activity {activity.id}", user_id=by.id, moments=len(places))
    editions.touch(activity.edition_id)
    return activity


def places_changed(occurrence_id: int) -> None:
    """A moment has another number of places: what is free now is offered to who waits."""
    with turn(occurrence_id):
        pass  # the turn itself does it


def by_id(activity: Activity) -> list[Occurrence]:
    """The moments of an activity in the order in which they are locked."""
    return sorted(queries.moments(activity.id), key=lambda occurrence: occurrence.id)


def activity_cancelled(activity: Activity) -> int:
    """The activity does not take place, or is no longer on the website: everyone hears it, once (rule 11). How many parties there were.

    Call it in the transaction of the change, after the activity's new state.
    """
    return sum(moment_cancelled(occurrence) for occurrence in by_id(activity))


def moment_cancelled(occurrence: Occurrence) -> int:
    """The same for one moment."""
    lock(occurrence)
    if occurrence.ends_at <= clock.now():
        return 0
    people = queries.live([occurrence.id])
    for sign_up in people:
        call = Call.OFF if sign_up.phone else Call.NONE
        write(sign_up, State.CANCELLED, Reason.OFF, call=call)
        letters.off(sign_up)
        if call != Call.NONE:
            letters.please_call(sign_up, f"off {occurrence.id}")
    return len(people)


def activity_changed(activity: Activity) -> int:
    """Tell everyone who does not know it yet what time and place are now, once for each `sequence` of their moment. How many parties.

    Without this call the worker does it when nothing has been changed for half an hour (`tell_changes`).
    """
    return sum(moment_changed(occurrence) for occurrence in by_id(activity))


def moment_changed(occurrence: Occurrence) -> int:
    """The same for one moment; one that does not take place is cancelled for its people too."""
    lock(occurrence)
    if occurrence.cancelled_at is not None or host_of(occurrence).is_gone:
        return moment_cancelled(occurrence)
    untold = [one for one in queries.live([occurrence.id]) if one.told_sequence < occurrence.sequence]
    for sign_up in untold:
        sign_up.told_sequence, sign_up.reminded_at = occurrence.sequence, None
        letters.changed(sign_up)
        if sign_up.phone and sign_up.call == Call.NONE:
            sign_up.call = Call.CHANGED
            letters.please_call(sign_up, f"changed {occurrence.id} {occurrence.sequence}")
    return len(untold)


def tell_changes(now: datetime) -> int:
    """Tell changes of moments that have been left alone for half an hour: one mail, not one for each click. How many parties."""
    found = [db.session.get(Occurrence, one) for one in queries.changed_moments(now, now - rules.QUIET, AT_ONCE)]
    return sum(moment_changed(occurrence) for occurrence in found if occurrence is not None)


def expire(now: datetime) -> int:
    """Give up what was kept too long, and offer it to who waits. How many moments were brought up to date; to be called each minute."""
    due = queries.due(now, AT_ONCE)
    for occurrence_id in due:
        with turn(occurrence_id):
            pass  # the turn itself does it
    return len(due)


def remind(now: datetime) -> int:
    """Mail who comes tomorrow, once, from ten o'clock on; who signed up later than that knows. How many mails."""
    today = clock.local(now).date()
    since = clock.instant(today, rules.REMIND_AT)
    if now < since:
        return 0
    people = queries.to_remind(*clock.day_bounds(today + timedelta(days=1)), since, MAILS_AT_ONCE)
    for sign_up in people:
        sign_up.reminded_at = now
        letters.reminder(sign_up)
    return len(people)


def refresh_public(now: datetime) -> int:
    """Make stored public pages old whose numbers of places have changed; at most once a minute, so that a run on places is no run on us."""
    found = queries.editions_to_touch()
    for edition_id in found:
        editions.touch(edition_id)
    return len(found)


def purge(now: datetime, limit: int = 1000) -> int:
    """Delete who came a month ago, and who never confirmed within three days (PRIV-05). How many; call again until it is 0."""
    ids = queries.to_purge(now - rules.KEEP_AFTER, now - rules.CONFIRM_LIFE, limit)
    db.session.execute(delete(SignUpEvent).where(SignUpEvent.sign_up_id.in_(ids)))
    db.session.execute(delete(SignUp).where(SignUp.id.in_(ids)))
    return len(ids)
