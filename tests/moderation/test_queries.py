from datetime import timedelta

import pytest
from sqlalchemy import inspect

from tests.builders import make_activity, make_user
from weekapp import clock
from weekapp.activities.rules import State
from weekapp.moderation import queries, service


def waiting_since(hours, title="Samen soep eten"):
    return make_activity(title, state=State.SUBMITTED, submitted_at=clock.now() - timedelta(hours=hours))


def test_the_oldest_comes_first(session):
    young, old = waiting_since(1), waiting_since(30)
    make_activity()
    assert queries.waiting() == [old, young]
    assert queries.next_waiting() == old.id


def test_the_queue_says_how_many_and_since_when(session):
    assert queries.queue() == queries.Queue(0, None)
    old = waiting_since(30)
    waiting_since(2)
    assert queries.queue() == queries.Queue(2, old.submitted_at)


def test_a_list_loads_what_it_shows_at_once(session):
    waiting_since(1)
    session.expire_all()
    (activity,) = queries.waiting()
    assert not {"edition", "municipality", "organisation"} & inspect(activity).unloaded


def test_earlier_verdicts_come_newest_first(session):
    activity, moderator = waiting_since(1), make_user("moderator")
    service.send_back(activity, "Te kort.", by=moderator)
    activity.state = State.SUBMITTED
    service.approve(activity, by=moderator)
    assert [review.reason for review in queries.reviews(activity.id)] == ["", "Te kort."]


@pytest.mark.parametrize("activity_id", [0, 2**31, 2**70])
def test_a_number_that_is_no_activity_is_none(session, activity_id):
    assert queries.to_judge(activity_id) is None
