"""Signing up as people do it, on a phone and on a wide screen, each page judged by axe; needs Chromium."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from tests.browsing import NARROW, WIDE, Visitor
from tests.builders import sign_in
from tests.signups.making import LONG_BEFORE, activity_of, coming, link_in_last_mail, make_moment, signed_up
from weekapp.db import db, transaction
from weekapp.signups import service
from weekapp.signups.rules import Reason

pytestmark = pytest.mark.browser
Arrive = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


@pytest.fixture(autouse=True)
def long_before(at: Callable[[datetime], None]) -> None:
    at(LONG_BEFORE)


@SIZES
def test_a_resident_signs_up_confirms_and_gives_the_place_back(somebody: Arrive, size: tuple[int, int]) -> None:
    with transaction():
        moment = make_moment(places=2)
    me = somebody(size)
    page = me.open(f"/activiteiten/{moment.activity_id}/aanmelden")
    me.press("Meld mij aan")
    assert page.title().startswith("Fout:")
    assert page.evaluate("document.activeElement.id") == "fouten"
    page.get_by_label("Wat is je voornaam?").fill("Jan")
    page.get_by_label("Mailadres").fill("jan@voorbeeld.nl")
    me.press("Meld mij aan")
    assert page.get_by_role("heading", level=1).inner_text() == "Kijk in je mail"
    db.session.rollback()
    jan = service.queries.live([moment.id])[0]
    me.open(link_in_last_mail(jan, "link"))
    me.press("Ja, ik kom")
    assert page.get_by_role("heading", level=1).inner_text() == "Je staat op de lijst"
    db.session.rollback()
    me.open(link_in_last_mail(jan, "cancel_link"))
    me.press("Ja, meld mij af")
    assert page.get_by_role("heading", level=1).inner_text() == "Je bent afgemeld"


@SIZES
def test_somebody_without_mail_waits_and_gives_up_with_the_code(somebody: Arrive, size: tuple[int, int]) -> None:
    with transaction():
        moment = make_moment(places=1)
        coming(moment)
    me = somebody(size)
    page = me.open(f"/activiteiten/{moment.activity_id}/aanmelden")
    page.get_by_label("Wat is je voornaam?").fill("Els")
    page.get_by_label("Of je telefoonnummer").fill("06 12345678")
    me.press("Meld mij aan")
    assert page.get_by_role("heading", level=1).inner_text() == "Je staat op de wachtlijst"
    code = page.locator(".code").inner_text()
    me.follow("Afmelden met je code")
    me.press("Meld mij af")
    page.get_by_label("Wat is je code?").fill(code.lower())
    page.get_by_label("Wat is je voornaam?").fill("els")
    me.press("Meld mij af")
    assert page.get_by_role("heading", level=1).inner_text() == "Je bent afgemeld"
    me.open("/aanmelding/onzin")


@SIZES
def test_the_organisation_works_through_its_pages(somebody: Arrive, app: Flask, site: str, size: tuple[int, int]) -> None:
    with transaction():
        moment = make_moment(places=3)
        group = coming(moment, "Groep", size=3)
        signed_up(moment, "Mevrouw Pieterse-van den Bovenkamp", phone="+31612345678")
        signed_up(moment, "Fatima", size=4)
        service.cancel(group, Reason.BY_LINK)
    client = app.test_client()
    sign_in(client, activity_of(moment).initiator)
    cookie = client.get_cookie("weekapp")
    assert cookie is not None
    me = somebody(size)
    me.context.add_cookies([{"name": "weekapp", "value": cookie.value, "url": site}])
    page = me.open(f"/mijn/activiteiten/{moment.activity_id}/aanmeldingen")
    page.locator("summary").first.click()
    me.check()
    me.press("Komt")
    me.follow("Meld iemand aan")
    me.press("Meld aan")
    assert page.title().startswith("Fout:")
    page.get_by_label("Voornaam").fill("Noor")
    page.get_by_label("Of telefoonnummer").fill("06 12345678")
    me.press("Meld aan")
    assert page.locator(".code").count() == 1
    me.follow("Terug naar de aanmeldingen")
    me.follow("Plaatsen instellen")
    page.get_by_role("textbox").first.fill("veel")
    me.press("Bewaar")
    page.get_by_role("textbox").first.fill("30")
    me.press("Bewaar")
    assert page.get_by_role("status").inner_text() == "We hebben het bewaard."


def test_the_pages_for_residents_work_without_javascript(somebody: Arrive) -> None:
    with transaction():
        moment = make_moment()
    me = somebody(NARROW, javascript=False)
    me.page.goto(f"{me.base_url}/activiteiten/{moment.activity_id}/aanmelden")
    me.page.get_by_label("Wat is je voornaam?").fill("Jan")
    me.page.get_by_label("Mailadres").fill("jan@voorbeeld.nl")
    me.page.get_by_role("button", name="Meld mij aan").click()
    assert me.page.get_by_role("heading", level=1).inner_text() == "Kijk in je mail"
