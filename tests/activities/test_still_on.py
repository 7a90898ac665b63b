"""Does it still take place? One mail, one reminder, one mark; who answers is not asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders import make_activity, make_edition, make_occurrence, make_user
from weekapp.activities import changes, still_on
from weekapp.activities.models import ActivityEvent
from weekapp.activities.rules import Happened, State
from weekapp.db import db
from weekapp.editions.models import Edition
from weekapp.errors import LinkExpired, WrongState
from weekapp.mail.models import OutgoingMail

FIRST = datetime(2027, 9, 30, 8, tzinfo=UTC)  # a Thursday, 10:00 in Amsterdam
REGISTERED = datetime(2027, 7, 1, 8, tzinfo=UTC)
ASKED = datetime(2027, 9, 16, 7, tzinfo=UTC)  # two weeks before
REMINDED = ASKED + timedelta(days=5)
MARKED = REMINDED + timedelta(days=2)


def registered(**more):
    return make_activity(**({"starts": FIRST, "submitted_at": REGISTERED} | more))


@pytest.fixture
def run(at, session):
    """run(moment): what the worker does at that time."""

    def work(moment):
        at(moment)
        return still_on.ask(moment), still_on.remind(moment), still_on.mark(moment)

    return work


def mails():
    return [(mail.template, mail.recipient) for mail in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def steps(activity):
    return list(db.session.scalars(select(ActivityEvent.what).where(ActivityEvent.activity_id == activity.id).order_by(ActivityEvent.id)))


def test_two_weeks_before_one_mail_goes_out(run):
    activity = registered()
    assert run(ASKED - timedelta(days=1)) == (0, 0, 0)
    assert run(ASKED) == (1, 0, 0)
    assert run(ASKED) == (0, 0, 0), "a job that runs twice asks once"
    assert mails() == [("still_on", activity.initiator.email)]


def test_a_reminder_comes_five_days_later_and_a_mark_two_days_after_that(run):
    activity = registered()
    assert [run(moment) for moment in (ASKED, REMINDED - timedelta(days=1), REMINDED, REMINDED)] == [
        (1, 0, 0),
        (0, 0, 0),
        (0, 1, 0),
        (0, 0, 0),
    ]
    assert still_on.unconfirmed() == []
    version = db.session.get(Edition, activity.edition_id).version
    assert [run(MARKED - timedelta(days=1)), run(MARKED), run(MARKED)] == [(0, 0, 0), (0, 0, 1), (0, 0, 0)]
    assert [template for template, _recipient in mails()] == ["still_on", "still_on_again"]
    assert still_on.unconfirmed() == [activity]
    assert still_on.unconfirmed_ids() == {activity.id}
    assert steps(activity) == [Happened.UNCONFIRMED]
    db.session.expire_all()
    assert db.session.get(Edition, activity.edition_id).version > version, "stored programmes become old"


def test_both_mails_hold_the_same_link(run):
    registered()
    run(ASKED)
    run(REMINDED)
    links = {mail.values["link"] for mail in db.session.scalars(select(OutgoingMail))}
    assert len(links) == 1
    assert links.pop().startswith("http://127.0.0.1:8000/gaat-het-door/")


def test_who_answers_hears_nothing_more(run):
    activity = registered()
    run(ASKED)
    still_on.confirm(activity, by=activity.initiator)
    still_on.confirm(activity, by=activity.initiator)
    assert run(REMINDED) == run(MARKED) == (0, 0, 0)
    assert steps(activity) == [Happened.STILL_ON], "pressed twice is said once"


def test_an_answer_after_the_mark_takes_it_away(run):
    activity = registered()
    for moment in (ASKED, REMINDED, MARKED):
        run(moment)
    still_on.confirm(activity, by=activity.initiator)
    assert still_on.unconfirmed() == []
    assert run(MARKED + timedelta(days=1)) == (0, 0, 0)


def test_calling_one_moment_off_is_an_answer_too(run):
    activity = registered()
    second = make_occurrence(activity, FIRST + timedelta(days=1))
    db.session.refresh(activity)
    run(ASKED)
    changes.cancel_moment(activity, second, "De zaal is dicht.", by=activity.initiator)
    assert run(REMINDED) == (0, 0, 0)


def test_a_series_is_asked_for_once_before_its_first_moment_that_goes_on(run):
    activity = registered()
    for day in (1, 2, 3):
        make_occurrence(activity, FIRST + timedelta(days=day))
    activity.occurrences[0].cancelled_at = REGISTERED
    db.session.flush()
    assert run(ASKED) == (0, 0, 0), "the first moment does not take place"
    assert run(ASKED + timedelta(days=1)) == (1, 0, 0)
    assert "vrijdag 1 oktober" in db.session.scalars(select(OutgoingMail)).one().values["when"]


def test_of_what_goes_on_all_year_the_first_moment_of_the_week_counts(run):
    activity = registered(is_ongoing=True, starts=datetime(2027, 7, 20, 8, tzinfo=UTC))
    make_occurrence(activity, FIRST)
    assert run(datetime(2027, 7, 10, 8, tzinfo=UTC)) == (0, 0, 0)
    assert run(ASKED) == (1, 0, 0)


def test_what_goes_on_all_year_and_is_over_before_the_week_is_not_asked_for(run):
    registered(is_ongoing=True, starts=datetime(2027, 9, 20, 8, tzinfo=UTC))
    assert run(ASKED) == (0, 0, 0)


def test_what_was_registered_within_those_two_weeks_is_not_asked_for(run):
    registered(submitted_at=ASKED + timedelta(hours=2))
    assert run(ASKED + timedelta(days=1)) == (0, 0, 0)


def test_what_was_approved_late_is_asked_for_when_it_is_public(run):
    activity = registered(state=State.SUBMITTED)
    assert run(ASKED) == (0, 0, 0)
    activity.state = State.PUBLISHED
    db.session.flush()
    assert run(ASKED + timedelta(days=4)) == (1, 0, 0)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.RETURNED, State.WITHDRAWN])
def test_only_what_is_public_is_asked_for(run, state):
    registered(state=state)
    assert run(ASKED) == (0, 0, 0)


def test_what_has_been_called_off_is_not_asked_again(run):
    activity = registered()
    run(ASKED)
    activity.state, activity.cancelled_at = State.CANCELLED, ASKED
    db.session.flush()
    assert run(REMINDED) == (0, 0, 0)
    with pytest.raises(WrongState):
        still_on.confirm(activity, by=activity.initiator)


def test_what_has_begun_is_not_asked_for(run):
    registered()
    assert run(FIRST + timedelta(minutes=1)) == (0, 0, 0)


def test_the_mail_is_in_the_language_of_its_reader(run):
    registered(initiator=make_user("initiator", language="en"))
    run(ASKED)
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.language, mail.values["when"].partition(" ")[0]) == ("en", "Thursday")


def test_a_link_opens_its_activity_and_a_guess_opens_nothing(run):
    activity = registered()
    run(ASKED)
    token = still_on.token_of(activity, ASKED)
    assert still_on.asked_with(token).activity is activity
    with pytest.raises(LinkExpired):
        still_on.asked_with(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_a_link_ends_when_it_begins(run, at):
    activity = registered()
    run(ASKED)
    at(FIRST)
    with pytest.raises(LinkExpired):
        still_on.asked_with(still_on.token_of(activity, ASKED))


def test_the_list_can_be_that_of_one_municipality(run):
    here, there = registered(), registered(municipality_code="GM0363")
    for moment in (ASKED, REMINDED, MARKED):
        run(moment)
    assert still_on.unconfirmed("GM0344") == [here]
    assert set(still_on.unconfirmed()) == {here, there}


def test_each_edition_has_a_week_of_its_own(run):
    make_edition(2026)
    registered(is_ongoing=True)
    assert run(ASKED) == (1, 0, 0)


def test_of_a_moment_that_was_moved_just_now_nothing_is_said(session, at):
    at(ASKED)
    activity = registered()
    assert still_on.ask_of(activity.id, FIRST + timedelta(hours=1), ASKED)
    assert mails() == []
