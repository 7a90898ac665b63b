"""What the last step shows: the entry in a calendar is word for word the one that comes out of the feed afterwards."""

import re
from html import unescape

import icalendar
import pytest

from tests.registration.filling import Person, confirm_link, form_token, only, set_the_table
from weekapp.activities import service as activities
from weekapp.activities.models import Activity
from weekapp.db import db, transaction


@pytest.fixture(autouse=True)
def table(client):
    set_the_table()


def entry_on(page):
    """The lines of the entry on the page: name, when, where, text."""
    entry = re.search(r'<div class="entry">(.*?)</div>', page, re.DOTALL)[1]
    return [unescape(re.sub("<[^>]+>", "", part)).strip() for part in re.findall(r"<p[^>]*>(.*?)</p>", entry, re.DOTALL)]


def entry_in_feed(client):
    """Register it, approve it, and read the calendar that everybody can have."""
    activity_id = only(Activity).id
    with transaction():
        activity = db.session.get(Activity, activity_id)
        activities.publish(activity, by=activity.initiator)
    calendar = icalendar.Calendar.from_ical(client.get(f"/activiteiten/{activity_id}.ics").data)
    return calendar.walk("VEVENT")[0]


def test_the_entry_says_what_when_and_where(client):
    name, when, where, text = entry_on(client.get(Person(client).walk().path).text)
    assert name == "Samen soep eten"
    assert when == "donderdag 30 september, 10.00 tot 12.00 uur"
    assert "Buurthuis De Linde" in where
    assert "We koken soep en eten samen aan een lange tafel." in text
    assert "http" not in text, "it has no address of its own yet"


def test_the_entry_is_the_one_of_the_feed(client):
    person = Person(client).walk()
    name, _when, where, text = entry_on(client.get(person.path).text)
    person.send({})
    link = confirm(client)
    assert link.status_code == 303
    event = entry_in_feed(client)
    assert str(event["SUMMARY"]) == name
    assert str(event["LOCATION"]) == where
    assert str(event["DESCRIPTION"]).partition("http")[0].split() == text.split()


def confirm(client):
    link = confirm_link()
    return client.post(link, data={"form_token": form_token(client.get(link))})


def test_the_entry_of_a_home_names_the_town_only(client):
    page = client.get(Person(client).walk(plaats_en_tijd={"is_home": "y"}).path).text
    where = entry_on(page)[2]
    assert "Utrecht" in where
    assert "12" not in where
    assert "3511" not in where


def test_the_entry_of_several_moments_shows_the_first_and_how_many_more(client):
    more = {"moments-1-day": "2027-10-01", "moments-1-begins": "10:00", "moments-1-ends": "12:00"}
    page = client.get(Person(client).walk(plaats_en_tijd=more).path).text
    assert "en nog 1 keer" in entry_on(page)[1]


def test_the_entry_never_names_who_registers(client):
    entry = " ".join(entry_on(client.get(Person(client).walk().path).text))
    for private in ("Noor", "noor@voorbeeld.nl", "06 12345678", "+31612345678"):
        assert private not in entry
