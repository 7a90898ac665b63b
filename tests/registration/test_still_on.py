"""The question "does it still take place?" as an initiator, a moderator and an officer see it."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_user, sign_in
from tests.registration.filling import form_token
from tests.together import all_at_once
from weekapp.accounts.models import User
from weekapp.activities import still_on
from weekapp.activities.models import Activity, ActivityEvent, StillOn
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail

FIRST = datetime(2027, 9, 30, 8, tzinfo=UTC)
ASKED = datetime(2027, 9, 16, 7, tzinfo=UTC)
LATER = ASKED + timedelta(days=5)
MARKED = LATER + timedelta(days=2)


@pytest.fixture
def asked(app, at):
    """An activity whose initiator has been asked: its id and the path of the link."""
    at(ASKED)
    with transaction():
        me = make_user("initiator", name="Noor Voorbeeld", email="noor@voorbeeld.nl")
        activity_id = make_activity(initiator=me, starts=FIRST, submitted_at=ASKED - timedelta(days=60)).id
    assert still_on.tick() == "1 ask, 0 remind, 0 mark"
    with transaction():
        link = db.session.scalars(select(OutgoingMail.values)).one()["link"]
    return activity_id, link.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def unanswered(asked, at):
    """The same, marked as not confirmed."""
    for moment in (LATER, MARKED):
        at(moment)
        still_on.tick()
    return asked


def press(client, path, choice):
    return client.post(path, data={"form_token": form_token(client.get(path)), "keuze": choice})


def question(activity_id):
    with transaction():
        found = db.session.get(StillOn, activity_id)
        db.session.expunge(found)
        return found


def history(activity_id):
    with transaction():
        return list(db.session.scalars(select(ActivityEvent.what).where(ActivityEvent.activity_id == activity_id)))


def newest_mail():
    with transaction():
        mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)).one()
        return mail.template, mail.recipient, mail.values


def test_looking_changes_nothing(client, asked):
    activity_id, path = asked
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert question(activity_id).answered_at is None


def test_one_button_without_a_password_is_enough(client, asked):
    activity_id, path = asked
    answer = press(client, path, "ja")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "We weten dat je activiteit doorgaat." in page
    assert "Ja, het gaat door" not in page
    assert question(activity_id).answered_at == ASKED
    assert history(activity_id) == ["still_on"]
    assert client.get("/mijn").status_code == 303, "the link signs nobody in (SEC-12)"


@pytest.mark.parametrize(("choice", "form"), [("anders", "wijzigen"), ("nee", "gaat-niet-door")])
def test_the_other_choices_lead_to_their_form_by_a_link_to_sign_in(client, asked, choice, form):
    activity_id, path = asked
    page = press(client, path, choice)
    assert (page.status_code, "We hebben je een mail gestuurd." in page.text) == (200, True)
    template, recipient, values = newest_mail()
    assert (template, recipient) == ("sign_in_link", "noor@voorbeeld.nl")
    link = values["link"].removeprefix("http://127.0.0.1:8000")
    answer = client.post(link, data={"form_token": form_token(client.get(link))})
    assert answer.location == f"/mijn/activiteiten/{activity_id}/{form}"
    assert client.get(answer.location).status_code == 200
    assert question(activity_id).answered_at is None, "nothing has been said yet"


@pytest.mark.parametrize(("choice", "form"), [("anders", "wijzigen"), ("nee", "gaat-niet-door")])
def test_who_is_signed_in_goes_straight_on(client, asked, choice, form):
    activity_id, path = asked
    with transaction():
        me = db.session.scalars(select(User).where(User.email == "noor@voorbeeld.nl")).one()
    sign_in(client, me)
    assert press(client, path, choice).location == f"/mijn/activiteiten/{activity_id}/{form}"


def test_somebody_else_who_is_signed_in_does_not(client, asked):
    _activity_id, path = asked
    with transaction():
        stranger = make_user("initiator")
    sign_in(client, stranger)
    assert press(client, path, "nee").status_code == 200
    assert newest_mail()[1] == "noor@voorbeeld.nl"


def test_a_form_without_its_token_or_choice_changes_nothing(client, asked):
    activity_id, path = asked
    assert client.post(path, data={"keuze": "ja"}).status_code == 400
    answer = press(client, path, "misschien")
    assert (answer.status_code, "Kies wat er met je activiteit gebeurt." in answer.text) == (400, True)
    assert question(activity_id).answered_at is None


def test_a_link_that_is_over_says_so(client, asked, at):
    _activity_id, path = asked
    at(FIRST + timedelta(minutes=5))
    answer = client.get(path)
    assert (answer.status_code, "Deze link werkt niet meer" in answer.text) == (410, True)
    assert client.get("/gaat-het-door/zomaar").status_code == 410


def test_mijn_asks_too_and_has_the_button(client, asked):
    activity_id, _path = asked
    with transaction():
        me = db.session.scalars(select(User).where(User.email == "noor@voorbeeld.nl")).one()
    sign_in(client, me)
    path = f"/mijn/activiteiten/{activity_id}/gaat-door"
    page = client.get("/mijn").text
    assert "Gaat het nog door?" in page
    answer = client.post(path, data=hidden_fields(page, path))
    page = client.get(answer.location).text
    assert "Dank je wel. We weten nu dat je activiteit doorgaat." in page
    assert "liet je weten dat het doorgaat." in page
    assert "Laten weten dat het doorgaat" in page, "in its history"
    assert question(activity_id).answered_at == ASKED


def test_a_changed_activity_is_an_answer(client, unanswered):
    activity_id, _path = unanswered
    with transaction():
        me = db.session.scalars(select(User).where(User.email == "noor@voorbeeld.nl")).one()
    sign_in(client, me)
    path = f"/mijn/activiteiten/{activity_id}/wijzigen"
    page = client.get(path).text
    fields = hidden_fields(page) | {"title": "Samen soep eten", "description": "We koken soep en eten samen aan een lange tafel."}
    fields |= {"theme": "eten", "audiences": "iedereen", "expected_visitors": "40", "is_free": "ja", "postcode": "3511 LX"}
    fields |= {"house_number": "12", "street": "Voorbeeldstraat", "town": "Utrecht"}
    fields |= {"moments-0-day": "2027-09-30", "moments-0-begins": "11:00", "moments-0-ends": "12:00"}
    assert client.post(path, data=fields).status_code == 303
    assert (question(activity_id).unconfirmed_at, question(activity_id).answered_at) == (None, MARKED)


def paper(client):
    answer = client.get("/gemeenten/utrecht/programma-a5.pdf")
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())


def test_what_is_not_confirmed_stands_on_the_site_but_not_on_paper(client, asked, at):
    activity_id, path = asked
    assert "Samen soep eten" in paper(client)
    for moment in (LATER, MARKED):
        at(moment)
        still_on.tick()
    assert "Samen soep eten" not in paper(client)
    assert "Samen soep eten" in client.get("/gemeenten/utrecht").text
    assert press(client, path, "ja").status_code == 303
    assert "Samen soep eten" in paper(client)
    assert history(activity_id) == ["unconfirmed", "still_on"]


def test_mijn_says_what_the_mark_means(client, unanswered):
    with transaction():
        me = db.session.scalars(select(User).where(User.email == "noor@voorbeeld.nl")).one()
    sign_in(client, me)
    assert "Daarom staat je activiteit nu niet in het programma op papier." in client.get("/mijn").text


def test_moderators_have_a_list_of_whom_to_ring(client, unanswered):
    with transaction():
        moderator = make_user("moderator")
    sign_in(client, moderator)
    assert "/beheer/niet-bevestigd" in client.get("/beheer").text
    page = client.get("/beheer/niet-bevestigd").text
    for words in ("Samen soep eten", "donderdag 30 september", "noor@voorbeeld.nl"):
        assert words in page


def test_an_officer_sees_the_own_municipality_and_no_person(client, unanswered):
    with transaction():
        make_activity("Elders", municipality_code="GM0363")
        officer = make_user("municipality", municipality_code="GM0344")
    sign_in(client, officer)
    page = client.get("/beheer/gemeenten/utrecht").text
    assert "Samen soep eten" in page
    assert "noor@voorbeeld.nl" not in page
    assert "Elders" not in page
    assert client.get("/beheer/niet-bevestigd").status_code == 403


def test_only_its_people_can_say_so(client, asked):
    activity_id, _path = asked
    with transaction():
        stranger = make_user("initiator")
    sign_in(client, stranger)
    fields = hidden_fields(client.get("/mijn").text)
    assert client.post(f"/mijn/activiteiten/{activity_id}/gaat-door", data=fields).status_code == 404
    with transaction():
        assert db.session.get(Activity, activity_id) is not None
        assert db.session.get(StillOn, activity_id).answered_at is None


def test_a_moderator_who_rang_says_that_it_goes_on(unanswered, client):
    activity_id, _ = unanswered
    with transaction():
        moderator = make_user("moderator")
    sign_in(client, moderator)
    page = client.get("/beheer/niet-bevestigd").text
    assert "Het gaat door" in page
    answer = client.post(f"/beheer/niet-bevestigd/{activity_id}", data=hidden_fields(page), follow_redirects=True)
    assert "Samen soep eten gaat door." in answer.text
    assert "Je hoeft niemand te bellen." in answer.text
    assert history(activity_id) == ["unconfirmed", "still_on"]
    assert client.post("/beheer/niet-bevestigd/999", data=hidden_fields(page)).status_code == 404


def test_who_answers_while_the_worker_marks_is_heard(app, at):
    """Both lock the activity first: nobody is sent away with an error, and who answered is never left marked."""
    at(ASKED)
    with transaction():
        me = make_user("initiator")
        ids = [
            make_activity(f"Soep {number}", initiator=me, starts=FIRST, submitted_at=ASKED - timedelta(days=60)).id for number in range(12)
        ]
    for moment in (ASKED, LATER):
        at(moment)
        still_on.tick()
    at(MARKED)

    def answers(activity_id):
        def job():
            with transaction():
                activity = db.session.get(Activity, activity_id)
                still_on.confirm(activity, by=activity.initiator)

        return job

    assert all_at_once(app, [*map(answers, ids), still_on.tick]) == []
    db.session.expire_all()
    questions = list(db.session.scalars(select(StillOn)))
    assert [(one.unconfirmed_at, one.answered_at) for one in questions] == [(None, MARKED)] * len(ids)
