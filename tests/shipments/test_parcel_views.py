"""The pages about parcels and late orders."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from tests.builders import make_activity, make_order, make_package, make_user, sign_in
from tests.shipments.making import packed_order, parcels_of, says
from weekapp.db import db, transaction
from weekapp.orders.models import Order
from weekapp.shipments import service
from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import Carrier, Status


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    """Somebody of logistics, signed in."""
    with transaction():
        user = make_user("logistics")
    sign_in(client, user)
    return client


def press(client: FlaskClient, address: str, **fields: str):
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/logistiek/zendingen").text)
    assert found is not None
    return client.post(address, data={"csrf_token": found[1]} | fields)


def parcel_with(status: Status, **more) -> int:
    with transaction():
        order = packed_order(**more)
        service.write_down([says(order, status=status)], Carrier.POSTNL, by_id=0)
        return parcels_of(order)[0].id


def test_what_needs_somebody_is_listed(staff: FlaskClient) -> None:
    parcel_with(Status.LOST)
    page = staff.get("/logistiek/zendingen").text
    assert "1 zending is kwijt, kapot of terug." in page
    assert "3SABCD0000001" in page


def test_a_parcel_is_found_by_barcode_and_by_order_number(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.SHIPPED)
    number = db.session.get_one(Parcel, parcel_id).order.number
    for text in ("3sabcd0000001", number.lower()):
        assert f"/logistiek/zendingen/{parcel_id}" in staff.get("/logistiek/zendingen", query_string={"q": text}).text
    assert "Geen zending gevonden" in staff.get("/logistiek/zendingen?q=niets").text


def test_a_parcel_shows_where_it_goes_and_where_to_follow_it(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.SHIPPED)
    page = staff.get(f"/logistiek/zendingen/{parcel_id}").text
    assert "https://jouw.postnl.nl/track-and-trace/3SABCD0000001-NL-3511LX" in page
    assert "3511 LX" in page
    assert staff.get("/logistiek/zendingen/99999").status_code == 404


def test_from_lost_to_a_new_parcel_on_its_way(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.LOST)
    answer = press(staff, f"/logistiek/zendingen/{parcel_id}/opnieuw", quantity="1")
    new_id = parcel_id + 1
    assert (answer.status_code, answer.location) == (303, f"/logistiek/zendingen/{new_id}")
    assert "Plak er een label op" in staff.get(answer.location).text
    answer = press(staff, f"/logistiek/zendingen/{new_id}/barcode", barcode=" 3snew00001 ", carrier="dpd")
    assert answer.status_code == 303
    assert "3SNEW00001" in staff.get(f"/logistiek/zendingen/{new_id}").text
    assert "zending 2" in staff.get(f"/logistiek/zendingen/{parcel_id}").text


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("0", "Vul een aantal in van 1 tot en met 1."),
        ("2", "Vul een aantal in van 1 tot en met 1."),
        ("een", "Vul een heel getal in"),
        ("", "Vul een aantal in van 1 of meer."),
    ],
)
def test_a_wrong_quantity_is_said_at_its_field(staff: FlaskClient, quantity: str, sentence: str) -> None:
    parcel_id = parcel_with(Status.LOST)
    answer = press(staff, f"/logistiek/zendingen/{parcel_id}/opnieuw", quantity=quantity)
    assert (answer.status_code, answer.text.count(sentence)) == (400, 2)


def test_without_stock_the_page_says_so(staff: FlaskClient) -> None:
    with transaction():
        package_id = make_package(stock=1).id
    parcel_id = parcel_with(Status.LOST)
    answer = press(staff, f"/logistiek/zendingen/{parcel_id}/opnieuw", quantity="1")
    assert package_id
    assert (answer.status_code, answer.text.count("Er zijn nog 0 pakketten")) == (400, 2)


def test_a_barcode_that_is_taken_or_wrong(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.LOST)
    press(staff, f"/logistiek/zendingen/{parcel_id}/opnieuw", quantity="1")
    for barcode, sentence in (("3SABCD0000001", "Deze barcode is al van een andere zending."), ("=1+1", "Een barcode heeft 6 tot 40")):
        answer = press(staff, f"/logistiek/zendingen/{parcel_id + 1}/barcode", barcode=barcode, carrier="dpd")
        assert (answer.status_code, answer.text.count(sentence)) == (400, 2)


def test_the_status_is_set_by_hand(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.SHIPPED)
    assert press(staff, f"/logistiek/zendingen/{parcel_id}/status", status="delivered").status_code == 303
    assert press(staff, f"/logistiek/zendingen/{parcel_id}/status", status="shipped").status_code == 400
    db.session.rollback()
    assert db.session.get_one(Parcel, parcel_id).status == Status.DELIVERED


def test_a_parcel_is_settled(staff: FlaskClient) -> None:
    parcel_id = parcel_with(Status.RETURNED)
    assert press(staff, f"/logistiek/zendingen/{parcel_id}/afhandelen").status_code == 303
    assert "Er is niets kwijt, kapot of teruggekomen." in staff.get("/logistiek/zendingen").text


def test_a_parcel_is_added_by_hand(staff: FlaskClient) -> None:
    with transaction():
        number = packed_order().number
    fields = {"number": number, "barcode": "3SHAND001", "carrier": "ander", "status": "shipped"}
    assert press(staff, "/logistiek/zendingen", **fields).status_code == 303
    answer = press(staff, "/logistiek/zendingen", **fields)
    assert (answer.status_code, answer.text.count("Deze zending staat er al.")) == (400, 2)
    answer = press(staff, "/logistiek/zendingen", **(fields | {"number": "KE27-99999"}))
    assert answer.text.count("Dit bestelnummer kennen we niet.") == 2


def test_late_orders_are_moved_to_the_front(staff: FlaskClient, at) -> None:
    now = datetime(2027, 9, 27, 8, tzinfo=UTC)
    with transaction():
        order_id = make_order(activity=make_activity(starts=datetime(2027, 9, 28, 10, tzinfo=UTC)), state="approved").id
    at(now)
    with transaction():
        user = make_user("logistics")
    sign_in(staff, user)
    assert "Niet voor de activiteit" in staff.get("/logistiek/te-laat").text
    assert press(staff, "/logistiek/te-laat/vooraan").status_code == 303
    page = staff.get("/logistiek/te-laat").text
    assert "1 bestelling gaat nu voor." in page
    assert "Zet deze vooraan" not in page
    db.session.rollback()
    assert db.session.get_one(Order, order_id).is_urgent


def test_when_nothing_is_late_the_page_says_so(staff: FlaskClient) -> None:
    assert "Alle pakketten zijn op tijd." in staff.get("/logistiek/te-laat").text
