"""Gatherings at /beheer/bijeenkomsten."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from tests.accounts.filling import send
from tests.builders import make_edition, make_user, sign_in
from tests.gatherings.making import LINK, STARTS, make_gathering, new_session
from tests.signups.making import coming, mails, signed_up
from weekapp.accounts.rules import RoleName
from weekapp.audit import AuditEntry
from weekapp.db import db, transaction
from weekapp.gatherings import queries
from weekapp.gatherings.rules import Attendance, Audience, Kind

DESK = "/beheer/bijeenkomsten"
RIGHT = {
    "kind": "regionaal",
    "title": "Kom erbij in het oosten",
    "description": "Soep en ideeën.",
    "organiser": "Verzonnen Welzijn",
    "attendance": "plek",
    "venue": "Dorpshuis",
    "street": "Verzonnenweg 1",
    "postcode": "7511lx",
    "town": "Enschede",
    "takes_sign_ups": "y",
}
SESSION = {
    "title": "Ideeën",
    "day": "2027-09-29",
    "begins": "10:00",
    "ends": "12:00",
    "room": "Foyer",
    "audience": "professionals",
    "places": "25",
}


@pytest.fixture
def desk(client):
    """A browser in which somebody of the programme team is signed in; there is an edition of 2027."""
    with transaction():
        moderator = make_user("moderator")
        make_edition()
    sign_in(client, moderator)
    return client


def made(client, **more):
    answer = send(client, f"{DESK}/nieuw", **(RIGHT | more))
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def gathering(number):
    db.session.expire_all()
    return queries.one(number)


@pytest.mark.parametrize("role", list(RoleName))
def test_only_the_programme_team_opens_the_pages(client, role):
    with transaction():
        person, number = make_user(role), make_gathering().id
    sign_in(client, person)
    for address in (DESK, f"{DESK}/nieuw", f"{DESK}/{number}", f"{DESK}/{number}/wijzigen", f"{DESK}/{number}/gaat-niet-door"):
        assert client.get(address).status_code == (200 if role in {RoleName.MODERATOR, RoleName.MANAGER} else 403)


def test_a_gathering_is_made_gets_a_session_and_is_on_the_website(desk):
    number = made(desk)
    one = gathering(number)
    assert (one.kind, one.postcode, one.takes_sign_ups, one.step_free) == (Kind.REGIONAL, "7511 LX", True, False)
    assert "Nog niemand ziet deze bijeenkomst." in desk.get(f"{DESK}/{number}").text
    assert "nog niet op de website" in desk.get(DESK).text
    assert send(desk, f"{DESK}/{number}/sessies/nieuw", **SESSION).status_code == 303
    session = gathering(number).sessions[0]
    assert (session.room, session.audience, session.moment.places) == ("Foyer", Audience.PROFESSIONALS, 25)
    assert session.moment.starts_at.isoformat() == "2027-09-29T08:00:00+00:00"
    assert "Kom erbij in het oosten" in desk.get("/bijeenkomsten").text


def test_all_that_is_wrong_is_said_at_once(desk):
    answer = send(desk, f"{DESK}/nieuw", **(RIGHT | {"title": "", "postcode": "12", "town": "", "online_link": "http://x"}))
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    for text in ("Vul een naam in.", "Een postcode heeft 4 cijfers", "Vul de plaats in.", "Een link begint met https://"):
        assert text in answer.text


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"kind": "feest"}, "Kies wat voor bijeenkomst het is."),
        ({"attendance": "maan"}, "Kies waar mensen meedoen."),
        ({"attendance": ""}, "Kies waar mensen meedoen."),
        ({"title": "x" * 121}, "Maak dit korter"),
    ],
)
def test_what_is_none_of_the_choices_is_refused_in_words(desk, wrong, text):
    answer = send(desk, f"{DESK}/nieuw", **(RIGHT | wrong))
    assert answer.status_code == 400
    assert text in answer.text
    assert "Not a valid" not in answer.text


def test_of_an_online_gathering_no_place_is_kept_and_of_a_place_no_link(desk):
    online = gathering(made(desk, attendance="online", online_link=LINK))
    assert (online.attendance, online.town, online.online_link) == (Attendance.ONLINE, "", LINK)
    on_site = gathering(made(desk, online_link=LINK))
    assert (on_site.town, on_site.online_link) == ("Enschede", "")


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"day": "morgen"}, "Vul een dag in."),
        ({"begins": ""}, "Vul in hoe laat het begint."),
        ({"ends": "09:00"}, "Het einde is voor het begin."),
        ({"audience": "katten"}, "Kies voor wie de sessie is."),
        ({"places": "0"}, "Vul een getal in van 1 tot en met 5000."),
        ({"places": "veel"}, "Vul een heel getal in."),
        ({"day": "2027-03-28", "begins": "02:30", "ends": "04:00"}, "Deze tijd bestaat niet op deze dag"),
    ],
)
def test_a_session_that_cannot_be_is_refused_in_words(desk, wrong, text):
    number = made(desk)
    answer = send(desk, f"{DESK}/{number}/sessies/nieuw", **(SESSION | wrong))
    assert answer.status_code == 400
    assert text in answer.text
    assert gathering(number).sessions == []


def test_a_gathering_and_its_sessions_can_be_changed(desk):
    number = made(desk)
    send(desk, f"{DESK}/{number}/sessies/nieuw", **SESSION)
    session = gathering(number).sessions[0].id
    assert 'value="Kom erbij in het oosten"' in desk.get(f"{DESK}/{number}/wijzigen").text
    assert send(desk, f"{DESK}/{number}/wijzigen", **(RIGHT | {"title": "Een andere naam"})).status_code == 303
    page = desk.get(f"{DESK}/{number}/sessies/{session}").text
    assert 'value="10:00"' in page
    assert 'value="2027-09-29"' in page
    send(desk, f"{DESK}/{number}/sessies/{session}", **(SESSION | {"places": ""}))
    assert (gathering(number).title, gathering(number).sessions[0].moment.places) == ("Een andere naam", None)


def test_a_session_of_another_gathering_is_not_found(desk):
    number, other = made(desk), made(desk)
    send(desk, f"{DESK}/{number}/sessies/nieuw", **SESSION)
    session = gathering(number).sessions[0].id
    assert desk.get(f"{DESK}/{other}/sessies/{session}").status_code == 404
    assert desk.get(f"{DESK}/{other}/sessies/{session}/gaat-niet-door").status_code == 404
    assert desk.get(f"{DESK}/99999999999").status_code == 404


def test_a_session_and_then_all_of_it_are_called_off(desk):
    number = made(desk)
    for title in ("Een", "Twee"):
        send(desk, f"{DESK}/{number}/sessies/nieuw", **(SESSION | {"title": title}))
    first = gathering(number).programme[0].id
    assert send(desk, f"{DESK}/{number}/sessies/{first}/gaat-niet-door", reason="Ziek").status_code == 303
    assert "Deze sessie gaat niet door." in desk.get(f"{DESK}/{number}").text
    assert send(desk, f"{DESK}/{number}/gaat-niet-door", reason="Storm").status_code == 303
    assert (gathering(number).cancel_reason, gathering(number).programme[0].moment.remark) == ("Storm", "Ziek")
    assert send(desk, f"{DESK}/{number}/wijzigen", **RIGHT).status_code == 409


def test_a_word_that_keeps_people_away_gets_a_friendly_tip(desk):
    number = made(desk, description="Samen tegen eenzaamheid.")
    assert "Tip: vermijd het woord eenzaam." in desk.get(f"{DESK}/{number}").text


@pytest.fixture
def guests(desk):
    """The id of a gathering of two sessions: to the first Jan and a party of two come and Els waits, to the other comes nobody."""
    with transaction():
        gathering = make_gathering(
            sessions=(new_session("Soep", places=3, room="Zaal 1"), new_session("Koffie", starts=STARTS + timedelta(hours=3)))
        )
        moment = gathering.programme[0].moment
        coming(moment, "Jan", email="jan@voorbeeld.nl")
        coming(moment, "Groep", size=2)
        signed_up(moment, "Els")
        return gathering.id


def test_the_team_sees_who_comes_and_who_waits_and_no_mail_address(desk, guests):
    page = desk.get(f"{DESK}/{guests}/aanmeldingen").text
    for text in ("Jan", "Groep", "3 van 3 plaatsen bezet", "Els, 1 persoon", "Er staat nog niemand op de lijst."):
        assert text in page
    assert "@voorbeeld.nl" not in page
    assert "3 mensen komen. 1 persoon wacht." in desk.get(f"{DESK}/{guests}").text


def test_the_file_has_a_row_for_each_party_and_no_mail_address(desk, guests):
    answer = desk.get(f"{DESK}/{guests}/aanmeldingen.csv")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("text/csv; charset=utf-8", "no-store")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["sessie", "begin", "zaal", "voornaam", "mensen", "stand", "code"]
    assert [row[:6] for row in rows[1:]] == [
        ["Soep", "2027-09-29 13:00", "Zaal 1", "Groep", "2", "komt"],
        ["Soep", "2027-09-29 13:00", "Zaal 1", "Jan", "1", "komt"],
        ["Soep", "2027-09-29 13:00", "Zaal 1", "Els", "1", "wacht"],
    ]
    assert "@" not in answer.text


def test_no_cell_of_the_file_is_run_as_a_formula(desk):
    with transaction():
        gathering = make_gathering(sessions=(new_session("=1+1", room="@zaal"),))
        coming(gathering.programme[0].moment, "+Jan")
        number = gathering.id
    row = list(csv.reader(StringIO(desk.get(f"{DESK}/{number}/aanmeldingen.csv").data.decode("utf-8-sig")), delimiter=";"))[1]
    assert (row[0], row[2], row[3]) == ("'=1+1", "'@zaal", "'+Jan")


def test_each_look_at_the_list_is_written_down_without_names(desk, guests):
    desk.get(f"{DESK}/{guests}/aanmeldingen")
    desk.get(f"{DESK}/{guests}/aanmeldingen.csv")
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.what.like("sign-ups%")).order_by(AuditEntry.id)).all()
    assert [(one.what, one.subject, one.counts) for one in entries] == [
        ("sign-ups seen", f"gathering {guests}", {"rows": 3}),
        ("sign-ups taken", f"gathering {guests}", {"rows": 3}),
    ]
    assert all(one.user_id for one in entries)


@pytest.mark.parametrize("role", list(RoleName))
def test_only_the_programme_team_sees_who_comes(client, role):
    with transaction():
        person, number = make_user(role), make_gathering().id
    for address in (f"{DESK}/{number}/aanmeldingen", f"{DESK}/{number}/aanmeldingen.csv"):
        assert client.get(address).status_code in {302, 303, 401}
    sign_in(client, person)
    for address in (f"{DESK}/{number}/aanmeldingen", f"{DESK}/{number}/aanmeldingen.csv"):
        assert client.get(address).status_code == (200 if role in {RoleName.MODERATOR, RoleName.MANAGER} else 403)


def test_who_signed_up_hears_that_it_is_off_and_more_places_are_offered(desk, guests):
    first = gathering(guests).programme[0]
    filled = {
        "title": "Soep",
        "day": "2027-09-29",
        "begins": "13:00",
        "ends": "15:00",
        "room": "Zaal 1",
        "audience": "iedereen",
        "places": "4",
    }
    send(desk, f"{DESK}/{guests}/sessies/{first.id}", **filled)
    assert mails()[-1][0] == "signup_offer"
    answer = send(desk, f"{DESK}/{guests}/gaat-niet-door", reason="Storm")
    assert "Er gingen 3 mails uit." in desk.get(answer.location).text
    assert [template for template, _ in mails()[-3:]] == ["signup_cancelled_session"] * 3
