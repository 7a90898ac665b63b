"""Who comes, who waits, how many places there are: read in one statement each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from weekapp import clock
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import State as ActivityState
from weekapp.activities.rules import folded
from weekapp.db import db
from weekapp.editions.models import Edition
from weekapp.gatherings.models import Gathering, Session
from weekapp.organisations.models import Membership
from weekapp.signups import rules
from weekapp.signups.models import SignUp, SignUpEvent
from weekapp.signups.rules import LIVE, Call, Reason, State

LARGEST_ID = 2**31 - 1
FRESH = {"populate_existing": True}  # what was read before the lock is worth nothing


@dataclass(frozen=True, slots=True)
class Counts:
    """People, not parties, but for `parties_waiting`."""

    confirmed: int = 0
    unconfirmed: int = 0  # whose place is still kept
    offered: int = 0
    waiting: int = 0
    parties_waiting: int = 0

    @property
    def taken(self) -> int:
        """Places that nobody else can have."""
        return self.confirmed + self.unconfirmed + self.offered


def counts(occurrence_ids: Iterable[int], now: datetime | None = None) -> dict[int, Counts]:
    """How many people come to each of these moments, and how many wait."""
    ids, now = list(occurrence_ids), now or clock.now()
    kept = SignUp.held_until > now
    columns = (
        people(SignUp.state == State.CONFIRMED),
        people(and_(SignUp.state == State.UNCONFIRMED, kept)),
        people(and_(SignUp.state == State.OFFERED, kept)),
        people(SignUp.state == State.WAITING),
        func.count().filter(SignUp.state == State.WAITING),
    )
    grouped = select(SignUp.occurrence_id, *columns).where(SignUp.occurrence_id.in_(ids)).group_by(SignUp.occurrence_id)
    found = {row[0]: Counts(*row[1:]) for row in db.session.execute(grouped)}
    return {one: found.get(one, Counts()) for one in ids}


def people(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(SignUp.party_size).filter(which), 0)


def places_left(occurrence_ids: Iterable[int], now: datetime | None = None) -> dict[int, int | None]:
    """Places that a newcomer can have at each of these moments; None: no limit. Where people wait there is none for a newcomer."""
    ids = list(occurrence_ids)
    places = db.session.execute(select(Occurrence.id, Occurrence.places).where(Occurrence.id.in_(ids)))
    known = counts(ids, now)
    return {one: 0 if known[one].waiting else rules.places_left(limit, known[one].taken) for one, limit in places}


def has_place(occurrence: Occurrence, party_size: int, now: datetime) -> bool:
    """Whether a newcomer gets a place."""
    known = counts([occurrence.id], now)[occurrence.id]
    return rules.has_place(party_size, rules.places_left(occurrence.places, known.taken), known.parties_waiting)


def free(occurrence: Occurrence, now: datetime) -> int | None:
    """Places that nobody has, whether people wait for them or not."""
    return rules.places_left(occurrence.places, counts([occurrence.id], now)[occurrence.id].taken)


def queue_of(occurrence_id: int) -> Select[SignUp]:
    """The waiting list of a moment in its order."""
    wanted = select(SignUp).where(SignUp.occurrence_id == occurrence_id, SignUp.state == State.WAITING)
    return wanted.order_by(SignUp.queued_at, SignUp.id).execution_options(**FRESH)


def front(occurrence_id: int) -> SignUp | None:
    """Who is next."""
    return db.session.scalar(queue_of(occurrence_id).limit(1))


def waiting(occurrence_id: int) -> list[SignUp]:
    """All who wait for a moment, in order."""
    return list(db.session.scalars(queue_of(occurrence_id)))


def position(sign_up: SignUp) -> int:
    """The turn of a party that waits: 1 is next."""
    before = or_(SignUp.queued_at < sign_up.queued_at, and_(SignUp.queued_at == sign_up.queued_at, SignUp.id <= sign_up.id))
    ahead = select(func.count()).where(SignUp.occurrence_id == sign_up.occurrence_id, SignUp.state == State.WAITING, before)
    return db.session.execute(ahead).scalar_one()


def held_too_long(occurrence_id: int, now: datetime) -> list[SignUp]:
    """Who was kept a place and did not answer, longest ago first."""
    wanted = select(SignUp).where(SignUp.occurrence_id == occurrence_id, SignUp.held_until <= now)
    return list(db.session.scalars(wanted.order_by(SignUp.held_until, SignUp.id).execution_options(**FRESH)))


def live(occurrence_ids: Iterable[int]) -> list[SignUp]:
    """All who come, may come or wait."""
    wanted = select(SignUp).where(SignUp.occurrence_id.in_(list(occurrence_ids)), SignUp.state.in_(LIVE))
    return list(db.session.scalars(wanted.order_by(SignUp.id).execution_options(**FRESH)))


def due(now: datetime, limit: int) -> list[int]:
    """The ids, in order, of moments where somebody's time is over."""
    begun = and_(SignUp.state == State.WAITING, Occurrence.starts_at <= now)
    wanted = select(SignUp.occurrence_id).join(Occurrence).where(or_(SignUp.held_until <= now, begun)).distinct()
    return list(db.session.scalars(wanted.order_by(SignUp.occurrence_id).limit(limit)))


def to_remind(starts_from: datetime, starts_before: datetime, confirmed_before: datetime, limit: int) -> list[SignUp]:
    """Who comes to a moment between these instants, can be mailed, and has not been reminded."""
    conditions = (
        SignUp.state == State.CONFIRMED,
        SignUp.email != "",
        SignUp.reminded_at.is_(None),
        SignUp.confirmed_at < confirmed_before,
        Occurrence.starts_at >= starts_from,
        Occurrence.starts_at < starts_before,
        Occurrence.cancelled_at.is_(None),
        or_(Activity.state == ActivityState.PUBLISHED, and_(Gathering.id.is_not(None), Gathering.cancelled_at.is_(None))),
    )
    wanted = select(SignUp).join(Occurrence).outerjoin(Activity, Activity.id == Occurrence.activity_id)
    wanted = wanted.outerjoin(Session, Session.occurrence_id == Occurrence.id).outerjoin(Gathering).where(*conditions)
    return list(db.session.scalars(wanted.order_by(SignUp.id).limit(limit)))


def changed_moments(now: datetime, quiet_since: datetime, limit: int) -> list[int]:
    """The ids of moments to come that were changed or cancelled, have been left alone since, and have people who do not know it."""
    changed = and_(SignUp.told_sequence < Occurrence.sequence, Occurrence.changed_at <= quiet_since)
    gone = and_(Activity.state.in_(rules.GONE), Activity.changed_at <= quiet_since)
    wanted = select(Occurrence.id).join(SignUp).outerjoin(Activity, Activity.id == Occurrence.activity_id)
    wanted = wanted.where(or_(changed, gone), SignUp.state.in_(LIVE), Occurrence.ends_at > now).distinct()
    return list(db.session.scalars(wanted.order_by(Occurrence.id).limit(limit)))


def editions_to_touch() -> list[int]:
    """The ids of editions whose public pages show numbers of places that are no longer right."""
    changed = select(SignUp.id).join(Occurrence).where(Occurrence.places.is_not(None), SignUp.changed_at > Edition.changed_at)
    of_activity = changed.join(Activity, Activity.id == Occurrence.activity_id).where(Activity.edition_id == Edition.id)
    of_session = changed.join(Session, Session.occurrence_id == Occurrence.id).join(Gathering).where(Gathering.edition_id == Edition.id)
    return list(db.session.scalars(select(Edition.id).where(or_(of_activity.exists(), of_session.exists())).order_by(Edition.id)))


def to_purge(ended_before: datetime, unconfirmed_before: datetime, limit: int) -> list[int]:
    """The ids of sign-ups whose term has ended (PRIV-05): after the moment, and of people who never confirmed that it was them."""
    never = and_(SignUp.confirmed_at.is_(None), SignUp.state.in_([State.EXPIRED, State.CANCELLED]), SignUp.changed_at <= unconfirmed_before)
    wanted = select(SignUp.id).join(Occurrence).where(or_(Occurrence.ends_at <= ended_before, never))
    return list(db.session.scalars(wanted.order_by(SignUp.id).limit(limit)))


def by_send_key(send_key: str) -> SignUp | None:
    """The sign-up that this very form has made already."""
    return db.session.scalar(select(SignUp).where(SignUp.send_key == send_key))


def by_code(code: str) -> SignUp | None:
    """The sign-up with this code."""
    return db.session.scalar(select(SignUp).where(SignUp.code == code))


def by_cancel_hash(token_hash: str, now: datetime) -> SignUp | None:
    """The sign-up of a link to give a place back, until its moment ends."""
    wanted = select(SignUp).join(Occurrence).where(SignUp.cancel_hash == token_hash, Occurrence.ends_at > now)
    return db.session.scalar(wanted)


def by_confirm_hash(token_hash: str, now: datetime) -> SignUp | None:
    """The sign-up of a link that asks whether somebody comes, for 72 hours and until its moment ends (SEC-12).

    Who has answered in time sees how it stands, for as long as the row is there.
    """
    asked_at = func.coalesce(SignUp.offered_at, SignUp.created_at)
    in_time = or_(SignUp.state.in_([State.CONFIRMED, State.WAITING, State.CANCELLED]), asked_at > now - rules.CONFIRM_LIFE)
    wanted = select(SignUp).join(Occurrence).where(SignUp.confirm_hash == token_hash, Occurrence.ends_at > now, in_time)
    return db.session.scalar(wanted)


def same_person(occurrence_id: int, first_name: str, email: str) -> list[SignUp]:
    """What this person has at this moment already, newest first. Two people who share a mail address are two."""
    which = (SignUp.occurrence_id == occurrence_id, SignUp.email == email, SignUp.state != State.CANCELLED)
    wanted = select(SignUp).where(*which).order_by(SignUp.id.desc()).execution_options(**FRESH)
    return [one for one in db.session.scalars(wanted) if folded(one.first_name) == folded(first_name)]


def moments(activity_id: int) -> list[Occurrence]:
    """The moments of an activity."""
    wanted = select(Occurrence).where(Occurrence.activity_id == activity_id)
    return list(db.session.scalars(wanted.order_by(Occurrence.starts_at, Occurrence.id)))


def activity(activity_id: int) -> Activity | None:
    """An activity, whatever its state."""
    return db.session.get(Activity, activity_id) if activity_id <= LARGEST_ID else None


def own_activity(user_id: int, activity_id: int) -> Activity | None:
    """An activity of an organisation that this person acts for."""
    if activity_id > LARGEST_ID:
        return None
    acts = select(Membership.user_id).where(Membership.user_id == user_id, Membership.organisation_id == Activity.organisation_id)
    return db.session.scalar(select(Activity).where(Activity.id == activity_id, acts.exists()))


def own_sign_up(user_id: int, activity_id: int, sign_up_id: int) -> SignUp | None:
    """A sign-up for an activity of an organisation that this person acts for."""
    if sign_up_id > LARGEST_ID or own_activity(user_id, activity_id) is None:
        return None
    return db.session.scalar(select(SignUp).join(Occurrence).where(SignUp.id == sign_up_id, Occurrence.activity_id == activity_id))


def last_reason(sign_up_id: int) -> tuple[Reason, int | None] | None:
    """Why the newest step was taken, and how many places were free after it."""
    wanted = select(SignUpEvent.reason, SignUpEvent.places_left).where(SignUpEvent.sign_up_id == sign_up_id)
    row = db.session.execute(wanted.order_by(SignUpEvent.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def events(sign_up_id: int) -> list[SignUpEvent]:
    """The steps of one sign-up, oldest first."""
    return list(db.session.scalars(select(SignUpEvent).where(SignUpEvent.sign_up_id == sign_up_id).order_by(SignUpEvent.id)))


@dataclass(frozen=True, slots=True)
class Step:
    """One step with the first name of whom it is about."""

    event: SignUpEvent
    first_name: str


@dataclass(frozen=True, slots=True)
class MomentList:
    """All that whoever organises sees of one moment."""

    occurrence: Occurrence
    counts: Counts
    free: int | None
    coming: list[SignUp]  # confirmed, not yet confirmed, or asked whether they take a freed place
    waiting: list[SignUp]
    steps: list[Step]  # newest first

    @property
    def is_blocked(self) -> bool:
        """Whether there are places, and the party in front is too large for them."""
        return bool(self.waiting and self.free and self.free < self.waiting[0].party_size)


def lists_of(found: list[Occurrence], steps_each: int = 100) -> list[MomentList]:
    """The sign-ups of these moments, a list for each."""
    now = clock.now()
    known = counts([one.id for one in found], now)
    people_of = live(one.id for one in found)
    return [
        MomentList(
            occurrence=one,
            counts=known[one.id],
            free=rules.places_left(one.places, known[one.id].taken),
            coming=sorted((s for s in people_of if s.occurrence_id == one.id and s.state != State.WAITING), key=by_name),
            waiting=sorted((s for s in people_of if s.occurrence_id == one.id and s.state == State.WAITING), key=by_turn),
            steps=steps_of(one.id, steps_each),
        )
        for one in found
    ]


def by_name(sign_up: SignUp) -> tuple[str, int]:
    return folded(sign_up.first_name), sign_up.id


def by_turn(sign_up: SignUp) -> tuple[datetime, int]:
    assert sign_up.queued_at is not None, "the database refuses a waiting party without a turn"
    return sign_up.queued_at, sign_up.id


def steps_of(occurrence_id: int, limit: int) -> list[Step]:
    """What happened at one moment, newest first."""
    wanted = select(SignUpEvent, SignUp.first_name).join(SignUp).where(SignUp.occurrence_id == occurrence_id)
    return [Step(*row) for row in db.session.execute(wanted.order_by(SignUpEvent.id.desc()).limit(limit))]


def to_call(activity_id: int) -> list[SignUp]:
    """Whom somebody of the organisation has to call, because they have no mail address; of moments that are not over."""
    still = Occurrence.ends_at > clock.now() - timedelta(days=1)
    wanted = select(SignUp).join(Occurrence).where(Occurrence.activity_id == activity_id, SignUp.call != Call.NONE, still)
    return list(db.session.scalars(wanted.order_by(SignUp.changed_at, SignUp.id)))
