"""The 39 bugs that users of other calendars filed (calendar-feeds.md, section 4), each tried on the octets that our site sends.

The number is that of the table there; the project and issue stand behind it. Nothing here reads with `icalendar`: a reader that shares a
fault with the writer sees nothing.
"""

import re
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import make_activity, make_occurrence, make_organisation, make_user
from tests.feeds.reading import content_lines, events_in, head_of, physical_lines
from weekapp import cache
from weekapp.activities import service
from weekapp.activities.models import Activity
from weekapp.activities.rules import THEME_WORDS, Theme
from weekapp.db import db, transaction
from weekapp.feeds.models import CalendarEntry

FEED = "/activiteiten.ics"
NOW = datetime(2027, 9, 1, 12, tzinfo=UTC)
HOSTILE = {
    "signs that are escaped": "Soep; taart, koffie \\ thee, \\n is geen regel; \\\\",
    "lines": "een\r\ntwee\rdrie\nvier\u2028vijf\u2029zes\x85zeven",
    "control characters": "een bel \x07, een escape \x1b[31m en een tab\thier \x0b\x0c\x7f",
    "emoji": "👩‍👩‍👧‍👦🇳🇱😀" * 12,
    "other scripts": "Đặng Łukasz Şahin 日本語 العربية עברית ไทย " * 4,
    "combining marks": "e\u0301" * 60,
    "html": "<b>vet</b> &amp; <script>alert(1)</script> R&D <3 &nbsp;",
    "quotes": 'Buurthuis "De Linde"; \'t Hoekje: "kom erbij"',
    "colons": 'BEGIN:VEVENT\nUID:vals\nEND:VEVENT\nX:Y;Z="Q":',
    "backslashes": "\\" * 150,
    "spaces": "woord " * 40 + " " * 80 + "einde",
    "one long word": "x" * 200,
}


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(NOW)


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request, client):
    """A text that broke other calendars, and the feed of an activity that is full of it."""
    title, text = request.param[:120], request.param
    with transaction():
        member = make_user()
        organisation = make_organisation(title, member=member)
        make_activity(title, organisation=organisation, initiator=member, description=text, venue=title[:60], town=title[:40])
    return text, client.get(FEED).data


@pytest.fixture
def plain(client):
    """The feed of a few activities: in summer time, in winter time, in the doubled hour, cancelled, and one with three moments."""
    with transaction():
        activity = make_activity()
        make_occurrence(activity, datetime(2027, 10, 1, 18, tzinfo=UTC))
        make_occurrence(activity, datetime(2027, 11, 2, 18, tzinfo=UTC))
        make_activity("Uur dat twee keer komt", starts=datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
        make_activity("Hele dag", starts=datetime(2027, 10, 1, 22, tzinfo=UTC), hours=24)
        service.cancel(make_activity("Afgelast"), "Ziek", by=make_user())
    return client.get(FEED).data


def squeezed(text):
    """A text as it can stand on one line."""
    return " ".join("".join(sign if sign.isprintable() or sign.isspace() else "" for sign in text).split())


def zones(octets):
    """The parts of the time zone, by name, with their lines."""
    text = re.sub(rb"\r\n[ \t]", b"", octets).decode()
    return dict(re.findall(r"BEGIN:(DAYLIGHT|STANDARD)\r\n(.*?)END:\1", text, re.DOTALL))


def test_bug_01_no_fold_between_a_backslash_and_what_it_escapes(hostile):
    """collective/icalendar#1501: Google hides the event."""
    _, octets = hostile
    for line in physical_lines(octets):
        assert (len(line) - len(line.rstrip(b"\\"))) % 2 == 0, line


def test_bug_02_the_time_zone_stands_before_the_events(plain):
    """collective/icalendar#844"""
    assert plain.index(b"END:VTIMEZONE") < plain.index(b"BEGIN:VEVENT")
    assert b"BEGIN:VTIMEZONE" not in plain[plain.index(b"BEGIN:VEVENT") :]


@pytest.mark.parametrize("theme", Theme)
def test_bug_03_no_comma_between_categories_is_escaped(client, theme):
    """collective/icalendar#110, #263, #127: here a category never has a comma, and one that had would be escaped inside it only."""
    with transaction():
        make_activity(theme=theme)
    (event,) = events_in(client.get(FEED).data)
    assert [line.value for line in event["CATEGORIES"]] == [THEME_WORDS[theme]]


def test_bug_04_the_time_zone_has_rules_and_no_list_of_dates(plain):
    """iCalcreator/iCalcreator#86, #106: Outlook is an hour off."""
    assert b"RDATE" not in plain
    assert {name: body.count("RRULE:FREQ=YEARLY;") for name, body in zones(plain).items()} == {"DAYLIGHT": 1, "STANDARD": 1}


def test_bug_05_summer_begins_at_two_and_winter_at_three(plain):
    """icalendar/icalendar#252 (Ruby): local time before the change (RFC 5545, 3.6.5)."""
    found = {name: re.search(r"DTSTART:\d{8}T(\d{6})\r\n", body)[1] for name, body in zones(plain).items()}
    assert found == {"DAYLIGHT": "020000", "STANDARD": "030000"}


def test_bug_06_the_time_zone_has_both_its_halves(plain):
    """ical4j/ical4j#230"""
    assert zones(plain).keys() == {"DAYLIGHT", "STANDARD"}


def test_bug_07_the_halves_are_not_swapped(plain):
    """kewisch/ical.js#380"""
    halves = zones(plain)
    for line in ("BYDAY=-1SU", "BYMONTH=3\r\n", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST"):
        assert line in halves["DAYLIGHT"]
    for line in ("BYDAY=-1SU", "BYMONTH=10\r\n", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET"):
        assert line in halves["STANDARD"]


def test_bug_08_no_emoji_is_cut_in_two(client):
    """ical4j/ical4j#800: each line is UTF-8 by itself, wherever the fold comes."""
    with transaction():
        for length in range(1, 25):
            make_activity("x" * length + "😀" * 40)
    for line in physical_lines(client.get(FEED).data):
        line.decode()


def test_bug_09_folds_are_counted_in_octets(hostile):
    """ical-org/ical.net#693"""
    _, octets = hostile
    assert max(map(len, physical_lines(octets))) <= 75


def test_bug_10_a_fold_that_meets_an_escaped_newline_leaves_utf8(client):
    """iCalcreator/iCalcreator#126"""
    with transaction():
        for length in range(50, 80):
            make_activity(description="é" * length + "\n\né" * 20)
    octets = client.get(FEED).data
    for line in physical_lines(octets):
        line.decode()
    assert all(event["DESCRIPTION"][0].text.startswith("é" * 50) for event in events_in(octets))


def test_bug_11_no_control_character_gets_through(hostile):
    """ical-org/ical.net#497: it breaks the parser."""
    _, octets = hostile
    assert not [sign for sign in octets.decode() if (ord(sign) < 32 and sign not in "\r\n\t") or 127 <= ord(sign) < 160]


def test_bug_12_there_is_no_stray_carriage_return(hostile):
    """indico/indico#255: Thunderbird refuses the feed."""
    _, octets = hostile
    assert octets.count(b"\r") == octets.count(b"\r\n")


def test_bug_13_every_line_ends_in_crlf(hostile):
    """jshor/datebook#217"""
    _, octets = hostile
    assert octets.count(b"\n") == octets.count(b"\r\n") > 20
    assert octets.endswith(b"END:VCALENDAR\r\n")


def test_bug_14_a_line_break_in_a_text_is_no_line_of_the_file(hostile):
    """ilios/ilios#1225: each line is NAME;parameters:value, and a text cannot bring an event of its own."""
    _, octets = hostile
    content_lines(octets)  # fails on a line that is none
    assert octets.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    assert b"\r\nUID:vals" not in octets


def test_bug_15_every_zone_that_is_used_is_defined(plain):
    """owncloud-archive/calendar#687, sebbo2002/ical-generator#680: Outlook is an hour off."""
    used = set(re.findall(rb"TZID=([^:;]+)", plain))
    assert used == set(re.findall(rb"\r\nTZID:([^\r]+)", plain)) == {b"Europe/Amsterdam"}


def test_bug_16_zones_have_names_of_iana(plain):
    """nextcloud/server#48598"""
    assert {name.decode() for name in re.findall(rb"TZID[=:]([^:;\r]+)", plain)} <= zoneinfo.available_timezones()


def test_bug_17_no_time_in_utc_has_a_zone(plain):
    """Gig-o-Matic/GO3#375"""
    times = [line for event in events_in(plain) for name in ("DTSTART", "DTEND") for line in event[name]]
    assert not [line for line in times if "TZID" in line.parameters and line.value.endswith("Z")]
    assert any(line.value.endswith("Z") for line in times)  # the doubled hour is among them


def test_bug_18_no_time_floats(plain):
    """SandeepVashishtha/Eventra#13349"""
    times = [line for event in events_in(plain) for name in ("DTSTART", "DTEND") for line in event[name]]
    assert all("TZID=" in line.parameters or line.value.endswith("Z") for line in times)


def test_bug_19_every_date_says_that_it_is_one(plain):
    """kewisch/ical.js#458, Kozea/Radicale#2008: we write times only, and no exceptions."""
    lines = [line for line in content_lines(plain) if line.name in {"DTSTART", "DTEND", "EXDATE", "RDATE", "RECURRENCE-ID"}]
    assert not [line for line in lines if re.fullmatch(r"\d{8}", line.value) and "VALUE=DATE" not in line.parameters]
    assert not {"EXDATE", "RDATE", "RECURRENCE-ID"} & {line.name for line in lines}


def test_bug_20_no_series_ends_in_local_time(plain):
    """jkbrzt/rrule#440, mangstadt/biweekly#10: each moment is an event of its own, so there is no UNTIL."""
    assert not [line for line in content_lines(plain) if "UNTIL" in line.value and line.name == "RRULE"]
    assert not any("RRULE" in event for event in events_in(plain))


def test_bug_21_a_day_ends_when_the_next_begins(plain):
    """craigk5n/webcalendar#144, spatie/calendar-links#53"""
    (day,) = (event for event in events_in(plain) if event["SUMMARY"][0].text == "Hele dag")
    assert (day["DTSTART"][0].value, day["DTEND"][0].value) == ("20271002T000000", "20271003T000000")


def test_bug_22_begin_and_end_are_of_one_kind(plain):
    """ics-py/ics-py#92"""
    kind = re.compile(r"\d{8}T\d{6}Z?")
    for event in events_in(plain):
        assert kind.fullmatch(event["DTSTART"][0].value)
        assert kind.fullmatch(event["DTEND"][0].value)


def test_bug_23_several_days_are_several_events(plain):
    """indico/indico#6867"""
    soup = [event for event in events_in(plain) if event["SUMMARY"][0].text == "Samen soep eten"]
    assert [(event["DTSTART"][0].value, event["DTEND"][0].value) for event in soup] == [
        ("20270930T120000", "20270930T140000"),
        ("20271001T200000", "20271001T220000"),
        ("20271102T190000", "20271102T210000"),
    ]


def test_bug_24_every_moment_has_a_uid_of_its_own(plain):
    """geeksforsocialchange/PlaceCal#2993"""
    uids = [event["UID"][0].value for event in events_in(plain)]
    assert len(uids) == len(set(uids)) == 6


def test_bug_25_a_uid_is_the_same_at_each_fetch(app, client, plain, at):
    """angusmcleod/angus-events-plugin#51, sendou-ink#2888, H2-invent/jitsi-admin#517: also after everything stored is gone."""
    at(NOW + timedelta(days=3))
    with transaction():
        db.session.query(CalendarEntry).delete()
    cache.layer_of(app).forget()
    assert [event["UID"][0].value for event in events_in(client.get(FEED).data)] == [event["UID"][0].value for event in events_in(plain)]


def test_bug_26_a_feed_has_its_validators(client, plain):
    """indico/indico#4784"""
    response = client.get(FEED)
    assert response.headers["ETag"]
    assert response.headers["Last-Modified"]
    assert client.get(FEED, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_bug_27_no_stamp_says_now(app, client, plain, at):
    """LiturgicalCalendarAPI#849, #860"""
    tag = client.get(FEED).headers["ETag"]
    at(NOW + timedelta(days=2, seconds=7))
    with transaction():
        db.session.query(CalendarEntry).delete()
    cache.layer_of(app).forget()
    later = client.get(FEED)
    assert (later.data, later.headers["ETag"]) == (plain, tag)


def test_bug_28_the_etag_is_quoted_and_changes(client, plain, at):
    """joomla/joomla-cms#17192"""
    before = client.get(FEED).headers["ETag"]
    at(NOW + timedelta(hours=1))
    with transaction():
        service.cancel(db.session.query(Activity).filter_by(title="Hele dag").one(), "Ziek", by=make_user())
    after = client.get(FEED, headers={"If-None-Match": before})
    assert re.fullmatch(r'(W/)?"[^"]+"', before)
    assert (after.status_code, after.headers["ETag"] == before) == (200, False)


@pytest.mark.parametrize("accept", [None, "", "text/calendar", "application/json", "image/png;q=1, */*;q=0", "no such thing ;;;"])
def test_bug_29_whatever_is_accepted_the_feed_comes(client, plain, accept):
    """aaronpk/Meetable#138: Google sends no Accept."""
    response = client.get(FEED, headers={} if accept is None else {"Accept": accept})
    assert (response.status_code, response.content_type, response.data) == (200, "text/calendar; charset=utf-8", plain)


def test_bug_30_sequence_and_last_modified_grow_with_a_change(client, plain, at):
    """owncloud/core#27151, aaronpk/Meetable#176: Google adds but never updates."""
    before = {event["UID"][0].value: event for event in events_in(plain) if event["SUMMARY"][0].text == "Samen soep eten"}
    at(NOW + timedelta(hours=1))
    with transaction():
        service.cancel(db.session.query(Activity).filter_by(title="Samen soep eten").one(), "Ziek", by=make_user())
    after = {event["UID"][0].value: event for event in events_in(client.get(FEED).data)}
    for uid, event in before.items():
        assert int(after[uid]["SEQUENCE"][0].value) > int(event["SEQUENCE"][0].value)
        assert after[uid]["LAST-MODIFIED"][0].value > event["LAST-MODIFIED"][0].value


def test_bug_31_head_answers_as_get_does(client, plain):
    """aspnet/live.asp.net#109"""
    got, head = client.get(FEED), client.head(FEED)
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(got.headers))


def test_bug_32_what_is_off_says_so(plain):
    """GetTogetherComm/GetTogether#291; Google hides it and Apple strikes it through, so there is a prefix too."""
    (off,) = (event for event in events_in(plain) if "Afgelast" in event["SUMMARY"][0].text)
    assert (off["STATUS"][0].value, off["SUMMARY"][0].text) == ("CANCELLED", "[AFGELAST] Afgelast")


def test_bug_33_the_point_has_a_bare_semicolon(plain):
    """OpenACalendar#670, markuspoerschke/iCal#79, spatie/icalendar-generator#10: latitude first."""
    points = {line.value for event in events_in(plain) for line in event["GEO"]}
    assert points == {"52.0899;5.118"}


def test_bug_34_texts_are_plain(hostile):
    """PonyConf#85, calendarize#521, verdigado/sunflower#952: what somebody typed comes out as it was typed, without entities."""
    text, octets = hostile
    (event,) = events_in(octets)
    assert event["SUMMARY"][0].text == squeezed(text[:120])
    for entity in ("&lt;", "&gt;", "&#", "&quot;", "<br"):
        assert (entity in event["DESCRIPTION"][0].text) == (entity in text)


def test_bug_35_texts_are_escaped_once(client):
    """tutao/tutanota#4685"""
    with transaction():
        make_activity("a;b,c\\d", description="een\ntwee")
    (event,) = events_in(client.get(FEED).data)
    assert event["SUMMARY"][0].value == "a\\;b\\,c\\\\d"
    assert event["DESCRIPTION"][0].value.startswith("een\\ntwee\\n\\n")


def test_bug_36_every_event_has_one_uid(plain):
    """derekantrican/GAS-ICS-Sync#89"""
    assert all(len(event["UID"]) == 1 and event["UID"][0].value for event in events_in(plain))


def test_bug_37_the_colour_is_a_name(plain):
    """bitfireAT/icsx5#31: names of CSS3 only (RFC 7986, 5.9)."""
    assert [line.value for line in head_of(plain)["COLOR"]] == ["sienna"]


def test_bug_38_folding_is_the_same_each_time_and_eats_no_space(app, client):
    """ProtonMail/WebClients#513"""
    titles = ["x" * length + " y z" * 15 for length in range(40, 60)]
    with transaction():
        for title in titles:
            make_activity(title)
    first = client.get(FEED).data
    with transaction():
        db.session.query(CalendarEntry).delete()
    cache.layer_of(app).forget()
    assert client.get(FEED).data == first
    assert sorted(event["SUMMARY"][0].text for event in events_in(first)) == sorted(titles)


def test_bug_39_no_quote_gets_into_a_parameter(client):
    """simonbengtsson/eventcal#6: who organises stands in the text, and no person anywhere."""
    with transaction():
        member = make_user(name='Jan "Jansen"')
        make_activity(organisation=make_organisation('Buurthuis "De Linde"', member=member), initiator=member)
    (event,) = events_in(client.get(FEED).data)
    assert 'Buurthuis "De Linde"' in event["DESCRIPTION"][0].text
    assert not {"ORGANIZER", "ATTENDEE", "CONTACT"} & event.keys()
    assert not [line for lines in event.values() for line in lines if '"' in line.parameters]


def test_all_39_bugs_have_a_test_of_their_own():
    numbers = {int(name[9:11]) for name in globals() if name.startswith("test_bug_")}
    assert numbers == set(range(1, 40))
