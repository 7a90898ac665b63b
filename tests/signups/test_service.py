"""Signing up, the waiting list in its order, offers that end, giving a place back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.builders import make_user
from tests.signups.making import LONG_BEFORE, STARTS, activity_of, coming, mails, mails_to, make_moment, serial, signed_up, somebody
from weekapp.activities import service as activities
from weekapp.activities.models import Occurrence
from weekapp.activities.rules import State as ActivityState
from weekapp.errors import NotFound
from weekapp.signups import queries, service
from weekapp.signups.models import SignUp
from weekapp.signups.rules import ALPHABET, Call, Reason, State

Clock = Callable[[datetime], None]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def long_before(at: Clock) -> None:
    at(LONG_BEFORE)


def reasons(sign_up: SignUp) -> list[Reason]:
    return [event.reason for event in queries.events(sign_up.id)]


def states(*people: SignUp) -> list[State]:
    return [one.state for one in people]


# signing up


def test_a_place_waits_for_the_button_in_the_mail(session: Session) -> None:
    one = signed_up(make_moment(places=2), size=2)
    assert (one.state, one.held_until) == (State.UNCONFIRMED, LONG_BEFORE + 2 * HOUR)
    assert mails_to(one) == ["signup_confirm"]
    assert reasons(one) == [Reason.PLACE]


def test_a_place_that_waits_for_the_button_is_taken(session: Session) -> None:
    moment = make_moment(places=3)
    signed_up(moment, size=2)
    assert queries.places_left([moment.id]) == {moment.id: 1}


def test_the_button_makes_the_place_sure(session: Session) -> None:
    one = coming(make_moment())
    assert (one.state, one.held_until, one.confirmed_at) == (State.CONFIRMED, None, LONG_BEFORE)
    assert mails_to(one) == ["signup_confirm", "signup_confirmed"]


def test_pressing_the_button_twice_changes_nothing(session: Session) -> None:
    one = coming(make_moment())
    service.confirm(one)
    assert reasons(one) == [Reason.PLACE, Reason.CONFIRMED]
    assert mails_to(one).count("signup_confirmed") == 1


def test_a_full_moment_gives_a_turn_in_the_waiting_list(session: Session) -> None:
    moment = make_moment(places=2)
    coming(moment, size=2)
    one = signed_up(moment)
    assert (one.state, reasons(one)) == (State.WAITING, [Reason.FULL])
    assert mails_to(one) == ["signup_waiting"]


def test_a_party_that_does_not_fit_waits_as_a_whole(session: Session) -> None:
    moment = make_moment(places=3)
    coming(moment)
    assert signed_up(moment, size=3).state == State.WAITING
    assert queries.counts([moment.id])[moment.id].waiting == 3


def test_a_newcomer_who_would_fit_does_not_overtake_a_larger_party(session: Session) -> None:
    moment = make_moment(places=3)
    coming(moment)
    signed_up(moment, size=3)
    newcomer = signed_up(moment, size=1)
    assert newcomer.state == State.WAITING
    assert queries.places_left([moment.id]) == {moment.id: 0}


def test_without_a_limit_nobody_waits(session: Session) -> None:
    moment = make_moment(places=None)
    assert {coming(moment, size=10).state for _ in range(5)} == {State.CONFIRMED}
    assert queries.places_left([moment.id]) == {moment.id: None}


def test_who_gives_a_phone_number_has_a_place_and_a_code_at_once(session: Session) -> None:
    one = signed_up(make_moment(), phone="+31612345678")
    assert one.state == State.CONFIRMED
    assert len(one.code) == 6
    assert set(one.code) <= set(ALPHABET)
    assert mails() == []


def test_a_double_click_makes_one_sign_up(session: Session) -> None:
    moment, party = make_moment(places=5), somebody(size=2)
    first = service.sign_up(moment.id, party, send_id="same form")
    again = service.sign_up(moment.id, party, send_id="same form")
    assert again.sign_up is first.sign_up
    assert queries.places_left([moment.id]) == {moment.id: 3}


def test_the_same_form_with_another_name_is_another_person(session: Session) -> None:
    moment = make_moment(places=5)
    for name in ("Jan", "Els"):
        service.sign_up(moment.id, somebody(name, email="samen@voorbeeld.nl"), send_id="same form")
    assert queries.places_left([moment.id]) == {moment.id: 3}


def test_who_signs_up_again_keeps_one_place_and_gets_the_mail_again(session: Session) -> None:
    moment = make_moment(places=5)
    first = signed_up(moment, "Jan", email="jan@voorbeeld.nl")
    again = signed_up(moment, "JAN", email="jan@voorbeeld.nl")
    assert again is first
    assert mails_to(first) == ["signup_confirm", "signup_confirm"]


def test_who_signs_up_again_with_more_people_takes_more_places(session: Session) -> None:
    moment = make_moment(places=5)
    first = signed_up(moment, "Jan", email="jan@voorbeeld.nl", size=1)
    signed_up(moment, "Jan", email="jan@voorbeeld.nl", size=3)
    assert (first.party_size, reasons(first)[-1]) == (3, Reason.LARGER)


def test_who_signs_up_again_does_not_take_more_than_there_is(session: Session) -> None:
    moment = make_moment(places=2)
    first = signed_up(moment, "Jan", email="jan@voorbeeld.nl", size=1)
    signed_up(moment, "Jan", email="jan@voorbeeld.nl", size=4)
    assert first.party_size == 1


def test_signing_up_again_does_not_keep_the_place_longer(session: Session, at: Clock) -> None:
    moment = make_moment(places=5)
    first = signed_up(moment, "Jan", email="jan@voorbeeld.nl")
    until = first.held_until
    at(LONG_BEFORE + HOUR)
    signed_up(moment, "Jan", email="jan@voorbeeld.nl")
    assert first.held_until == until


@pytest.mark.parametrize(
    "change",
    [
        lambda moment: setattr(moment, "cancelled_at", LONG_BEFORE),
        lambda moment: setattr(activity_of(moment), "takes_sign_ups", False),
        lambda moment: setattr(activity_of(moment), "state", ActivityState.WITHDRAWN),
    ],
)
def test_nobody_signs_up_for_what_does_not_take_place(session: Session, change: Callable[[Occurrence], None]) -> None:
    moment = make_moment()
    change(moment)
    session.flush()
    with pytest.raises(service.TooLate):
        signed_up(moment)


def test_nobody_signs_up_after_the_start(session: Session, at: Clock) -> None:
    moment = make_moment()
    at(STARTS)
    with pytest.raises(service.TooLate):
        signed_up(moment)


# on behalf


def test_somebody_of_the_organisation_gives_a_sure_place(session: Session) -> None:
    librarian = make_user("initiator")
    one = signed_up(make_moment(), phone="+31612345678", by=librarian)
    assert (one.state, one.made_by_id, reasons(one)) == (State.CONFIRMED, librarian.id, [Reason.ON_BEHALF])


def test_somebody_of_the_organisation_overtakes_nobody(session: Session) -> None:
    moment = make_moment(places=1)
    coming(moment)
    assert signed_up(moment, by=make_user("initiator")).state == State.WAITING


def test_the_organisation_can_add_people_after_it_has_closed_the_form(session: Session) -> None:
    moment = make_moment()
    activity_of(moment).takes_sign_ups = False
    assert signed_up(moment, by=make_user("initiator")).state == State.CONFIRMED


def test_the_organisation_hears_that_somebody_is_on_the_list(session: Session) -> None:
    moment, librarian = make_moment(), make_user("initiator")
    signed_up(moment, "Jan", email="jan@voorbeeld.nl")
    with pytest.raises(service.OnTheList):
        signed_up(moment, "Jan", email="jan@voorbeeld.nl", by=librarian)


# places that come free


def test_a_place_that_is_not_confirmed_comes_free_after_two_hours(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    late = signed_up(moment)
    at(LONG_BEFORE + 2 * HOUR)
    assert queries.places_left([moment.id]) == {moment.id: 1}
    assert service.expire(LONG_BEFORE + 2 * HOUR) == 1
    assert (late.state, reasons(late)[-1]) == (State.EXPIRED, Reason.NOT_CONFIRMED)


def test_a_freed_place_is_offered_to_who_waits_longest(session: Session) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    oldest, newest = signed_up(moment), signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    assert states(oldest, newest) == [State.OFFERED, State.WAITING]
    assert (oldest.held_until, mails_to(oldest)) == (LONG_BEFORE + 24 * HOUR, ["signup_waiting", "signup_offer"])
    assert reasons(oldest) == [Reason.FULL, Reason.FREE]


def test_an_offered_place_is_taken(session: Session) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    assert signed_up(moment).state == State.WAITING


def test_the_waiting_list_is_served_in_its_order_as_far_as_there_is_room(session: Session) -> None:
    moment = make_moment(places=4)
    group = coming(moment, size=4)
    waiting = [signed_up(moment, size=size) for size in (2, 1, 3, 1)]
    service.cancel(group, Reason.BY_LINK)
    assert states(*waiting) == [State.OFFERED, State.OFFERED, State.WAITING, State.WAITING]


def test_a_party_in_front_that_does_not_fit_keeps_its_turn_and_says_why_once(session: Session) -> None:
    moment = make_moment(places=2)
    first_in = coming(moment)
    coming(moment)
    large, small = signed_up(moment, size=2), signed_up(moment, size=1)
    service.cancel(first_in, Reason.BY_LINK)
    service.expire(LONG_BEFORE)
    signed_up(moment)
    assert states(large, small) == [State.WAITING, State.WAITING]
    assert reasons(large) == [Reason.FULL, Reason.TOO_LARGE]
    assert queries.events(large.id)[-1].places_left == 1
    assert queries.lists_of([moment])[0].is_blocked


def test_an_offer_that_ends_goes_to_the_next(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    silent, following = signed_up(moment), signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    at(LONG_BEFORE + 24 * HOUR)
    service.expire(LONG_BEFORE + 24 * HOUR)
    assert states(silent, following) == [State.EXPIRED, State.OFFERED]
    assert reasons(silent)[-1] == Reason.NO_ANSWER


def test_an_offer_that_is_declined_goes_to_the_next(session: Session) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    unwilling, following = signed_up(moment), signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    service.cancel(unwilling, Reason.DECLINED)
    assert states(unwilling, following) == [State.CANCELLED, State.OFFERED]


def test_who_accepts_in_time_has_the_place(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    willing = signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    at(LONG_BEFORE + 23 * HOUR)
    assert service.confirm(willing).state == State.CONFIRMED
    assert reasons(willing)[-1] == Reason.ACCEPTED


def test_giving_an_accepted_offer_back_frees_one_place_and_revives_no_old_offer(session: Session, at: Clock) -> None:
    """pretix #1163"""
    moment = make_moment(places=1)
    first_in = coming(moment)
    silent, willing = signed_up(moment), signed_up(moment)
    service.cancel(first_in, Reason.BY_LINK)
    at(LONG_BEFORE + 25 * HOUR)
    service.expire(LONG_BEFORE + 25 * HOUR)
    service.confirm(willing)
    last = signed_up(moment)
    service.cancel(willing, Reason.BY_LINK)
    assert states(silent, willing, last) == [State.EXPIRED, State.CANCELLED, State.OFFERED]
    assert queries.counts([moment.id])[moment.id].taken == 1


def test_who_is_late_still_comes_when_there_is_room(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    late = signed_up(moment)
    at(LONG_BEFORE + 30 * HOUR)
    assert service.confirm(late).state == State.CONFIRMED
    assert reasons(late) == [Reason.PLACE, Reason.NOT_CONFIRMED, Reason.LATE]


def test_who_is_late_and_finds_it_full_is_last_in_the_list(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    late = signed_up(moment)
    waiting = signed_up(moment)
    at(LONG_BEFORE + 3 * HOUR)
    service.confirm(late)
    assert states(waiting, late) == [State.OFFERED, State.WAITING]
    assert queries.position(late) == 1
    assert mails_to(late)[-1] == "signup_waiting"


def test_more_places_are_offered_at_once(session: Session) -> None:
    moment = make_moment(places=1)
    coming(moment)
    waiting = signed_up(moment, size=2)
    service.set_places(activity_of(moment), takes_sign_ups=True, places={moment.id: 3}, by=make_user())
    assert waiting.state == State.OFFERED


def test_fewer_places_take_nobody_away(session: Session) -> None:
    moment = make_moment(places=3)
    people = [coming(moment) for _ in range(3)]
    service.set_places(activity_of(moment), takes_sign_ups=True, places={moment.id: 1}, by=make_user())
    assert states(*people) == [State.CONFIRMED] * 3
    assert queries.places_left([moment.id]) == {moment.id: 0}


def test_at_the_start_nobody_waits_any_more(session: Session, at: Clock) -> None:
    moment = make_moment(places=1)
    coming(moment)
    waiting = signed_up(moment)
    at(STARTS)
    service.expire(STARTS)
    assert (waiting.state, reasons(waiting)[-1]) == (State.EXPIRED, Reason.BEGUN)
    assert service.expire(STARTS) == 0


def test_nobody_is_offered_a_place_at_something_that_is_off(session: Session) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    waiting = signed_up(moment)
    moment.cancelled_at = LONG_BEFORE
    service.cancel(first_in, Reason.BY_LINK)
    assert waiting.state == State.WAITING


# giving a place back


def test_giving_back_twice_frees_one_place(session: Session) -> None:
    moment = make_moment(places=2)
    one = coming(moment)
    service.cancel(one, Reason.BY_LINK)
    service.cancel(one, Reason.BY_LINK)
    assert reasons(one).count(Reason.BY_LINK) == 1
    assert mails_to(one).count("signup_cancelled") == 1


def test_a_code_needs_its_first_name(session: Session) -> None:
    one = signed_up(make_moment(), "René", phone="+31612345678")
    spaced = f"{one.code[:3].lower()} {one.code[3:]}"
    assert service.by_code(spaced, "rene") is one
    assert service.by_code(spaced, "Jan") is None
    assert service.by_code("XXX XXX", "rene") is None


def test_a_code_is_worth_nothing_when_it_is_over(session: Session, at: Clock) -> None:
    one = signed_up(make_moment(), "Jan", phone="+31612345678")
    at(STARTS + 3 * HOUR)
    assert service.by_code(one.code, "Jan") is None


# whom to call


def test_somebody_without_mail_is_called_about_a_freed_place(session: Session) -> None:
    moment = make_moment(places=1)
    first_in = coming(moment)
    by_phone = signed_up(moment, phone="+31612345678")
    service.cancel(first_in, Reason.BY_LINK)
    assert (by_phone.state, by_phone.call) == (State.OFFERED, Call.OFFER)
    assert ("signup_call", activity_of(moment).initiator.email) in mails()
    service.confirm(by_phone, by=make_user("initiator"))
    assert (by_phone.state, by_phone.call) == (State.CONFIRMED, Call.NONE)


def test_somebody_without_mail_is_told_the_address_of_a_home_by_phone(session: Session) -> None:
    one = signed_up(make_moment(is_home=True), phone="+31612345678")
    assert one.call == Call.ADDRESS
    service.called(one, by=make_user("initiator"))
    assert (one.call, reasons(one)[-1]) == (Call.NONE, Reason.CALLED)


def test_a_phone_number_is_shown_only_while_somebody_must_be_called(session: Session) -> None:
    moment = make_moment()
    signed_up(moment, phone="+31612345678")
    assert queries.to_call(moment.activity_id) == []


# purging


def test_who_came_is_forgotten_a_month_later(session: Session) -> None:
    moment = make_moment()
    coming(moment)
    over = STARTS + 2 * HOUR
    assert service.purge(over + timedelta(days=29)) == 0
    assert service.purge(over + timedelta(days=30)) == 1
    assert session.scalars(select(SignUp)).all() == []


def test_who_never_confirmed_is_forgotten_after_three_days(session: Session, at: Clock) -> None:
    moment = make_moment()
    signed_up(moment)
    at(LONG_BEFORE + 3 * HOUR)
    service.expire(LONG_BEFORE + 3 * HOUR)
    assert service.purge(LONG_BEFORE + 74 * HOUR) == 0
    assert service.purge(LONG_BEFORE + 75 * HOUR) == 1


# what the database refuses


@pytest.mark.parametrize(
    "wrong",
    [{"party_size": 0}, {"party_size": 11}, {"email": "", "phone": ""}, {"phone": "+31612345678"}, {"held_until": None}],
)
def test_the_database_refuses_what_cannot_be(session: Session, wrong: dict[str, object]) -> None:
    one = signed_up(make_moment())
    for name, value in wrong.items():
        setattr(one, name, value)
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_party_needs_a_moment(session: Session) -> None:
    with pytest.raises(NotFound):
        service.sign_up(2**30, somebody(), send_id=f"form {next(serial)}")


def test_a_withdrawn_activity_can_be_told(session: Session) -> None:
    moment = make_moment()
    one = coming(moment)
    activities.withdraw(activity_of(moment), by=make_user())
    assert service.activity_cancelled(activity_of(moment)) == 1
    assert one.state == State.CANCELLED
