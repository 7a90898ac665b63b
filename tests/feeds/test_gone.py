"""What is off stays in calendars as called off (product.md, rule 11): whole activities, cancelled or taken away, and single moments."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from tests.builders import make_activity, make_occurrence, make_user
from weekapp import clock
from weekapp.activities import service
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.db import db, transaction
from weekapp.editions import service as editions

BEFORE, AFTER = datetime(2027, 9, 1, 12, tzinfo=UTC), datetime(2027, 10, 7, 12, tzinfo=UTC)  # the Week ends on 6 October


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(BEFORE)


def made(**more):
    with transaction():
        return make_activity(**more).id


def withdraw(number):
    with transaction():
        service.withdraw(db.session.get(Activity, number), by=make_user())


def events(client, path="/activiteiten.ics"):
    answer = client.get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).walk("VEVENT")


def test_a_withdrawn_activity_stays_as_called_off_with_a_higher_sequence(client, at):
    number = made()
    before = events(client)[0]
    at(BEFORE + timedelta(hours=1))
    withdraw(number)
    for path in ("/activiteiten.ics", "/gemeenten/utrecht.ics", "/themas/eten.ics", f"/activiteiten/{number}.ics"):
        (event,) = events(client, path)
        assert (event["uid"], event["status"], event["sequence"]) == (before["uid"], "CANCELLED", before["sequence"] + 1)
        assert event["summary"] == "[AFGELAST] Samen soep eten"
        assert event["dtstamp"].dt == event["last-modified"].dt == BEFORE + timedelta(hours=1)
        assert (event["dtstart"].dt, event["dtend"].dt) == (before["dtstart"].dt, before["dtend"].dt)


def test_of_a_withdrawn_activity_nothing_more_is_told_than_that_it_is_off(client):
    number = made(venue="Buurthuis De Voorbeeldige Buur", description="Tekst die weg moet")
    withdraw(number)
    text = client.get("/activiteiten.ics").text.replace("\r\n ", "")
    for gone in ("Voorbeeldige", "weg moet", "GEO", "LOCATION", "CATEGORIES", "Linde"):
        assert gone not in text


def test_a_withdrawn_activity_is_in_no_other_format_and_on_no_page(client):
    number = made()
    withdraw(number)
    for path in ("/activiteiten.json", "/activiteiten.geojson", "/activiteiten.csv", "/activiteiten.atom", "/api/v1/activiteiten"):
        assert "Samen soep eten" not in client.get(path).text, path
    assert 'data-aantal="0"' in client.get("/activiteiten").text
    assert client.get(f"/activiteiten/{number}-samen-soep-eten").status_code == 404


def test_what_was_never_public_is_in_no_calendar(client):
    number = made(state=State.SUBMITTED, published_at=None)
    withdraw(number)
    assert events(client) == []
    assert client.get(f"/activiteiten/{number}.ics").status_code == 404


def test_after_the_edition_a_withdrawn_activity_is_gone(client, at):
    number = made()
    withdraw(number)
    at(AFTER)
    assert events(client) == []
    assert client.get(f"/activiteiten/{number}.ics").status_code == 404


def test_what_went_on_all_year_is_called_off_for_some_months(client, at):
    withdraw(made(is_ongoing=True))
    at(AFTER)
    assert [event["status"] for event in events(client)] == ["CANCELLED"]
    at(datetime(2028, 1, 7, tzinfo=UTC))
    assert events(client) == []


def test_a_withdrawn_activity_is_in_the_feeds_where_it_was_and_in_no_other(client):
    withdraw(made())
    assert len(events(client, "/activiteiten.ics?dag=2027-09-30&gratis=1")) == 1
    assert events(client, "/activiteiten.ics?dag=2027-10-01") == []
    assert events(client, "/gemeenten/amsterdam.ics") == []


def test_a_single_moment_that_is_off_stays_with_a_higher_sequence(client):
    with transaction():
        activity = make_activity()
        moment = make_occurrence(activity, datetime(2027, 10, 2, 10, tzinfo=UTC))
        moment.sequence, moment.cancelled_at = moment.sequence + 1, clock.now()
        uid = moment.uid
        editions.touch(activity.edition_id)
    found = {event["uid"]: (event["status"], event["sequence"]) for event in events(client)}
    assert found.pop(uid) == ("CANCELLED", 1)
    assert list(found.values()) == [("CONFIRMED", 0)]


def test_an_activity_that_goes_on_after_all_is_confirmed_with_a_higher_sequence_again(client):
    number = made()
    for step in (lambda a: service.cancel(a, "Ziek", by=make_user()), lambda a: service.publish(a, by=make_user())):
        with transaction():
            step(db.session.get(Activity, number))
    (event,) = events(client)
    assert (event["status"], event["sequence"], event["summary"]) == ("CONFIRMED", 2, "Samen soep eten")
