"""The desk of logistics in a browser without JavaScript: orders, batches, stock."""

import hashlib
import io
import re
import zipfile
from urllib.request import Request, urlopen

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from fulfilment import build, reconcile
from tests.accounts.filling import send
from tests.builders import make_edition, make_order, make_package, make_user, sign_in
from tests.fulfilment.filling import approved_orders, batch_now, orders_now
from tests.serving import served
from weekapp.audit import AuditEntry
from weekapp.batches import papers
from weekapp.batches.rules import State as BatchState
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.orders import packing, queries
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.packages.models import Package


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A browser in which somebody of logistics is signed in."""
    return signed_in(client, "logistics")


def signed_in(client: FlaskClient, role: str) -> FlaskClient:
    with transaction():
        person = make_user(role, name="Lo Gistiek")
    sign_in(client, person)
    return client


def an_order(state: str = "approved", **more: object) -> str:
    """The number of an order."""
    with transaction():
        return make_order(state=state, **more).number


def order_now(number: str) -> Order:
    db.session.rollback()
    found = queries.by_number(number)
    assert found is not None
    return found


def act(desk: FlaskClient, number: str, what: str, **values: str) -> TestResponse:
    page = f"/logistiek/bestellingen/{number}"
    return send(desk, page, action=f"{page}/{what}", **values)


def make_batch(desk: FlaskClient) -> int:
    """Press the button, and let the worker do its work."""
    answer = send(desk, "/logistiek", action="/logistiek/batches")
    assert answer.status_code == 303
    batch_id = int(answer.location.rsplit("/", 1)[1])
    build.make(batch_id)
    return batch_id


def words_of(paper: bytes) -> str:
    """What stands on a PDF."""
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


# --- today ---


def test_without_an_edition_the_desk_says_so(desk: FlaskClient) -> None:
    assert "Er is nog geen editie." in desk.get("/logistiek").text


def test_the_desk_shows_what_is_ready_and_the_button(desk: FlaskClient) -> None:
    approved_orders(3)
    page = desk.get("/logistiek").text
    assert "Maak nu een batch" in page
    assert re.search(r'work__number">3<', page)


def test_the_desk_counts_held_and_waiting_orders(desk: FlaskClient) -> None:
    number = an_order()
    act(desk, number, "vasthouden", reason="other", note="Bel eerst.")
    assert "bestelling in de wacht" in desk.get("/logistiek").text


def test_who_only_looks_sees_no_buttons(client: FlaskClient) -> None:
    approved_orders(1)
    manager = signed_in(client, "manager")
    assert "Maak nu een batch" not in manager.get("/logistiek").text
    assert "Zet in de wacht" not in manager.get(f"/logistiek/bestellingen/{orders_now()[0].number}").text


@pytest.mark.parametrize("role", ["moderator", "initiator", "municipality"])
def test_others_do_not_get_in(client: FlaskClient, role: str) -> None:
    make_everything()
    other = signed_in(client, role)
    for address in (
        "/logistiek",
        "/logistiek/bestellingen",
        "/logistiek/batches",
        "/logistiek/batches/1",
        "/logistiek/batches/1/batch-1.zip",
        "/logistiek/voorraad",
    ):
        assert other.get(address).status_code == 403, address


def make_everything() -> None:
    approved_orders(2)


# --- orders ---


def test_orders_are_listed_by_state_earliest_first(desk: FlaskClient) -> None:
    approved_orders(3)
    with transaction():
        first = orders_now()[2]
        first.needed_by = first.needed_by.replace(day=1)
        number = first.number
    page = desk.get("/logistiek/bestellingen?staat=approved").text
    assert re.findall(r"KE27-\d{5}", page)[0] == number


@pytest.mark.parametrize("query", ["", "?staat=onzin", "?staat=held&pagina=x", "?pagina=-3"])
def test_a_strange_address_gives_a_list_and_no_error(desk: FlaskClient, query: str) -> None:
    make_everything()
    assert desk.get(f"/logistiek/bestellingen{query}").status_code == 200


def test_searching_a_number_opens_the_order(desk: FlaskClient) -> None:
    number = an_order()
    answer = send(desk, "/logistiek/zoeken", action="/logistiek/zoeken", words=number.lower())
    assert (answer.status_code, answer.location) == (303, f"/logistiek/bestellingen/{number}")


@pytest.mark.parametrize("words", ["linde", "3511lx"])
def test_searching_a_name_or_a_postcode_gives_a_list_that_nobody_stores(desk: FlaskClient, words: str) -> None:
    number = an_order()
    answer = send(desk, "/logistiek/zoeken", action="/logistiek/zoeken", words=words)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert number in answer.text


def test_searching_nothing_says_what_to_fill_in(desk: FlaskClient) -> None:
    answer = send(desk, "/logistiek/zoeken", action="/logistiek/zoeken", words="  ")
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text


def test_an_order_shows_its_whole_life_and_not_its_activity(desk: FlaskClient) -> None:
    number = an_order()
    page = desk.get(f"/logistiek/bestellingen/{number}").text
    assert "Wat er gebeurde" in page
    assert order_now(number).activity.title not in page


def test_an_unknown_order_does_not_exist(desk: FlaskClient) -> None:
    assert desk.get("/logistiek/bestellingen/KE27-99999").status_code == 404


def test_holding_with_a_note_mails_the_initiator(desk: FlaskClient) -> None:
    number = an_order()
    assert act(desk, number, "vasthouden", reason="unknown_address", note="Klopt het huisnummer?").status_code == 303
    assert order_now(number).state == State.HELD
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.template, mail.values["reason"]) == ("order_held", "Klopt het huisnummer?")


def test_another_reason_needs_words(desk: FlaskClient) -> None:
    number = an_order()
    answer = act(desk, number, "vasthouden", reason="other", note="")
    assert answer.status_code == 400
    assert "Schrijf op wat er aan de hand is." in answer.text
    assert order_now(number).state == State.APPROVED


def test_releasing_lets_it_go_on(desk: FlaskClient) -> None:
    number = an_order()
    act(desk, number, "vasthouden", reason="other", note="Bel eerst.")
    act(desk, number, "vrijgeven")
    assert order_now(number).state == State.APPROVED


def test_cancelling_gives_the_stock_back(desk: FlaskClient) -> None:
    number = an_order()
    act(desk, number, "annuleren")
    assert order_now(number).state == State.CANCELLED
    assert order_now(number).package.reserved == 0


ADDRESS = {
    "recipient": "Bibliotheek",
    "attention": "Joke",
    "postcode": "3511ab",
    "house_number": "7a bis",
    "street": "Kerkstraat",
    "town": "Utrecht",
}


def test_the_address_can_be_corrected(desk: FlaskClient) -> None:
    number = an_order()
    answer = send(desk, f"/logistiek/bestellingen/{number}/adres", action=f"/logistiek/bestellingen/{number}/adres", **ADDRESS)
    assert answer.status_code == 303
    order = order_now(number)
    assert (order.postcode, order.house_number, order.letter, order.addition) == ("3511 AB", 7, "A", "bis")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("postcode", "0000", "Een postcode heeft 4 cijfers en 2 letters."),
        ("house_number", "zeven", "Vul een huisnummer in"),
        ("street", "Postbus", "Een postbus kan geen pakket ontvangen."),
        ("recipient", "=1+1", "Begin met een letter of een cijfer"),
        ("attention", "", "Vul een naam in."),
        ("town", "x" * 81, "Maak dit korter"),
    ],
)
def test_a_wrong_address_gets_its_own_sentence_and_is_kept(desk: FlaskClient, field: str, text: str, words: str) -> None:
    number = an_order()
    address = f"/logistiek/bestellingen/{number}/adres"
    answer = send(desk, address, action=address, **(ADDRESS | {field: text}))
    assert answer.status_code == 400
    assert words in answer.text
    assert not text or f'value="{text}"' in answer.text
    assert order_now(number).street == "Voorbeeldstraat"


def test_an_address_that_has_an_order_already_is_told(desk: FlaskClient) -> None:
    approved_orders(2)
    first, second = (order.number for order in orders_now())
    address = f"/logistiek/bestellingen/{second}/adres"
    same = ADDRESS | {"postcode": "3511 LX", "house_number": "1", "street": "Voorbeeldstraat"}
    answer = send(desk, address, action=address, **same)
    assert answer.status_code == 400
    assert first in answer.text


# --- batches ---


def test_the_button_makes_a_batch_that_can_be_followed(desk: FlaskClient) -> None:
    approved_orders(2)
    answer = send(desk, "/logistiek", action="/logistiek/batches")
    page = desk.get(answer.location).text
    assert 'id="voortgang"' in page
    assert "Kijk opnieuw" in page
    build.make(1)
    page = desk.get(answer.location).text
    assert 'id="voortgang"' not in page
    assert "Download alles in een ZIP" in page


def test_the_button_pressed_twice_makes_one_batch(desk: FlaskClient) -> None:
    approved_orders(2)
    page = desk.get("/logistiek").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    click = re.search(r'name="klik" value="([^"]+)"', page)[1]  # type: ignore[index]
    first, second = (desk.post("/logistiek/batches", data={"csrf_token": token, "klik": click}) for _ in range(2))
    assert first.location == second.location


def test_nothing_to_send_is_told(desk: FlaskClient) -> None:
    approved_orders(1)
    page = desk.get("/logistiek").text
    make_batch(desk)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = desk.post("/logistiek/batches", data={"csrf_token": token, "klik": "later"})
    assert answer.status_code == 409
    assert "Er zijn nu geen bestellingen om in te pakken." in answer.text


def test_the_second_download_has_the_same_bytes(desk: FlaskClient) -> None:
    approved_orders(3)
    batch_id = make_batch(desk)
    first = desk.get(f"/logistiek/batches/{batch_id}/batch-{batch_id}.zip", buffered=True)
    again = desk.get(f"/logistiek/batches/{batch_id}/batch-{batch_id}.zip", buffered=True)
    assert hashlib.sha256(first.data).hexdigest() == hashlib.sha256(again.data).hexdigest()
    assert int(first.headers["Content-Length"]) == len(first.data)
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["Content-Disposition"] == f'attachment; filename="batch-{batch_id}.zip"'
    assert first.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(first.data)) as archive:
        assert "pakbonnen.pdf" in archive.namelist()


def test_a_batch_says_how_many_are_still_to_be_packed(desk: FlaskClient) -> None:
    approved_orders(3)
    address = f"/logistiek/batches/{make_batch(desk)}"
    assert "<dt>Nog in te pakken</dt><dd>3</dd>" in desk.get(address).text
    with transaction():
        packing.pack(orders_now()[0], by=make_user())
    assert "<dt>Nog in te pakken</dt><dd>2</dd>" in desk.get(address).text


def test_each_file_can_be_downloaded_alone_and_each_time_is_noted(desk: FlaskClient) -> None:
    approved_orders(1)
    batch_id = make_batch(desk)
    for address in re.findall(rf'href="(/logistiek/batches/{batch_id}/[^"]+)"', desk.get(f"/logistiek/batches/{batch_id}").text):
        assert desk.get(address, buffered=True).status_code == 200
    notes = list(db.session.scalars(select(AuditEntry).where(AuditEntry.what.like("batch %ed %"))))
    assert len(notes) == 10  # the large button, and nine files
    assert all(set(note.counts) == {"orders", "bytes"} for note in notes)


def test_a_sheet_of_labels_can_begin_where_there_is_room(desk: FlaskClient) -> None:
    """LOG-08: the sealed file begins at position 1; another start gives the same bytes each time, and is noted."""
    approved_orders(3)
    address = f"/logistiek/batches/{make_batch(desk)}/etiketten-a4.pdf"
    sealed, first, second = desk.get(address), desk.get(f"{address}?vanaf=13"), desk.get(f"{address}?vanaf=13")
    assert [len(pypdf.PdfReader(io.BytesIO(answer.data)).pages) for answer in (sealed, first)] == [1, 2]
    assert first.data == second.data
    assert desk.get(f"{address}?vanaf=1").data == sealed.data
    assert first.headers["Content-Disposition"] == 'attachment; filename="etiketten-a4-vanaf-13.pdf"'
    assert (first.content_type, first.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert len(list(db.session.scalars(select(AuditEntry).where(AuditEntry.what.like("batch %ed %"))))) == 4


def test_what_is_taken_out_later_does_not_move_the_other_labels(desk: FlaskClient) -> None:
    approved_orders(3)
    address = f"/logistiek/batches/{make_batch(desk)}/etiketten-a4.pdf?vanaf=5"
    before = desk.get(address).data
    act(desk, orders_now()[0].number, "annuleren")
    assert desk.get(address).data == before


def test_another_size_of_parts_does_not_change_what_is_in_a_sealed_part(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes of files may change with a release; a reprint holds what the sealed part held."""
    kind = papers.KINDS[papers.SLIPS]
    monkeypatch.setitem(papers.KINDS, papers.SLIPS, kind._replace(most=2))
    approved_orders(3)
    address = f"/logistiek/batches/{make_batch(desk)}/pakbonnen-2-van-2.pdf"
    monkeypatch.setitem(papers.KINDS, papers.SLIPS, kind)
    numbers = [set(re.findall(r"KE[\w-]+", words_of(desk.get(f"{address}{query}").data))) for query in ("", "?papier=a4")]
    assert numbers[0]
    assert numbers[0] == numbers[1]


def test_slips_can_be_printed_on_a4(desk: FlaskClient) -> None:
    approved_orders(1)
    answer = desk.get(f"/logistiek/batches/{make_batch(desk)}/pakbonnen.pdf?papier=a4")
    page = pypdf.PdfReader(io.BytesIO(answer.data)).pages[0]
    assert round(float(page.mediabox.width) / 72 * 25.4) == 210


@pytest.mark.parametrize("query", ["vanaf=0", "vanaf=15", "vanaf=x", "vanaf=²", "papier=a3"])
def test_a_wish_that_cannot_be_is_told(desk: FlaskClient, query: str) -> None:
    approved_orders(1)
    answer = desk.get(f"/logistiek/batches/{make_batch(desk)}/etiketten-a4.pdf?{query}")
    assert answer.status_code == 400
    assert "Kies" in answer.text


@pytest.mark.parametrize("name", ["manifest.json", "vervoerder-generiek.csv", "etiketten-a4-1-van-2.pdf", "etiketten-a4-x.pdf"])
def test_only_papers_can_be_printed_otherwise(desk: FlaskClient, name: str) -> None:
    approved_orders(1)
    assert desk.get(f"/logistiek/batches/{make_batch(desk)}/{name}?vanaf=3").status_code == 404


@pytest.mark.parametrize("name", ["iets.csv", "..%2Fpasswd", "batch-99.zip"])
def test_a_file_that_is_not_in_the_batch_does_not_exist(desk: FlaskClient, name: str) -> None:
    approved_orders(1)
    batch_id = make_batch(desk)
    assert desk.get(f"/logistiek/batches/{batch_id}/{name}").status_code == 404


def test_who_only_looks_cannot_download(client: FlaskClient, app: Flask) -> None:
    approved_orders(1)
    make_batch(signed_in(client, "logistics"))
    manager = signed_in(app.test_client(), "manager")
    assert "Download" not in manager.get("/logistiek/batches/1").text
    assert manager.get("/logistiek/batches/1/batch-1.zip").status_code == 403


def test_handing_over_and_closing(desk: FlaskClient) -> None:
    approved_orders(2)
    page = f"/logistiek/batches/{make_batch(desk)}"
    assert send(desk, page, action=f"{page}/overdragen").status_code == 303
    assert "Overgedragen: 2 bestellingen." in desk.get(page).text
    assert {order.state for order in orders_now()} == {State.SHIPPED}
    send(desk, page, action=f"{page}/afsluiten")
    assert batch_now(1).state == BatchState.CLOSED
    assert reconcile.broken() == []


def test_a_failed_batch_says_why_and_can_be_repeated(desk: FlaskClient) -> None:
    approved_orders(1)
    answer = send(desk, "/logistiek", action="/logistiek/batches")
    with transaction():
        batch_now_inside(1).profile = "bestaat-niet"
    build.make(1)
    page = desk.get(answer.location).text
    assert "Het is niet gelukt." in page
    assert "bestaat-niet" in page
    with transaction():
        batch_now_inside(1).profile = "generiek"
    send(desk, "/logistiek/batches/1", action="/logistiek/batches/1/opnieuw")
    build.make(1)
    assert batch_now(1).state == BatchState.READY


def batch_now_inside(batch_id: int) -> object:
    from weekapp.batches.models import Batch

    return db.session.get_one(Batch, batch_id)


def test_what_is_cancelled_after_sealing_stands_on_the_recall_list(desk: FlaskClient) -> None:
    approved_orders(2)
    batch_id = make_batch(desk)
    number = orders_now()[0].number
    act(desk, number, "annuleren")
    page = desk.get(f"/logistiek/batches/{batch_id}").text
    assert "Haal deze pakketten eruit" in page
    assert number in page
    assert page.index("Haal deze pakketten eruit") < page.index("Zijn de pakketten weg?"), "first take them out, then hand over"
    assert reconcile.broken() == []


# --- stock ---


def a_package(**more: object) -> int:
    with transaction():
        make_edition()
        return make_package(**more).id


def package_now(package_id: int) -> Package:
    db.session.rollback()
    return db.session.get_one(Package, package_id, populate_existing=True)


def book(desk: FlaskClient, package_id: int, what: str, **values: str) -> TestResponse:
    page = f"/logistiek/voorraad/{package_id}"
    return send(desk, page, action=f"{page}/{what}", **values)


def test_the_stock_shows_packages_and_items(desk: FlaskClient) -> None:
    a_package(stock=7)
    page = desk.get("/logistiek/voorraad").text
    assert "Kom Erbij-pakket" in page
    assert "350" in page  # placemats


def test_received_packages_are_booked_with_a_name_and_a_reason(desk: FlaskClient) -> None:
    package_id = a_package(stock=0)
    assert book(desk, package_id, "ontvangen", **{"in-quantity": "1.200", "in-reason": "levering 1"}).status_code == 303
    assert package_now(package_id).on_hand == 1200
    page = desk.get(f"/logistiek/voorraad/{package_id}").text
    assert "levering 1" in page
    assert "Lo Gistiek" in page


@pytest.mark.parametrize("quantity", ["", "veel", "0", "-5", "1000000"])
def test_a_number_that_is_none_is_told(desk: FlaskClient, quantity: str) -> None:
    package_id = a_package(stock=0)
    answer = book(desk, package_id, "ontvangen", **{"in-quantity": quantity})
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert package_now(package_id).on_hand == 0


def test_a_count_corrects_the_stock(desk: FlaskClient) -> None:
    package_id = a_package(stock=10)
    book(desk, package_id, "tellen", **{"tel-counted": "8", "tel-reason": "2 nat geworden"})
    assert package_now(package_id).on_hand == 8


def test_what_is_promised_cannot_be_counted_away(desk: FlaskClient) -> None:
    an_order(quantity=2)
    package_id = orders_now()[0].package_id
    answer = book(desk, package_id, "tellen", **{"tel-counted": "1", "tel-reason": "geteld"})
    assert answer.status_code == 400
    assert "Er zijn al 2 pakketten beloofd." in answer.text


def test_received_packages_help_who_waits(desk: FlaskClient) -> None:
    package_id = a_package(stock=0)
    with transaction():
        order = make_order(package=db.session.get_one(Package, a_stocked()))
        order.package_id, order.state = package_id, State.WAITING
        number = order.number
    answer = book(desk, package_id, "ontvangen", **{"in-quantity": "5"})
    assert answer.status_code == 303
    assert order_now(number).state in {State.RECEIVED, State.APPROVED}


def a_stocked() -> int:
    return make_package(stock=5, name="Ander pakket").id


def test_a_download_gives_its_connection_back_at_the_end_and_halfway(app: Flask, desk: FlaskClient) -> None:
    """A ZIP is read from the database while it goes out; who hangs up must not keep a connection."""
    approved_orders(1)
    batch_id = make_batch(desk)
    cookie = desk.get_cookie("weekapp")
    assert cookie is not None
    db.session.remove()
    with served(app) as address:
        request = Request(f"{address}/logistiek/batches/{batch_id}/batch-{batch_id}.zip", headers={"Cookie": f"weekapp={cookie.value}"})
        for part in (-1, 100):
            with urlopen(request) as answer:
                assert answer.read(part)
    assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
