from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from tests.accounts.filling import hidden_fields, send
from tests.builders import make_user, sign_in
from weekapp import clock
from weekapp.accounts import service
from weekapp.accounts.lockout import lockout
from weekapp.accounts.models import SignIn, User
from weekapp.db import db, transaction
from weekapp.mail.models import OutgoingMail

PASSWORD, SECRET = "een heel lang wachtwoord", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MO = "mo@voorbeeld.nl"


@pytest.fixture(autouse=True)
def nobody_tried_before(app):
    lockout().own.reset()


@pytest.fixture
def staff(app):
    with transaction():
        return service.add_staff(MO, "moderator", password=PASSWORD, totp_secret=SECRET)


@pytest.fixture
def initiator(app):
    with transaction():
        return make_user("initiator")


def ask_link(client, email):
    return send(client, "/inloggen", action="/inloggen", email=email)


def give_password(client, email=MO, password=PASSWORD, address="/inloggen"):
    return send(client, address, action="/inloggen/wachtwoord", medewerker__email=email, medewerker__password=password)


def give_code(client, code=None):
    return send(client, "/inloggen/code", code=code or pyotp.TOTP(SECRET).at(clock.now()))


def link_for(client, email):
    ask_link(client, email)
    address = db.session.scalars(select(OutgoingMail)).one().values["link"]
    return "/" + address.split("/", 3)[3]


def sign_ins():
    return db.session.scalars(select(SignIn)).all()


def test_the_page_to_sign_in_on_sets_no_cookie(client):
    answer = client.get("/inloggen")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_an_initiator_signs_in_with_the_link_from_the_mail(client, initiator):
    link = link_for(client, initiator.email)
    answer = send(client, link)
    assert (answer.status_code, answer.location) == (303, "/mijn")
    assert sign_ins()[0].user_id == initiator.id
    assert not sign_ins()[0].second_factor


def test_known_and_unknown_addresses_get_the_same_answer(client, initiator):
    known, unknown = ask_link(client, initiator.email), ask_link(client, "onbekend@voorbeeld.nl")
    assert (known.status_code, known.location, known.data) == (unknown.status_code, unknown.location, unknown.data)
    assert client.get(known.location).status_code == 200


def test_looking_at_a_link_does_not_use_it_up(client, initiator):
    link = link_for(client, initiator.email)
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert send(client, link).status_code == 303


def test_a_used_link_says_how_to_get_a_new_one(client, initiator):
    link = link_for(client, initiator.email)
    send(client, link)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Vraag een nieuwe link aan" in answer.text


def test_an_invented_link_looks_like_an_old_one(client):
    assert client.get("/inloggen/link/verzonnen").status_code == 410


def test_a_wrong_mail_address_is_said_at_the_field_and_kept(client):
    answer = ask_link(client, "geen adres")
    assert answer.status_code == 400
    assert "<title>Fout: Inloggen" in answer.text
    assert 'value="geen adres"' in answer.text
    assert 'href="#email"' in answer.text


def test_a_form_that_is_too_old_asks_to_be_sent_again_and_keeps_what_was_typed(client):
    answer = client.post("/inloggen", data={"email": "sam@voorbeeld.nl", "form_token": "oud"})
    assert answer.status_code == 400
    assert 'value="sam@voorbeeld.nl"' in answer.text
    assert "Je formulier is nog niet verstuurd." in answer.text


def test_a_robot_that_fills_in_everything_is_refused(client):
    answer = send(client, "/inloggen", action="/inloggen", email="sam@voorbeeld.nl", website="https://reclame.example")
    assert answer.status_code == 400


def test_staff_sign_in_with_password_and_code(client, staff):
    assert give_password(client).location == "/inloggen/code"
    answer = give_code(client)
    assert (answer.status_code, answer.location) == (303, "/beheer")
    assert client.get("/beheer").status_code == 200


def test_a_password_alone_opens_nothing(client, staff):
    give_password(client)
    assert sign_ins() == []
    assert client.get("/beheer").status_code == 303


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, staff):
    wrong, unknown = give_password(client, password="fout wachtwoord"), give_password(client, email="x@voorbeeld.nl")
    assert wrong.status_code == unknown.status_code == 400
    words = "Het mailadres of het wachtwoord klopt niet."
    assert words in wrong.text
    assert words in unknown.text


def test_a_password_is_never_sent_back(client, staff):
    assert "fout wachtwoord" not in give_password(client, password="fout wachtwoord").text


def test_a_wrong_code_is_said_at_the_field(client, staff):
    give_password(client)
    wrong = f"{(int(pyotp.TOTP(SECRET).at(clock.now())) + 1) % 1_000_000:06d}"
    answer = give_code(client, wrong)
    assert answer.status_code == 400
    assert "Deze code klopt niet. Wacht op een nieuwe code" in answer.text


def test_a_recovery_code_opens_too(client, staff):
    with transaction():
        code = service.renew_recovery_codes(staff)[0]
    give_password(client)
    assert send(client, "/inloggen/code", recovery=code).status_code == 303


def test_a_wrong_recovery_code_is_said_at_its_own_field(client, staff):
    give_password(client)
    answer = send(client, "/inloggen/code", recovery="aaaa-bbbb-cccc-dddd")
    assert answer.status_code == 400
    assert 'href="#recovery"' in answer.text


def test_an_empty_code_is_asked_for_and_counts_as_no_try(client, staff):
    give_password(client)
    answers = [give_code(client, " ").status_code for _ in range(7)]
    assert answers == [400] * 7


def test_after_five_wrong_passwords_the_right_one_is_refused_for_a_while(client, staff):
    for _ in range(5):
        assert give_password(client, password="fout wachtwoord").status_code == 400
    answer = give_password(client)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "Wacht 15 minuten" in answer.text


def test_wrong_passwords_and_wrong_codes_count_together(client, staff):
    for _ in range(2):
        give_password(client, password="fout wachtwoord")
    give_password(client)
    codes = [give_code(client, "000000").status_code for _ in range(4)]
    assert codes == [400, 400, 400, 429]


def test_asking_for_links_without_end_is_refused(client):
    answers = [ask_link(client, "sam@voorbeeld.nl").status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_after_signing_in_people_go_on_where_they_wanted(client, staff):
    give_password(client, address="/inloggen?next=/beheer/moderatie")
    assert give_code(client).location == "/beheer/moderatie"


def test_nobody_is_sent_on_to_another_site(client, staff):
    give_password(client, address="/inloggen?next=//elders.example")
    assert give_code(client).location == "/beheer"


def test_the_code_must_come_soon_after_the_password(client, staff, at):
    give_password(client)
    at(clock.now() + timedelta(minutes=11))
    answer = client.get("/inloggen/code")
    assert (answer.status_code, answer.location) == (303, "/inloggen?te_laat=1")
    assert "Het duurde te lang." in client.get(answer.location).text


def test_signing_in_gives_a_new_session(client, staff, initiator):
    sign_in(client, initiator)
    before = client.get_cookie("weekapp").value
    give_password(client)
    give_code(client)
    with client.session_transaction() as session:
        assert "half_way" not in session
    assert client.get_cookie("weekapp").value != before
    assert {row.user_id for row in sign_ins()} == {staff.id, initiator.id}


def test_signing_out_ends_copies_of_the_cookie_too(client, staff):
    sign_in(client, staff)
    copy = client.get_cookie("weekapp").value
    assert client.post("/uitloggen").location == "/uitgelogd"
    client.set_cookie("weekapp", copy)
    assert client.get("/beheer").status_code == 303


def test_staff_who_do_nothing_for_half_an_hour_sign_in_again(client, staff, at):
    sign_in(client, staff)
    start = clock.now()
    at(start + timedelta(minutes=29))
    assert client.get("/beheer").status_code == 200
    at(start + timedelta(minutes=58))
    assert client.get("/beheer").status_code == 200
    at(start + timedelta(minutes=90))
    assert client.get("/beheer").status_code == 303


def test_initiators_who_do_nothing_for_two_hours_sign_in_again(client, initiator, at):
    start = clock.now()
    sign_in(client, initiator)
    for minutes in (110, 220):
        at(start + timedelta(minutes=minutes))
        assert client.get("/mijn").status_code == 200, "who is busy stays in"
    at(start + timedelta(minutes=220 + 121))
    answer = client.get("/mijn")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/inloggen")
    at(start + timedelta(minutes=220 + 122))
    assert client.get("/mijn").status_code == 303, "the old cookie opens nothing any more"


def test_initiators_sign_in_again_after_a_day_however_busy(client, initiator, at):
    start = clock.now()
    sign_in(client, initiator)
    for hour in range(1, 24):
        at(start + timedelta(hours=hour))
        assert client.get("/mijn").status_code == 200
    at(start + timedelta(hours=24, minutes=1))
    assert client.get("/mijn").status_code == 303


def test_what_an_idle_initiator_sends_comes_back_filled(client, initiator, at):
    start = clock.now()
    sign_in(client, initiator)
    fields = hidden_fields(client.get("/mijn").text)
    at(start + timedelta(hours=3))
    answer = client.post("/mijn/activiteiten/1/gaat-niet-door", data=fields | {"reason": "De zaal is dicht."})
    assert answer.status_code in {400, 401}
    assert "De zaal is dicht." in answer.text


def test_a_link_leads_on_to_the_page_that_was_wanted(client, initiator):
    page = client.get("/mijn/activiteiten/7/wijzigen", follow_redirects=True)
    assert page.request.path == "/inloggen"
    client.post("/inloggen", data=hidden_fields(page.text, "/inloggen") | {"email": initiator.email})
    with transaction():
        link = db.session.scalars(select(OutgoingMail)).one().values["link"]
    answer = send(client, link.removeprefix("http://127.0.0.1:8000"))
    assert (answer.status_code, answer.location) == (303, "/mijn/activiteiten/7/wijzigen")


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example", "/\\kwaad.example", "/" + "a" * 300])
def test_a_link_leads_to_no_other_site(client, initiator, elsewhere):
    fields = hidden_fields(client.get("/inloggen").text, "/inloggen")
    client.post("/inloggen", data=fields | {"email": initiator.email, "next": elsewhere})
    with transaction():
        link = db.session.scalars(select(OutgoingMail)).one().values["link"]
    assert send(client, link.removeprefix("http://127.0.0.1:8000")).location == "/mijn"


def test_staff_sign_in_again_after_eight_hours_however_busy(client, staff, at):
    sign_in(client, staff)
    start = clock.now()
    for minutes in range(25, 8 * 60, 25):
        at(start + timedelta(minutes=minutes))
        assert client.get("/beheer").status_code == 200
    at(start + timedelta(hours=8, minutes=1))
    assert client.get("/beheer").status_code == 303


def test_somebody_who_was_blocked_is_out_at_once(client, staff):
    sign_in(client, staff)
    with transaction():
        db.session.get(User, staff.id).active = False
    assert client.get("/beheer").status_code == 303


def test_a_session_cookie_changes_nothing_on_public_pages(client, staff, at):
    sign_in(client, staff)
    at(clock.now() + timedelta(minutes=5))
    answer = client.get("/")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"].startswith("public")


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(client, staff):
    give_password(client)
    cookie = give_code(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_another_site_cannot_send_the_forms(client, staff):
    fields = hidden_fields(client.get("/inloggen").text, "/inloggen")
    answer = client.post("/inloggen", data=fields | {"email": MO}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_recovery_codes_are_shown_once(client, staff):
    sign_in(client, staff)
    made = send(client, "/inloggen/herstelcodes").text
    assert made.count("<code>") == 8
    assert "<code>" not in client.get("/inloggen/herstelcodes").text


def test_who_is_signed_in_can_go_on_or_sign_out(client, staff):
    sign_in(client, staff)
    page = client.get("/inloggen").text
    assert "Je bent al ingelogd." in page
    assert 'href="/beheer"' in page


def test_who_comes_to_order_a_package_reads_where_to_begin(client):
    html = client.get("/bestellen", follow_redirects=True).text
    assert "Een pakket bestel je bij je activiteit." in html
    assert '<a href="/meedoen">Meld je activiteit aan en bestel meteen</a>' in html
    assert "Een pakket bestel je" not in client.get("/inloggen").text
    assert "You order a package with your activity." in client.get("/en/bestellen", follow_redirects=True).text
