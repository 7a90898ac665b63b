"""The page of one activity: can I come, how do I get there, and how do I tell somebody else."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.builders import make_activity, make_occurrence
from weekapp.activities import changes, elsewhere
from weekapp.activities import service as activities
from weekapp.activities.models import Activity, ActivityLanguage
from weekapp.activities.public import load
from weekapp.activities.rules import Language, State, Stop
from weekapp.db import db, transaction

OFF = datetime(2027, 8, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


def page_of(client, **more):
    with transaction():
        number = make_activity(**more).id
    return unescape(client.get(f"/activiteiten/{number}", follow_redirects=True).text)


def links_to(html, host):
    return [parse_qs(urlsplit(link).query) for link in re.findall(r'href="([^"]+)"', html) if urlsplit(link).netloc == host]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({}, "Je kunt gewoon komen"),
        ({"sign_up_needed": True}, "Meld je van tevoren aan bij de organisatie"),
        ({"takes_sign_ups": True}, "Laat weten dat je komt"),
        ({"takes_sign_ups": True, "sign_up_needed": True}, "Meld je eerst even aan"),
    ],
)
def test_the_page_answers_first_whether_you_can_just_come(client, asked, answer):
    assert f"<strong>{answer}</strong>" in page_of(client, **asked)


@pytest.mark.parametrize(
    "change", [{"state": State.CANCELLED, "cancelled_at": datetime(2027, 8, 1, tzinfo=UTC)}, {"starts": datetime(2027, 8, 1, tzinfo=UTC)}]
)
def test_nobody_is_invited_to_what_is_off_or_has_been(client, change):
    html = page_of(client, **change)
    assert 'class="come"' not in html
    assert "calendar.google.com" not in html


def test_why_it_is_off_is_for_those_who_signed_up_only_and_the_page_shows_what_else_there_is(client):
    """The form says so, and nobody has judged these words: they go into the mail (tests/signups/test_telling.py) and nowhere else."""
    with transaction():
        number = make_activity("Zingen", state=State.CANCELLED, cancelled_at=OFF, cancel_reason="Zanger Piet is ziek").id
        make_activity("Samen soep eten")
    html = client.get(f"/activiteiten/{number}", follow_redirects=True).text
    assert "Deze activiteit gaat niet door." in html
    assert re.search(r'href="#buurt">.*id="buurt".*Samen soep eten', html, re.DOTALL)
    endings = (f"/{number}.ics", ".ics", ".json", ".geojson", ".atom", ".csv", "", f"/{number}")
    public = [client.get(f"/activiteiten{ending}", follow_redirects=True) for ending in endings]
    public += [client.get(path) for path in (f"/api/v1/activiteiten/{number}", "/kaart", "/gemeenten/utrecht")]
    assert [answer.request.path for answer in public if answer.status_code != 200 or "Piet" in answer.text] == []


def test_google_and_outlook_get_the_moment_in_utc_and_the_address(client):
    html = page_of(client, title="Soep & brood", venue="Buurthuis", street="Voorbeeldstraat")
    (google,), (outlook,) = links_to(html, "calendar.google.com"), links_to(html, "outlook.live.com")
    assert google["dates"] == ["20270930T100000Z/20270930T120000Z"]
    assert google["text"] == outlook["subject"] == ["Soep & brood"]
    assert outlook["startdt"] == ["2027-09-30T10:00:00Z"]
    assert google["location"] == outlook["location"]
    assert google["location"][0].startswith("Buurthuis, Voorbeeldstraat")


def test_each_moment_that_goes_on_has_its_own_calendar_links(client):
    with transaction():
        activity = make_activity()
        make_occurrence(activity, starts=datetime(2027, 10, 1, 10, tzinfo=UTC))
        make_occurrence(activity, starts=datetime(2027, 10, 2, 10, tzinfo=UTC)).cancelled_at = datetime(2027, 9, 1, tzinfo=UTC)
    html = unescape(client.get(f"/activiteiten/{activity.id}", follow_redirects=True).text)
    assert [link["dates"][0][:8] for link in links_to(html, "calendar.google.com")] == ["20270930", "20271001"]
    assert "zaterdag 2 oktober" in html
    assert "gaat niet door</span>" in html


def test_a_route_goes_to_the_words_of_the_address(client):
    html = page_of(client, street="Voorbeeldstraat", house_number=12, addition="A", postcode="3511 LX", town="Utrecht")
    (by_foot,), (by_bus,) = links_to(html, "www.openstreetmap.org"), links_to(html, "www.google.com")
    assert by_foot["to"] == by_bus["destination"] == ["Voorbeeldstraat 12 A, 3511 LX Utrecht"]


def test_priv_04_there_is_no_route_to_a_home_and_no_calendar_holds_its_street(client):
    html = page_of(client, is_home=True, street="Geheimestraat", house_number=7)
    assert "openstreetmap" not in html
    assert "Geheimestraat" not in html
    assert links_to(html, "calendar.google.com")[0]["location"] == ["Utrecht"]


def test_what_is_shared_is_the_short_address_with_nothing_to_follow_somebody_by(client):
    html = page_of(client)
    (whatsapp,) = links_to(html, "wa.me")
    number = re.search(r"/activiteiten/(\d+)\.ics", html)[1]
    assert whatsapp["text"][0].endswith(f"\nhttp://127.0.0.1:8000/activiteiten/{number}")
    assert "utm_" not in html
    assert re.search(r'href="mailto:\?subject=', html)


def test_links_to_other_sites_tell_them_nothing_about_this_one(client):
    html = page_of(client, street="Voorbeeldstraat")
    away = re.findall(r'<a href="https://[^"]+"([^>]*)>', html)
    assert len(away) == 5  # two calendars, two routes, one to share
    assert all('rel="noopener noreferrer"' in more for more in away)


def test_what_is_near_is_something_else_that_goes_on_and_is_still_to_come(client):
    with transaction():
        make_activity("Dichtbij")
        make_activity("Afgelast", state=State.CANCELLED, cancelled_at=datetime(2027, 8, 1, tzinfo=UTC))
        make_activity("Geweest", starts=datetime(2027, 8, 2, tzinfo=UTC))
        make_activity("Ver weg", postcode="9711 AA", town="Groningen", lon=6.56, lat=53.22)
    near = page_of(client, title="Deze hier").partition('id="buurt"')[2]
    assert "Dichtbij" in near
    assert not any(title in near for title in ("Afgelast", "Geweest", "Ver weg", "Deze hier"))


def test_a_long_text_is_cut_between_words_for_calendars(session):
    activity = make_activity(description="woord " * 200)
    (found,) = load([Activity.id == activity.id])
    details = parse_qs(urlsplit(elsewhere.calendars(found, found.moments[0], "http://site")[0].address).query)["details"][0]
    assert len(details) < 600
    assert "woord ..." in details


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "EventScheduled"),
        ({"state": State.CANCELLED, "cancelled_at": OFF}, "EventCancelled"),
        ({"state": State.CANCELLED, "cancelled_at": OFF, "postponed_at": OFF}, "EventPostponed"),
    ],
)
def test_search_engines_read_the_state_of_each_moment(client, change, status):
    html = page_of(client, **change)
    (event,) = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert event["eventStatus"] == f"https://schema.org/{status}"


FIRST = datetime(2027, 9, 30, 10, tzinfo=UTC)
SECOND = FIRST + timedelta(days=2)


def event_of(client, number):
    html = unescape(client.get(f"/activiteiten/{number}", follow_redirects=True).text)
    (event,) = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    return event


def move(number, starts):
    """Its initiator gives its one moment another beginning."""
    with transaction():
        activity = db.session.get(Activity, number)
        wanted = changes.WantedMoment(id=activity.occurrences[0].id, starts_at=starts, ends_at=starts + timedelta(hours=2))
        if activity.state is State.CANCELLED:
            activities.publish(activity, by=activity.initiator)
        changes.change_moments(activity, [wanted], (), datetime(2027, 9, 1, 12, tzinfo=UTC), by=activity.initiator)
        changes.publish_change(activity, datetime(2027, 9, 1, 12, tzinfo=UTC))


def test_search_engines_read_that_a_moment_was_moved_and_from_when(client):
    with transaction():
        number = make_activity(starts=FIRST).id
    assert "previousStartDate" not in event_of(client, number)
    move(number, SECOND)
    event = event_of(client, number)
    assert (event["eventStatus"], event["startDate"]) == ("https://schema.org/EventRescheduled", SECOND.isoformat())
    assert event["previousStartDate"] == FIRST.isoformat()
    move(number, SECOND + timedelta(days=1))
    assert event_of(client, number)["previousStartDate"] == FIRST.isoformat(), "moved twice: from when it first was"


def test_what_is_moved_back_is_as_it_was(client):
    with transaction():
        number = make_activity(starts=FIRST).id
    move(number, SECOND)
    move(number, FIRST)
    assert event_of(client, number)["eventStatus"] == "https://schema.org/EventScheduled"


def test_what_was_postponed_and_got_a_new_day_is_moved(client):
    with transaction():
        activity = make_activity(starts=FIRST)
        activities.postpone(activity, "De zaal is dicht.", by=activity.initiator)
    assert event_of(client, activity.id)["eventStatus"] == "https://schema.org/EventPostponed"
    move(activity.id, SECOND)
    event = event_of(client, activity.id)
    assert (event["eventStatus"], event["previousStartDate"]) == ("https://schema.org/EventRescheduled", FIRST.isoformat())


def test_what_was_moved_and_then_called_off_is_off(client):
    with transaction():
        number = make_activity(starts=FIRST).id
    move(number, SECOND)
    with transaction():
        activity = db.session.get(Activity, number)
        activities.cancel(activity, "Te weinig mensen.", by=activity.initiator)
    assert event_of(client, number)["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_later_end_is_no_other_beginning(client):
    with transaction():
        activity = make_activity(starts=FIRST)
        wanted = changes.WantedMoment(id=activity.occurrences[0].id, starts_at=FIRST, ends_at=FIRST + timedelta(hours=4))
        changes.change_moments(activity, [wanted], (), OFF, by=activity.initiator)
        changes.publish_change(activity, OFF)
    assert event_of(client, activity.id)["eventStatus"] == "https://schema.org/EventScheduled"


def test_the_whole_welcome_card_is_there_in_words(client):
    said = {
        "welcomer": "Ans",
        "accessible_toilet": True,
        "quiet": True,
        "parking": True,
        "stop": Stop.NEAR,
        "public_phone": "+31201234567",
        "public_email": "hallo@voorbeeld.nl",
    }
    with transaction():
        activity = make_activity(**said)
        activity.languages.append(ActivityLanguage(language=Language.TURKISH))
    html = unescape(client.get(f"/activiteiten/{activity.id}", follow_redirects=True).text)
    for words in (
        "Ans wacht je op bij de deur",
        "Er is een toilet voor mensen met een rolstoel",
        "Het is er rustig, met weinig prikkels",
        "Je kunt er parkeren",
        "Er is een halte op minder dan 5 minuten lopen",
        "We spreken ook: Turks",
        "Voor: iedereen",
        'href="tel:+31201234567"',
        'href="mailto:hallo@voorbeeld.nl"',
    ):
        assert words in html


def test_what_the_organisation_did_not_say_is_no_yes(client):
    html = page_of(client, wheelchair=True)
    assert "De organisatie noemt dit niet: een rolstoeltoilet, een ringleiding." in html
