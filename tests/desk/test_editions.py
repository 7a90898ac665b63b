"""Editions at /beheer/edities."""

from datetime import date

import pytest

from tests.accounts.filling import send
from tests.builders import make_edition, make_user, sign_in
from weekapp.accounts.rules import RoleName
from weekapp.db import db, transaction
from weekapp.editions import queries
from weekapp.editions.rules import Dates, wrong_dates

EDITIONS = "/beheer/edities"
RIGHT = {
    "name": "Week tegen Eenzaamheid 2027",
    "first_day": "2027-09-30",
    "last_day": "2027-10-06",
    "registration_opens": "2027-06-01",
    "registration_closes": "2027-09-14",
    "ordering_opens": "2027-06-01",
    "ordering_closes": "2027-08-31",
}


@pytest.fixture
def desk(client):
    """A browser in which a programme manager is signed in; there is an edition of 2027."""
    with transaction():
        manager = make_user("manager")
        make_edition()
    sign_in(client, manager)
    return client


def edition(year=2027):
    db.session.expire_all()
    return queries.by_year(year)


@pytest.mark.parametrize("role", list(RoleName))
def test_only_the_manager_opens_the_pages(client, role):
    with transaction():
        person = make_user(role)
    sign_in(client, person)
    assert client.get(EDITIONS).status_code == (200 if role == RoleName.MANAGER else 403)


def test_without_any_edition_the_coming_year_is_proposed(client):
    with transaction():
        manager = make_user("manager")
    sign_in(client, manager)
    page = client.get(EDITIONS).text
    assert "Er is nog geen editie." in page
    assert 'name="year"' in page


def test_the_next_edition_opens_with_the_default_days(desk):
    assert 'value="2028"' in desk.get(EDITIONS).text
    answer = send(desk, EDITIONS, action=f"{EDITIONS}/nieuw", year="2028")
    assert answer.location == f"{EDITIONS}/2028"
    assert (edition(2028).first_day, edition(2028).ordering_closes) == (date(2028, 9, 28), date(2028, 8, 31))


@pytest.mark.parametrize("year", ["", "tien", "1990", "2101"])
def test_a_year_that_cannot_be_is_refused(desk, year):
    answer = send(desk, EDITIONS, action=f"{EDITIONS}/nieuw", year=year)
    assert answer.status_code == 400
    assert ("Vul een heel getal in" if year == "tien" else "Vul een jaar in") in answer.text


def test_a_year_is_opened_once(desk):
    answer = send(desk, EDITIONS, action=f"{EDITIONS}/nieuw", year="2027")
    assert answer.status_code == 400
    assert "De editie van 2027 is er al." in answer.text


def test_all_days_can_be_changed(desk):
    days = RIGHT | {"last_day": "10-10-2027", "ordering_closes": "2027-07-31", "name": "Kom Erbij-week 2027"}
    assert send(desk, f"{EDITIONS}/2027", **days).status_code == 303
    changed = edition()
    assert (changed.name, changed.last_day, changed.ordering_closes) == ("Kom Erbij-week 2027", date(2027, 10, 10), date(2027, 7, 31))


def test_a_change_tells_the_public_pages(desk):
    before = edition().version
    send(desk, f"{EDITIONS}/2027", **RIGHT)
    assert edition().version == before + 1


def test_all_that_is_wrong_is_said_at_once_and_nothing_changes(desk):
    wrong = RIGHT | {"last_day": "2027-09-01", "registration_closes": "2027-05-01", "ordering_closes": "morgen"}
    answer = send(desk, f"{EDITIONS}/2027", **wrong)
    assert answer.status_code == 400
    assert "<title>Fout: " in answer.text
    assert "Vul een dag in. Bijvoorbeeld: 30-09-2027." in answer.text
    assert 'value="morgen"' in answer.text
    answer = send(desk, f"{EDITIONS}/2027", **wrong | {"ordering_closes": "2027-08-31"})
    for text in ("De laatste dag is voor de eerste dag.", "Aanmelden sluit voordat het opengaat.", "Bestellen sluit na het aanmelden."):
        assert text in answer.text
    assert edition().last_day == date(2027, 10, 6)


def test_two_editions_never_share_a_day(desk):
    with transaction():
        make_edition(2026, first_day=date(2026, 9, 24), last_day=date(2027, 9, 30))
    answer = send(desk, f"{EDITIONS}/2027", **RIGHT)
    assert answer.status_code == 400
    assert "In deze dagen is er al een andere editie." in answer.text


def test_an_edition_that_is_not_there_is_not_found(desk):
    assert desk.get(f"{EDITIONS}/1999").status_code == 404


def days(**more):
    return Dates(**({name: date.fromisoformat(text) for name, text in RIGHT.items() if name != "name"} | more))


def test_the_default_days_are_right():
    assert wrong_dates(2027, days()) == []


@pytest.mark.parametrize(
    ("field", "day"),
    [
        ("first_day", date(2026, 9, 30)),
        ("last_day", date(2027, 9, 29)),
        ("last_day", date(2027, 12, 1)),
        ("registration_closes", date(2027, 10, 7)),
        ("registration_closes", date(2027, 5, 31)),
        ("ordering_closes", date(2027, 5, 31)),
        ("ordering_closes", date(2027, 9, 15)),
    ],
)
def test_a_day_that_cannot_be_is_named(field, day):
    assert field in [name for name, _text in wrong_dates(2027, days(**{field: day}))]
