"""Staff at /beheer/medewerkers."""

import re

import pyotp
import pytest
from sqlalchemy import func, select

from tests.accounts.filling import send
from tests.builders import make_user, sign_in
from weekapp.accounts import queries, service
from weekapp.accounts.models import SignIn, User
from weekapp.accounts.rules import RoleName
from weekapp.db import db, transaction

PEOPLE = "/beheer/medewerkers"
NEW = {"name": "Lo Nieuw", "email": "Lo.Nieuw@voorbeeld.nl", "role": "logistics", "municipality_code": ""}


@pytest.fixture
def desk(client):
    """A browser in which the programme manager with id `desk.me` is signed in."""
    with transaction():
        manager = make_user("manager", name="Pro Gramma")
        client.me = manager.id
    sign_in(client, manager)
    return client


def colleague(*roles, **more):
    """The id of a member of staff who is signed in somewhere."""
    with transaction():
        user = make_user(*(roles or ("moderator",)), **more)
        service.start_sign_in(user, second_factor=True)
        return user.id


def person(user_id):
    db.session.expire_all()
    return db.session.get(User, user_id)


def sign_ins(user_id):
    return db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.user_id == user_id))


def press(desk, user_id, button):
    return send(desk, f"{PEOPLE}/{user_id}", action=f"{PEOPLE}/{user_id}/{button}")


@pytest.mark.parametrize("role", list(RoleName))
def test_only_the_manager_opens_the_pages(client, role):
    with transaction():
        someone = make_user(role)
    sign_in(client, someone)
    assert client.get(PEOPLE).status_code == (200 if role == RoleName.MANAGER else 403)


def test_staff_stand_by_role_and_initiators_are_absent(desk):
    colleague("moderator", "logistics", name="Dub Bel")
    with transaction():
        make_user("initiator", name="Ini Tiator")
    page = desk.get(PEOPLE).text
    assert page.count("Dub Bel") == 2
    assert "Ini Tiator" not in page


def test_who_is_added_can_sign_in_with_what_the_page_shows(desk):
    answer = send(desk, f"{PEOPLE}/nieuw", **NEW)
    password, secret = re.findall(r'<code class="secret">(.*?)</code>', answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'src="data:image/svg+xml' in answer.text
    with transaction():
        user = service.staff_with_password("lo.nieuw@voorbeeld.nl", password)
        assert user is not None
        assert service.use_code(user, pyotp.TOTP(secret).now())
    assert (user.name, service.roles_of(user)) == ("Lo Nieuw", {RoleName.LOGISTICS})


def test_the_keys_are_shown_once(desk):
    answer = send(desk, f"{PEOPLE}/nieuw", **NEW)
    password = re.search(r'<code class="secret">(.*?)</code>', answer.text).group(1)
    user_id = queries.by_email(NEW["email"]).id
    assert password not in desk.get(f"{PEOPLE}/{user_id}").text


def test_who_is_staff_already_is_not_added_again_and_keeps_the_password(desk):
    known = colleague(email="lo.nieuw@voorbeeld.nl", password="as it was")
    answer = send(desk, f"{PEOPLE}/nieuw", **NEW)
    assert answer.status_code == 400
    assert "Deze persoon is al medewerker." in answer.text
    assert person(known).password == "as it was"


def test_an_officer_needs_a_municipality(desk):
    answer = send(desk, f"{PEOPLE}/nieuw", **NEW | {"role": "municipality"})
    assert answer.status_code == 400
    assert "Kies een gemeente." in answer.text
    send(desk, f"{PEOPLE}/nieuw", **NEW | {"role": "municipality", "municipality_code": "GM0344"})
    assert queries.by_email(NEW["email"]).municipality_code == "GM0344"


def test_everything_that_is_missing_is_said_at_once(desk):
    answer = send(desk, f"{PEOPLE}/nieuw", name="", email="lo", role="")
    assert answer.status_code == 400
    for text in ("Vul een naam in.", "Vul een mailadres in.", "Kies een rol."):
        assert text in answer.text


def test_a_role_that_is_not_of_staff_cannot_be_given(desk):
    answer = send(desk, f"{PEOPLE}/nieuw", **NEW | {"role": "initiator"})
    assert answer.status_code == 400
    assert queries.by_email(NEW["email"]) is None


def test_an_initiator_who_becomes_staff_stays_an_initiator(desk):
    with transaction():
        make_user("initiator", email="lo.nieuw@voorbeeld.nl")
    send(desk, f"{PEOPLE}/nieuw", **NEW)
    assert service.roles_of(queries.by_email(NEW["email"])) == {RoleName.INITIATOR, RoleName.LOGISTICS}


def test_roles_can_be_changed(desk):
    someone = colleague("moderator", "initiator")
    send(desk, f"{PEOPLE}/{someone}", roles=["logistics", "manager"], municipality_code="")
    assert service.roles_of(person(someone)) == {RoleName.INITIATOR, RoleName.LOGISTICS, RoleName.MANAGER}


def test_somebody_keeps_at_least_one_role(desk):
    someone = colleague()
    answer = send(desk, f"{PEOPLE}/{someone}", municipality_code="")
    assert answer.status_code == 400
    assert "Kies ten minste één rol." in answer.text


def test_sign_ins_can_be_ended(desk):
    someone = colleague()
    press(desk, someone, "afmelden")
    assert sign_ins(someone) == 0
    assert person(someone).active


def test_who_is_shut_out_is_out_at_once_and_can_be_let_in_again(desk):
    someone = colleague()
    press(desk, someone, "buitensluiten")
    assert (person(someone).active, sign_ins(someone)) == (False, 0)
    assert "buitengesloten" in desk.get(PEOPLE).text
    press(desk, someone, "toelaten")
    assert person(someone).active


def test_new_keys_end_the_old_ones(desk):
    send(desk, f"{PEOPLE}/nieuw", **NEW)
    user_id = queries.by_email(NEW["email"]).id
    old = person(user_id).password
    answer = press(desk, user_id, "nieuwe-sleutels")
    password, _secret = re.findall(r'<code class="secret">(.*?)</code>', answer.text)
    assert person(user_id).password != old
    assert service.staff_with_password(NEW["email"], password) is not None


@pytest.mark.parametrize("button", ["afmelden", "buitensluiten", "toelaten", "nieuwe-sleutels"])
def test_nobody_changes_their_own_account(desk, button):
    token = send_token(desk)
    answer = desk.post(f"{PEOPLE}/{desk.me}/{button}", data={"csrf_token": token})
    assert answer.status_code == 403
    assert "Je kunt je eigen account niet veranderen." in answer.text
    assert (person(desk.me).active, sign_ins(desk.me)) == (True, 1)


def test_nobody_gives_up_their_own_role(desk):
    data = {"csrf_token": send_token(desk), "roles": ["moderator"], "municipality_code": ""}
    assert desk.post(f"{PEOPLE}/{desk.me}", data=data).status_code == 403
    assert service.roles_of(person(desk.me)) == {RoleName.MANAGER}


def send_token(desk):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(PEOPLE).text).group(1)


def test_ones_own_page_has_no_buttons(desk):
    page = desk.get(f"{PEOPLE}/{desk.me}").text
    assert "Dit ben jij." in page
    assert "buitensluiten" not in page


def test_an_initiator_is_not_found_among_staff(desk):
    with transaction():
        someone = make_user("initiator").id
    assert desk.get(f"{PEOPLE}/{someone}").status_code == 404
