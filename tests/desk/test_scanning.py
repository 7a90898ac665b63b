"""The scan field of the desk: one scan opens an order and marks it as packed."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.filling import send
from tests.builders import make_order, make_user, sign_in
from tests.shipments.making import make_batch, packed_order, says
from weekapp.batches.rules import State as BatchState
from weekapp.batches.service import take_out
from weekapp.db import db, transaction
from weekapp.desk.logistics_words import typed_number
from weekapp.orders import queries
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.shipments import service
from weekapp.shipments.rules import Carrier


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A browser in which somebody of logistics is signed in."""
    with transaction():
        person = make_user("logistics", name="Lo Gistiek")
    sign_in(client, person)
    return client


def scan(desk: FlaskClient, code: str) -> TestResponse:
    """What the scanner types, and Enter."""
    return send(desk, "/logistiek/scannen", **{"scan-code": code})


def numbers_in_a_batch(count: int = 2) -> list[str]:
    with transaction():
        orders = [make_order(state="approved") for _ in range(count)]
        make_batch(*orders)
        return [order.number for order in orders]


def order_now(number: str) -> Order:
    db.session.rollback()
    found = queries.by_number(number)
    assert found is not None
    return found


def test_a_scan_opens_the_order_and_marks_it_packed(desk: FlaskClient) -> None:
    number, _other = numbers_in_a_batch()
    answer = scan(desk, number)
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert f"{number} is ingepakt. Nog in te pakken in deze batch: 1." in page
    assert 'name="scan-code"' in page
    assert order_now(number).packed_at is not None


@pytest.mark.parametrize("typed", ["KE27-00042", " ke27-00042 ", "KE27/00042", "ke27 42", "KE2700042"])
def test_a_number_is_known_however_it_was_typed(typed: str) -> None:
    assert typed_number(typed) == "KE27-00042"


@pytest.mark.parametrize("other", ["3SABCD0000001", "1234 AB", "Keizer", "KE27-1234567"])
def test_what_is_no_number_stays_as_it_is(other: str) -> None:
    assert typed_number(other) == other


def test_a_second_scan_says_so_and_writes_nothing(desk: FlaskClient) -> None:
    number, _other = numbers_in_a_batch()
    scan(desk, number)
    steps = len(queries.events(order_now(number).id))
    assert "was al ingepakt" in desk.get(scan(desk, number).location).text
    assert len(queries.events(order_now(number).id)) == steps


@pytest.mark.parametrize("state", ["received", "approved", "waiting", "cancelled"])
def test_an_order_that_must_not_be_packed_is_opened_with_a_warning(desk: FlaskClient, state: str) -> None:
    with transaction():
        number = make_order(state=state).number
    assert "is niet om in te pakken" in desk.get(scan(desk, number).location).text
    assert order_now(number).packed_at is None


def test_the_barcode_of_a_carrier_opens_the_order(desk: FlaskClient) -> None:
    with transaction():
        order = packed_order(state=BatchState.HANDED_OVER)
        service.write_down([says(order, "3SABCD0000001")], Carrier.POSTNL, by_id=0)
        number = order.number
    assert scan(desk, "3SABCD0000001").location.split("?")[0] == f"/logistiek/bestellingen/{number}"
    found = send(desk, "/logistiek/zoeken", words="3sabcd0000001")
    assert found.location == f"/logistiek/bestellingen/{number}"
    page = desk.get(f"/logistiek/bestellingen/{number}").text
    assert "3SABCD0000001" in page
    assert "niet gescand" in page


def test_a_code_that_nobody_knows_is_told_at_the_field(desk: FlaskClient) -> None:
    answer = scan(desk, "KE27-99999")
    assert answer.status_code == 400
    assert "We kennen KE27-99999 niet." in answer.text


def test_taken_out_of_its_batch_an_order_is_packed_no_longer(desk: FlaskClient) -> None:
    number, _other = numbers_in_a_batch()
    scan(desk, number)
    with transaction():
        take_out(order_now(number), by=make_user("logistics"))
    order = order_now(number)
    assert (order.state, order.packed_at) == (State.APPROVED, None)


def test_who_only_looks_cannot_scan(client: FlaskClient) -> None:
    with transaction():
        person = make_user("manager")
    sign_in(client, person)
    assert client.get("/logistiek/scannen").status_code == 403
