import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.builders import make_activity, make_user
from weekapp.activities.rules import State
from weekapp.moderation import queries, service
from weekapp.moderation.models import Review, Verdict
from weekapp.moderation.service import AlreadyJudged


def waiting_activity(**more):
    return make_activity(state=State.SUBMITTED, published_at=None, **more)


def test_approving_puts_it_on_the_website_and_writes_who_did(session):
    activity, moderator = waiting_activity(), make_user("moderator")
    review = service.approve(activity, by=moderator)
    assert activity.state == State.PUBLISHED
    assert (review.verdict, review.by_id) == (Verdict.APPROVED, moderator.id)


def test_sending_back_keeps_the_reason(session):
    activity = waiting_activity()
    service.send_back(activity, "Controleer het adres.", by=make_user("moderator"))
    assert activity.state == State.RETURNED
    assert queries.last_reason(activity.id) == "Controleer het adres."


def test_a_second_verdict_is_refused_and_leaves_no_trace(session):
    activity, moderator = waiting_activity(), make_user("moderator")
    service.approve(activity, by=moderator)
    with pytest.raises(AlreadyJudged):
        service.send_back(activity, "Te laat.", by=moderator)
    assert activity.state == State.PUBLISHED
    assert session.scalar(select(func.count()).select_from(Review)) == 1


@pytest.mark.parametrize("state", [State.PUBLISHED, State.RETURNED, State.WITHDRAWN])
def test_only_what_waits_can_be_judged(session, state):
    with pytest.raises(AlreadyJudged):
        service.approve(make_activity(state=state), by=make_user("moderator"))


def test_a_cancelled_activity_does_not_come_back_by_approval(session):
    activity = make_activity(state=State.CANCELLED, cancelled_at=make_activity().created_at)
    with pytest.raises(AlreadyJudged):
        service.approve(activity, by=make_user("moderator"))


def test_the_database_refuses_a_return_without_a_reason(session):
    with pytest.raises(IntegrityError), session.begin_nested():
        service.send_back(waiting_activity(), "", by=make_user("moderator"))
