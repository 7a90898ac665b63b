"""The checklists of RFC 5545, RFC 7986 and HTTP (calendar-feeds.md, sections 1 to 3), for every kind of feed, by a reader of our own."""

import re
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from zoneinfo import ZoneInfo

import pytest

from tests.builders import make_activity, make_occurrence, make_organisation, make_user
from tests.feeds.reading import content_lines, events_in, head_of
from weekapp.activities import service
from weekapp.db import transaction

NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)
HOST = "http://127.0.0.1:8000"
FEEDS = (
    "/activiteiten.ics",
    "/activiteiten.ics?thema=eten&gratis=1",
    "/activiteiten.ics?thema=koffie",  # finds nothing
    "/activiteiten/1.ics",
    "/gemeenten/utrecht.ics",
    "/provincies/utrecht.ics",
    "/themas/eten.ics",
    "/doelgroepen/iedereen.ics",
    "/organisaties/1-stichting-de-linde-partners.ics",
)


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(NOW)


@pytest.fixture
def some(app):
    """Activities in winter and summer time, one of them cancelled, one withdrawn, one at somebody's home."""
    with transaction():
        member = make_user()
        organisation = make_organisation("Stichting De Linde & Partners", member=member)
        whose = {"organisation": organisation, "initiator": member}
        activity = make_activity("Soep; taart, koffie", **whose)
        make_occurrence(activity, datetime(2028, 3, 26, 0, 30, tzinfo=UTC))  # 01.30, and two hours later it is 04.30
        make_occurrence(activity, datetime(2027, 10, 31, 1, 30, tzinfo=UTC))  # 02.30 for the second time
        make_activity("Bij iemand thuis", is_home=True, **whose)
        service.cancel(make_activity("Afgelast", **whose), "Ziek", by=member)
        service.withdraw(make_activity("Weggehaald", **whose), by=member)


@pytest.fixture(params=FEEDS)
def feed(request, client, some):
    """An address and its answer."""
    response = client.get(request.param)
    assert (response.status_code, response.content_type) == (200, "text/calendar; charset=utf-8")
    return request.param, response


def instant(line):
    """A time as the instant that it means."""
    if line.value.endswith("Z"):
        return datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    zone = re.fullmatch(r";TZID=([\w/]+)", line.parameters)[1]
    local = datetime.strptime(line.value, "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))
    assert local.astimezone(UTC).astimezone(ZoneInfo(zone)) == local, "a wall time that the clock skips"
    return local.astimezone(UTC)


def test_octets_are_utf8_without_a_mark_and_one_calendar(feed):
    _, response = feed
    assert response.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert (response.data.count(b"BEGIN:VCALENDAR"), response.data.count(b"END:VCALENDAR\r\n")) == (1, 1)
    assert b"\r\n\r\n" not in response.data
    response.data.decode()


def test_the_head_has_each_property_once_and_before_any_part(feed):
    path, response = feed
    head = head_of(response.data)
    assert {name: len(lines) for name, lines in head.items()} == dict.fromkeys(head, 1)
    assert (head["VERSION"][0].value, head["CALSCALE"][0].value) == ("2.0", "GREGORIAN")
    assert head["PRODID"][0].value
    assert head["NAME"][0].value == head["X-WR-CALNAME"][0].value != ""
    assert (head["REFRESH-INTERVAL"][0].parameters, head["REFRESH-INTERVAL"][0].value) == (";VALUE=DURATION", "PT4H")
    assert head["X-PUBLISHED-TTL"][0].value == "PT4H"
    assert (head["SOURCE"][0].parameters, head["SOURCE"][0].value) == (";VALUE=URI", HOST + path)
    assert "METHOD" not in head


def test_every_event_has_what_it_must_have_once(feed):
    _, response = feed
    for event in events_in(response.data):
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LAST-MODIFIED", "CREATED", "URL"):
            assert len(event[name]) == 1, name
        assert "DURATION" not in event
        assert event["SUMMARY"][0].text.strip()
        assert "\n" not in event["SUMMARY"][0].text
        assert event["STATUS"][0].value in {"TENTATIVE", "CONFIRMED", "CANCELLED"}
        assert re.fullmatch(r"\d+", event["SEQUENCE"][0].value)
        assert event["URL"][0].value.startswith(f"{HOST}/activiteiten/")


def test_stamps_are_in_utc_and_not_in_the_future(feed):
    _, response = feed
    for event in events_in(response.data):
        created, stamped, modified = (instant(event[name][0]) for name in ("CREATED", "DTSTAMP", "LAST-MODIFIED"))
        assert all(event[name][0].value.endswith("Z") for name in ("CREATED", "DTSTAMP", "LAST-MODIFIED"))
        assert created <= stamped == modified <= NOW


def test_every_moment_exists_and_ends_after_it_begins(feed):
    _, response = feed
    for event in events_in(response.data):
        assert instant(event["DTSTART"][0]) < instant(event["DTEND"][0])


def test_instants_are_those_of_the_moments_across_both_clock_changes(client, some):
    soup = [event for event in events_in(client.get("/activiteiten.ics").data) if event["SUMMARY"][0].text == "Soep; taart, koffie"]
    assert [(instant(event["DTSTART"][0]), instant(event["DTEND"][0])) for event in soup] == [
        (datetime(2027, 9, 30, 10, tzinfo=UTC), datetime(2027, 9, 30, 12, tzinfo=UTC)),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), datetime(2027, 10, 31, 3, 30, tzinfo=UTC)),
        (datetime(2028, 3, 26, 0, 30, tzinfo=UTC), datetime(2028, 3, 26, 2, 30, tzinfo=UTC)),
    ]


def test_a_moment_is_the_same_in_every_feed_that_has_it(client, some):
    found: dict[str, set[str]] = {}
    for path in FEEDS:
        for event in events_in(client.get(path).data):
            found.setdefault(event["UID"][0].value, set()).add(str(event))
    assert len(found) == 6
    assert {uid: len(versions) for uid, versions in found.items()} == dict.fromkeys(found, 1)


def test_nothing_of_a_person_is_in_a_feed(feed):
    _, response = feed
    assert not {"ATTENDEE", "ORGANIZER", "CONTACT"} & {line.name for line in content_lines(response.data)}
    for secret in ("Persoon", "@voorbeeld.nl", "eenzaam", "Ziek"):
        assert secret not in response.text


def test_a_feed_is_for_everyone_at_once_without_cookie_or_detour(feed):
    path, response = feed
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"].startswith("public, max-age=")
    assert response.headers["Content-Disposition"].partition(";")[0] == ("attachment" if path == "/activiteiten/1.ics" else "inline")
    assert response.headers["Content-Disposition"].endswith('.ics"')


def test_robots_may_read_every_feed(client):
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert [path for path in FEEDS if not robots.can_fetch("Google-Calendar-Importer", HOST + path)] == []
    assert not robots.can_fetch("Google-Calendar-Importer", f"{HOST}/logistiek")  # the reader does read it
