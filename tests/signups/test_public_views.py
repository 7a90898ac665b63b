"""The pages for residents: sign up, confirm, give a place back; without an account and without a cookie."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.builders import make_occurrence
from tests.signups.making import LONG_BEFORE, STARTS, activity_of, coming, link_in_last_mail, make_moment, signed_up
from weekapp.accounts import lockout
from weekapp.activities import service as activities
from weekapp.activities.models import Occurrence
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail
from weekapp.signups import service
from weekapp.signups.models import SignUp, SignUpEvent
from weekapp.signups.rules import ACTIVITY_WITHIN, MAX_FOR_ACTIVITY, MAX_FOR_ADDRESS, MAX_WRONG_CODES, Reason, State

Clock = Callable[[datetime], None]
FILLED = {"first_name": "Jan", "email": "jan@voorbeeld.nl", "phone": "", "party_size": "2"}


@pytest.fixture(autouse=True)
def long_before(at: Clock) -> None:
    at(LONG_BEFORE)


@pytest.fixture(autouse=True)
def nobody_tried_before(app: Flask) -> None:
    app.extensions[lockout.NAME] = lockout.Lockout(app.config["SETTINGS"])


@pytest.fixture
def moment(app: Flask) -> Occurrence:
    with transaction():
        return make_moment(places=5, title="Samen soep eten")


def address(moment: Occurrence) -> str:
    return f"/activiteiten/{moment.activity_id}/aanmelden"


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="form_token"[^>]*value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def fill_in(client: FlaskClient, moment: Occurrence, /, **more: str) -> TestResponse:
    form = FILLED | {"moment": str(moment.id), "form_token": token_of(client.get(address(moment)))} | more
    return client.post(address(moment), data=form)


def press(client: FlaskClient, path: str, **more: str) -> TestResponse:
    return client.post(path, data={"form_token": token_of(client.get(path))} | more, follow_redirects=True)


def people() -> list[SignUp]:
    db.session.rollback()
    return list(db.session.scalars(select(SignUp).order_by(SignUp.id)))


def only() -> SignUp:
    found = people()
    assert len(found) == 1
    return found[0]


# the form


def test_the_form_asks_as_little_as_possible(client: FlaskClient, moment: Occurrence) -> None:
    """PRIV-02: a first name, mail or phone, how many; PRIV-03: never a reason."""
    page = client.get(address(moment)).text
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', page))
    assert fields == {"form_token", "website", "moment", "party_size", "first_name", "email", "phone"}
    assert "Je hoeft niet te vertellen waarom je komt." in page
    assert "Ben je jonger dan 16 jaar?" in page


def test_the_form_says_how_many_places_there_are(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        coming(moment, size=2)
    page = client.get(address(moment)).text
    assert "donderdag 30 september, 12.00 tot 14.00 uur. Nog 3 plaatsen." in page
    assert "Deze activiteit is vol." not in page


def test_a_full_activity_offers_others_nearby_and_the_waiting_list(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        coming(moment, size=5)
    page = client.get(address(moment)).text
    assert "Deze activiteit is vol. Er zijn nog andere activiteiten bij jou in de buurt." in page
    assert 'href="/activiteiten?gemeente=utrecht"' in page
    assert "Dit moment is vol: je komt op de wachtlijst." in page


def test_no_page_for_residents_sets_a_cookie_or_may_be_stored(client: FlaskClient, moment: Occurrence) -> None:
    fill_in(client, moment)
    confirm, code = link_in_last_mail(only(), "link"), "/afmelden"
    for path in (address(moment), confirm, code):
        answers = [client.get(path), client.post(path, data={})]
        assert all("Set-Cookie" not in one.headers for one in answers)
        assert all(one.headers["Cache-Control"] == "no-store" for one in answers)
        assert all(one.headers["Referrer-Policy"] == "no-referrer" for one in answers)


def test_signing_up_promises_a_mail(client: FlaskClient, moment: Occurrence) -> None:
    answer = fill_in(client, moment)
    assert answer.status_code == 200
    assert "Klik op de knop in die mail. Dan weten we dat jij het bent." in answer.text
    one = only()
    assert (one.state, one.first_name, one.email, one.phone, one.party_size) == (State.UNCONFIRMED, "Jan", "jan@voorbeeld.nl", "", 2)


def test_of_two_ways_to_reach_somebody_one_is_kept(client: FlaskClient, moment: Occurrence) -> None:
    fill_in(client, moment, phone="06 12345678")
    assert (only().email, only().phone) == ("jan@voorbeeld.nl", "")


def test_who_has_no_mail_gets_a_code_to_write_down(client: FlaskClient, moment: Occurrence) -> None:
    page = fill_in(client, moment, email="", phone="06 12345678").text
    one = only()
    assert (one.state, one.phone) == (State.CONFIRMED, "+31612345678")
    assert f"{one.code[:3]} {one.code[3:]}" in page


def test_the_answer_to_a_known_address_is_the_same(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-14"""
    first, again = fill_in(client, moment), fill_in(client, moment)
    assert first.text == again.text
    assert only().state == State.UNCONFIRMED


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"moment": ""}, "Kies een moment."),
        ({"moment": "999999"}, "Kies een moment."),
        ({"first_name": " "}, "Vul je voornaam in."),
        ({"first_name": "12"}, "Vul een voornaam met letters in."),
        ({"first_name": "=1+1"}, "Begin met een letter of een cijfer"),
        ({"first_name": "x" * 41}, "Maak je voornaam korter."),
        ({"email": ""}, "Vul je mailadres in. Of vul je telefoonnummer in."),
        ({"email": "jan@"}, "Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl."),
        ({"email": "", "phone": "12"}, "Dit is geen telefoonnummer."),
        ({"party_size": "0"}, "Kies met hoeveel mensen je komt: van 1 tot en met 10."),
        ({"party_size": "11"}, "Kies met hoeveel mensen je komt: van 1 tot en met 10."),
        ({"website": "https://x.example"}, "Laat dit veld leeg."),
        ({"form_token": "oud"}, "Je formulier is nog niet verstuurd."),
    ],
)
def test_each_mistake_has_its_sentence_and_nothing_is_lost(
    client: FlaskClient, moment: Occurrence, wrong: dict[str, str], message: str
) -> None:
    answer = fill_in(client, moment, **wrong)
    assert answer.status_code == 400
    assert "<title>Fout:" in answer.text
    assert message in answer.text
    assert f'value="{(FILLED | wrong)["first_name"].strip()}"' in answer.text
    assert people() == []


def test_who_presses_after_the_start_keeps_what_was_typed(client: FlaskClient, moment: Occurrence, at: Clock) -> None:
    with transaction():
        make_occurrence(activity_of(moment), STARTS + timedelta(days=1))
    form = FILLED | {"moment": str(moment.id), "form_token": token_of(client.get(address(moment)))}
    at(STARTS)
    answer = client.post(address(moment), data=form)
    assert answer.status_code == 400
    assert 'value="Jan"' in answer.text


@pytest.mark.parametrize("change", [{"takes_sign_ups": False}, {"state": "cancelled", "cancelled_at": LONG_BEFORE}])
def test_without_sign_up_the_page_leads_to_the_activity(client: FlaskClient, moment: Occurrence, change: dict[str, object]) -> None:
    with transaction():
        for name, value in change.items():
            setattr(activity_of(moment), name, value)
    answer = client.get(address(moment))
    assert (answer.status_code, answer.location) == (303, f"/activiteiten/{moment.activity_id}-samen-soep-eten")


@pytest.mark.parametrize("number", ["999999", "99999999999999999999"])
def test_what_is_not_there_is_not_found(client: FlaskClient, app: Flask, number: str) -> None:
    assert client.get(f"/activiteiten/{number}/aanmelden").status_code == 404


def test_what_is_not_public_is_not_found(client: FlaskClient, app: Flask) -> None:
    with transaction():
        hidden = make_moment(state="submitted", published_at=None)
    assert client.get(address(hidden)).status_code == 404


def test_the_chosen_moment_of_a_link_is_chosen(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        other = make_occurrence(activity_of(moment), STARTS + timedelta(days=1))
    page = client.get(f"{address(moment)}?moment={other.id}").text
    assert re.search(rf'<input checked[^>]*value="{other.id}"', page)


def test_a_mail_address_cannot_be_flooded(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-15"""
    answers = [fill_in(client, moment, email="vol@voorbeeld.nl", first_name=f"Jan {chr(65 + n)}") for n in range(MAX_FOR_ADDRESS + 1)]
    assert [one.status_code for one in answers] == [200] * MAX_FOR_ADDRESS + [429]
    assert answers[-1].headers["Retry-After"] == "3600"


def test_a_phone_number_cannot_be_flooded(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-15: who gives a number has a place at once, so a machine must not take them all."""
    answers = [fill_in(client, moment, email="", phone="06 12345678", first_name=f"Jan {chr(65 + n)}") for n in range(MAX_FOR_ADDRESS + 1)]
    assert [one.status_code for one in answers] == [200] * MAX_FOR_ADDRESS + [429]


def test_one_activity_takes_so_many_sign_ups_at_a_time(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-15"""
    counts = lockout.lockout()
    counts.add(counts.name("sign-ups", f"activity {moment.activity_id}"), ACTIVITY_WITHIN, MAX_FOR_ACTIVITY)
    answer = fill_in(client, moment, email="nieuw@voorbeeld.nl")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")


@pytest.mark.parametrize("path", ["/activiteiten/{}/aanmelden", "/afmelden", "/activiteiten/{}/fout-melden"])
def test_under_each_form_stands_what_we_do_with_it_and_a_link(client: FlaskClient, moment: Occurrence, path: str) -> None:
    """PRIV-12: two sentences and the privacy page."""
    form = client.get(path.format(moment.activity_id)).text.partition("<form method")[2].partition("</form>")[0]
    assert re.search(r'<p class="quiet">[^<]+\.[^<]+\. <a href="/privacy">', form)


# the link in the mail


def test_looking_at_the_link_changes_nothing_and_the_button_does(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-11: mail scanners open every link."""
    fill_in(client, moment)
    path = link_in_last_mail(only(), "link")
    assert client.head(path).status_code == 200
    assert "Ja, ik kom" in client.get(path).text
    assert only().state == State.UNCONFIRMED
    page = press(client, path)
    assert "Je staat op de lijst" in page.text
    assert only().state == State.CONFIRMED


def test_the_link_needs_the_token_of_its_page(client: FlaskClient, moment: Occurrence) -> None:
    fill_in(client, moment)
    assert client.post(link_in_last_mail(only(), "link")).status_code == 400
    assert only().state == State.UNCONFIRMED


def test_an_unknown_link_says_what_to_do(client: FlaskClient, app: Flask) -> None:
    for path in ("/aanmelding/onzin", "/afmelden/onzin"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Deze link werkt niet meer" in answer.text


def test_a_link_ends_after_three_days(client: FlaskClient, moment: Occurrence, at: Clock) -> None:
    fill_in(client, moment)
    path = link_in_last_mail(only(), "link")
    at(LONG_BEFORE + timedelta(hours=71))
    assert client.get(path).status_code == 200
    at(LONG_BEFORE + timedelta(hours=72))
    assert client.get(path).status_code == 410


def test_who_is_late_can_still_come(client: FlaskClient, moment: Occurrence, at: Clock) -> None:
    fill_in(client, moment)
    path = link_in_last_mail(only(), "link")
    at(LONG_BEFORE + timedelta(hours=20))
    with transaction():
        service.expire(LONG_BEFORE + timedelta(hours=20))
    assert "Wil je nog komen?" in client.get(path).text
    assert "Je staat op de lijst" in press(client, path).text


def test_an_offer_has_a_link_of_its_own(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        group = coming(moment, size=5)
        waiting = signed_up(moment, "Els")
        service.cancel(group, Reason.BY_LINK)
    path = link_in_last_mail(waiting, "link")
    assert "Er is een plaats voor je" in client.get(path).text
    assert "Je staat op de lijst" in press(client, path).text


def test_a_new_offer_ends_the_link_of_the_one_before(client: FlaskClient, moment: Occurrence, at: Clock) -> None:
    with transaction():
        group = coming(moment, size=5)
        waiting = signed_up(moment, "Els", size=5)
        service.cancel(group, Reason.BY_LINK)
        first_link = link_in_last_mail(waiting, "link")
    at(LONG_BEFORE + timedelta(hours=25))
    with transaction():
        service.expire(LONG_BEFORE + timedelta(hours=25))
        other = coming(moment)
        service.confirm(waiting)
        service.cancel(other, Reason.BY_LINK)
    assert link_in_last_mail(waiting, "link") != first_link
    assert client.get(first_link).status_code == 410


def test_only_who_has_a_place_sees_the_address_of_a_home(client: FlaskClient, app: Flask) -> None:
    """PRIV-04"""
    with transaction():
        home = make_moment(is_home=True)
    assert "Voorbeeldstraat" not in client.get(address(home)).text
    fill_in(client, home)
    path = link_in_last_mail(only(), "link")
    assert "Voorbeeldstraat" not in client.get(path).text
    assert "Voorbeeldstraat 12" in press(client, path).text


def test_who_gives_a_phone_number_does_not_see_the_address_of_a_home(client: FlaskClient, app: Flask) -> None:
    with transaction():
        home = make_moment(is_home=True)
    page = fill_in(client, home, email="", phone="06 12345678").text
    assert "Voorbeeldstraat" not in page
    assert "De organisator belt je en vertelt je het adres." in page


# giving a place back


def test_the_other_link_gives_the_place_back_with_a_button(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        one = coming(moment, "Jan")
    path = link_in_last_mail(one, "cancel_link")
    assert "Wil je je afmelden?" in client.get(path).text
    assert only().state == State.CONFIRMED
    assert "Je bent afgemeld" in press(client, path).text
    assert only().state == State.CANCELLED


def test_a_code_and_first_name_give_the_place_back(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        one = signed_up(moment, "Els", phone="+31612345678")
        code = f"{one.code[:3].lower()} {one.code[3:].lower()}"
    page = press(client, "/afmelden", code=code, first_name="els")
    assert "Je bent afgemeld" in page.text
    assert only().state == State.CANCELLED


def test_a_wrong_name_and_a_wrong_code_look_the_same(client: FlaskClient, moment: Occurrence) -> None:
    with transaction():
        code = signed_up(moment, "Els", phone="+31612345678").code
    for form in ({"code": code, "first_name": "Jan"}, {"code": "XXXXXX", "first_name": "Els"}):
        answer = press(client, "/afmelden", **form)
        assert answer.status_code == 400
        assert "Deze code en voornaam horen niet bij elkaar." in answer.text
    assert only().state == State.CONFIRMED


def test_codes_cannot_be_guessed_one_after_the_other(client: FlaskClient, moment: Occurrence) -> None:
    token = token_of(client.get("/afmelden"))
    form = {"form_token": token, "first_name": "Radende Rob"}
    statuses = [client.post("/afmelden", data=form | {"code": f"XXXXX{n}"}).status_code for n in range(MAX_WRONG_CODES + 1)]
    assert statuses == [400] * MAX_WRONG_CODES + [429]


# privacy


def test_the_tables_hold_nothing_but_what_is_allowed() -> None:
    """PRIV-02: a new column is thought about twice."""
    of_a_person = {"first_name", "email", "phone", "party_size", "language"}  # the language: of the page, so that our mails can be read
    about_the_place = {"id", "occurrence_id", "state", "code", "send_key", "confirm_hash", "cancel_hash", "round", "call", "made_by_id"}
    times = {"held_until", "queued_at", "offered_at", "confirmed_at", "reminded_at", "told_sequence", "created_at", "changed_at"}
    assert {column.name for column in SignUp.__table__.columns} == of_a_person | about_the_place | times
    of_a_step = {"id", "sign_up_id", "at", "state", "reason", "party_size", "places_left", "by_id"}
    assert {column.name for column in SignUpEvent.__table__.columns} == of_a_step


def test_no_token_is_kept(client: FlaskClient, moment: Occurrence) -> None:
    """SEC-11: hashes only, besides the mail that has not gone out yet."""
    fill_in(client, moment)
    token = link_in_last_mail(only(), "link").rpartition("/")[2]
    assert token not in {getattr(only(), column.name) for column in SignUp.__table__.columns}


def test_nothing_of_a_person_is_in_an_address_or_a_log_line(
    client: FlaskClient, moment: Occurrence, capfd: pytest.CaptureFixture[str]
) -> None:
    """PRIV-10, API-06"""
    first = fill_in(client, moment, first_name="Kanarie", email="kanarie@voorbeeld.nl")
    path = link_in_last_mail(only(), "link")
    pages = [first, client.get(path), press(client, path), press(client, "/afmelden", code="XXXXXX", first_name="Kanarie")]
    seen = [one.request.path + one.request.query_string.decode() for one in pages] + [one.location or "" for one in pages]
    logged = "".join(capfd.readouterr())
    for secret in ("kanarie", only().code.lower()):
        assert secret not in "".join(seen).lower()
        assert secret not in logged.lower()
    assert path.rpartition("/")[2] not in logged


def test_subjects_and_senders_reveal_nothing(client: FlaskClient, app: Flask) -> None:
    """TAAL-10: also when the title does."""
    from weekapp.core import settings
    from weekapp.mail import render

    with transaction():
        moment = make_moment(places=1, title="Samen tegen eenzaamheid")
        one = coming(moment)
        signed_up(moment)
        service.cancel(one, Reason.BY_LINK)
        activities.cancel(activity_of(moment), "Ziek.", by=activity_of(moment).initiator)
        service.activity_cancelled(activity_of(moment))
        for mail in db.session.scalars(select(OutgoingMail)):
            text = render.render(mail.template, mail.values)
            assert "eenzaam" not in text.subject.lower()
            assert "soep" not in text.subject.lower()
    assert "eenzaam" not in settings().mail_sender.lower()
