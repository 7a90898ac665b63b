"""The main job from end to end, in a real browser, on the system that `make run` starts.

Each page on the way has no axe violation, asks no other host for anything, leaves the console empty and fits the window
(tests/browsing.py).
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable

import pytest
from icalendar import Calendar
from pypdf import PdfReader

from tests.browsing import PHONE, Visitor
from tests.journeys.system import RunningSystem
from weekapp import clock
from weekapp.editions.rules import default_days, upcoming_year

pytestmark = [pytest.mark.browser, pytest.mark.processes]
TITLE = "Soep aan de lange tafel"


def sign_in(person: Visitor, system: RunningSystem, role: str) -> None:
    """As staff do: address and password, then the six digits."""
    page = person.open("/inloggen")
    account = system.account(role)
    page.get_by_label("Je mailadres").last.fill(account["email"])
    page.get_by_label("Je wachtwoord").fill(account["password"])
    person.press("Ga verder")
    page.get_by_label("Code van 6 cijfers").fill(system.code(role))
    person.press("Log in")


def newest_mail_link(person: Visitor, subject: str, path: str) -> str:
    """The link in the newest mail with this subject; the worker may need a moment."""
    for _ in range(100):
        page = person.open("/demo/post")
        mail = page.get_by_role("link", name=subject)
        if mail.count():
            person.follow(subject)
            found = re.search(rf"http://\S+?{path}\S+", page.inner_text("main"))
            assert found, page.inner_text("main")
            return found.group(0).rstrip(".,)")
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail {subject!r}")


def register(person: Visitor) -> None:
    """The five steps of /meedoen, up to the page that says to look in the mail."""
    first_day = default_days(upcoming_year(clock.today()))[0]
    page = person.open("/meedoen")
    person.open("/meedoen/activiteit")
    page.get_by_label("Hoe heet je activiteit?").fill(TITLE)
    page.get_by_label("Wat gaan jullie doen?").fill("We koken samen soep. Daarna eten we aan een lange tafel.")
    page.get_by_label("Wat voor activiteit is het?").select_option(label="Samen eten")
    page.get_by_label("Ouderen", exact=True).check()
    page.get_by_label("Hoeveel mensen verwacht je ongeveer?").fill("150")
    page.get_by_role("group", name="Is meedoen gratis?").get_by_label("Ja").check()
    page.get_by_label("Je kunt ook alleen komen").check()
    page.get_by_label("Iemand met een rolstoel kan naar binnen").check()
    person.press("Bewaar en ga verder")
    page.get_by_label("Hoe heet de plek?").fill("Buurthuis Het Voorbeeld")
    page.get_by_label("Postcode", exact=True).fill("8011ab")
    page.get_by_label("Huisnummer").fill("12")
    page.get_by_label("Dag", exact=True).fill(first_day.isoformat())
    page.get_by_label("Begint om").fill("17:30")
    page.get_by_label("Duurt tot").fill("19:30")
    person.press("Bewaar en ga verder")
    if page.get_by_label("Straat").count() and not page.get_by_label("Straat").input_value():
        page.get_by_label("Straat").fill("Voorbeeldstraat")
        person.press("Bewaar en ga verder")
    page.get_by_label("Wie organiseert de activiteit?").fill("Buren van de Voorbeeldstraat")
    page.get_by_label("Wat voor organisatie is het?").select_option(label="Bewoners of buren")
    page.get_by_label("Hoe heet je?").fill("Fenna Voorbeeld")
    page.get_by_label("Wat is je mailadres?").fill("fenna@voorbeeld.nl")
    page.get_by_label("Wat is je telefoonnummer?").fill("06 12345678")
    person.press("Bewaar en ga verder")
    page.get_by_role("group", name="Wil je het gratis Kom Erbij-pakket?").get_by_label("Ja").check()
    assert page.get_by_label("Hoeveel pakketten wil je?").input_value() == "3"  # 150 visitors at 74 a package
    page.get_by_label("Naar het adres van de activiteit").check()
    page.get_by_label("Wie neemt het pakket aan?").fill("Fenna Voorbeeld")
    person.press("Bewaar en ga verder")
    assert page.get_by_role("link", name="Wijzig").count() >= 4
    person.press("Verstuur")


def test_from_registered_activity_to_downloaded_batch(system: RunningSystem, somebody: Callable[..., Visitor]):
    initiator = somebody(PHONE)
    register(initiator)
    link = newest_mail_link(initiator, "Bevestig je activiteit", "/meedoen/bevestigen/")
    page = initiator.open(link.removeprefix(system.base_url))
    resident = somebody(PHONE)
    assert TITLE not in resident.open("/activiteiten?gemeente=zwolle").inner_text("main")
    initiator.press("Ja, bevestig mijn activiteit")
    number = re.search(r"KE\d\d-\d{5}", page.inner_text("main"))
    assert number, page.inner_text("main")

    approve(system, somebody())
    find(resident, somebody())
    batch_holds_the_order(system, somebody(), number.group(0))
    initiator_sees_it_is_under_way(initiator, somebody, number.group(0))


def approve(system: RunningSystem, moderator: Visitor) -> None:
    """The newest activity waits at the end of the queue: oldest first."""
    sign_in(moderator, system, "moderator")
    page = moderator.open("/beheer/moderatie")
    moderator.follow(TITLE)
    assert "Voorbeeldstraat 12" in page.inner_text("main")
    moderator.press("Keur goed")


def find(resident: Visitor, with_mouse: Visitor) -> None:
    """In the list, on its own page, in the calendar and on the map."""
    page = resident.open(f"/activiteiten?q={TITLE.split()[0]}&gemeente=zwolle&alleen=1&rolstoel=1&gratis=1")
    found = page.locator("[role=status][data-aantal]")
    assert int(found.get_attribute("data-aantal") or 0) >= 1
    resident.follow(TITLE)
    assert "17.30 tot 19.30 uur" in page.inner_text("main")
    assert resident.context.cookies() == []
    address = page.url.split("/activiteiten/")[1].split("-")[0]
    answer = resident.fetch(f"/activiteiten/{address}.ics")
    (event,) = Calendar.from_ical(answer).walk("VEVENT")
    assert event["SUMMARY"] == TITLE
    feed = resident.fetch("/gemeenten/zwolle.ics")
    assert TITLE in [str(event["SUMMARY"]) for event in Calendar.from_ical(feed).walk("VEVENT")]
    page = with_mouse.open("/kaart?gemeente=zwolle")
    assert TITLE in page.inner_text("main")
    page.locator(".map-box").scroll_into_view_if_needed()
    page.locator(".leaflet-marker-icon").first.wait_for()


def batch_holds_the_order(system: RunningSystem, logistics: Visitor, number: str) -> None:
    """Press, wait, download twice, hand over."""
    sign_in(logistics, system, "logistics")
    page = logistics.open("/logistiek")
    logistics.press("Maak nu een batch")
    for _ in range(150):
        if page.get_by_role("link", name=re.compile(r"ZIP", re.IGNORECASE)).count():
            break
        page.wait_for_timeout(400)
        page.reload()
    logistics.check()
    button = page.get_by_role("link", name=re.compile(r"ZIP", re.IGNORECASE)).first
    address = button.get_attribute("href")
    assert address
    first, second = logistics.fetch(address), logistics.fetch(address)
    assert first == second
    judge(zipfile.ZipFile(io.BytesIO(first)), number)
    logistics.press("Overgedragen aan de vervoerder")


def judge(batch: zipfile.ZipFile, number: str) -> None:
    """Every file is the one of the manifest; the order is in each of them."""
    manifest = json.loads(batch.read("manifest.json"))
    listed = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert set(listed) == set(batch.namelist()) - {"manifest.json"}
    assert all(hashlib.sha256(batch.read(name)).hexdigest() == digest for name, digest in listed.items())
    slips = [name for name in listed if name.startswith("pakbonnen")]
    text = " ".join(page.extract_text() for name in slips for page in PdfReader(io.BytesIO(batch.read(name))).pages)
    assert number in text
    assert "eenzaam" not in text.lower()
    carrier = next(name for name in listed if name.startswith("vervoerder"))
    assert number in batch.read(carrier).decode("utf-8-sig")
    assert {"picklijst.xlsx", "bestellingen.xlsx"} <= set(listed)


def initiator_sees_it_is_under_way(initiator: Visitor, somebody: Callable[..., Visitor], number: str) -> None:
    """Signed in by mail, without a password."""
    page = initiator.open("/inloggen")
    page.get_by_label("Je mailadres").first.fill("fenna@voorbeeld.nl")
    initiator.press("Stuur mij een link")
    link = newest_mail_link(somebody(), "Je link om in te loggen", "/inloggen/link/")
    initiator.open(link.removeprefix(initiator.base_url))
    initiator.press("Log in")
    text = initiator.open("/mijn").inner_text("main")
    assert number in text
    assert "onderweg" in text
