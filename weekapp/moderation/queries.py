"""What waits for a moderator, and what was judged before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db
from weekapp.moderation.models import Report, Review, Verdict
from weekapp.moderation.rules import ReportState

LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Queue:
    """How many activities wait, and since when the first of them."""

    count: int
    since: datetime | None


def oldest_first() -> Select[Activity]:
    """Activities that wait, in the order in which they came in."""
    return select(Activity).where(Activity.state == State.SUBMITTED).order_by(Activity.submitted_at, Activity.id)


def waiting(limit: int | None = None) -> list[Activity]:
    """Activities that wait, oldest first, with what a list shows of them."""
    around = (joinedload(Activity.edition), joinedload(Activity.municipality), joinedload(Activity.organisation))
    return list(db.session.scalars(oldest_first().options(*around).limit(limit)))


def queue() -> Queue:
    """How long the queue is."""
    row = db.session.execute(select(func.count(), func.min(Activity.submitted_at)).where(Activity.state == State.SUBMITTED)).one()
    return Queue(row[0], row[1])


def next_waiting() -> int | None:
    """The id of the activity that waits longest."""
    return db.session.scalar(oldest_first().with_only_columns(Activity.id).limit(1))


def to_judge(activity_id: int) -> Activity | None:
    """One activity with the people and things around it, in whatever state."""
    around = (Activity.edition, Activity.municipality, Activity.organisation, Activity.initiator)
    if activity_id > LARGEST_ID:
        return None
    return db.session.scalar(select(Activity).where(Activity.id == activity_id).options(*(joinedload(one) for one in around)))


def reviews(activity_id: int) -> list[Review]:
    """Earlier verdicts, newest first, with who gave them."""
    wanted = select(Review).where(Review.activity_id == activity_id).options(joinedload(Review.by))
    return list(db.session.scalars(wanted.order_by(Review.at.desc(), Review.id.desc())))


def last_reason(activity_id: int) -> str:
    """Why an activity was sent back last; empty when it never was."""
    wanted = select(Review.reason).where(Review.activity_id == activity_id, Review.verdict == Verdict.RETURNED)
    return db.session.scalar(wanted.order_by(Review.at.desc(), Review.id.desc()).limit(1)) or ""


def open_reports(limit: int) -> list[Report]:
    """Reports that wait, oldest first, with the activity and who organises it."""
    around = joinedload(Report.activity)
    wanted = select(Report).where(Report.state == ReportState.OPEN).order_by(Report.made_at, Report.id)
    return list(
        db.session.scalars(wanted.options(around.joinedload(Activity.initiator), around.joinedload(Activity.organisation)).limit(limit))
    )


def settled_reports(limit: int) -> list[Report]:
    """What was done with reports, newest first."""
    wanted = select(Report).where(Report.state != ReportState.OPEN).order_by(Report.settled_at.desc(), Report.id.desc())
    return list(db.session.scalars(wanted.options(joinedload(Report.activity), joinedload(Report.settled_by)).limit(limit)))


def open_report_count(activity_id: int | None = None) -> int:
    """How many reports wait; of one activity or of all."""
    wanted = select(func.count()).select_from(Report).where(Report.state == ReportState.OPEN)
    return db.session.scalar(wanted.where(Report.activity_id == activity_id) if activity_id else wanted) or 0


def report(report_id: int) -> Report | None:
    """One report."""
    return db.session.get(Report, report_id) if report_id <= LARGEST_ID else None


def report_with_key(send_key: str) -> Report | None:
    """The report that this very form has made already."""
    return db.session.scalar(select(Report).where(Report.send_key == send_key))
