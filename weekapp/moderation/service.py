"""Giving a verdict: each waiting activity gets one, by one person."""

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, lock
from weekapp.errors import N_, WrongState
from weekapp.moderation.models import Review, Verdict


class AlreadyJudged(WrongState):
    """Somebody else was first, or the initiator took it back."""

    def __init__(self) -> None:
        super().__init__(N_("Deze activiteit is al beoordeeld."))


def approve(activity: Activity, *, by: User) -> Review:
    """Put an activity on the website; raises AlreadyJudged."""
    lock_waiting(activity)
    activities.publish(activity, by=by)
    return noted(activity, Verdict.APPROVED, "", by=by)


def send_back(activity: Activity, reason: str, *, by: User) -> Review:
    """Ask for a change, with a reason that reaches the initiator; raises AlreadyJudged."""
    lock_waiting(activity)
    activities.send_back(activity, by=by)
    return noted(activity, Verdict.RETURNED, reason, by=by)


def lock_waiting(activity: Activity) -> None:
    lock(activity)
    if activity.state != State.SUBMITTED:
        raise AlreadyJudged()


def noted(activity: Activity, verdict: Verdict, reason: str, *, by: User) -> Review:
    review = Review(activity_id=activity.id, by_id=by.id, verdict=verdict, reason=reason, at=clock.now())
    db.session.add(review)
    db.session.flush()
    return review
