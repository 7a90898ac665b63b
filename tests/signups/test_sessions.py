"""Signing up for a session of a gathering: what activities have, with a mail address and a link that only comers get."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from tests.builders import make_user
from tests.gatherings.making import LINK, STARTS, make_gathering, make_session, new_gathering, new_session
from tests.signups.making import LONG_BEFORE, coming, link_in_last_mail, mails, mails_to, signed_up
from weekapp import clock
from weekapp.accounts import lockout
from weekapp.db import db, transaction
from weekapp.editions.models import Edition
from weekapp.gatherings import queries as gatherings
from weekapp.gatherings import service as organising
from weekapp.gatherings.rules import Attendance, Audience
from weekapp.mail.models import OutgoingMail
from weekapp.mail.render import render
from weekapp.signups import queries, service
from weekapp.signups.models import SignUp
from weekapp.signups.rules import KEEP_AFTER, State


@pytest.fixture(autouse=True)
def long_before(at):
    at(LONG_BEFORE)


@pytest.fixture(autouse=True)
def nobody_tried_before(app):
    app.extensions[lockout.NAME] = lockout.Lockout(app.config["SETTINGS"])


@pytest.fixture
def online(app):
    """(id of a gathering, id of the moment of its one session) that is on a place and online, with two places."""
    with transaction():
        gathering = make_gathering(
            sessions=(new_session("Soep", places=2, audience=Audience.MUNICIPALITIES),), attendance=Attendance.MIXED, online_link=LINK
        )
        return gathering.id, gathering.sessions[0].occurrence_id


def form_of(number):
    return f"/bijeenkomsten/{number}/aanmelden"


def token_of(page):
    return re.search(r'name="form_token"[^>]*value="([^"]+)"', page.text)[1]


def fill_in(client, number, moment, /, **more):
    filled = {"moment": str(moment), "first_name": "Jan", "email": "jan@voorbeeld.nl", "party_size": "1"}
    return client.post(form_of(number), data=filled | {"form_token": token_of(client.get(form_of(number)))} | more)


def press(client, path):
    return client.post(path, data={"form_token": token_of(client.get(path))}, follow_redirects=True)


def people():
    db.session.rollback()
    return list(db.session.scalars(select(SignUp).order_by(SignUp.id)))


def newest_mail():
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    return render(mail.template, mail.values)


def test_the_form_says_which_session_for_whom_and_how_many_places(client, online):
    page = client.get(form_of(online[0])).text
    assert "Naar welke sessie kom je?" in page
    assert "Soep: woensdag 29 september, 13.00 tot 15.00 uur. Voor gemeenten. Nog 2 plaatsen." in page
    assert 'name="phone"' not in page
    assert "We wissen alles 30 dagen na de bijeenkomst." in page


def test_with_several_sessions_the_form_names_the_gathering_and_no_room(client):
    with transaction():
        number = make_gathering(sessions=(new_session("Soep", room="Zaal 1"), new_session("Koffie", room="Zaal 2"))).id
    page = client.get(form_of(number)).text
    assert "<strong>Landelijke opening</strong><br>De Verzonnen Hal, Voorbeeldplein 1, 3511 LX Utrecht" in page
    assert "Zaal 1" not in page


def test_from_the_form_over_the_mail_to_a_sure_place_and_back(client, online):
    number, moment = online
    assert "Kijk in je mail" in fill_in(client, number, moment).text
    one = people()[0]
    assert (one.occurrence_id, one.state) == (moment, State.UNCONFIRMED)
    assert LINK not in newest_mail().plain
    path = link_in_last_mail(one, "link")
    assert LINK not in client.get(path).text
    page = press(client, path).text
    assert "Je staat op de lijst" in page
    assert LINK in page
    assert f"/bijeenkomsten/{number}.ics" in page
    for part in (newest_mail().plain, newest_mail().html):
        assert LINK in part
        assert "Landelijke opening: Soep" in part
        assert "De Verzonnen Hal, Voorbeeldplein 1, 3511 LX Utrecht" in part
    gone = press(client, link_in_last_mail(one, "cancel_link")).text
    assert "Je bent afgemeld" in gone
    assert f'href="{form_of(number)}"' in gone
    assert LINK not in gone
    assert people()[0].state == State.CANCELLED


def test_a_mail_address_is_needed(client, online):
    answer = fill_in(client, *online, email="", phone="0612345678")
    assert answer.status_code == 400
    assert "Vul je mailadres in." in answer.text
    assert people() == []


def test_a_session_has_to_be_one_of_this_gathering(client, online):
    with transaction():
        other = make_session().occurrence_id
    assert fill_in(client, online[0], other).status_code == 400
    assert people() == []


def test_a_full_session_has_a_waiting_list(client, online):
    number, moment = online
    with transaction():
        for _ in range(2):
            coming(db.session.get_one(SignUp.occurrence.property.mapper.class_, moment))
    assert "Dit moment is vol: je komt op de wachtlijst." in client.get(form_of(number)).text
    assert "Deze bijeenkomst is vol." in client.get(form_of(number)).text
    page = client.get(f"/bijeenkomsten/{number}", follow_redirects=True).text
    assert "Vol. Je kunt op de wachtlijst." in page
    assert "Ga op de wachtlijst" in page
    assert "Meld je aan" not in page
    fill_in(client, number, moment)
    assert people()[-1].state == State.WAITING


@pytest.mark.parametrize(
    "change",
    [
        lambda one: setattr(one.gathering, "takes_sign_ups", False),
        lambda one: organising.call_off(one.gathering, "", by=make_user()),
        lambda one: organising.call_off_session(one, "", by=make_user()),
        lambda one: setattr(one.moment, "starts_at", LONG_BEFORE - timedelta(minutes=1)),
    ],
)
def test_nobody_signs_up_for_what_is_closed_off_or_begun(client, online, change):
    number, moment = online
    filled = {"moment": str(moment), "first_name": "Jan", "email": "jan@voorbeeld.nl", "party_size": "1"}
    filled["form_token"] = token_of(client.get(form_of(number)))
    with transaction():
        change(gatherings.session_at(moment))
    assert client.get(form_of(number)).status_code == 303
    assert client.post(form_of(number), data=filled).status_code == 303
    assert people() == []


def test_a_gathering_that_is_not_there_has_no_form(client):
    with transaction():
        number = make_gathering(sessions=()).id
    assert client.get(form_of(number)).status_code == 404
    assert client.get(form_of(99999)).status_code == 404


def test_the_last_places_are_given_once_however_many_press(app, online):
    number, moment = online
    forms = [
        {"moment": str(moment), "first_name": f"Naam {chr(65 + one)}", "email": f"b{one}@voorbeeld.nl", "party_size": "1"}
        | {"form_token": token_of(app.test_client().get(form_of(number)))}
        for one in range(12)
    ]
    together = Barrier(len(forms))

    def send(form):
        together.wait()
        return app.test_client().post(form_of(number), data=form).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        assert set(pool.map(send, forms)) == {200}
    states = [one.state for one in people()]
    assert (states.count(State.UNCONFIRMED), states.count(State.WAITING)) == (2, 10)


def test_places_that_nobody_confirmed_come_back_to_who_waits(session, at):
    one = make_session(places=1)
    late, next_one = signed_up(one.moment), signed_up(one.moment)
    at(LONG_BEFORE + timedelta(hours=3))
    assert service.expire(clock.now()) == 1
    assert (late.state, next_one.state) == (State.EXPIRED, State.OFFERED)


def test_more_places_go_to_who_waits(session):
    one = make_session(places=1)
    coming(one.moment)
    waiting = signed_up(one.moment)
    organising.change_session(one, new_session(places=2), by=make_user())
    service.places_changed(one.occurrence_id)
    assert waiting.state == State.OFFERED


def test_what_is_called_off_is_told_once_to_everyone(session):
    one = make_session()
    comes, waits = coming(one.moment), signed_up(one.moment)
    organising.call_off(one.gathering, "De zaal is weg.", by=make_user())
    assert (service.moment_cancelled(one.moment), service.moment_cancelled(one.moment)) == (2, 0)
    for party in (comes, waits):
        assert mails_to(party)[-1] == "signup_cancelled_session"
    text = newest_mail().plain
    assert "De zaal is weg." in text
    assert "/bijeenkomsten" in text


def test_the_worker_tells_it_when_nobody_did(session):
    one = make_session()
    comes = coming(one.moment)
    organising.call_off(one.gathering, "Storm.", by=make_user())
    session.flush()
    assert service.tell_changes(LONG_BEFORE + timedelta(hours=1)) == 1
    assert mails_to(comes)[-1] == "signup_cancelled_session"


def test_another_hall_or_link_is_told_after_a_quiet_half_hour(session):
    gathering = make_gathering(attendance=Attendance.MIXED, online_link=LINK)
    comes = coming(gathering.sessions[0].moment)
    organising.change(gathering, new_gathering(attendance=Attendance.MIXED, online_link=LINK + "-nieuw"), by=make_user())
    session.flush()
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=29)) == 0
    assert service.tell_changes(LONG_BEFORE + timedelta(minutes=31)) == 1
    assert mails_to(comes)[-1] == "signup_changed"
    assert LINK + "-nieuw" in newest_mail().plain


def test_who_comes_is_reminded_the_day_before_with_the_link_and_not_of_what_is_off(session):
    gathering = make_gathering(attendance=Attendance.MIXED, online_link=LINK)
    comes = coming(gathering.sessions[0].moment)
    coming((off := make_session()).moment)
    off.gathering.cancelled_at = clock.now()
    session.flush()
    assert service.remind(STARTS - timedelta(hours=20)) == 1
    assert mails()[-1] == ("signup_reminder", comes.email)
    assert LINK in newest_mail().plain


def test_numbers_of_places_on_the_page_are_brought_up_to_date(session, at):
    one = make_session(places=5)
    at(LONG_BEFORE + timedelta(minutes=2))
    assert queries.editions_to_touch() == []
    coming(one.moment)
    assert queries.editions_to_touch() == [one.gathering.edition_id]
    assert service.refresh_public(clock.now()) == 1
    assert session.scalar(select(Edition.version).where(Edition.id == one.gathering.edition_id)) > 1


def test_who_came_is_forgotten_after_thirty_days(session):
    one = make_session()
    coming(one.moment)
    assert service.purge(one.moment.ends_at + KEEP_AFTER - timedelta(hours=1)) == 0
    assert service.purge(one.moment.ends_at + KEEP_AFTER + timedelta(hours=1)) == 1
