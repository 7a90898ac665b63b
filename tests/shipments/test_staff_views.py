"""The pages about files of carriers, as logistics use them."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fulfilment.carrier import apply
from tests.builders import make_user, sign_in
from tests.shipments.making import HEADER, make_mapping, packed_order, uploaded
from weekapp.db import db, transaction
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.shipments.models import ReturnFile
from weekapp.shipments.rules import FileState

MB = 1024 * 1024


@pytest.fixture
def staff(client: FlaskClient) -> FlaskClient:
    """Somebody of logistics, signed in."""
    with transaction():
        user = make_user("logistics")
    sign_in(client, user)
    return client


def token(client: FlaskClient, page: str = "/logistiek/retour") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def upload(client: FlaskClient, content: bytes, name: str = "Retour van mevrouw Jansen.csv", **fields: str):
    data = {"csrf_token": token(client), "carrier": "postnl", "file": (io.BytesIO(content), name)} | fields
    return client.post("/logistiek/retour", data=data, content_type="multipart/form-data")


def press(client: FlaskClient, address: str, **fields: str):
    return client.post(address, data={"csrf_token": token(client)} | fields)


def only_file() -> ReturnFile:
    db.session.rollback()
    return db.session.query(ReturnFile).one()


def test_from_upload_to_applied(app: Flask, staff: FlaskClient) -> None:
    with transaction():
        order = packed_order()
        order_id, number = order.id, order.number
    answer = upload(staff, f"{HEADER}{number};3SABCD1;bezorgd\r\nWEB-1;3SX;onderweg".encode())
    assert (answer.status_code, answer.location) == (303, "/logistiek/retour/1")
    assert "We lezen het bestand" in staff.get("/logistiek/retour/1").text
    apply.parse_file(1)
    assert "Kies het één keer" in staff.get("/logistiek/retour/1").text
    page = staff.get("/logistiek/retour/1/kolommen").text
    assert re.findall(r'<option selected value="([^"]+)"', page) == ["Referentie", "Barcode", "Status"]
    chosen = press(staff, "/logistiek/retour/1/kolommen", reference="Referentie", barcode="Barcode", status="Status", date="")
    assert chosen.status_code == 303
    apply.parse_file(1)
    page = staff.get("/logistiek/retour/1").text
    assert "Er is nog niets veranderd" in page
    assert "Dit bestelnummer kennen we niet." in page
    assert f"{number}" in staff.get("/logistiek/retour/1?soort=matched").text
    assert press(staff, "/logistiek/retour/1/toepassen").status_code == 303
    assert "We passen het bestand toe: 0 van 1 rijen." in staff.get("/logistiek/retour/1").text
    apply.apply_file(1)
    assert "Toegepast op" in staff.get("/logistiek/retour/1").text
    assert db.session.get_one(Order, order_id).state == State.DELIVERED
    assert "toegepast" in staff.get("/logistiek/retour").text


def test_of_the_name_of_a_file_only_the_ending_is_kept(staff: FlaskClient) -> None:
    upload(staff, b"a;b\n1;2\n")
    file = only_file()
    assert file.ending == "csv"
    assert "Jansen" not in str({name: getattr(file, name) for name in ("problem", "ending", "counts", "found_columns")})


def test_uploading_twice_leads_to_the_same_file(staff: FlaskClient) -> None:
    upload(staff, b"a;b\n1;2\n")
    apply.parse_file(1)
    answer = upload(staff, b"a;b\n1;2\n")
    assert answer.location == "/logistiek/retour/1"
    assert "Dit bestand stond er al" in staff.get(answer.location).text


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (b"", {}, "Dit bestand is leeg. Kies een ander bestand."),
        (b"a;b\n", {"carrier": ""}, "Kies de vervoerder."),
    ],
)
def test_what_is_missing_is_said_at_its_field(staff: FlaskClient, content: bytes, fields: dict[str, str], sentence: str) -> None:
    answer = upload(staff, content, **fields)
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert answer.text.count(sentence) == 2


def test_a_carrier_that_is_not_in_the_list_is_refused(staff: FlaskClient) -> None:
    assert upload(staff, b"a;b\n", carrier="paard").status_code == 400


def test_without_a_file(staff: FlaskClient) -> None:
    answer = press(staff, "/logistiek/retour", carrier="dpd")
    assert (answer.status_code, answer.text.count("Kies een bestand op je computer.")) == (400, 2)


def test_a_file_of_30_mb_is_refused_with_a_sentence(staff: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"x" * (30 * MB) + b"\r\n--x--\r\n"
    answer = staff.post("/logistiek/retour", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden." in answer.text


def test_a_bad_file_shows_every_row(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        uploaded(f"{order.number};3,1E+12;bezorgd", f"{order.number};;bezorgd", f"{order.number};3SABCD1;bezorgd")
    apply.parse_file(1)
    page = staff.get("/logistiek/retour/1").text
    assert "In dit bestand staan fouten. Daarom is er niets veranderd." in page
    assert "De barcode is een getal geworden (3,1E+12)." in page
    assert "Er staat geen barcode." in page
    assert "Toepassen" not in page
    assert "/kolommen" in page


def test_a_long_list_has_pages(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        uploaded(*(f"WEB-{number};3S;x" for number in range(250)))
    apply.parse_file(1)
    last = staff.get("/logistiek/retour/1?soort=unknown&pagina=3").text
    assert "Bladzijde 3 van 3" in last
    assert "WEB-249" in last
    assert staff.get("/logistiek/retour/1?soort=onzin&pagina=abc").status_code == 200


def test_what_a_file_says_is_shown_as_text(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        uploaded("<script>alert(1)</script>;3S;x", "{{ 1 }}%(x)s;3S;x")
    apply.parse_file(1)
    page = staff.get("/logistiek/retour/1").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_unknown_words_are_asked_and_each_needs_an_answer(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        uploaded(f"{order.number};3SABCD1;J05 %s", f"{order.number};3SABCD2;")
    apply.parse_file(1)
    page = staff.get("/logistiek/retour/1").text
    assert "Zeg wat de woorden betekenen</a>" in page
    assert "We weten nog niet in welke kolom wat staat." not in page
    page = staff.get("/logistiek/retour/1/kolommen").text
    assert "Wat betekent “j05 %s”?" in page
    assert "Wat betekent een lege status?" in page
    columns = {"reference": "Referentie", "barcode": "Barcode", "status": "Status", "date": ""}
    answer = press(staff, "/logistiek/retour/1/kolommen", word_0="delivered", word_1="", **columns)
    assert (answer.status_code, answer.text.count("Kies wat dit woord betekent.")) == (400, 2)
    assert press(staff, "/logistiek/retour/1/kolommen", word_0="delivered", word_1="shipped", **columns).status_code == 303
    assert apply.parse_file(1) == "parsed"


def test_columns_must_be_chosen_and_differ(staff: FlaskClient) -> None:
    with transaction():
        uploaded("a;b;c", header="Een;Twee;Drie\r\n")
    apply.parse_file(1)
    answer = press(staff, "/logistiek/retour/1/kolommen", reference="", barcode="Twee", status="", date="")
    assert (answer.status_code, answer.text.count("Kies de kolom met het bestelnummer.")) == (400, 2)
    answer = press(staff, "/logistiek/retour/1/kolommen", reference="Twee", barcode="Twee", status="", date="")
    assert "Kies een andere kolom dan die met het bestelnummer." in answer.text


def test_a_file_is_put_away(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        uploaded("WEB-1;3S;x")
    apply.parse_file(1)
    assert press(staff, "/logistiek/retour/1/wegleggen").status_code == 303
    assert only_file().state == FileState.REFUSED
    assert press(staff, "/logistiek/retour/1/toepassen").status_code == 409


def test_pressing_apply_twice_is_pressing_once(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        order = packed_order()
        uploaded(f"{order.number};3SABCD1;bezorgd")
    apply.parse_file(1)
    assert [press(staff, "/logistiek/retour/1/toepassen").status_code for _ in range(2)] == [303, 303]


@pytest.mark.parametrize("role", ["initiator", "moderator", "municipality"])
def test_only_logistics_come_here(client: FlaskClient, role: str) -> None:
    with transaction():
        user = make_user(role)
    sign_in(client, user)
    for page in ("/logistiek/retour", "/logistiek/zendingen", "/logistiek/te-laat"):
        assert client.get(page).status_code == 403


def test_a_manager_looks_and_changes_nothing(client: FlaskClient) -> None:
    with transaction():
        user = make_user("manager")
        make_mapping()
        uploaded("WEB-1;3S;x")
    apply.parse_file(1)
    sign_in(client, user)
    page = client.get("/logistiek/retour/1")
    assert page.status_code == 200
    assert "Toepassen</button>" not in page.text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    assert client.post("/logistiek/retour/1/toepassen", data={"csrf_token": found[1]}).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/logistiek/retour/1").status_code == 303


def test_without_the_token_of_the_session_nothing_is_applied(staff: FlaskClient) -> None:
    with transaction():
        make_mapping()
        uploaded("WEB-1;3S;x")
    apply.parse_file(1)
    assert staff.post("/logistiek/retour/1/toepassen").status_code == 400
    assert only_file().state == FileState.PARSED
