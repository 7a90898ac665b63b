"""Robots and crowds: nothing typed is lost, and a library full of people gets through (SEC-15, SEC-16)."""

from datetime import timedelta

import pytest

from tests.registration.filling import ACTIVITY, Person, count, errors, form_token, set_the_table
from weekapp import clock
from weekapp.mail.models import OutgoingMail
from weekapp.registration import crowd
from weekapp.registration.models import Registration

ROAD = "/meedoen/activiteit"


@pytest.fixture(autouse=True)
def table(client):
    set_the_table()


def send(client, address, *, after=60.0, at=None, **more):
    """Open step 1 from a network, fill it in so many seconds, press the button."""
    begun = clock.now()
    token = form_token(client.get(ROAD))
    at(begun + timedelta(seconds=after))
    return client.post(ROAD, data={"form_token": token} | ACTIVITY | more, environ_overrides={"REMOTE_ADDR": address})


def test_who_is_quicker_than_a_person_gets_the_form_back_filled(client, at):
    page = send(client, "203.0.113.1", after=1, at=at)
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "3"
    assert 'value="Samen soep eten"' in page.text
    assert errors(page) == ["Dat ging heel snel. Kijk nog een keer of alles klopt. Druk dan opnieuw op de knop."]
    assert count(Registration) == 0


def test_a_second_try_after_a_look_goes_through(client, at):
    send(client, "203.0.113.2", after=1, at=at)
    assert send(client, "203.0.113.2", after=5, at=at).status_code == 303


def test_a_full_library_gets_through_and_a_flood_does_not(client, at):
    answers = [send(client, "203.0.113.3", after=4, at=at).status_code for _ in range(crowd.AT_ONCE)]
    assert answers == [303] * crowd.AT_ONCE
    page = send(client, "203.0.113.3", after=4, at=at)
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 0
    assert 'value="Samen soep eten"' in page.text
    assert "Wacht 10 minuten en probeer het opnieuw" in page.text


def test_all_addresses_of_one_ipv6_connection_count_together(app):
    def network(address, headers=()):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}, headers=list(headers)):
            return crowd.network_of_visitor()

    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("203.0.113.4") == "203.0.113.4"
    assert network("127.0.0.1") is None
    assert network("203.0.113.4", [("X-Forwarded-For", "198.51.100.1")]) == "203.0.113.4", "anybody can send that header"


def test_what_a_robot_fills_in_a_hidden_field_makes_no_draft(client, at):
    page = send(client, "203.0.113.5", at=at, website="https://voorbeeld.nl")
    assert page.status_code == 400
    assert count(Registration) == 0


def test_who_registers_the_same_again_gets_a_hint_and_may_go_on(client):
    Person(client).confirm()
    colleague = Person(client).walk(over_jou={"organisation": "Buurtwerk Oost", "email": "sam@voorbeeld.nl"})
    page = client.get(colleague.path)
    assert "Staat deze activiteit er al?" in page.text
    assert colleague.send({}).status_code == 303


def test_another_time_at_the_same_address_gives_no_hint(client):
    Person(client).confirm()
    later = {"moments-0-begins": "14:00", "moments-0-ends": "16:00"}
    colleague = Person(client).walk(plaats_en_tijd=later, over_jou={"organisation": "Buurtwerk Oost"})
    assert "Staat deze activiteit er al?" not in client.get(colleague.path).text


def test_one_address_gets_so_many_mails_an_hour_and_nothing_typed_is_lost(app, at):
    begun = clock.now()
    other = {"email": "vol@voorbeeld.nl"}

    def sent(number):
        at(begun + timedelta(minutes=number))
        person = Person(app.test_client()).walk(activiteit={"title": f"Soep {number}"}, over_jou=other)
        token = form_token(person.client.get(person.path))
        return person, person.client.post(person.path, data={"form_token": token}, environ_overrides={"REMOTE_ADDR": "203.0.113.7"})

    assert [sent(number)[1].status_code for number in range(crowd.FROM_ADDRESS)] == [303] * crowd.FROM_ADDRESS
    person, refused = sent(crowd.FROM_ADDRESS)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Soep 20" in refused.text
    assert count(OutgoingMail) == crowd.FROM_ADDRESS
    assert person.client.get(person.path).status_code == 200, "the draft is still there"


def test_asking_for_the_mail_again_counts_too(client, at):
    person = Person(client).walk(over_jou={"email": "nogeens@voorbeeld.nl"})
    person.send({})
    begun, path = clock.now(), person.path
    for number in range(crowd.FROM_ADDRESS):
        at(begun + timedelta(minutes=2 * number + 2))
        token = form_token(client.get(path))
        client.post(path, data={"form_token": token}, environ_overrides={"REMOTE_ADDR": "203.0.113.8"})
    mails = count(OutgoingMail)
    assert mails == crowd.FROM_ADDRESS + 1
    at(begun + timedelta(minutes=2 * crowd.FROM_ADDRESS + 2))
    token = form_token(client.get(path))
    refused = client.post(path, data={"form_token": token}, environ_overrides={"REMOTE_ADDR": "203.0.113.8"})
    assert refused.status_code == 400
    assert count(OutgoingMail) == mails
