"""The check before packing at the desk: seen before a batch is made, mended in place, accepted or taken out (LOG-04)."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from fulfilment import build, reconcile
from tests.accounts.filling import send
from tests.builders import make_organisation, make_user, sign_in
from tests.fulfilment.filling import approved_orders, ask, batch_now, orders_now
from weekapp.audit import AuditEntry
from weekapp.batches import queries
from weekapp.batches.preflight import Finding
from weekapp.db import db, transaction
from weekapp.geography.rules import Precision
from weekapp.mail.models import OutgoingMail
from weekapp.orders import queries as orders
from weekapp.orders.models import Order
from weekapp.orders.rules import State

PAGE = "/logistiek/batches/controle"


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A browser in which somebody of logistics is signed in."""
    with transaction():
        person = make_user("logistics", name="Lo Gistiek")
    sign_in(client, person)
    return client


def change(position: int, **values: object) -> str:
    """Change an order behind the back of all forms, as an old row might be; its number."""
    with transaction():
        order = orders_now()[position]
        for name, value in values.items():
            setattr(order, name, value)
        return order.number


def order_now(number: str) -> Order:
    db.session.rollback()
    found = orders.by_number(number)
    assert found is not None
    return found


def act(desk: FlaskClient, number: str, what: str, **values: str) -> TestResponse:
    prefix = f"{number}-uit-" if what == "vasthouden" else f"{number}-"
    fields = {prefix + name: value for name, value in values.items()}
    return send(desk, PAGE, action=f"{PAGE}/{number}/{what}", **fields)


def counts(desk: FlaskClient) -> list[int]:
    """What does not fit, and what to look at."""
    return [int(number) for number in re.findall(r"<dd>(\d+)</dd>", desk.get(PAGE).text)]


def test_when_everything_fits_the_page_says_so(desk: FlaskClient) -> None:
    approved_orders(3)
    page = desk.get(PAGE).text
    assert "3 bestellingen zijn klaar" in page
    assert "Alles past." in page
    assert 'action="/logistiek/batches"' in page


def test_what_does_not_fit_stands_there_before_a_batch_is_made(desk: FlaskClient) -> None:
    approved_orders(3)
    number = change(1, recipient="Buurthuis 😀")
    page = desk.get(PAGE).text
    assert counts(desk) == [1, 0]
    assert number in page
    assert "Deze tekens kunnen we niet op de pakbon printen: 😀" in page
    assert f'name="{number}-recipient"' in page
    assert f'name="{number}-street"' not in page


def test_mending_the_field_lets_the_order_go_along(desk: FlaskClient) -> None:
    approved_orders(2)
    number = change(0, recipient="Buurthuis 😀")
    assert act(desk, number, "adres", recipient="Buurthuis De Zon").status_code == 303
    assert (order_now(number).recipient, order_now(number).street) == ("Buurthuis De Zon", "Voorbeeldstraat")
    assert counts(desk) == [0, 0]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "address corrected")).one()
    assert (entry.subject, entry.counts) == (f"order {order_now(number).id}", {"orders": 1})
    assert orders.events(order_now(number).id)[-1].event.note == "Het adres is veranderd."
    build.make(ask())
    assert {order.state for order in orders_now()} == {State.BATCHED}


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("recipient", "", "Vul in wat er op het pakket moet staan."), ("recipient", "=1+1", "Begin met een letter of een cijfer")],
)
def test_what_is_wrong_in_the_small_form_gets_its_own_sentence(desk: FlaskClient, field: str, text: str, words: str) -> None:
    approved_orders(1)
    number = change(0, recipient="Buurthuis 😀")
    answer = act(desk, number, "adres", **{field: text})
    assert answer.status_code == 400
    assert words in answer.text
    assert "<title>Fout: " in answer.text
    assert order_now(number).recipient == "Buurthuis 😀"


def test_what_still_does_not_fit_stays_on_the_list(desk: FlaskClient) -> None:
    approved_orders(1)
    number = change(0, recipient="Buurthuis 😀")
    answer = act(desk, number, "adres", recipient="Buurthuis 🎉")
    assert answer.status_code == 303
    assert "past nog niet" in desk.get(PAGE).text
    assert counts(desk) == [1, 0]


def test_a_po_box_is_mended_with_the_whole_address(desk: FlaskClient) -> None:
    approved_orders(1)
    number = change(0, street="Postbus 12")
    place = {"postcode": "9712HW", "house_number": "3b", "street": "Grote Markt", "town": "Groningen"}
    assert act(desk, number, "adres", **place).status_code == 303
    order = order_now(number)
    assert (order.postcode, order.house_number, order.letter, order.street) == ("9712 HW", 3, "B", "Grote Markt")
    assert order.precision is Precision.BY_HAND
    assert counts(desk) == [0, 0]


def doubled(desk: FlaskClient) -> tuple[str, str]:
    """Two organisations with one doorstep."""
    approved_orders(2)
    with transaction():
        first, second = orders_now()
        other = make_organisation("Bibliotheek")
        second.organisation_id, second.organisation_key = other.id, other.name_key
        second.house_number, second.place_key = first.house_number, first.place_key
        return first.number, second.number


def test_a_double_address_is_a_warning_that_can_be_accepted(desk: FlaskClient) -> None:
    first, second = doubled(desk)
    assert counts(desk) == [0, 2]
    assert f"Er gaat nog een bestelling naar dit adres: {second}." in desk.get(PAGE).text
    assert act(desk, first, "akkoord").status_code == 303
    assert counts(desk) == [0, 1]
    assert orders.events(order_now(first).id)[-1].event.note == "Nagekeken bij de controle: kan mee."
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "warnings accepted")).one()
    assert entry.counts == {"warnings": 1}


def test_a_warning_that_was_accepted_comes_back_with_another_address(desk: FlaskClient) -> None:
    first, _second = doubled(desk)
    act(desk, first, "akkoord")
    page = f"/logistiek/bestellingen/{first}/adres"
    elsewhere = {"postcode": "9712 HW", "house_number": "3", "street": "Grote Markt", "town": "Groningen"}
    send(desk, page, action=page, recipient="Buurthuis", attention="Joke", **elsewhere)
    assert order_now(first).street == "Grote Markt"
    assert order_now(first).accepted_warnings == ""


def test_a_warning_that_nobody_accepted_goes_along_and_stands_on_the_page_of_the_batch(desk: FlaskClient) -> None:
    first, second = doubled(desk)
    act(desk, first, "akkoord")
    batch_id = ask()
    assert build.make(batch_id) == "built"
    assert batch_now(batch_id).order_count == 2
    assert queries.found_by_check(batch_id) == ([], [(second, [Finding.DOUBLE_ADDRESS])])
    page = desk.get(f"/logistiek/batches/{batch_id}").text
    assert "Bij 1 bestelling moet je opletten" in page
    assert "Er gaat nog een bestelling naar dit adres." in page


def test_an_error_never_gets_into_a_sealed_batch(desk: FlaskClient) -> None:
    approved_orders(3)
    number = change(1, street="Postbus 12")
    batch_id = ask()
    assert build.make(batch_id) == "built"
    assert number not in {line.order_number for line in queries.lines(batch_id)}
    assert order_now(number).state is State.HELD
    page = desk.get(f"/logistiek/batches/{batch_id}").text
    assert "Bleef achter" in page
    assert "Het adres is een postbus." in page
    assert reconcile.broken() == []


def test_an_error_cannot_be_accepted(desk: FlaskClient) -> None:
    approved_orders(1)
    number = change(0, recipient="Buurthuis 😀")
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get(PAGE).text)[1]  # type: ignore[index]
    assert desk.post(f"{PAGE}/{number}/akkoord", data={"csrf_token": token}).status_code == 409
    assert order_now(number).accepted_warnings == ""


def test_an_order_that_stayed_behind_goes_on_when_it_is_mended(desk: FlaskClient) -> None:
    approved_orders(2)
    number = change(1, recipient="Buurthuis 😀")
    build.make(ask())
    assert counts(desk) == [1, 0]
    act(desk, number, "adres", recipient="Buurthuis De Zon")
    assert order_now(number).state is State.APPROVED
    second = ask("later")
    assert build.make(second) == "built"
    assert [line.order_number for line in queries.lines(second)] == [number]
    assert reconcile.broken() == []


def test_an_order_that_was_mended_elsewhere_can_go_along_with_one_button(desk: FlaskClient) -> None:
    approved_orders(2)
    number = change(1, recipient="Buurthuis 😀")
    build.make(ask())
    change(1, recipient="Buurthuis De Zon")
    assert counts(desk) == [0, 0, 1]
    act(desk, number, "vrijgeven")
    assert order_now(number).state is State.APPROVED


def test_taking_out_holds_the_order_with_a_reason_and_asks_the_initiator(desk: FlaskClient) -> None:
    first, _second = doubled(desk)
    assert act(desk, first, "vasthouden", reason="second_order", note="Mogen jullie samen een doos?").status_code == 303
    assert order_now(first).state is State.HELD
    assert [mail.values["reason"] for mail in db.session.scalars(select(OutgoingMail))] == ["Mogen jullie samen een doos?"]


def test_taking_out_for_another_reason_needs_words(desk: FlaskClient) -> None:
    first, _second = doubled(desk)
    answer = act(desk, first, "vasthouden", reason="other", note="")
    assert answer.status_code == 400
    assert "Schrijf op wat er aan de hand is." in answer.text


def test_an_address_of_somebody_else_is_told(desk: FlaskClient) -> None:
    approved_orders(2)
    number = change(1, street="Postbus 12")
    first = orders_now()[0]
    same = {"postcode": first.postcode, "house_number": str(first.house_number), "street": first.street, "town": first.town}
    answer = act(desk, number, "adres", **same)
    assert answer.status_code == 400
    assert first.number in answer.text


def test_who_only_looks_sees_the_check_and_no_buttons(client: FlaskClient) -> None:
    approved_orders(1)
    change(0, recipient="Buurthuis 😀")
    with transaction():
        manager = make_user("manager")
    sign_in(client, manager)
    page = client.get(PAGE).text
    assert "Past niet" in page
    assert "Bewaar" not in page
    assert 'action="/logistiek/batches"' not in page


@pytest.mark.parametrize("role", ["moderator", "initiator", "municipality"])
def test_others_do_not_see_the_check(client: FlaskClient, role: str) -> None:
    with transaction():
        person = make_user(role)
    sign_in(client, person)
    assert client.get(PAGE).status_code == 403
