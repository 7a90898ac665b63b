"""Initiators with what exists already, in a real browser, wide and on a phone; each page judged by axe; needs Chromium."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.browsing import PHONE, WIDE, Visitor
from tests.builders import make_activity, make_edition, make_package, make_user
from weekapp.accounts import service as accounts
from weekapp.activities import still_on
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail

pytestmark = pytest.mark.browser
Arrive = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
ASKED = datetime(2027, 9, 16, 7, tzinfo=UTC)


def link_in_newest_mail() -> str:
    with transaction():
        values = db.session.scalars(select(OutgoingMail.values).order_by(OutgoingMail.id.desc()).limit(1)).one()
    return str(values["link"]).removeprefix("http://127.0.0.1:8000")


@SIZES
def test_an_initiator_says_that_it_goes_on_and_then_that_it_does_not(
    somebody: Arrive, at: Callable[[datetime], None], size: tuple[int, int]
) -> None:
    at(ASKED)
    with transaction():
        make_package(edition=make_edition())
        me = make_user("initiator", name="Noor Voorbeeld")
        make_activity(initiator=me, starts=ASKED + timedelta(days=14), submitted_at=ASKED - timedelta(days=60))
    still_on.tick()
    link, noor = link_in_newest_mail(), somebody(size)
    noor.open(link)
    noor.press("Ja, het gaat door")
    assert noor.page.get_by_role("heading", level=1).inner_text() == "Dank je wel"
    noor.press("Nee, het gaat niet door")
    assert noor.page.get_by_role("heading", level=1).inner_text() == "Kijk in je mail"
    noor.open(link_in_newest_mail())
    noor.press("Log in")
    assert noor.page.get_by_role("heading", level=1).inner_text() == "Mijn activiteit gaat niet door"
    noor.page.get_by_label("Nee, het gaat niet door").check()
    noor.page.get_by_label("Waarom gaat het niet door?").fill("De zaal is niet vrij.")
    noor.press("Verstuur")
    assert "Je activiteit gaat niet door." in noor.page.content()
    noor.open(link)
    assert noor.page.get_by_role("heading", level=1).inner_text() == "Deze link werkt niet meer"


@SIZES
def test_a_colleague_comes_and_the_first_one_goes(
    somebody: Arrive, site: str, at: Callable[[datetime], None], size: tuple[int, int]
) -> None:
    at(ASKED - timedelta(days=60))
    with transaction():
        make_package(edition=make_edition())
        noor_voorbeeld = make_user("initiator", name="Noor Voorbeeld")
        make_activity(initiator=noor_voorbeeld, starts=ASKED + timedelta(days=14))
        accounts.send_sign_in_link(noor_voorbeeld.email)
    noor, sam = somebody(size), somebody(size)
    noor.open(link_in_newest_mail())
    noor.press("Log in")
    noor.follow("Nodig een collega uit")
    noor.page.get_by_label("Het mailadres van je collega").fill("sam.verzonnen.van.het.hele.grote.buurthuis@voorbeeld.nl")
    noor.press("Verstuur de uitnodiging")
    sam.open(link_in_newest_mail())
    sam.page.get_by_label("Hoe heet je?").fill("Sam Verzonnen")
    sam.press("Ja, ik doe mee")
    assert "Samen soep eten" in sam.page.content()
    noor.open("/mijn")
    noor.follow("Bekijk je collega's")
    noor.follow("Ik doe niet meer mee")
    noor.press("Ja, ik doe niet meer mee")
    assert "Samen soep eten" not in noor.page.content()
    sam.open("/mijn")
    sam.follow("Nodig een collega uit")
    sam.follow("Ik doe niet meer mee")
    assert "Je kunt nog niet weg." in sam.page.content()
