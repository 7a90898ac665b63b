"""What waits for an answer: a question that was asked today, one that nobody answered, and a colleague who has been invited.

Only rows, no mail: whoever fills a database with invented people must not write to them.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from weekapp import clock
from weekapp.accounts.proof import hash_of, new_token
from weekapp.activities import history
from weekapp.activities.models import Activity, Occurrence, StillOn
from weekapp.activities.rules import Happened, State
from weekapp.activities.still_on import token_of
from weekapp.core import settings
from weekapp.db import db
from weekapp.demo.activities import Ids
from weekapp.organisations.models import Invitation, OrganisationEvent
from weekapp.organisations.rules import INVITATION_LIFE, OrganisationStep

COLLEAGUE = "collega@voorbeeld.nl"


def add(ids: Ids, municipality_code: str) -> None:
    """For the initiator whose account is shown and for the officer of the municipality, as far as there is somebody to ask."""
    now = clock.now()
    invite(ids, now)
    for one in coming(ids, now, Activity.organisation_id == ids.first_organisation)[-1:]:
        ask(one, now)
    silent = timedelta(days=settings().still_on_again + settings().still_on_until + 1)
    elsewhere = (Activity.organisation_id != ids.first_organisation, Activity.municipality_code == municipality_code)
    for one in coming(ids, now, *elsewhere, Activity.published_at < now - silent)[:1]:
        leave_unanswered(one, now - silent, now)
    db.session.flush()


def invite(ids: Ids, now: datetime) -> None:
    """A colleague of the initiator who has not answered yet."""
    invitation = Invitation(
        organisation_id=ids.first_organisation,
        email=COLLEAGUE,
        token_hash=new_token()[1],
        invited_by_id=ids.first_initiator,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    event = OrganisationEvent(organisation_id=ids.first_organisation, at=now, by_id=ids.first_initiator, what=OrganisationStep.INVITED)
    db.session.add_all([invitation, event])


def coming(ids: Ids, now: datetime, *which: ColumnElement[bool]) -> list[Activity]:
    """Public activities of the edition that have not begun."""
    begun = select(Occurrence.id).where(Occurrence.activity_id == Activity.id, Occurrence.starts_at <= now).exists()
    rows = select(Activity).where(Activity.edition_id == ids.edition, Activity.state == State.PUBLISHED, ~begun, *which)
    return list(db.session.scalars(rows.order_by(Activity.id)))


def ask(activity: Activity, at: datetime) -> StillOn:
    """The question whether it takes place."""
    question = StillOn(activity_id=activity.id, asked_at=at, token_hash=hash_of(token_of(activity, at)))
    db.session.add(question)
    return question


def leave_unanswered(activity: Activity, asked_at: datetime, now: datetime) -> None:
    """Asked twice, no answer: the municipality sees it on its list."""
    question = ask(activity, asked_at)
    question.reminded_at = asked_at + timedelta(days=settings().still_on_again)
    question.unconfirmed_at = now
    history.note(activity, Happened.UNCONFIRMED, by=None)
