"""What initiators do from start to end, on a phone of 360 px: each page fits, pleases axe and asks no other host; needs Chromium."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader

from tests.browsing import PHONE, WIDE
from tests.builders import make_activity, make_edition, make_occurrence, make_package, make_user
from tests.pictures.drawing import photo
from tests.registration.filling import confirm_link, only, set_the_table
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.geography.rules import Precision
from weekapp.orders.models import Order

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
ON = "Bewaar en ga verder"


def tell_what(page):
    """Step 1 without the picture."""
    page.get_by_label("Hoe heet je activiteit?").fill("Soep aan de lange tafel")
    page.get_by_label("Wat gaan jullie doen?").fill("We koken samen soep. Daarna eten we aan een lange tafel.")
    page.get_by_label("Wat voor activiteit is het?").select_option(label="Samen eten")
    page.get_by_label("Ouderen", exact=True).check()
    page.get_by_label("Hoeveel mensen verwacht je ongeveer?").fill("150")
    page.get_by_role("group", name="Is meedoen gratis?").get_by_label("Ja").check()


def tell_where(page):
    """Step 2: the address and the first moment."""
    page.get_by_label("Postcode", exact=True).fill("3511 lx")
    page.get_by_label("Huisnummer").fill("12")
    page.get_by_label("Straat").fill("Voorbeeldstraat")
    page.get_by_label("Dag", exact=True).fill("2027-09-30")
    page.get_by_label("Begint om").fill("10:00")
    page.get_by_label("Duurt tot").fill("12:00")


def tell_who(page):
    page.get_by_label("Wie organiseert de activiteit?").fill("Buren van de Voorbeeldstraat")
    page.get_by_label("Wat voor organisatie is het?").select_option(label="Bewoners of buren")
    page.get_by_label("Hoe heet je?").fill("Fenna Voorbeeld")
    page.get_by_label("Wat is je mailadres?").fill("fenna@voorbeeld.nl")
    page.get_by_label("Wat is je telefoonnummer?").fill("06 12345678")


def want_package(page):
    page.get_by_role("group", name="Wil je het gratis Kom Erbij-pakket?").get_by_label("Ja").check()
    page.get_by_label("Naar het adres van de activiteit").check()
    page.get_by_label("Wie neemt het pakket aan?").fill("Fenna Voorbeeld")


def test_from_an_empty_form_to_the_public_page_with_a_series_a_picture_a_pin_and_a_package(somebody):
    set_the_table()
    fenna = somebody()
    page = fenna.open("/meedoen")
    fenna.follow("Meld je activiteit aan")
    fenna.press(ON)
    assert page.title().startswith("Fout:")  # an empty form, and each page with errors, is judged too
    tell_what(page)
    page.get_by_text("Voeg een foto toe").click()
    page.set_input_files("#photo", {"name": "tafel.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_label("Wat is er op de foto te zien?").fill("Een lange gedekte tafel")
    fenna.press(ON)
    fenna.press(ON)
    assert page.title().startswith("Fout:")
    tell_where(page)
    page.locator(".pin-map .pin").wait_for()
    page.get_by_text("Staat de pin niet goed?").click()
    page.get_by_role("button", name="noorden").click()
    page.get_by_text("Komt het vaker terug?").click()
    page.get_by_label("Hoe vaak komt het terug?").select_option(label="Elke werkdag: maandag tot en met vrijdag")
    page.get_by_label("Tot en met welke dag?").fill("2027-10-05")
    fenna.press("Vul de dagen in")
    assert page.locator("summary", has_text="Moment").count() >= 3
    assert page.locator("#pin").input_value()  # the pin stays while days are filled in
    fenna.press(ON)
    fenna.press(ON)
    assert page.title().startswith("Fout:")
    tell_who(page)
    fenna.press(ON)
    want_package(page)
    fenna.press(ON)
    assert page.get_by_role("link", name="Wijzig").count() == 4
    assert page.locator(".preview img").count() == 1
    assert "Je hebt de pin zelf gezet." in page.inner_text("main")
    fenna.press("Verstuur")
    fenna.open(confirm_link())
    fenna.press("Ja, bevestig mijn activiteit")
    fenna.follow("Mijn activiteiten")
    assert "We kijken ernaar." in page.inner_text("main")
    activity_id = approved()
    page = somebody().open(f"/activiteiten/{activity_id}")
    text = page.inner_text("main")
    assert "Soep aan de lange tafel" in text
    assert "De plek op de kaart is met de hand aangewezen." in text
    assert page.locator(".moments > li > time").count() == 4
    assert page.get_by_alt_text("Een lange gedekte tafel").is_visible()
    assert only(Order).quantity == 3


def approved():
    """A moderator says yes; the id of the one activity."""
    with transaction():
        activity = db.session.query(Activity).one()
        assert activity.precision is Precision.BY_HAND
        activities.publish(activity, by=make_user("moderator"))
        return activity.id


def test_the_same_without_a_script(somebody):
    set_the_table()
    page = somebody(javascript=False).page

    def press(words):
        with page.expect_navigation():
            page.get_by_role("button", name=words, exact=True).last.click()

    page.goto(somebody().base_url + "/meedoen/activiteit")
    tell_what(page)
    page.get_by_text("Voeg een foto toe").click()
    page.set_input_files("#photo", {"name": "tafel.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_label("Wat is er op de foto te zien?").fill("Een lange gedekte tafel")
    press(ON)
    tell_where(page)
    press("Laat de plek op de kaart zien")
    page.get_by_text("Staat de pin niet goed?").click()
    press("noorden")
    page.get_by_text("Komt het vaker terug?").click()
    page.get_by_label("Tot en met welke dag?").fill("2027-10-06")
    press("Vul de dagen in")
    page.get_by_role("button", name="Nog een moment").click()
    page.get_by_role("button", name=re.compile("Haal moment . weg")).last.click()
    press(ON)
    tell_who(page)
    press(ON)
    want_package(page)
    press(ON)
    press("Verstuur")
    page.goto(somebody().base_url + confirm_link())
    press("Ja, bevestig mijn activiteit")
    assert approved()


@pytest.fixture
def noor(client):
    """Somebody with a public activity of three moments, for which people sign up."""
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld")
        activity = make_activity(initiator=user, starts=datetime(2027, 9, 30, 8, tzinfo=UTC), takes_sign_ups=True)
        make_occurrence(activity, activity.occurrences[0].starts_at + timedelta(days=1))
        db.session.expunge_all()
    return user


def state():
    with transaction():
        one = db.session.query(Activity).order_by(Activity.id).first()
        return one.state, one.postponed_at is not None, [bool(row.cancelled_at) for row in one.occurrences], one.id


@SIZES
def test_changing_a_public_activity(somebody, noor, size):
    me = somebody(size, user=noor)
    page = me.open("/mijn")
    me.follow("Samen soep eten")
    me.follow("Pas je activiteit aan")
    page.get_by_label("Wat gaan jullie doen?").fill("We eten soep en zingen daarna.")
    page.get_by_label("Begint om").first.fill("")
    me.press("Bewaar")
    assert page.title().startswith("Fout:")
    page.get_by_label("Begint om").first.fill("10:30")
    me.press("Bewaar")
    assert "De nieuwe informatie staat op de website. Je nieuwe tekst lezen we eerst." in page.inner_text("main")
    text = somebody(size).open(f"/activiteiten/{state()[3]}").inner_text("main")
    assert "10.30" in text
    assert "zingen" not in text


def test_calling_off_one_moment_then_postponing_the_rest(somebody, noor):
    me = somebody(user=noor)
    page = me.open("/mijn")
    me.follow("Samen soep eten")
    me.follow("Dit moment gaat niet door")
    me.press("Dit moment gaat niet door")
    assert page.title().startswith("Fout:")
    page.get_by_label("Waarom gaat het niet door?").fill("De zaal is niet vrij.")
    me.press("Dit moment gaat niet door")
    assert state()[:3] == (State.PUBLISHED, False, [True, False])
    me.follow("Mijn activiteit gaat niet door")
    page.get_by_label("Ja, maar ik weet nog niet welke dag").check()
    page.get_by_label("Waarom gaat het niet door?").fill("We zoeken een andere zaal.")
    me.press("Verstuur")
    assert state()[:2] == (State.CANCELLED, True)
    assert "De zaal is niet vrij." in page.inner_text("main")  # the history
    me.open("/mijn")
    assert "Verplaatst, nieuwe datum volgt." in somebody().open(f"/activiteiten/{state()[3]}").inner_text("main")


def test_calling_an_activity_off(somebody, noor):
    me = somebody(user=noor)
    page = me.open(f"/mijn/activiteiten/{state()[3]}/gaat-niet-door")
    page.get_by_label("Nee, het gaat niet door").check()
    page.get_by_label("Waarom gaat het niet door?").fill("Er is te weinig hulp.")
    me.press("Verstuur")
    assert state()[0] is State.CANCELLED
    assert "gaat niet door" in somebody().open(f"/activiteiten/{state()[3]}").inner_text("main")


def test_taking_part_again(somebody, noor):
    with transaction():
        make_activity("Wandelen met de buren", edition=make_edition(year=2026), initiator=db.session.merge(noor, load=False))
    me = somebody(user=noor)
    page = me.open("/mijn")
    me.press("Doe dit jaar weer mee")
    assert page.get_by_label("Straat").input_value() == "Voorbeeldstraat"
    assert page.get_by_label("Dag", exact=True).input_value() == "2027-10-06"  # a Wednesday, as before
    me.press(ON)
    assert "/pakket" in page.url or "/controleren" in page.url or "/over-jou" in page.url


def test_a_package_is_ordered_later(somebody, noor):
    me = somebody(user=noor)
    page = me.open("/bestellen")
    me.follow("Bestel voor Samen soep eten")
    page.get_by_label("Hoeveel pakketten wil je?").fill("0")
    me.press("Bestel het pakket")
    assert page.title().startswith("Fout:")
    page.get_by_label("Hoeveel pakketten wil je?").fill("1")
    me.press("Bestel het pakket")
    assert only(Order).number in page.inner_text("main")


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_poster_is_found_where_people_look_for_it(somebody, noor, paper):
    me = somebody(user=noor)
    page = me.open(f"/mijn/activiteiten/{state()[3]}")
    link = page.get_by_role("link", name=re.compile(f"poster.*{paper}", re.IGNORECASE))
    text = PdfReader(io.BytesIO(me.fetch(link.get_attribute("href")))).pages[0].extract_text()
    assert "Samen soep eten" in text
