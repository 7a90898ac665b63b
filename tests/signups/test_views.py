"""The pages for whoever organises: who comes, who waits, whom to call; of the own organisation only."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import make_user, sign_in
from tests.signups.making import LONG_BEFORE, STARTS, activity_of, coming, mails, make_moment, signed_up
from weekapp.accounts.models import User
from weekapp.activities.models import Occurrence
from weekapp.db import db, transaction
from weekapp.organisations.models import Membership
from weekapp.signups import queries, service
from weekapp.signups.models import SignUp
from weekapp.signups.rules import Call, Reason, State

Clock = Callable[[datetime], None]
PHONE = "+31612345678"


@pytest.fixture(autouse=True)
def long_before(at: Clock) -> None:
    at(LONG_BEFORE)


@pytest.fixture
def moment(app: Flask) -> Occurrence:
    with transaction():
        return make_moment(places=3, title="Samen soep eten")


@pytest.fixture
def initiator(client: FlaskClient, moment: Occurrence) -> User:
    user = activity_of(moment).initiator
    sign_in(client, user)
    return user


def home(moment: Occurrence) -> str:
    return f"/mijn/activiteiten/{moment.activity_id}/aanmeldingen"


def send(client: FlaskClient, page: str, to: str = "", **form: str) -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token is not None
    return client.post(to or page, data={"csrf_token": token[1]} | form, follow_redirects=True)


def people() -> list[SignUp]:
    db.session.rollback()
    return list(db.session.scalars(select(SignUp).order_by(SignUp.id)))


def words(page: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


# the list


def test_the_list_shows_first_names_and_numbers_and_no_more(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        coming(moment, "Jan", size=2, email="jan@voorbeeld.nl")
        signed_up(moment, "Els", phone=PHONE)
    page = client.get(home(moment))
    assert "3 van 3 plaatsen bezet" in words(page)
    assert "Jan 2 komt" in words(page)
    assert "Els 1 komt" in words(page)
    assert "jan@voorbeeld.nl" not in page.text
    assert "12345678" not in page.text


def test_the_list_shows_the_order_of_who_waits_and_why_it_stands_still(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    """pretix #3628"""
    with transaction():
        coming(moment, "Jan", size=2)
        signed_up(moment, "Groep", size=4)
        signed_up(moment, "Alleen")
    text = words(client.get(home(moment)))
    assert text.index("Groep , 4 mensen") < text.index("Alleen , 1 persoon")
    assert "Er is 1 plaats vrij. Groep is aan de beurt en komt met 4 mensen. Dat past nog niet." in text


def test_the_list_shows_each_step_with_its_reason(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        jan = coming(moment, "Jan", size=3)
        signed_up(moment, "Els")
        service.cancel(jan, Reason.BY_LINK)
    text = words(client.get(home(moment)))
    for step in (
        "Jan (3): Drukte op de knop in de mail.",
        "Els (1): Meldde zich aan. Er was geen plaats, of anderen wachtten al. Vrij: 0.",
        "Jan (3): Meldde zich af met de link in de mail. Vrij: 3.",
        "Els (1): Er kwam plaats vrij. Deze groep was aan de beurt. Vrij: 2.",
    ):
        assert step in text


def test_a_title_or_name_with_html_stays_text(client: FlaskClient, app: Flask) -> None:
    with transaction():
        moment = make_moment(title="<b>Soep</b>")
        signed_up(moment, "<i>Jan</i>")
    sign_in(client, activity_of(moment).initiator)
    page = client.get(home(moment)).text
    assert "<b>Soep" not in page
    assert "<i>Jan" not in page


# on behalf


def test_a_librarian_signs_somebody_up_and_hands_over_a_code(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        librarian = make_user("initiator")
        db.session.add(Membership(user_id=librarian.id, organisation_id=activity_of(moment).organisation_id, since=LONG_BEFORE))
    sign_in(client, librarian)
    form = {"moment": str(moment.id), "first_name": "Els", "email": "", "phone": "06 12345678", "party_size": "2", "send_id": "een"}
    page = send(client, f"{home(moment)}/nieuw", **form)
    (els,) = people()
    assert (els.state, els.made_by_id, els.party_size) == (State.CONFIRMED, librarian.id, 2)
    assert f"{els.code[:3]} {els.code[3:]}" in page.text
    assert page.request.path == f"{home(moment)}/{els.id}"
    assert mails() == []


def test_a_double_click_of_a_librarian_makes_one_sign_up(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    form = {"moment": str(moment.id), "first_name": "Els", "email": "", "phone": "06 12345678", "party_size": "2", "send_id": "een"}
    for _ in range(2):
        send(client, f"{home(moment)}/nieuw", **form)
    assert len(people()) == 1


def test_who_is_on_the_list_is_not_added_again(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        coming(moment, "Jan", email="jan@voorbeeld.nl")
    form = {"moment": str(moment.id), "first_name": "jan", "email": "jan@voorbeeld.nl", "phone": "", "party_size": "1"}
    answer = send(client, f"{home(moment)}/nieuw", **form)
    assert answer.status_code == 400
    assert "Deze persoon staat al op de lijst voor dit moment." in answer.text


def test_after_the_start_nobody_is_added(client: FlaskClient, moment: Occurrence, initiator: User, at: Clock) -> None:
    at(STARTS)
    sign_in(client, initiator)
    assert "Er zijn geen momenten meer om iemand voor aan te melden." in client.get(f"{home(moment)}/nieuw").text


def test_the_organisation_signs_somebody_off(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        jan = coming(moment, "Jan", email="jan@voorbeeld.nl")
    page = send(client, f"{home(moment)}/{jan.id}", f"{home(moment)}/{jan.id}/afmelden")
    assert "Jan is afgemeld." in page.text
    assert (people()[0].state, queries.events(jan.id)[-1].by_id) == (State.CANCELLED, initiator.id)
    assert mails()[-1] == ("signup_cancelled", "jan@voorbeeld.nl")


# whom to call


def test_a_number_is_shown_while_somebody_must_be_called_and_not_after(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        group = coming(moment, size=3)
        els = signed_up(moment, "Els", phone=PHONE)
        service.cancel(group, Reason.BY_LINK)
    assert "06 12345678" in client.get(home(moment)).text
    page = send(client, home(moment), f"{home(moment)}/{els.id}/komt")
    assert "Els komt." in page.text
    assert "06 12345678" not in page.text
    assert people()[-1].state == State.CONFIRMED


def test_who_does_not_want_the_place_any_more_gives_it_to_the_next(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        group = coming(moment, size=3)
        els, piet = signed_up(moment, "Els", size=3, phone=PHONE), signed_up(moment, "Piet")
        service.cancel(group, Reason.BY_LINK)
    send(client, home(moment), f"{home(moment)}/{els.id}/afmelden")
    assert {one.first_name: one.state for one in people()[1:]} == {"Els": State.CANCELLED, piet.first_name: State.OFFERED}


def test_a_call_that_came_too_late_puts_somebody_back_in_the_list(
    client: FlaskClient, moment: Occurrence, initiator: User, at: Clock
) -> None:
    with transaction():
        group = coming(moment, size=3)
        els = signed_up(moment, "Els", size=3, phone=PHONE)
        signed_up(moment, "Piet")
        service.cancel(group, Reason.BY_LINK)
    at(LONG_BEFORE + timedelta(hours=25))
    with transaction():
        service.expire(LONG_BEFORE + timedelta(hours=25))
    sign_in(client, initiator)
    page = send(client, home(moment), f"{home(moment)}/{els.id}/komt")
    assert "De plaats was al weg. Els staat weer op de wachtlijst." in page.text


def test_who_was_called_leaves_the_list_of_people_to_call(client: FlaskClient, app: Flask) -> None:
    with transaction():
        moment = make_moment(is_home=True)
        els = signed_up(moment, "Els", phone=PHONE)
    sign_in(client, activity_of(moment).initiator)
    page = send(client, home(moment), f"{home(moment)}/{els.id}/gebeld")
    assert "06 12345678" not in page.text
    assert people()[0].call == Call.NONE


# places


def test_the_initiator_switches_signing_up_on_and_says_how_many_fit(client: FlaskClient, app: Flask) -> None:
    with transaction():
        moment = make_moment(places=None, takes_sign_ups=False)
        version = activity_of(moment).edition.version
    sign_in(client, activity_of(moment).initiator)
    assert "Zet aanmelden aan" in client.get(home(moment)).text
    send(client, f"{home(moment)}/instellen", takes_sign_ups="y", **{f"places_{moment.id}": "12"})
    db.session.rollback()
    assert (activity_of(moment).takes_sign_ups, moment.places) == (True, 12)
    assert activity_of(moment).edition.version > version


def test_an_empty_field_means_that_everyone_fits(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    send(client, f"{home(moment)}/instellen", takes_sign_ups="y", **{f"places_{moment.id}": " "})
    db.session.rollback()
    assert moment.places is None


@pytest.mark.parametrize("wrong", ["0", "-1", "veel", "5001", "1.5"])
def test_a_number_that_cannot_be_is_refused_and_kept(client: FlaskClient, moment: Occurrence, initiator: User, wrong: str) -> None:
    answer = send(client, f"{home(moment)}/instellen", takes_sign_ups="y", **{f"places_{moment.id}": wrong})
    assert answer.status_code == 400
    assert f'value="{wrong}"' in answer.text
    assert "Vul een getal in van 1 tot en met 5000." in answer.text


# others


@pytest.mark.parametrize("role", ["initiator", "moderator", "logistics", "municipality", "manager"])
def test_what_is_not_theirs_others_do_not_find(client: FlaskClient, moment: Occurrence, role: str) -> None:
    """SEC-19: whatever they are, and whatever they organise themselves."""
    with transaction():
        one, other = coming(moment), make_moment()
        stranger = make_user(role)
        db.session.add(Membership(user_id=stranger.id, organisation_id=activity_of(other).organisation_id, since=LONG_BEFORE))
    sign_in(client, stranger)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(home(other)).text)
    assert token is not None
    for path in ("", "/nieuw", "/instellen", f"/{one.id}"):
        assert client.get(home(moment) + path).status_code == 404
    for path in ("/nieuw", "/instellen", f"/{one.id}/afmelden", f"/{one.id}/komt", f"/{one.id}/gebeld"):
        assert client.post(home(moment) + path, data={"csrf_token": token[1]}).status_code == 404
    assert people()[0].state == State.CONFIRMED


def test_a_sign_up_is_not_found_under_another_activity_of_the_same_people(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        other = make_moment(initiator=initiator, organisation=activity_of(moment).organisation)
        one = coming(other)
    assert client.get(f"{home(moment)}/{one.id}").status_code == 404
    assert client.get(f"{home(other)}/{one.id}").status_code == 200


def test_without_signing_in_there_is_nothing_to_see(client: FlaskClient, moment: Occurrence) -> None:
    assert client.get(home(moment)).status_code == 303
    assert client.post(f"{home(moment)}/1/afmelden", data={}).status_code in {400, 401}


def test_a_button_needs_the_token_of_the_session(client: FlaskClient, moment: Occurrence, initiator: User) -> None:
    with transaction():
        one = coming(moment)
    assert client.post(f"{home(moment)}/{one.id}/afmelden", data={}).status_code == 400
    assert people()[0].state == State.CONFIRMED


@pytest.mark.parametrize("number", [2**31, 10**20])
def test_a_number_that_is_too_large_is_not_found(client: FlaskClient, moment: Occurrence, initiator: User, number: int) -> None:
    assert client.get(f"{home(moment)}/{number}").status_code == 404
    assert client.get(f"/mijn/activiteiten/{number}/aanmeldingen").status_code == 404
