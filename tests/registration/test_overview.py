"""/mijn at a glance: drafts to go on with, who comes, where parcels are, and taking part again."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_edition, make_order, make_package, make_user, sign_in
from tests.registration.filling import Person, set_the_table
from tests.signups.making import coming
from weekapp.accounts.models import User
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.registration import repeat
from weekapp.registration.models import Progress, Registration


@pytest.fixture
def me(client):
    with transaction():
        make_package(edition=make_edition())
        user = make_user("initiator", name="Noor Voorbeeld", email="noor@voorbeeld.nl", phone="+31612345678")
    sign_in(client, user)
    return user.id


def test_a_draft_under_my_address_can_be_resumed_from_mijn(client, me, app):
    Person(app.test_client()).walk(until="pakket")
    page = client.get("/mijn").text
    path = re.search(r'href="(/meedoen/[^"]+/pakket)"', page)
    assert path, "it leads to the step where its initiator stopped"
    assert client.get(path[1]).status_code == 200


def test_a_draft_of_somebody_else_is_not_shown(client, me, app):
    Person(app.test_client()).walk(until="pakket", over_jou={"email": "ander@voorbeeld.nl"})
    assert "Nog niet klaar" not in client.get("/mijn").text


def test_what_was_sent_says_to_open_the_mail(client, me, app):
    Person(app.test_client()).send_off()
    assert "Open onze mail en druk op de knop." in client.get("/mijn").text


def test_the_button_in_the_mail_signs_in_once(client, app):
    set_the_table()
    link = Person(client).send_off()
    assert client.get("/mijn").status_code == 303, "looking at the form signs nobody in"
    client.get(link)
    assert client.get("/mijn").status_code == 303, "looking at the page behind the link does not either (SEC-11)"
    client.post(link, data=hidden_fields(client.get(link).text))
    assert client.get("/mijn").status_code == 200
    other = app.test_client()
    other.get(link)
    other.post(link)
    assert other.get("/mijn").status_code == 303, "the link has been used"


def test_mijn_says_how_many_come(client, me):
    with transaction():
        activity = make_activity(initiator=db.session.get(User, me), takes_sign_ups=True, starts=datetime(2027, 9, 30, 8, tzinfo=UTC))
        coming(activity.occurrences[0], size=3)
    assert "3 mensen komen" in client.get("/mijn").text


@pytest.fixture
def old_id(me):
    """An activity of last year, on the Saturday, with two packages."""
    with transaction():
        last_year = make_edition(2026, first_day=date(2026, 9, 24), last_day=date(2026, 9, 30))
        package = make_package(edition=last_year)
        activity = make_activity(
            "Dansen", initiator=db.session.get(User, me), edition=last_year, starts=datetime(2026, 9, 26, 12, tzinfo=UTC)
        )
        make_order(activity=activity, package=package, quantity=2, house_number=12)
        return activity.id


def test_taking_part_again_proposes_the_same_weekday_place_and_package(client, me, old_id):
    page = client.get("/mijn").text
    path = f"/mijn/activiteiten/{old_id}/opnieuw"
    answer = client.post(path, data=hidden_fields(page, path))
    assert answer.status_code == 303
    form = client.get(answer.location).text
    assert re.search(r'name="moments-0-day"[^>]*value="2027-10-02"', form), "a Saturday again"
    assert re.search(r'name="moments-0-begins"[^>]*value="14:00"', form)
    check = client.get(answer.location.replace("plaats-en-tijd", "controleren")).text
    for words in ("Dansen", "noor@voorbeeld.nl", "2 pakketten"):
        assert words in check


def test_pressed_again_it_is_the_same_draft_until_it_is_confirmed(client, me, old_id):
    path = f"/mijn/activiteiten/{old_id}/opnieuw"
    fields = hidden_fields(client.get("/mijn").text, path)
    first, second = client.post(path, data=fields).location, client.post(path, data=fields).location
    assert first == second
    with transaction():
        [draft] = db.session.scalars(select(Registration))
        draft.progress = Progress.CONFIRMED
    assert client.post(path, data=fields).location != first


def test_what_is_over_asks_for_nothing(client, me, old_id):
    page = client.get(f"/mijn/activiteiten/{old_id}").text
    assert "Je activiteit is geweest." in page
    for words in ("Pas je activiteit aan", "Vertel het in de buurt", "Mijn activiteit gaat niet door"):
        assert words not in page, words
    with transaction():
        db.session.get(Activity, old_id).state = "submitted"
    page = client.get(f"/mijn/activiteiten/{old_id}").text
    assert "De dag van je activiteit is voorbij." in page
    assert "Je krijgt een mail van ons." not in page


def test_what_belongs_to_this_week_is_not_repeated(client, me):
    with transaction():
        activity_id = make_activity(initiator=db.session.get(User, me)).id
    page = client.get("/mijn").text
    assert "Doe dit jaar weer mee" not in page
    fields = hidden_fields(page)
    assert client.post(f"/mijn/activiteiten/{activity_id}/opnieuw", data=fields).status_code == 409


def test_somebody_elses_activity_is_not_repeated(client, me):
    with transaction():
        activity_id = make_activity().id
    assert client.post(f"/mijn/activiteiten/{activity_id}/opnieuw", data=hidden_fields(client.get("/mijn").text)).status_code == 404


@pytest.mark.parametrize(
    ("day", "again"),
    [(date(2026, 9, 24), date(2027, 9, 30)), (date(2026, 9, 30), date(2027, 10, 6)), (date(2026, 10, 1), date(2027, 10, 7))],
)
def test_a_day_becomes_the_same_weekday(day, again):
    found = repeat.same_weekday(day, date(2026, 9, 24), date(2027, 9, 30))
    assert (found, found.weekday()) == (again, day.weekday())
