import pytest

from tests.accounts.filling import hidden_fields
from tests.builders import make_user, sign_in
from weekapp import clock
from weekapp.accounts import service, signed_in
from weekapp.accounts.permissions import PERMISSIONS, needs
from weekapp.accounts.rules import RoleName
from weekapp.db import transaction


def person(client, *roles, **more):
    with transaction():
        user = make_user(*roles, **more)
    sign_in(client, user)
    return user


def test_a_stranger_is_sent_to_sign_in_and_back(client):
    answer = client.get("/beheer/moderatie?jaar=2027")
    assert answer.status_code == 303
    assert answer.location == "/inloggen?next=/beheer/moderatie?jaar%3D2027"


def test_what_a_stranger_sends_is_given_back_and_not_done(client):
    token = form_token_of_a_session_that_ended(client)
    answer = client.post("/beheer/moderatie/1/terugsturen", data={"csrf_token": token, "own": "Maak de titel korter"})
    assert answer.status_code == 401
    assert 'value="Maak de titel korter"' in answer.text
    assert "Log eerst in" in answer.text


def form_token_of_a_session_that_ended(client):
    person(client, "moderator")
    token = hidden_fields(client.get("/inloggen/herstelcodes").text)["csrf_token"]
    with client.session_transaction() as session:
        del session[signed_in.TOKEN]
    return token


def test_the_wrong_role_is_refused(client):
    person(client, "initiator")
    answer = client.get("/beheer")
    assert answer.status_code == 403
    assert "Je mag deze pagina niet bekijken." in answer.text


@pytest.mark.parametrize("role", list(RoleName))
def test_only_moderators_and_managers_judge(client, role):
    person(client, role)
    assert client.get("/beheer").status_code == (200 if role in {RoleName.MODERATOR, RoleName.MANAGER} else 403)


def test_only_logistics_gets_addresses():
    assert PERMISSIONS["batches.download"] == {RoleName.LOGISTICS}


def test_a_permission_that_is_not_in_the_table_stops_the_start():
    with pytest.raises(KeyError):
        needs("alles.doen")


def test_the_menu_shows_the_parts_of_a_person(client):
    person(client, "moderator")
    page = client.get("/beheer").text
    assert 'href="/mijn"' in page
    assert 'href="/logistiek"' not in page


def test_staff_who_came_in_by_mail_alone_are_not_staff(client):
    with transaction():
        token = service.start_sign_in(make_user("moderator", "initiator"), second_factor=False)
    with client.session_transaction() as session:
        session.update({signed_in.TOKEN: token, signed_in.SEEN: int(clock.now().timestamp())})
    assert client.get("/beheer").status_code == 403
