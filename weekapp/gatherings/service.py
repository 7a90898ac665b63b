"""Making, changing and calling off gatherings and their sessions. Who signed up hears it from `weekapp.signups`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.activities.models import Occurrence
from weekapp.db import db, lock
from weekapp.editions import service as editions
from weekapp.errors import N_, WrongState
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import Attendance, Audience, Kind

WHAT_PEOPLE_MUST_KNOW = frozenset({"title", "attendance", "online_link", "venue", "street", "postcode", "town"})
OFF = N_("Dit gaat niet door. Je kunt het niet meer veranderen.")


@dataclass(frozen=True, kw_only=True)
class NewGathering:
    """What the programme team says of a gathering."""

    kind: Kind
    title: str
    description: str
    organiser: str
    attendance: Attendance
    online_link: str = ""
    venue: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    step_free: bool = False
    hearing_loop: bool = False
    takes_sign_ups: bool = True


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """What the programme team says of a session; `places` None: as many as come."""

    title: str = ""
    room: str = ""
    audience: Audience = Audience.EVERYBODY
    starts_at: datetime
    ends_at: datetime
    places: int | None = None


def make(edition_id: int, new: NewGathering, *, by: User) -> Gathering:
    """A gathering without sessions: nobody sees it yet."""
    now = clock.now()
    gathering = Gathering(edition_id=edition_id, created_at=now, changed_at=now, **vars(new))
    db.session.add(gathering)
    db.session.flush()
    audit.note("gathering made", about(gathering), user_id=by.id)
    return gathering


def change(gathering: Gathering, new: NewGathering, *, by: User) -> bool:
    """Say something else of it; whether anything was different. What people with a place must know raises the sequence of its moments.

    Raises WrongState when it was called off.
    """
    lock(gathering)
    refuse_off(gathering.cancelled_at)
    different = {name for name, value in vars(new).items() if getattr(gathering, name) != value}
    for name in different:
        setattr(gathering, name, getattr(new, name))
    if not different:
        return False
    if different & WHAT_PEOPLE_MUST_KNOW:
        for session in by_moment(gathering):
            touch(lock(session.moment))
    audit.note("gathering changed", about(gathering), user_id=by.id, fields=len(different))
    publish(gathering)
    return True


def add_session(gathering: Gathering, new: NewSession, *, by: User) -> Session:
    """One more session; the first one makes the gathering public. Raises WrongState when it was called off."""
    lock(gathering)
    refuse_off(gathering.cancelled_at)
    moment = Occurrence(
        starts_at=new.starts_at, ends_at=new.ends_at, places=new.places, uid=str(uuid4()), sequence=0, changed_at=clock.now()
    )
    session = Session(moment=moment, title=new.title, room=new.room, audience=new.audience)
    gathering.sessions.append(session)
    db.session.flush()
    audit.note("session added", about(gathering), user_id=by.id, session=session.id)
    publish(gathering)
    return session


def change_session(session: Session, new: NewSession, *, by: User) -> None:
    """Another time, room, audience or number of places. Fewer places take nobody's place away. Raises WrongState when it was called off."""
    gathering, moment = lock(session.gathering), lock(session.moment)
    refuse_off(gathering.cancelled_at or moment.cancelled_at)
    before = (session.title, session.room, moment.starts_at, moment.ends_at)
    moved = moment.moved_from or moment.starts_at
    session.title, session.room, session.audience = new.title, new.room, new.audience
    moment.starts_at, moment.ends_at, moment.places = new.starts_at, new.ends_at, new.places
    moment.moved_from = moved if moved != new.starts_at else None
    if before != (new.title, new.room, new.starts_at, new.ends_at):
        touch(moment)
    audit.note("session changed", about(gathering), user_id=by.id, session=session.id)
    publish(gathering)


def call_off(gathering: Gathering, reason: str, *, by: User) -> None:
    """It does not take place; it stays visible as that. Twice changes nothing."""
    lock(gathering)
    if gathering.cancelled_at is not None:
        return
    gathering.cancelled_at, gathering.cancel_reason = clock.now(), reason
    for session in by_moment(gathering):
        touch(lock(session.moment))
    audit.note("gathering called off", about(gathering), user_id=by.id)
    publish(gathering)


def call_off_session(session: Session, reason: str, *, by: User) -> None:
    """One session does not take place; the others do. Twice changes nothing."""
    gathering, moment = lock(session.gathering), lock(session.moment)
    if moment.cancelled_at is not None:
        return
    moment.cancelled_at, moment.remark = clock.now(), reason
    touch(moment)
    audit.note("session called off", about(gathering), user_id=by.id, session=session.id)
    publish(gathering)


def by_moment(gathering: Gathering) -> list[Session]:
    """Its sessions in the order in which moments are locked."""
    return sorted(gathering.sessions, key=lambda one: one.occurrence_id)


def touch(moment: Occurrence) -> None:
    """Let calendars replace this moment; its UID stays. Who signed up hears it after a quiet half hour."""
    moment.sequence += 1
    moment.changed_at = clock.now()


def publish(gathering: Gathering) -> None:
    """Something that everybody sees has changed."""
    gathering.changed_at = clock.now()
    db.session.flush()
    editions.touch(gathering.edition_id)


def refuse_off(cancelled_at: datetime | None) -> None:
    if cancelled_at is not None:
        raise WrongState(OFF)


def about(gathering: Gathering) -> str:
    return f"gathering {gathering.id}"
