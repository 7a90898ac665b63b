"""Does it still take place? Asked some days before, asked once more, and marked where nobody answers (issue 4, point 9).

What an initiator registered after the question was due is not asked for: that is its own answer. Of what goes on all year the first
moment on or after the first day of the Week counts. An activity of several moments is asked for once, before the first.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from weekapp import addresses, clock
from weekapp.accounts.models import User
from weekapp.accounts.proof import hash_of
from weekapp.activities import history
from weekapp.activities.models import Activity, Occurrence, StillOn
from weekapp.activities.rules import Happened, State
from weekapp.core import settings
from weekapp.db import db, lock, transaction
from weekapp.editions import service as editions
from weekapp.editions.models import Edition
from weekapp.errors import N_, LinkExpired, WrongState
from weekapp.languages import speaking
from weekapp.mail.service import queue_mail
from weekapp.templating import period

AT_ONCE = 100  # in one transaction
OVER = N_("Deze link werkt niet meer. De activiteit is begonnen, of staat niet meer op de website.")


def tick() -> str:
    """Ask, ask again and mark, a few in each transaction. Late or twice does no harm: each step looks at what is written down."""
    done = {}
    for job in (ask, remind, mark):
        done[job.__name__] = 0
        while True:
            with transaction():
                some = job(clock.now())
            if not some:
                break
            done[job.__name__] += some
    return ", ".join(f"{many} {name}" for name, many in done.items())


def begins() -> Subquery:
    """The first moment that counts of each activity (columns activity_id and first_at)."""
    in_week = [
        (Activity.edition_id == edition.id) & (Occurrence.starts_at >= clock.day_bounds(edition.first_day)[0])
        for edition in db.session.scalars(select(Edition))
    ]
    counts = or_(Activity.is_ongoing.is_(False), *in_week)
    rows = select(Occurrence.activity_id, func.min(Occurrence.starts_at).label("first_at"))
    rows = rows.join(Activity, Activity.id == Occurrence.activity_id).where(Occurrence.cancelled_at.is_(None), counts)
    return rows.group_by(Occurrence.activity_id).subquery()


def ask(now: datetime) -> int:
    """Ask who has not been asked; how many there were."""
    first, days = begins(), settings().still_on_days
    _, end = clock.day_bounds(clock.local(now).date() + timedelta(days=days))
    rows = select(Activity.id, Activity.submitted_at, first.c.first_at).join(first, first.c.activity_id == Activity.id)
    rows = rows.outerjoin(StillOn, StillOn.activity_id == Activity.id).where(
        StillOn.activity_id.is_(None), Activity.state == State.PUBLISHED
    )
    found = db.session.execute(rows.where(first.c.first_at > now, first.c.first_at < end).order_by(first.c.first_at, Activity.id))
    due = {row.id: row.first_at for row in found if row.submitted_at < row.first_at - timedelta(days=days)}
    chosen = sorted(list(due)[:AT_ONCE])
    return sum(ask_of(activity_id, due[activity_id], now) for activity_id in chosen)


def ask_of(activity_id: int, first_at: datetime, now: datetime) -> bool:
    """Ask for one activity; False when another worker was first."""
    activity = db.session.get(Activity, activity_id)
    assert activity is not None, "activities are not deleted"
    lock(activity)
    if activity.state is not State.PUBLISHED or of_activity(activity_id) is not None:
        return False
    question = StillOn(activity_id=activity_id, asked_at=now, token_hash=hash_of(token_of(activity, now)))
    db.session.add(question)
    db.session.flush()
    tell(question, first_at, "still_on")
    return True


def open_questions(now: datetime) -> Select[StillOn, datetime]:
    """Questions without an answer of activities that have not begun, with their first moment, by activity."""
    first = begins()
    rows = select(StillOn, first.c.first_at).join(StillOn.activity).join(first, first.c.activity_id == StillOn.activity_id)
    waits = (StillOn.answered_at.is_(None), Activity.state == State.PUBLISHED, first.c.first_at > now)
    return rows.where(*waits).options(joinedload(StillOn.activity)).order_by(StillOn.activity_id).limit(AT_ONCE)


def since(now: datetime, days: int) -> datetime:
    """What happened before this instant was at least so many Dutch days ago."""
    return clock.day_bounds(clock.local(now).date() - timedelta(days=days))[1]


def remind(now: datetime) -> int:
    """Ask once more; how many were asked."""
    late = (StillOn.reminded_at.is_(None), StillOn.asked_at < since(now, settings().still_on_again))
    done = 0
    for question, first_at in db.session.execute(open_questions(now).where(*late)).all():
        lock(question)
        if question.reminded_at is None and question.answered_at is None:
            question.reminded_at = now
            tell(question, first_at, "still_on_again")
            done += 1
    db.session.flush()
    return done


def mark(now: datetime) -> int:
    """Mark what nobody answered for: paper leaves it out. How many there were."""
    late = (StillOn.unconfirmed_at.is_(None), StillOn.reminded_at < since(now, settings().still_on_until))
    marked = set[int]()
    done = 0
    for question, _first_at in db.session.execute(open_questions(now).where(*late)).all():
        activity = lock(question.activity)  # first, as whoever answers does
        lock(question)
        if question.unconfirmed_at is None and question.answered_at is None:
            question.unconfirmed_at = now
            history.note(activity, Happened.UNCONFIRMED, by=None)
            marked.add(activity.edition_id)
            done += 1
    for edition_id in sorted(marked):
        editions.touch(edition_id)
    db.session.flush()
    return done


def tell(question: StillOn, first_at: datetime, template: str) -> None:
    """One mail with the link; the same link both times. None about a moment that was moved or called off just now."""
    activity, initiator = question.activity, question.activity.initiator
    moment = next((one for one in activity.occurrences if one.starts_at == first_at and one.cancelled_at is None), None)
    if moment is None:
        return
    with speaking(initiator.language):
        queue_mail(
            f"{template} {activity.id}",
            template,
            initiator.email,
            name=initiator.name,
            title=activity.title,
            when=period(moment.starts_at, moment.ends_at),
            link=settings().base_url + addresses.still_on(token_of(activity, question.asked_at)),
        )


def token_of(activity: Activity, asked_at: datetime) -> str:
    """The token of the link. It opens three choices for one activity and signs nobody in (SEC-12); only its hash is kept."""
    text = f"still on {activity.id} {activity.initiator_id} {int(asked_at.timestamp() * 1_000_000)}"
    digest = hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def hand_over(activities: Collection[Activity]) -> None:
    """Somebody else organises these now: the links of who did it before work no more."""
    for question in of_activities([one.id for one in activities]).values():
        question.token_hash = hash_of(token_of(question.activity, question.asked_at))
    db.session.flush()


def of_activity(activity_id: int) -> StillOn | None:
    """What was asked for one activity."""
    return db.session.get(StillOn, activity_id)


def of_activities(activity_ids: Collection[int]) -> dict[int, StillOn]:
    """What was asked for several activities, by their ids."""
    rows = select(StillOn).where(StillOn.activity_id.in_(activity_ids))
    return {one.activity_id: one for one in db.session.scalars(rows)}


def asked_with(token: str) -> StillOn:
    """The question of a link; raises LinkExpired when there is nothing left to answer."""
    rows = select(StillOn).where(StillOn.token_hash == hash_of(token)).options(joinedload(StillOn.activity))
    question = db.session.scalar(rows)
    if question is None or not can_answer(question.activity):
        raise LinkExpired(OVER)
    return question


def can_answer(activity: Activity) -> bool:
    """Whether it is public and something of it is still to come."""
    now = clock.now()
    return activity.state is State.PUBLISHED and any(one.starts_at > now and one.cancelled_at is None for one in activity.occurrences)


def confirm(activity: Activity, *, by: User) -> None:
    """It takes place. Said twice it is written down once. Raises WrongState when it was called off meanwhile."""
    lock(activity)
    if not can_answer(activity):
        raise WrongState(OVER)
    if heard(activity):
        history.note(activity, Happened.STILL_ON, by=by)


def heard(activity: Activity) -> bool:
    """An initiator did something with the activity, which is an answer too; whether one was waited for."""
    question = of_activity(activity.id)
    if question is None or question.answered_at is not None:
        return False
    lock(question)
    if question.answered_at is not None:
        return False
    if question.unconfirmed_at is not None:
        question.unconfirmed_at = None
        editions.touch(activity.edition_id)
    question.answered_at = clock.now()
    db.session.flush()
    return True


def is_unconfirmed() -> ColumnElement[bool]:
    """Activities of which nobody said that they take place."""
    return select(StillOn.activity_id).where(StillOn.activity_id == Activity.id, StillOn.unconfirmed_at.is_not(None)).exists()


def count_unconfirmed() -> int:
    """How many of them are still to come."""
    first = begins()
    rows = select(func.count()).select_from(Activity).join(first, first.c.activity_id == Activity.id)
    return db.session.scalar(rows.where(Activity.state == State.PUBLISHED, is_unconfirmed(), first.c.first_at > clock.now())) or 0


def unconfirmed(municipality_code: str | None = None) -> list[Activity]:
    """Public activities of which nobody said that they take place, soonest first; of one municipality or of all."""
    first = begins()
    rows = select(Activity).join(first, first.c.activity_id == Activity.id).where(Activity.state == State.PUBLISHED, is_unconfirmed())
    if municipality_code:
        rows = rows.where(Activity.municipality_code == municipality_code)
    rows = rows.where(first.c.first_at > clock.now()).order_by(first.c.first_at, Activity.id)
    around = [joinedload(one) for one in (Activity.organisation, Activity.initiator, Activity.municipality)]
    return list(db.session.scalars(rows.options(*around, selectinload(Activity.occurrences))))


def unconfirmed_ids() -> frozenset[int]:
    """The ids of all of them, for paper."""
    return frozenset(db.session.scalars(select(StillOn.activity_id).where(StillOn.unconfirmed_at.is_not(None))))
