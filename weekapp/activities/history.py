"""The history of an activity: each step is written down in the transaction that takes it, and told in plain words afterwards."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities.models import Activity, ActivityEvent
from weekapp.activities.rules import LOOKED_AT_LATER, Happened, State
from weekapp.db import db

STEP_TO = {
    State.SUBMITTED: Happened.RESUBMITTED,
    State.RETURNED: Happened.RETURNED,
    State.PUBLISHED: Happened.APPROVED,
    State.CANCELLED: Happened.CANCELLED,
    State.WITHDRAWN: Happened.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One event with who did it; None for the system itself."""

    event: ActivityEvent
    by: User | None


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """What was changed in public without approval, all of one activity together."""

    activity: Activity
    steps: list[Step]

    @property
    def newest(self) -> int:
        """The id up to which a moderator has seen this when they press the button."""
        return self.steps[-1].event.id


def note(activity: Activity, what: Happened, *, by: User | None, before: str = "", after: str = "") -> ActivityEvent:
    """Write a step down. What became public without approval waits for a look of a moderator."""
    needs_look = what in LOOKED_AT_LATER and activity.state is State.PUBLISHED
    event = ActivityEvent(
        activity_id=activity.id,
        at=clock.now(),
        by_id=by.id if by else 0,
        what=what,
        before=before,
        after=after,
        needs_look=needs_look,
    )
    db.session.add(event)
    return event


def steps_of(activity_id: int) -> list[Step]:
    """The life of an activity, oldest first."""
    return with_people(ActivityEvent.activity_id == activity_id)


def with_people(*which: object) -> list[Step]:
    rows = select(ActivityEvent, User).outerjoin(User, User.id == ActivityEvent.by_id).where(*which)  # type: ignore[arg-type]
    return [Step(event, user) for event, user in db.session.execute(rows.order_by(ActivityEvent.id))]


def to_look_at(limit: int) -> list[ToLookAt]:
    """Activities with changes that no moderator has seen, longest waiting first."""
    found: dict[int, list[Step]] = {}
    for step in with_people(ActivityEvent.needs_look.is_(True)):
        found.setdefault(step.event.activity_id, []).append(step)
    chosen = list(found)[:limit]
    activities = {activity.id: activity for activity in db.session.scalars(select(Activity).where(Activity.id.in_(chosen)))}
    return [ToLookAt(activities[one], found[one]) for one in chosen]


def count_to_look_at() -> int:
    """How many activities have such changes."""
    rows = select(func.count(func.distinct(ActivityEvent.activity_id))).where(ActivityEvent.needs_look.is_(True))
    return db.session.execute(rows).scalar_one()


def seen(activity_id: int, newest: int) -> None:
    """A moderator has looked at the changes up to this one; what came later still waits."""
    which = (ActivityEvent.activity_id == activity_id, ActivityEvent.id <= newest, ActivityEvent.needs_look.is_(True))
    db.session.execute(update(ActivityEvent).where(*which).values(needs_look=False))
