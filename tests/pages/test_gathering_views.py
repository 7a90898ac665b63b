"""Gatherings as everybody sees them, and in calendars."""

import json
import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from tests.builders import make_user
from tests.feeds.reading import seen_by_khal
from tests.gatherings.making import LINK, STARTS, make_gathering, new_gathering, new_session
from weekapp.db import transaction
from weekapp.gatherings import queries, service
from weekapp.gatherings.rules import Attendance, Audience

PAGE = "/bijeenkomsten"


def make(**more):
    with transaction():
        gathering = make_gathering(**more)
        return gathering.id, gathering.path


def events(octets):
    return Calendar.from_ical(octets).walk("VEVENT")


def test_the_list_tells_what_is_coming_and_what_has_been(client, at):
    make(title="Samen beginnen")
    at(STARTS - timedelta(days=100))
    page = client.get(PAGE).text
    assert page.index("Dit komt eraan") < page.index("Samen beginnen")
    assert "Dit is geweest" not in page
    at(STARTS + timedelta(days=100))
    page = client.get(PAGE).text
    assert page.index("Dit is geweest") < page.index("Samen beginnen")


def test_without_gatherings_the_list_says_so(client):
    assert "Er staan nu geen bijeenkomsten op de site." in client.get(PAGE).text


def test_what_has_no_session_yet_is_nowhere(client):
    number, path = make(sessions=())
    assert path not in client.get(PAGE).text
    assert path not in client.get("/sitemap.xml").text
    for address in (path, f"{PAGE}/{number}", f"{PAGE}/{number}.ics"):
        assert client.get(address).status_code == 404


def test_the_page_tells_what_when_where_and_for_whom(client, at):
    at(STARTS - timedelta(days=100))
    session = new_session("Gesprek", room="Zaal Tafel", audience=Audience.MUNICIPALITIES, places=40)
    _, path = make(sessions=(session,), step_free=True, hearing_loop=True)
    page = client.get(path).text
    for text in ("Gesprek", "Zaal Tafel", "Voor gemeenten", "Nog 40 plaatsen vrij", "De Verzonnen Hal", "3511 LX Utrecht", "Programmateam"):
        assert text in page
    assert "Er is een ringleiding" in page
    assert "Je kunt met een rolstoel naar binnen" in page


def test_what_is_not_said_of_the_building_is_no_yes(client):
    _, path = make()
    assert "De organisatie noemt dit niet: toegang met een rolstoel, een ringleiding." in client.get(path).text


@pytest.mark.parametrize("attendance", [Attendance.ONLINE, Attendance.MIXED])
def test_the_link_to_take_part_is_on_no_public_page_and_in_no_feed(client, attendance):
    number, path = make(attendance=attendance, online_link=LINK)
    for address in (PAGE, path, f"/en{path}", f"{PAGE}.ics", f"{PAGE}/{number}.ics", "/sitemap.xml"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert LINK not in answer.text.replace("\r\n ", "")


def test_old_and_short_addresses_lead_to_the_page(client):
    number, path = make()
    for address in (f"{PAGE}/{number}", f"{PAGE}/{number}-oude-naam"):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (301, path)
    for address in (f"{PAGE}/999", f"{PAGE}/999-weg", f"{PAGE}/99999999999.ics"):
        assert client.get(address).status_code == 404


def test_search_engines_read_an_event_with_its_sessions(client):
    number, path = make(sessions=(new_session("Een"), new_session("Twee")), attendance=Attendance.MIXED)
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text, re.DOTALL)[1])
    assert (found["@type"], found["identifier"], found["startDate"]) == ("Event", number, STARTS.isoformat())
    assert found["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [one["@type"] for one in found["location"]] == ["Place", "VirtualLocation"]
    assert [one["name"] for one in found["subEvent"]] == ["Een", "Twee"]


def test_what_is_called_off_says_so_everywhere(client):
    number, path = make()
    with transaction():
        service.call_off(queries.one(number), "De zaal is weg.", by=make_user("manager"))
    page = client.get(path).text
    assert "Deze bijeenkomst gaat niet door." in page
    assert "De zaal is weg." in page
    assert "EventCancelled" in page
    assert "Gaat niet door" in client.get(PAGE).text
    for address in (f"{PAGE}.ics", f"{PAGE}/{number}.ics"):
        event = events(client.get(address).data)[0]
        assert (event["status"], event["sequence"]) == ("CANCELLED", 1)
        assert event["summary"].startswith("[AFGELAST] ")
        assert "Dit gaat niet door." in event["description"]
        assert "Meld je" not in event["description"]


def test_when_each_session_is_off_all_of_it_is(client):
    number, path = make(sessions=(new_session("Een"), new_session("Twee")))
    for title, is_off in (("Een", False), ("Twee", True)):
        with transaction():
            session = next(one for one in queries.one(number).sessions if one.title == title)
            service.call_off_session(session, "", by=make_user("manager"))
        assert ("Deze bijeenkomst gaat niet door." in client.get(path).text) is is_off
        assert ("hit--off" in client.get(PAGE).text) is is_off


def test_search_engines_read_that_a_session_was_moved(client):
    number, path = make()
    with transaction():
        service.change_session(queries.one(number).sessions[0], new_session(starts=STARTS + timedelta(days=1)), by=make_user("manager"))
    page = client.get(path).text
    assert "EventRescheduled" in page
    assert f'"previousStartDate": "{STARTS.isoformat()}"' in page


def test_a_calendar_has_each_session_once_with_the_same_uid_for_ever(client):
    number, _ = make(sessions=(new_session("Een", room="Zaal 1"), new_session("Twee", starts=STARTS + timedelta(hours=3))))
    first = client.get(f"{PAGE}/{number}.ics")
    assert first.content_type == "text/calendar; charset=utf-8"
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert [str(event["summary"]) for event in events(first.data)] == ["Landelijke opening: Een", "Landelijke opening: Twee"]
    assert events(first.data)[0]["location"] == "Zaal 1, De Verzonnen Hal, Voorbeeldplein 1, 3511 LX Utrecht"
    assert first.data.count(b"BEGIN:VTIMEZONE") == 1
    uids = [event["uid"] for event in events(first.data)]
    with transaction():
        service.change(queries.one(number), new_gathering("Een andere naam"), by=make_user("manager"))
    again = events(client.get(f"{PAGE}.ics").data)
    assert [event["uid"] for event in again] == uids
    assert [event["sequence"] for event in again] == [1, 1]


def test_another_program_reads_the_times_as_they_are(client, tmp_path):
    make(sessions=(new_session("Soep"),))
    seen = seen_by_khal(client.get(f"{PAGE}.ics").data, tmp_path, "2027-09-29", 1)
    assert [(str(starts)[:16], title) for starts, _, title in seen.values()] == [("2027-09-29 13:00", "Landelijke opening: Soep")]


def test_an_empty_feed_is_a_calendar_too(client):
    answer = client.get(f"{PAGE}.ics")
    assert answer.status_code == 200
    assert events(answer.data) == []


def test_an_unchanged_page_or_feed_costs_no_bytes_and_a_change_is_seen(client):
    number, path = make()
    for address in (PAGE, path, f"{PAGE}.ics", f"{PAGE}/{number}.ics"):
        answer = client.get(address)
        assert "public" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    with transaction():
        service.change(queries.one(number), new_gathering("Een nieuwe naam"), by=make_user("manager"))
    assert "Een nieuwe naam" in client.get(PAGE).text
    assert "Een nieuwe naam" in client.get(f"{PAGE}.ics").text


def test_it_is_there_in_english_and_in_the_sitemap_and_in_the_footer(client):
    _, path = make()
    page = client.get(f"/en{path}").text
    assert "Who is organising this?" in page or "organis" in page
    assert "All gatherings" in page
    assert '<span lang="nl" dir="ltr">We eten samen aan een lange tafel.</span>' in page
    assert f'hreflang="en" href="http://127.0.0.1:8000/en{path}"' in client.get(path).text
    assert f"<loc>http://127.0.0.1:8000{path}</loc>" in client.get("/sitemap.xml").text
    assert 'href="/bijeenkomsten"' in client.get("/").text
