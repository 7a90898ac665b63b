"""Everyone who signed up hears what they must know, once (product.md rule 11)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.builders import make_user
from tests.signups.making import LONG_BEFORE, STARTS, activity_of, coming, mails, mails_to, make_moment, signed_up
from weekapp import clock
from weekapp.activities import service as activities
from weekapp.activities.models import Occurrence
from weekapp.db import transaction
from weekapp.signups import queries, service
from weekapp.signups.rules import Call, Reason, State
from weekapp.signups.tick import tick

Clock = Callable[[datetime], None]
EVE = clock.instant(clock.local(STARTS).date() - timedelta(days=1), service.rules.REMIND_AT)
MINUTE = timedelta(minutes=1)
PHONE = "+31612345678"


@pytest.fixture(autouse=True)
def long_before(at: Clock) -> None:
    at(LONG_BEFORE)


def moved(moment: Occurrence, when: datetime) -> None:
    """What a change of time leaves behind."""
    moment.starts_at, moment.ends_at = moment.starts_at + timedelta(hours=1), moment.ends_at + timedelta(hours=1)
    moment.sequence += 1
    moment.changed_at = when


# the day before


def test_who_comes_is_reminded_once_on_the_day_before(session: Session) -> None:
    one = coming(make_moment())
    assert (service.remind(EVE), service.remind(EVE + MINUTE)) == (1, 0)
    assert mails_to(one)[-1] == "signup_reminder"


@pytest.mark.parametrize("when", [EVE - MINUTE, EVE - timedelta(days=1), EVE + timedelta(days=1)])
def test_nobody_is_reminded_at_another_time(session: Session, when: datetime) -> None:
    coming(make_moment())
    assert service.remind(when) == 0


def test_who_waits_or_has_not_confirmed_is_not_reminded(session: Session) -> None:
    moment = make_moment(places=1)
    signed_up(moment)
    signed_up(moment)
    assert service.remind(EVE) == 0


def test_who_signed_up_an_hour_ago_needs_no_reminder(session: Session, at: Clock) -> None:
    at(EVE + timedelta(hours=1))
    coming(make_moment())
    assert service.remind(EVE + timedelta(hours=2)) == 0


def test_what_is_off_is_not_reminded_of(session: Session) -> None:
    moment = make_moment()
    coming(moment)
    moment.cancelled_at = LONG_BEFORE
    assert service.remind(EVE) == 0


# it does not take place


def test_everyone_hears_that_it_is_off_once(session: Session) -> None:
    moment = make_moment(places=2)
    people = [coming(moment), signed_up(moment), signed_up(moment, size=2)]
    activities.cancel(activity_of(moment), "De zaal is niet vrij.", by=make_user())
    assert (service.activity_cancelled(activity_of(moment)), service.activity_cancelled(activity_of(moment))) == (3, 0)
    assert {one.state for one in people} == {State.CANCELLED}
    assert all(mails_to(one).count("signup_cancelled_activity") == 1 for one in people)


def test_a_place_that_comes_free_because_it_is_off_is_offered_to_nobody(session: Session) -> None:
    moment = make_moment(places=1)
    coming(moment)
    waiting = signed_up(moment)
    activities.cancel(activity_of(moment), "De zaal is niet vrij.", by=make_user())
    service.activity_cancelled(activity_of(moment))
    assert "signup_offer" not in mails_to(waiting)
    assert [event.reason for event in queries.events(waiting.id)] == [Reason.FULL, Reason.OFF]


def test_who_has_no_mail_is_on_the_list_of_people_to_call(session: Session) -> None:
    moment = make_moment()
    one = signed_up(moment, phone=PHONE)
    activities.cancel(activity_of(moment), "De zaal is niet vrij.", by=make_user())
    service.activity_cancelled(activity_of(moment))
    assert (one.call, queries.to_call(moment.activity_id)) == (Call.OFF, [one])
    assert mails() == [("signup_call", activity_of(moment).initiator.email)]


def test_the_worker_tells_it_when_nobody_else_did(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    activities.withdraw(activity_of(moment), by=make_user())
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=29)) == 0
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=30)) == 1
    assert mails_to(one)[-1] == "signup_cancelled_activity"


def test_nobody_hears_that_something_is_off_which_has_been(session: Session, at: Clock) -> None:
    moment = make_moment()
    one = coming(moment)
    at(STARTS + timedelta(days=1))
    assert service.activity_cancelled(activity_of(moment)) == 0
    assert one.state == State.CONFIRMED


# time or place is another one


def test_a_change_is_told_once(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    moved(moment, LONG_BEFORE)
    assert (service.activity_changed(activity_of(moment)), service.activity_changed(activity_of(moment))) == (1, 0)
    assert mails_to(one).count("signup_changed") == 1


def test_a_second_change_is_told_again(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    for _ in range(2):
        moved(moment, LONG_BEFORE)
        service.activity_changed(activity_of(moment))
    assert mails_to(one).count("signup_changed") == 2


def test_many_clicks_become_one_mail_after_half_an_hour_of_quiet(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    for minutes in (0, 10, 20):
        moved(moment, LONG_BEFORE + timedelta(minutes=minutes))
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=49)) == 0
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=50)) == 1
    assert mails_to(one).count("signup_changed") == 1


def test_who_signs_up_after_the_change_hears_nothing(session: Session) -> None:
    moment = make_moment()
    moved(moment, LONG_BEFORE)
    session.flush()
    coming(moment)
    assert service.activity_changed(activity_of(moment)) == 0


def test_people_of_another_moment_hear_nothing(session: Session) -> None:
    moment, other = make_moment(), make_moment()
    coming(other)
    moved(moment, LONG_BEFORE)
    assert service.activity_changed(activity_of(moment)) == 0


def test_a_moment_that_is_dropped_is_off_for_its_people(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    moment.cancelled_at, moment.sequence = LONG_BEFORE, moment.sequence + 1
    service.activity_changed(activity_of(moment))
    assert mails_to(one)[-1] == "signup_cancelled_activity"


def test_a_moved_moment_is_reminded_of_on_its_new_eve(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    service.remind(EVE)
    moment.starts_at, moment.ends_at = moment.starts_at + timedelta(days=2), moment.ends_at + timedelta(days=2)
    moment.sequence += 1
    service.activity_changed(activity_of(moment))
    service.remind(EVE + timedelta(days=2))
    assert mails_to(one).count("signup_reminder") == 2


# the clock of the worker


def test_a_tick_does_all_that_time_asks_and_twice_does_no_harm(app: Flask, at: Clock) -> None:
    with transaction():
        moment = make_moment(places=1)
        late, waiting = signed_up(moment), signed_up(moment)
        late_id, waiting_id = late.id, waiting.id
    at(LONG_BEFORE + timedelta(hours=3))
    assert tick() == "1 expire, 0 tell_changes, 0 remind, 1 refresh_public"
    assert tick() == "0 expire, 0 tell_changes, 0 remind, 0 refresh_public"
    found = {one: service.db.session.get(service.SignUp, one) for one in (late_id, waiting_id)}
    assert found[late_id].state == State.EXPIRED
    assert found[waiting_id].state == State.OFFERED


def test_public_pages_become_old_once_when_places_were_taken(session: Session, at: Clock) -> None:
    moment = make_moment(places=5)
    at(LONG_BEFORE + MINUTE)
    coming(moment)
    assert service.refresh_public(LONG_BEFORE + 2 * MINUTE) == 1
    assert service.refresh_public(LONG_BEFORE + 3 * MINUTE) == 0


def test_public_pages_stay_when_there_is_no_limit(session: Session, at: Clock) -> None:
    moment = make_moment(places=None)
    at(LONG_BEFORE + MINUTE)
    coming(moment)
    assert service.refresh_public(LONG_BEFORE + 2 * MINUTE) == 0
