"""Colleagues of one organisation: inviting by mail, sharing what there is, and going away."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import g
from sqlalchemy import select

from tests.accounts.filling import hidden_fields
from tests.builders import make_activity, make_order, make_organisation, make_package, make_user, sign_in
from tests.registration.filling import errors, form_token
from weekapp import clock, privacy
from weekapp.accounts import lockout
from weekapp.accounts.models import User
from weekapp.activities import still_on
from weekapp.activities.models import Activity, ActivityEvent
from weekapp.db import db, transaction
from weekapp.errors import LinkExpired, WrongState
from weekapp.mail.models import OutgoingMail
from weekapp.orders.models import Order
from weekapp.organisations import queries
from weekapp.organisations.models import Invitation, Membership, Organisation, OrganisationEvent
from weekapp.registration import colleagues
from weekapp.registration import service as registration

FIRST = datetime(2027, 9, 30, 8, tzinfo=UTC)


@pytest.fixture
def house(app, client):
    """An organisation of Noor, who is signed in; its id. Nobody has been invited today."""
    app.extensions[lockout.NAME].own.reset()
    with transaction():
        noor = make_user("initiator", name="Noor Voorbeeld", email="noor@voorbeeld.nl")
        organisation = make_organisation("Buurthuis De Linde", member=noor)
        make_activity(initiator=noor, organisation=organisation, starts=FIRST)
    sign_in(client, noor)
    return organisation.id


def user(email):
    return db.session.scalars(select(User).where(User.email == email)).one()


def fields_of(client, page, action):
    """The hidden fields of a form; two browsers share one application context here, and must not share a token."""
    g.pop("csrf_token", None)
    return hidden_fields(client.get(page).text, action)


def invite(client, house, email):
    path = f"/mijn/organisaties/{house}"
    return client.post(path, data=fields_of(client, path, path) | {"email": email})


def links():
    """The paths in the invitations so far, oldest first."""
    with transaction():
        rows = select(OutgoingMail.values).where(OutgoingMail.template == "colleague_invited").order_by(OutgoingMail.id)
        return [values["link"].removeprefix("http://127.0.0.1:8000") for values in db.session.scalars(rows)]


def accept(client, path, name="Sam Verzonnen"):
    return client.post(path, data={"form_token": form_token(client.get(path)), "name": name})


def joined(app, client, house, email="sam@voorbeeld.nl", name="Sam Verzonnen"):
    """A browser of somebody who has accepted an invitation."""
    assert invite(client, house, email).status_code == 303
    browser = app.test_client()
    assert accept(browser, links()[-1], name).status_code == 303
    return browser


def press(client, page, path):
    return client.post(path, data=fields_of(client, page, path))


def leave(client, house):
    path = f"/mijn/organisaties/{house}/weggaan"
    return press(client, path, path)


def remove(client, house, email):
    with transaction():
        path = f"/mijn/organisaties/{house}/collegas/{user(email).id}/weghalen"
    return press(client, f"/mijn/organisaties/{house}", path)


def steps(house):
    with transaction():
        return [step.event.what.value for step in queries.steps_of(house)]


def mails():
    with transaction():
        rows = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        return [(mail.template, mail.recipient) for mail in rows]


def test_a_colleague_is_invited_by_mail_and_sees_the_same_activities(app, client, house):
    assert "Nodig een collega uit" in client.get("/mijn").text
    answer = invite(client, house, "Sam@Voorbeeld.nl")
    page = client.get(answer.location).text
    assert "We hebben je collega een mail gestuurd." in page
    assert "sam@voorbeeld.nl" in page
    sam = app.test_client()
    look = sam.get(links()[0]).text
    assert "Buurthuis De Linde" in look
    assert "Noor Voorbeeld nodigt je uit." in look
    answer = accept(sam, links()[0])
    page = sam.get(answer.location).text
    assert "Samen soep eten" in page
    assert "Je werkt samen met 1 collega." in page
    assert steps(house) == ["invited", "joined"]
    assert mails() == [("colleague_invited", "sam@voorbeeld.nl"), ("colleague_joined", "noor@voorbeeld.nl")]


def test_the_history_tells_it_in_plain_words(app, client, house):
    sam = joined(app, client, house)
    page = sam.get(f"/mijn/organisaties/{house}").text
    for words in ("Een collega uitgenodigd", "Noor Voorbeeld", "Sam Verzonnen", "Doet mee"):
        assert words in page


def test_looking_uses_nothing_up(app, client, house):
    invite(client, house, "sam@voorbeeld.nl")
    for _ in range(3):
        assert app.test_client().get(links()[0]).status_code == 200
        assert app.test_client().head(links()[0]).status_code == 200
    with transaction():
        assert not queries.has_member_with(house, "sam@voorbeeld.nl")


def test_only_a_hash_of_the_link_is_kept(client, house):
    invite(client, house, "sam@voorbeeld.nl")
    token = links()[0].rpartition("/")[2]
    with transaction():
        assert db.session.scalars(select(Invitation.token_hash)).one() != token


def test_a_link_works_once(app, client, house):
    joined(app, client, house)
    assert app.test_client().get(links()[0]).status_code == 410
    again = app.test_client()
    assert again.post(links()[0], data={"name": "Een ander"}).status_code == 410


def test_a_new_invitation_ends_the_old_one(app, client, house):
    invite(client, house, "sam@voorbeeld.nl")
    invite(client, house, "sam@voorbeeld.nl")
    old, new = links()
    assert app.test_client().get(old).status_code == 410
    assert app.test_client().get(new).status_code == 200


def test_a_link_ends_after_a_week(app, client, house, at):
    invite(client, house, "sam@voorbeeld.nl")
    at(clock.now() + timedelta(days=7))
    answer = app.test_client().get(links()[0])
    assert (answer.status_code, "Deze uitnodiging werkt niet meer." in answer.text) == (410, True)


def test_an_invitation_can_be_taken_back(app, client, house):
    invite(client, house, "sam@voorbeeld.nl")
    with transaction():
        invitation_id = db.session.scalars(select(Invitation.id)).one()
    page = f"/mijn/organisaties/{house}"
    assert press(client, page, f"{page}/uitnodigingen/{invitation_id}/intrekken").status_code == 303
    assert app.test_client().get(links()[0]).status_code == 410
    assert steps(house) == ["invited", "taken_back"]


def test_who_is_a_colleague_is_not_invited_again(app, client, house):
    joined(app, client, house)
    answer = invite(client, house, "sam@voorbeeld.nl")
    assert (answer.status_code, errors(answer)) == (400, ["Deze collega doet al mee."])


@pytest.mark.parametrize("typed", ["", "sam", "sam@"])
def test_a_wrong_address_gets_a_sentence(client, house, typed):
    answer = invite(client, house, typed)
    assert answer.status_code == 400
    assert errors(answer) != []
    assert mails() == []


def test_a_new_colleague_says_a_name(app, client, house):
    invite(client, house, "sam@voorbeeld.nl")
    answer = accept(app.test_client(), links()[0], "")
    assert (answer.status_code, errors(answer)) == (400, ["Vul je naam in."])


def test_whom_we_know_keeps_the_name(app, client, house):
    with transaction():
        make_user("initiator", name="Kim Bekend", email="kim@voorbeeld.nl")
    invite(client, house, "kim@voorbeeld.nl")
    kim = app.test_client()
    assert "Hoe heet je?" not in kim.get(links()[0]).text
    assert "Kijk in je mail" in accept(kim, links()[0], "Iemand Anders").text
    with transaction():
        assert user("kim@voorbeeld.nl").name == "Kim Bekend"
        assert queries.has_member_with(house, "kim@voorbeeld.nl")
    assert kim.get("/mijn").status_code == 303  # a link of a week opens no account that exists (SEC-12)
    assert mails()[-1] == ("sign_in_link", "kim@voorbeeld.nl")


def test_whom_we_know_and_who_is_signed_in_goes_straight_on(app, client, house):
    kim = app.test_client()
    with transaction():
        known = make_user("initiator", name="Kim Bekend", email="kim@voorbeeld.nl")
    sign_in(kim, known)
    invite(client, house, "kim@voorbeeld.nl")
    assert accept(kim, links()[0]).location == "/mijn"
    assert "Samen soep eten" in kim.get("/mijn").text


def test_whom_a_former_colleague_invited_comes_in_no_more(app, client, house):
    sam = joined(app, client, house)
    invite(sam, house, "sam.twee@voorbeeld.nl")
    path = links()[-1]
    assert app.test_client().get(path).status_code == 200
    remove(client, house, "sam@voorbeeld.nl")
    assert app.test_client().get(path).status_code == 410


def test_a_mail_alone_lets_no_staff_in(app, client, house):
    with transaction():
        make_user("moderator", name="Mo Demo", email="mo@voorbeeld.nl", password="x")
    invite(client, house, "mo@voorbeeld.nl")
    browser = app.test_client()
    answer = accept(browser, links()[0])
    assert answer.location.startswith("/inloggen")
    assert browser.get("/mijn").status_code == 303
    with transaction():
        assert queries.has_member_with(house, "mo@voorbeeld.nl")


def test_a_colleague_changes_activities_and_orders(app, client, house):
    with transaction():
        activity = db.session.scalars(select(Activity)).one()
        order = make_order(activity=activity)
    sam = joined(app, client, house)
    assert sam.get(f"/mijn/activiteiten/{activity.id}/wijzigen").status_code == 200
    path = f"/mijn/bestellingen/{order.id}/annuleren"
    assert press(sam, f"/mijn/activiteiten/{activity.id}", path).status_code == 303
    with transaction():
        assert db.session.get(Order, order.id).state == "cancelled"


def test_a_colleague_can_add_to_an_order(app, client, house):
    with transaction():
        order = make_order(activity=db.session.scalars(select(Activity)).one(), quantity=1)
    joined(app, client, house)
    with transaction():
        stored = db.session.get(Order, order.id)
        assert registration.room_in(stored, "sam@voorbeeld.nl") == registration.room_in(stored, "noor@voorbeeld.nl") > 0
        assert registration.room_in(stored, "ander@voorbeeld.nl") == 0


def test_who_goes_away_hands_over_and_loses_access_at_once(app, client, house):
    with transaction():
        order = make_order(activity=db.session.scalars(select(Activity)).one())
    sam = joined(app, client, house)
    page = client.get(f"/mijn/organisaties/{house}/weggaan").text
    assert "Sam Verzonnen krijgt een mail en is dan het aanspreekpunt" in page
    answer = leave(client, house)
    page = client.get(answer.location).text
    assert "Je doet niet meer mee voor Buurthuis De Linde." in page
    assert "Samen soep eten" not in page
    with transaction():
        activity = db.session.scalars(select(Activity)).one()
        assert (activity.initiator.email, db.session.get(Order, order.id).initiator.email) == ("sam@voorbeeld.nl", "sam@voorbeeld.nl")
        assert db.session.scalars(select(ActivityEvent.what)).all() == ["handed_over"]
    for path in (f"/mijn/activiteiten/{activity.id}", f"/mijn/organisaties/{house}"):
        assert client.get(path).status_code == 404
        assert sam.get(path).status_code == 200
    assert mails()[-1] == ("colleague_left", "sam@voorbeeld.nl")
    assert steps(house) == ["invited", "joined", "left"]


def test_who_has_been_taken_away_loses_access_at_once_and_hears_it(app, client, house):
    sam = joined(app, client, house)
    with transaction():
        activity_id = make_activity("Van Sam", initiator=user("sam@voorbeeld.nl"), organisation=db.session.get(Organisation, house)).id
    assert sam.get(f"/mijn/activiteiten/{activity_id}").status_code == 200
    assert remove(client, house, "sam@voorbeeld.nl").status_code == 303
    assert sam.get(f"/mijn/activiteiten/{activity_id}").status_code == 404
    assert "Van Sam" not in sam.get("/mijn").text
    with transaction():
        assert db.session.get(Activity, activity_id).initiator.email == "noor@voorbeeld.nl"
    assert mails()[-1] == ("colleague_removed", "sam@voorbeeld.nl")
    assert "Een collega weggehaald" in client.get(f"/mijn/organisaties/{house}").text


def test_an_old_link_about_an_activity_ends_with_the_colleague(app, client, house, at):
    asked = FIRST - timedelta(days=14)
    sam = joined(app, client, house)
    at(asked)
    sign_in(client, user("noor@voorbeeld.nl"))
    sign_in(sam, user("sam@voorbeeld.nl"))
    with transaction():
        still_on.ask(asked)
        old = still_on.token_of(db.session.scalars(select(Activity)).one(), asked)
        assert still_on.asked_with(old)
    assert leave(client, house).status_code == 303
    with transaction():
        with pytest.raises(LinkExpired):
            still_on.asked_with(old)
        assert still_on.asked_with(still_on.token_of(db.session.scalars(select(Activity)).one(), asked))


def test_the_last_one_cannot_go_while_something_is_coming(client, house):
    path = f"/mijn/organisaties/{house}/weggaan"
    page = client.get(path).text
    assert "Je bent de enige van deze organisatie. Je kunt nog niet weg." in page
    assert "Samen soep eten" in page
    fields = hidden_fields(client.get("/mijn").text)
    assert client.post(path, data=fields).status_code == 409
    with transaction():
        assert queries.has_member_with(house, "noor@voorbeeld.nl")


def test_the_last_one_is_told_what_happens_and_then_can_go(client, house, at):
    at(FIRST + timedelta(days=1))
    with transaction():
        noor, activity_id = user("noor@voorbeeld.nl"), db.session.scalars(select(Activity.id)).one()
    sign_in(client, noor)
    page = client.get(f"/mijn/organisaties/{house}/weggaan").text
    assert "Dit gebeurt er als je weggaat:" in page
    assert "Niemand kan nog bij de oude activiteiten en bestellingen. Jij ook niet." in page
    assert leave(client, house).status_code == 303
    assert client.get(f"/mijn/activiteiten/{activity_id}").status_code == 404
    assert client.get(f"/activiteiten/{activity_id}", follow_redirects=True).status_code == 200


def test_of_two_who_go_the_second_is_the_last_one(app, client, house):
    joined(app, client, house)
    with transaction():
        colleagues.leave(db.session.get(Organisation, house), by=user("noor@voorbeeld.nl"))
    with pytest.raises(WrongState), transaction():
        colleagues.leave(db.session.get(Organisation, house), by=user("noor@voorbeeld.nl"))
    with pytest.raises(WrongState), transaction():
        colleagues.leave(db.session.get(Organisation, house), by=user("sam@voorbeeld.nl"))


def test_a_form_without_the_token_of_the_session_invites_nobody(client, house):
    assert client.post(f"/mijn/organisaties/{house}", data={"email": "sam@voorbeeld.nl"}).status_code == 400
    assert mails() == []


def test_an_organisation_sends_so_many_invitations_a_day(client, house):
    for number in range(20):
        assert invite(client, house, f"collega{number}@voorbeeld.nl").status_code == 303
    answer = invite(client, house, "een.te.veel@voorbeeld.nl")
    assert answer.status_code == 400
    assert "Je probeert het te vaak." in errors(answer)[0]
    assert len(mails()) == 20


def test_nothing_of_a_colleague_is_left_after_the_term(app, client, house, at):
    joined(app, client, house)
    invite(client, house, "nooit@voorbeeld.nl")
    with transaction():
        gone = privacy.purge(FIRST + timedelta(days=120))
        assert (gone.initiators, gone.invitations) == (2, 2)
    with transaction():
        assert not db.session.scalars(select(User.email).where(User.email.like("%@voorbeeld.nl"))).all()
        assert db.session.scalars(select(OrganisationEvent)).all() != []
        assert db.session.scalars(select(Membership)).all() != []


def test_where_others_wait_nothing_can_be_added(house):
    with transaction():
        package = make_package(stock=2, name="Ander pakket")
        order = make_order(activity=db.session.scalars(select(Activity)).one(), package=package)
        assert registration.room_in(order, "noor@voorbeeld.nl") == 1
        make_order(package=package).state = "waiting"
        db.session.flush()
        assert registration.room_in(order, "noor@voorbeeld.nl") == 0
