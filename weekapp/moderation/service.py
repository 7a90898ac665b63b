"""Giving a verdict: each waiting activity gets one, by one person. And what readers report: each report is settled once."""

import hashlib

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import TEXTS, State
from weekapp.db import db, lock
from weekapp.errors import N_, WrongState
from weekapp.moderation import queries, rules
from weekapp.moderation.models import Report, Review, Verdict
from weekapp.moderation.rules import Mistake, ReportState


class AlreadyJudged(WrongState):
    """Somebody else was first, or the initiator took it back."""

    def __init__(self) -> None:
        super().__init__(N_("Deze activiteit is al beoordeeld."))


class JustChanged(WrongState):
    """The initiator changed something while a moderator was reading: it must be read again."""

    def __init__(self) -> None:
        super().__init__(N_("De initiatiefnemer heeft net iets veranderd. Lees de activiteit nog een keer."))


def version_of(activity: Activity) -> str:
    """Tells one text from another that the initiator wrote while a moderator was reading."""
    return activity.changed_at.isoformat()


def approve(activity: Activity, version: str | None = None, *, by: User) -> Review:
    """Put an activity on the website; raises AlreadyJudged, also when it is no longer the `version` that was read."""
    lock_waiting(activity)
    if version is not None and version != version_of(activity):
        raise JustChanged()
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
    texts = {name: getattr(activity, name) for name in TEXTS}
    review = Review(activity_id=activity.id, by_id=by.id, verdict=verdict, reason=reason, at=clock.now(), texts=texts)
    db.session.add(review)
    db.session.flush()
    return review


class AlreadySettled(WrongState):
    """Somebody else was first."""

    def __init__(self) -> None:
        super().__init__(N_("Iemand anders heeft deze melding al afgehandeld."))


def report(activity_id: int, mistake: Mistake, words: str, *, send_id: str) -> Report | None:
    """Put a report in the queue of the moderators; None when so many about this activity wait that one more tells nothing new."""
    key = hashlib.sha256(f"{send_id} {activity_id} {mistake} {words}".encode()).hexdigest()
    known = queries.report_with_key(key)
    if known is not None:
        return known
    if queries.open_report_count(activity_id) >= rules.MOST_OPEN:
        return None
    made = Report(activity_id=activity_id, mistake=mistake, words=words, send_key=key, made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def settle(reported: Report, state: ReportState, *, by: User) -> Report:
    """Say what came of a report; raises AlreadySettled."""
    lock(reported)
    if reported.state != ReportState.OPEN:
        raise AlreadySettled()
    reported.state, reported.settled_at, reported.settled_by_id = state, clock.now(), by.id
    return reported
