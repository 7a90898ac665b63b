"""The desk of logistics in a real browser: axe on each page at two widths, the keyboard, and a batch that shows how far it is."""

from collections.abc import Callable

import pytest

from fulfilment import build
from tests.browsing import NARROW, WIDE, Visitor
from tests.builders import make_user
from tests.fulfilment.filling import approved_orders, ask, orders_now
from weekapp.db import transaction
from weekapp.orders import service
from weekapp.orders.rules import Hold

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(request: pytest.FixtureRequest, somebody: Callable[..., Visitor]) -> Visitor:
    """Somebody of logistics at the desk, or with a phone when a test asks for that size."""
    with transaction():
        person = make_user("logistics", name="Lo Gistiek")
    return somebody(getattr(request, "param", WIDE), user=person)


@pytest.mark.parametrize("desk", [WIDE, NARROW], ids=["wide", "narrow"], indirect=True)
def test_every_page_of_the_desk_is_accessible(desk: Visitor) -> None:
    desk.open("/logistiek")  # no edition yet
    approved_orders(3)
    first = ask()
    build.make(first)
    approved_orders(3)
    with transaction():
        held, _, approved = orders_now()[3:]
        service.hold(held, Hold.PO_BOX, "", by=make_user("logistics"))
        numbers = (held.number, approved.number)
    desk.open("/logistiek")
    desk.open("/logistiek/bestellingen?staat=held")
    for number in numbers:
        page = desk.open(f"/logistiek/bestellingen/{number}")
        for summary in page.locator("summary").all():
            summary.click()
        desk.check()
        desk.open(f"/logistiek/bestellingen/{number}/adres")
    page.get_by_label("Straat").fill("Postbus 3")
    desk.press("Bewaar het adres")
    assert page.title().startswith("Fout:")
    for address in (f"/logistiek/batches/{first}", "/logistiek/batches", "/logistiek/voorraad", "/logistiek/voorraad/1"):
        page = desk.open(address)
        for summary in page.locator("summary").all():
            summary.click()
        desk.check()
    desk.press("Boek in")
    assert page.title().startswith("Fout:")


@pytest.mark.parametrize("desk", [WIDE, NARROW], ids=["wide", "narrow"], indirect=True)
def test_the_check_before_packing_is_accessible_and_mends_in_place(desk: Visitor) -> None:
    approved_orders(4)
    with transaction():
        first, second, third, fourth = orders_now()
        first.recipient, second.street = "Buurthuis 😀", "Postbus 3"
        fourth.place_key, fourth.branch, fourth.branch_key = third.place_key, "Zuid", "zuid"
    page = desk.open("/logistiek/batches/controle")
    for summary in page.locator("summary").all():
        summary.click()
    desk.check()
    page.get_by_label("Organisatie of naam op het pakket").fill("=1")
    desk.press(f"Bewaar {first.number}")
    assert page.title().startswith("Fout:")
    page.get_by_label("Organisatie of naam op het pakket").fill("Buurthuis De Zon")
    desk.press(f"Bewaar {first.number}")
    assert "kan mee" in page.get_by_role("status").first.inner_text()
    desk.press(f"In orde: {third.number} kan mee")
    desk.press("Maak nu een batch")
    build.make(1)
    page = desk.open("/logistiek/batches/1")
    assert page.get_by_role("heading", name="Bleef achter").is_visible()


def test_a_batch_shows_by_itself_that_it_is_ready(desk: Visitor) -> None:
    approved_orders(2)
    page = desk.open("/logistiek")
    desk.press("Maak nu een batch")
    assert page.locator("#voortgang").is_visible()
    build.make(1)
    page.get_by_role("link", name="Download alles in een ZIP").wait_for()
    desk.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download alles in een ZIP").click()
    assert download.value.suggested_filename == "batch-1.zip"
    desk.press("Overgedragen aan de vervoerder")
    assert "Overgedragen: 2 bestellingen." in page.get_by_role("status").first.inner_text()


def test_an_order_is_found_with_the_keyboard_alone(desk: Visitor) -> None:
    approved_orders(2)
    number = orders_now()[1].number
    page = desk.open("/logistiek")
    page.get_by_label("Zoek op nummer, barcode, naam of postcode").focus()
    page.keyboard.type(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    desk.check()
    assert page.get_by_role("heading", level=1).inner_text() == f"Bestelling {number}"
