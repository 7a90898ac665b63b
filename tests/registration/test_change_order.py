"""Changing an order from /mijn until it is packed, and what the page says afterwards."""

import re
from datetime import date

import pytest

from fulfilment.reconcile import broken
from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_organisation, make_package, make_user, sign_in
from tests.registration.filling import errors
from weekapp.db import db, transaction
from weekapp.geography.rules import Precision
from weekapp.orders import service as orders
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package

HERE = {"quantity": "2", "deliver_to": "activiteit", "attention": "Noor Voorbeeld"}
ELSEWHERE = {"deliver_to": "anders", "postcode": "3511 LX", "house_number": "99", "street": "Proefstraat", "town": "Utrecht"}


def door(number=12, precision=Precision.PC4):
    return Delivery("Buurthuis De Linde", "Noor Voorbeeld", "Voorbeeldstraat", number, "", "", "3511 LX", "Utrecht", precision)


@pytest.fixture
def mine(client):
    """An order of two packages for an activity of Noor, who is signed in; its id."""
    with transaction():
        package = make_package(edition=make_edition(), stock=10)
        noor = make_user("initiator", name="Noor Voorbeeld")
        activity = make_activity(initiator=noor, organisation=make_organisation(member=noor), expected_visitors=200)
        order_id = orders.place(activity, package, 2, door(), by=noor).id
    sign_in(client, noor)
    return order_id


def path_of(order_id):
    return f"/mijn/bestellingen/{order_id}/wijzigen"


def send(client, order_id, **values):
    path = path_of(order_id)
    return client.post(path, data=hidden_fields(client.get(path).text, path) | HERE | values)


def read(order_id):
    with transaction():
        found = db.session.get(Order, order_id)
        db.session.expunge(found)
        return found


def own_page(client, order_id):
    return client.get(f"/mijn/activiteiten/{read(order_id).activity_id}").text


def test_the_form_shows_what_was_ordered(client, mine):
    assert path_of(mine) in own_page(client, mine)
    page = client.get(path_of(mine)).text
    assert re.search(r'name="quantity"[^>]*value="2"', page)
    assert re.search(r'<input(?=[^>]*value="activiteit")(?=[^>]*checked)', page)
    assert "Dit kan totdat we je bestelling inpakken." in page


@pytest.mark.parametrize(("typed", "said"), [("3", "Het aantal is hoger dan eerst."), ("1", "Het aantal is lager dan eerst.")])
def test_another_number(client, mine, typed, said):
    answer = send(client, mine, quantity=typed)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Je bestelling is aangepast." in page
    assert said in page, "in its history"
    order = read(mine)
    assert (order.quantity, order.state) == (int(typed), State.APPROVED)
    with transaction():
        assert db.session.get(Package, order.package_id).reserved == int(typed)
        assert broken() == []


def test_another_address_and_other_hands(client, mine):
    assert send(client, mine, attention="Sam Verzonnen", **ELSEWHERE).status_code == 303
    order = read(mine)
    assert (order.house_number, order.street, order.attention, order.quantity) == (99, "Proefstraat", "Sam Verzonnen", 2)
    assert order.place_key == "3511LX-99"
    page = client.get(path_of(mine)).text
    assert re.search(r'name="house_number"[^>]*value="99"', page)


def test_an_address_that_staff_put_right_stays_when_the_number_changes(client, mine):
    with transaction():
        order = db.session.get(Order, mine)
        order.street, order.precision = "Nieuwe Voorbeeldstraat", Precision.BY_HAND
    assert send(client, mine, quantity="3").status_code == 303
    assert (read(mine).street, read(mine).precision) == ("Nieuwe Voorbeeldstraat", Precision.BY_HAND)


def test_another_package(client, mine):
    with transaction():
        make_package(stock=5, name="Klein pakket")
    page = client.get(path_of(mine)).text
    assert "Klein pakket" in page
    assert send(client, mine, package="Klein pakket").status_code == 303
    order = read(mine)
    with transaction():
        assert db.session.get(Package, order.package_id).name == "Klein pakket"
        assert broken() == []


def test_a_package_that_is_gone_is_refused_with_a_sentence(client, mine):
    with transaction():
        make_package(stock=1, name="Klein pakket")
    answer = send(client, mine, package="Klein pakket")
    assert (answer.status_code, errors(answer)) == (
        400,
        ["Van &#39;Klein pakket&#39; zijn er nog 1. Je eerste bestelling blijft staan."],
    )
    assert (read(mine).quantity, read(mine).state) == (2, State.APPROVED)


@pytest.mark.parametrize("typed", ["0", "6", "veel", ""])
def test_a_number_that_cannot_be_gets_a_sentence(client, mine, typed):
    answer = send(client, mine, quantity=typed)
    assert answer.status_code == 400
    assert len(errors(answer)) == 1
    assert read(mine).quantity == 2


def test_a_po_box_is_refused(client, mine):
    answer = send(client, mine, **(ELSEWHERE | {"street": "Postbus"}))
    assert answer.status_code == 400
    assert read(mine).house_number == 12


def test_a_door_with_an_order_is_refused_with_its_number(client, mine):
    with transaction():
        first = db.session.get(Order, mine)
        other = make_activity(initiator=first.initiator, organisation=first.organisation)
        number = orders.place(other, first.package, 1, door(99), by=first.initiator).number
    answer = send(client, mine, quantity="1", **ELSEWHERE)
    assert (answer.status_code, errors(answer)) == (
        400,
        [f"Naar dit adres gaat al een bestelling van jullie: {number}. Kies een ander adres."],
    )
    assert (read(mine).house_number, read(mine).quantity) == (12, 2), "nothing of it has happened"


def test_on_the_waiting_list_the_page_says_what_can_be_done(client, mine):
    with transaction():
        first = db.session.get(Order, mine)
        orders.cancel(first, by=first.initiator)
        package = first.package
        orders.place(make_activity(expected_visitors=400), package, 5, door(70), by=make_user())
        orders.place(make_activity(expected_visitors=400), package, 5, door(71), by=make_user())
        waiting = orders.place(first.activity, package, 2, door(), by=first.initiator)
    assert waiting.state == State.WAITING
    assert "Je kunt een lager aantal kiezen. Je plaats in de rij blijft dan gelijk." in client.get(path_of(waiting.id)).text
    answer = send(client, waiting.id, quantity="3")
    assert "Er wachten al anderen op dit pakket." in errors(answer)[0]
    assert send(client, waiting.id, quantity="1").status_code == 303
    assert (read(waiting.id).quantity, read(waiting.id).state) == (1, State.WAITING)


def test_after_the_window_fewer_and_another_door_can_still_be_had(client, mine):
    with transaction():
        make_package(stock=5, name="Klein pakket")
        make_edition().ordering_closes = date(2027, 6, 14)
    page = client.get(path_of(mine)).text
    assert "Minder pakketten of een ander adres kan nog wel." in page
    assert "Klein pakket" not in page
    answer = send(client, mine, quantity="3")
    assert "Een pakket bestellen kon tot en met 14 juni." in errors(answer)[0]
    assert send(client, mine, quantity="1", **ELSEWHERE).status_code == 303
    assert (read(mine).quantity, read(mine).house_number) == (1, 99)


SAID = {
    State.BATCHED: "Misschien kunnen we het nog tegenhouden.",
    State.SHIPPED: "We kunnen het adres niet meer aanpassen.",
    State.DELIVERED: "Geef het aan een andere activiteit in de buurt.",
    State.RETURNED: "Weet je een ander adres?",
}


@pytest.mark.parametrize("state", SAID)
def test_once_packed_the_page_says_what_still_can_be_done(client, mine, state):
    with transaction():
        order = db.session.get(Order, mine)
        order.state, order.batch_id = state, 1
    page = own_page(client, mine)
    assert "Wat kan nu nog?" in page
    assert SAID[state] in page
    assert "088 000 0000" in page
    assert path_of(mine) not in page
    answer = client.get(path_of(mine), follow_redirects=True)
    assert answer.request.path == f"/mijn/activiteiten/{read(mine).activity_id}"
    assert "Je kunt deze bestelling niet meer aanpassen." in answer.text


def test_what_is_packed_while_somebody_types_does_not_change(client, mine):
    fields = hidden_fields(client.get(path_of(mine)).text, path_of(mine)) | HERE | {"quantity": "3"}
    with transaction():
        order = db.session.get(Order, mine)
        order.state, order.batch_id = State.BATCHED, 1
    answer = client.post(path_of(mine), data=fields, follow_redirects=True)
    assert "Je kunt deze bestelling niet meer aanpassen." in answer.text
    assert read(mine).quantity == 2


def test_a_form_without_its_token_changes_nothing(client, mine):
    assert client.post(path_of(mine), data=HERE | {"quantity": "3"}).status_code == 400
    assert read(mine).quantity == 2


def test_the_day_it_must_be_there_stays_that_of_the_activity(client, mine):
    before = read(mine).needed_by
    assert send(client, mine, quantity="3", **ELSEWHERE).status_code == 303
    assert read(mine).needed_by == before
