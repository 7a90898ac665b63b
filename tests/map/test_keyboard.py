"""A walk with Tab over home, list and map: all is reached, in the order of reading, and nothing holds the focus (A11Y-07, A11Y-10)."""

from datetime import UTC, datetime

import pytest

from tests.browsing import NARROW, WIDE
from tests.builders import make_activity, make_edition
from weekapp.db import db, transaction
from weekapp.map.skeleton import skeleton

pytestmark = pytest.mark.browser
HEAD = ["Ga naar de inhoud", "Kom erbij", "Activiteiten", "Kaart", "Gemeenten", "Meedoen", "Mijn activiteiten", "English"]
DAYS = [
    "donderdag 30 september 1 activiteit",
    "vrijdag 1 oktober 0 activiteiten",
    "zaterdag 2 oktober 0 activiteiten",
    "zondag 3 oktober 0 activiteiten",
    "maandag 4 oktober 0 activiteiten",
    "dinsdag 5 oktober 0 activiteiten",
    "woensdag 6 oktober 0 activiteiten",
]
FORM = ["Wat zoek je?", "Bij welke postcode?", "Hoe ver weg?", "Welke dag?", "Zoek", "Meer filters"]
FOOT = ["Bijeenkomsten", "Toegankelijkheid", "Privacy", "Open data", "Archief", "Cijfers", "Inloggen"]
NAME = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return ''; }
  const label = one.labels && one.labels[0];
  const name = one.getAttribute('aria-label') || (label ? label.textContent : one.textContent);
  const style = getComputedStyle(one);
  const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return name.trim().replace(/\\s+/g, ' ') + (seen ? '' : ' (no focus to be seen)');
}"""


@pytest.fixture(autouse=True)
def one_activity(app, at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))
    with transaction():
        make_edition()
        make_activity()
    db.session.remove()


def walk(page, last):
    """The names of all that has the focus in turn, until the element called `last`."""
    names = []
    for _ in range(80):
        page.keyboard.press("Tab")
        names.append(page.evaluate(NAME))
        if names[-1] == last:
            return names
    raise AssertionError(f"{last} was not reached: {names}")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_home_is_walked_in_the_order_of_reading(somebody, size):
    page = somebody(size).open("/")
    ways = ["Zoek een activiteit", "Of kijk op de kaart", "Meld een activiteit aan", "Meer over het pakket"]
    search = ["Zoek op plaats of postcode", "Zoek", "Bij mij in de buurt"]
    assert walk(page, "Inloggen") == [*HEAD, *search, *DAYS, *ways, *FOOT]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_list_is_walked_in_the_order_of_reading(somebody, size):
    page = somebody(size).open("/activiteiten?gratis=1")
    rest = ["Bij mij in de buurt", "Haal weg: Gratis", "Bekijk op de kaart", "Samen soep eten", "Deze lijst in je agenda of op je website"]
    assert walk(page, "Inloggen") == [*HEAD, *[one.replace("Meer filters", "Meer filters (1)") for one in FORM], *rest, *FOOT]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_the_map_is_walked_from_the_list_over_its_pins_to_its_buttons(somebody, size):
    page = somebody(size).open("/kaart")
    page.locator(".map-box").scroll_into_view_if_needed()
    page.wait_for_selector(f'#{skeleton("").element}[data-geladen="1"]')
    page.wait_for_selector(".pin")
    names = walk(page, "Inloggen")
    before = [*HEAD, *FORM, "Bij mij in de buurt", "Bekijk de lijst in plaats van de kaart", "Sla lijst en kaart over"]
    listed = ["Lijst van activiteiten", "Samen soep eten", "Sla de kaart over", "Kaart met activiteiten"]
    pin = ["Samen soep eten, Utrecht, donderdag 30 september, 12.00 uur"]
    buttons = ["Dichterbij", "Verder weg", "Naar boven", "Naar links", "Naar rechts", "Naar beneden"]
    assert names == [*before, *listed, *pin, *buttons, "Deze lijst in je agenda of op je website", *FOOT]


def test_the_skip_link_leads_past_list_and_map(somebody):
    page = somebody(WIDE).open("/kaart")
    page.get_by_role("link", name="Sla lijst en kaart over").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "Deze lijst in je agenda of op je website"
