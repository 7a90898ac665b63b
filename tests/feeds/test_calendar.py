from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from icalendar import Calendar

from tests.builders import make_activity, make_occurrence
from tests.feeds.reading import seen_by_khal
from weekapp.activities import queries
from weekapp.activities.calendar_text import one_line
from weekapp.activities.filters import Filters
from weekapp.clock import AMSTERDAM
from weekapp.feeds import calendar

BASE = "https://www.kom-erbij.example"
NASTY = "Soep; taart, koffie \\ thee\r\n\r\nÉn \u2028 een bel \x07 😀" + " heel veel woorden" * 40


@pytest.fixture
def activity(session):
    made = make_activity("Samen soep eten")
    return queries.one_public(made.id)


def written(activity, **changes):
    activity = replace(activity, **changes)
    return b"".join(calendar.entry(activity, moment, BASE) for moment in activity.moments)


def event_of(octets):
    return Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + octets + b"END:VCALENDAR\r\n").walk("VEVENT")[0]


def whole(*activities):
    return calendar.calendar("Kom erbij", f"{BASE}/activiteiten.ics", [written(activity) for activity in activities])


def test_lines_end_in_crlf_and_are_at_most_75_octets(activity):
    octets = calendar.calendar("Kom erbij, in Nuenen", f"{BASE}/x.ics", [written(activity, title=NASTY, description=NASTY)])
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    assert max(len(line) for line in octets.split(b"\r\n")) <= 75
    assert b"\r\n\r\n" not in octets


def test_no_fold_cuts_a_letter_or_an_escape(activity):
    for length in range(40, 80):
        text = "é" * length + "😀\\,;\n" * 20
        octets = written(activity, title=text, description=text)
        for line in octets.split(b"\r\n"):
            line.decode()
            assert not line.endswith(b"\\") or line.endswith(b"\\\\")
        assert event_of(octets)["summary"] == one_line(text)


def test_no_control_character_gets_through(activity):
    octets = whole(replace(activity, title=NASTY, description=NASTY, venue=NASTY))
    assert not any(byte < 32 and byte not in b"\r\n" for byte in octets)


def test_text_is_escaped_once(activity):
    event = event_of(written(activity, title="a;b,c\\d", description="een\ntwee"))
    assert event["summary"] == "a;b,c\\d"
    assert event["description"].startswith("een\ntwee\n\n")


def test_there_is_one_time_zone_with_rules_before_the_events(activity):
    text = whole(activity).decode()
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")
    assert text.count("RRULE:FREQ=YEARLY;") == 2
    assert "RDATE" not in text
    assert "DTSTART:19810329T020000" in text


def test_times_are_wall_times_with_their_zone(activity):
    text = written(activity).decode()
    assert "DTSTART;TZID=Europe/Amsterdam:20270930T120000\r\n" in text
    assert "DTEND;TZID=Europe/Amsterdam:20270930T140000\r\n" in text


def test_the_doubled_hour_is_written_in_utc(session):
    made = make_activity(starts=datetime(2027, 10, 31, 0, 30, tzinfo=UTC), hours=1)  # 02.30 summer time to 02.30 winter time
    text = written(queries.one_public(made.id)).decode()
    assert "DTSTART:20271031T003000Z\r\n" in text
    assert "DTEND:20271031T013000Z\r\n" in text


def test_stamps_tell_the_last_change_and_never_now(activity, at):
    before = written(activity)
    at(datetime(2031, 1, 1, tzinfo=UTC))
    assert written(activity) == before
    event = event_of(before)
    assert event["dtstamp"].dt == event["last-modified"].dt == activity.changed_at.replace(microsecond=0)


def test_a_change_of_the_moment_alone_moves_the_stamp(activity):
    later = activity.changed_at + timedelta(days=1)
    moved = replace(activity, moments=(replace(activity.moments[0], changed_at=later, sequence=3),))
    event = event_of(written(moved))
    assert (event["last-modified"].dt, event["sequence"]) == (later.replace(microsecond=0), 3)


def test_a_cancelled_one_stays_with_status_and_prefix(activity):
    event = event_of(written(activity, is_cancelled=True))
    assert (event["status"], event["summary"]) == ("CANCELLED", "[AFGELAST] Samen soep eten")


def test_one_cancelled_moment_does_not_cancel_the_others(session):
    made = make_activity()
    make_occurrence(made, datetime(2027, 10, 2, 10, tzinfo=UTC), cancelled_at=datetime(2027, 9, 1, tzinfo=UTC))
    activity = queries.one_public(made.id)
    assert [event_of(calendar.entry(activity, moment, BASE))["status"] for moment in activity.moments] == ["CONFIRMED", "CANCELLED"]


def test_the_place_is_on_the_globe_only_when_it_is_known(activity):
    assert "GEO:52.0899;5.118\r\n" in written(activity).decode()
    assert "GEO" not in written(activity, lon=None, lat=None).decode()


def test_the_address_of_the_page_is_absolute_and_not_escaped(activity):
    assert f"\r\nURL:{BASE}{activity.path}\r\n" in written(activity).decode()


def test_categories_are_a_list(activity):
    assert "CATEGORIES:Samen eten\r\n" in written(activity).decode()


def test_of_a_home_only_the_town_is_in_it(session):
    made = make_activity(is_home=True, street="Geheimstraat", venue="Bij Voorbeeld", postcode="3511 ZZ")
    text = written(queries.one_public(made.id)).decode()
    assert "LOCATION:Utrecht\r\n" in text
    for secret in ("Geheimstraat", "Bij Voorbeeld", "3511 ZZ"):
        assert secret not in text


def test_the_head_has_what_clients_read(activity):
    text = calendar.calendar("Kom erbij in Nuenen, Gerwen en Nederwetten", f"{BASE}/gemeenten/x.ics", []).decode()
    unfolded = text.replace("\r\n ", "")
    for line in (
        "VERSION:2.0",
        "NAME:Kom erbij in Nuenen\\, Gerwen en Nederwetten",
        "X-WR-CALNAME:Kom erbij in Nuenen\\, Gerwen en Nederwetten",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "X-PUBLISHED-TTL:PT4H",
        f"SOURCE;VALUE=URI:{BASE}/gemeenten/x.ics",
        "COLOR:sienna",
    ):
        assert f"\r\n{line}\r\n" in unfolded
    for absent in ("METHOD", "ATTENDEE", "ORGANIZER", "eenzaam"):
        assert absent not in unfolded


def test_khal_sees_every_moment_on_the_right_hour_around_both_clock_changes(session, tmp_path):
    random = Random(2)
    made = make_activity(starts=datetime(2027, 9, 30, 10, tzinfo=UTC))
    for start in (datetime(2027, 10, 28, tzinfo=UTC), datetime(2028, 3, 23, tzinfo=UTC)):
        for hours in random.sample(range(24 * 6), 12):
            make_occurrence(made, start + timedelta(hours=hours, minutes=30))
    session.refresh(made)
    activity = queries.all_found(Filters())[0]
    seen = seen_by_khal(whole(activity), tmp_path, "2027-09-01", 300)
    expected = {m.uid: (m.starts_at.astimezone(AMSTERDAM), m.ends_at.astimezone(AMSTERDAM)) for m in activity.moments}
    assert {uid: (start.replace(fold=0), end.replace(fold=0)) for uid, (start, end, _title) in seen.items()} == {
        uid: (start.replace(fold=0), end.replace(fold=0)) for uid, (start, end) in expected.items()
    }
