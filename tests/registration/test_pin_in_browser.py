"""The pin as people put it right: with a mouse, with the keyboard, by typing, and without a script; needs Chromium."""

import pytest
from playwright.sync_api import expect

from tests.browsing import PHONE, WIDE
from tests.registration.filling import PLACE, Person, only, set_the_table
from weekapp.geography.pins import metres_between
from weekapp.geography.reference import postcode4
from weekapp.registration.models import Registration

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
ROW = postcode4("3511")
MIDDLE = (ROW.lon, ROW.lat)


@pytest.fixture
def path(client):
    """Where somebody has come to the question where it is."""
    set_the_table()
    return Person(client).walk(until="plaats-en-tijd").path


def fill_in(page):
    """Everything but the pin."""
    page.get_by_label("Postcode", exact=True).fill("3511 lx")
    page.get_by_label("Huisnummer").fill("12")
    page.get_by_label("Straat").fill("Voorbeeldstraat")
    page.get_by_label("Dag", exact=True).fill(PLACE["moments-0-day"])
    page.get_by_label("Begint om").fill("10:00")
    page.get_by_label("Duurt tot").fill("12:00")


def kept(page):
    """Where the form says that the pin stands."""
    return tuple(map(float, page.locator("#pin").input_value().split(",")))


def press(page, words):
    """Press a button; axe is a script, so the page that follows cannot be judged."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


@SIZES
def test_who_fills_in_the_address_sees_the_pin_and_moves_it_with_buttons_keys_and_mouse(somebody, path, size):
    me = somebody(size)
    me.page.emulate_media(reduced_motion="reduce")
    page = me.open(path)
    fill_in(page)
    page.locator(".pin-map .pin").wait_for()
    expect(page.locator("#pin-woorden")).to_have_text("We weten de wijk of het dorp, niet de straat.")
    page.get_by_text("Staat de pin niet goed?").click()
    me.check()
    page.get_by_role("button", name="noorden").click()
    assert metres_between(kept(page), MIDDLE) == pytest.approx(100, abs=3)
    page.get_by_label("Hoe ver per keer?").select_option("500")
    page.locator(".pin-map .pin").focus()
    page.keyboard.press("ArrowRight")
    assert metres_between(kept(page), MIDDLE) == pytest.approx(510, abs=5)
    page.locator(".pin-map").scroll_into_view_if_needed()
    before = kept(page)
    at = page.locator(".pin-map .pin").bounding_box()
    page.mouse.move(at["x"] + 18, at["y"] + 20)
    page.mouse.down()
    page.mouse.move(at["x"] - 22, at["y"] + 60, steps=6)
    page.mouse.up()
    assert metres_between(kept(page), before) > 100
    assert page.locator("#pin-woorden").inner_text().startswith("Je hebt de pin zelf gezet.")
    dragged = kept(page)
    me.check()
    me.press("Bewaar en ga verder")
    assert only(Registration).answers["plaats-en-tijd"]["pin"] == list(dragged)


def test_a_place_that_is_typed_is_looked_up_without_leaving_the_page(somebody, path):
    me = somebody(PHONE)
    page = me.open(path)
    fill_in(page)
    page.locator(".pin-map .pin").wait_for()
    page.get_by_text("Staat de pin niet goed?").click()
    page.get_by_label("Zoek een andere plek").fill("Groningen")
    page.keyboard.press("Enter")
    page.locator("#pin_words-error").wait_for()
    assert "niet in de gemeente Utrecht" in page.locator("#pin_words-error").inner_text()
    page.get_by_label("Zoek een andere plek").fill("3512")
    page.keyboard.press("Enter")
    page.locator("#pin_words-error").wait_for(state="detached")
    assert metres_between(kept(page), (postcode4("3512").lon, postcode4("3512").lat)) < 3
    assert page.get_by_label("Dag", exact=True).input_value() == PLACE["moments-0-day"]  # nothing that was typed is lost
    me.check()
    page.get_by_role("button", name="Zet de pin terug").click()
    assert page.locator("#pin").input_value() == ""


@SIZES
def test_without_a_script_the_pin_is_a_picture_and_its_buttons_bring_the_form_back(somebody, path, size):
    me = somebody(size, javascript=False)
    page = me.page
    page.goto(me.base_url + path)
    fill_in(page)
    press(page, "Laat de plek op de kaart zien")
    assert page.locator(".pin-picture").is_visible()
    page.get_by_text("Staat de pin niet goed?").click()
    press(page, "zuiden")
    assert metres_between(kept(page), MIDDLE) == pytest.approx(100, abs=3)
    page.get_by_label("Zoek een andere plek").fill("3512")
    press(page, "Zoek")
    moved = kept(page)
    press(page, "Bewaar en ga verder")
    assert only(Registration).answers["plaats-en-tijd"]["pin"] == list(moved)
