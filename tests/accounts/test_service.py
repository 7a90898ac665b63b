from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from tests.builders import make_user
from weekapp import clock
from weekapp.accounts import queries, rules, service
from weekapp.accounts.models import SignIn, SignInLink, User
from weekapp.accounts.rules import RoleName
from weekapp.db import db
from weekapp.errors import InvalidInput, LinkExpired
from weekapp.mail.models import OutgoingMail

PASSWORD, SECRET = "een heel lang wachtwoord", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def only_mail():
    return db.session.scalars(select(OutgoingMail)).one()


def token_in(mail):
    return mail.values["link"].rpartition("/")[2]


def make_staff(**more):
    return service.add_staff("mo@voorbeeld.nl", "moderator", password=PASSWORD, totp_secret=SECRET, **more)


def code_now():
    return pyotp.TOTP(SECRET).at(clock.now())


def test_an_initiator_is_made_once_however_the_address_is_written(session):
    first = service.initiator_for("Sam@Voorbeeld.nl ", "Sam", "+31612345678")
    second = service.initiator_for("sam@voorbeeld.NL", "Sam de Vries", "+31612345679")
    assert first is second
    assert (second.email, second.name, second.phone) == ("sam@voorbeeld.nl", "Sam de Vries", "+31612345679")
    assert service.roles_of(second) == {RoleName.INITIATOR}


def test_becoming_an_initiator_leaves_name_and_role_of_staff_alone(session):
    staff = make_staff()
    staff.name = "Mo de Moderator"
    assert service.initiator_for("mo@voorbeeld.nl", "Iemand anders", "+31612345678") is staff
    assert staff.name == "Mo de Moderator"
    assert service.roles_of(staff) == {RoleName.MODERATOR, RoleName.INITIATOR}


def test_the_mail_holds_a_link_that_signs_in(session):
    user = make_user("initiator")
    service.send_sign_in_link(user.email.upper())
    mail = only_mail()
    assert (mail.template, mail.recipient) == ("sign_in_link", user.email)
    assert service.use_link(token_in(mail)) is user


def test_a_link_works_once(session):
    service.send_sign_in_link(make_user("initiator").email)
    token = token_in(only_mail())
    service.use_link(token)
    with pytest.raises(LinkExpired):
        service.use_link(token)


def test_a_new_link_ends_the_old_one(session):
    user = make_user("initiator")
    service.send_sign_in_link(user.email)
    old = token_in(only_mail())
    service.send_sign_in_link(user.email)
    with pytest.raises(LinkExpired):
        service.use_link(old)


def test_a_link_ends_after_ten_minutes(session, at):
    service.send_sign_in_link(make_user("initiator").email)
    at(clock.now() + timedelta(minutes=10, seconds=1))
    with pytest.raises(LinkExpired):
        service.use_link(token_in(only_mail()))


def test_only_the_hash_of_a_link_is_kept(session):
    service.send_sign_in_link(make_user("initiator").email)
    token = token_in(only_mail())
    assert session.scalars(select(SignInLink)).one().token_hash == service.hash_of(token)


def test_an_unknown_address_gets_a_mail_too_but_no_link(session):
    service.send_sign_in_link("onbekend@voorbeeld.nl")
    assert only_mail().template == "sign_in_unknown"
    assert session.scalar(select(func.count()).select_from(SignInLink)) == 0


def test_staff_get_no_link(session):
    service.send_sign_in_link(make_staff().email)
    assert only_mail().template == "sign_in_staff"
    assert session.scalar(select(func.count()).select_from(SignInLink)) == 0


def test_a_link_of_somebody_who_has_become_staff_does_not_work(session):
    user = make_user("initiator")
    service.send_sign_in_link(user.email)
    service.add_staff(user.email, "logistics", password=PASSWORD, totp_secret=SECRET)
    with pytest.raises(LinkExpired):
        service.use_link(token_in(only_mail()))


def test_a_link_of_somebody_who_was_blocked_does_not_work(session):
    user = make_user("initiator")
    service.send_sign_in_link(user.email)
    user.active = False
    with pytest.raises(LinkExpired):
        service.use_link(token_in(only_mail()))


def test_staff_are_known_by_their_password(session):
    staff = make_staff()
    assert service.staff_with_password("MO@voorbeeld.nl", PASSWORD) is staff
    assert service.staff_with_password("mo@voorbeeld.nl", PASSWORD + "!") is None
    assert service.staff_with_password("niemand@voorbeeld.nl", PASSWORD) is None


def test_staff_without_a_second_factor_never_pass(session):
    user = service.add_staff("zonder@voorbeeld.nl", "manager", password=PASSWORD)
    assert service.staff_with_password("zonder@voorbeeld.nl", PASSWORD) is None
    assert not service.use_code(user, "000000")


def test_a_blocked_member_of_staff_does_not_pass(session):
    staff = make_staff()
    staff.active = False
    assert service.staff_with_password(staff.email, PASSWORD) is None


def test_a_code_is_good_once(session):
    staff, code = make_staff(), code_now()
    assert service.use_code(staff, f"{code[:3]} {code[3:]}")
    assert not service.use_code(staff, code)


def test_a_recovery_code_is_good_once_and_kept_as_a_hash(session):
    staff = make_staff()
    code = service.renew_recovery_codes(staff)[3]
    assert code not in (staff.mf_recovery_codes or [])
    assert service.use_code(staff, code.upper())
    assert not service.use_code(staff, code)


def test_new_recovery_codes_end_the_old_ones(session):
    staff = make_staff()
    old = service.renew_recovery_codes(staff)[0]
    service.renew_recovery_codes(staff)
    assert not service.use_code(staff, old)


def test_becoming_staff_ends_where_somebody_was_signed_in(session):
    user = make_user("initiator")
    token = service.start_sign_in(user, second_factor=False)
    service.add_staff(user.email, "moderator", password=PASSWORD, totp_secret=SECRET)
    assert queries.live_sign_in(service.hash_of(token), clock.now()) is None


def test_a_second_role_keeps_the_first_and_the_second_factor(session):
    make_staff()
    staff = service.add_staff("mo@voorbeeld.nl", "manager", password=PASSWORD)
    assert service.roles_of(staff) == {RoleName.MODERATOR, RoleName.MANAGER}
    assert service.use_code(staff, code_now())


def test_wrong_staff_are_refused_with_all_reasons_at_once(session):
    with pytest.raises(InvalidInput) as refused:
        service.add_staff("geen adres", "baas", password="kort", totp_secret="niet?")
    assert {field for field, _text in refused.value.errors} == {"email", "role", "password", "totp_secret"}


def test_an_officer_needs_a_municipality(session):
    with pytest.raises(InvalidInput) as refused:
        service.add_staff("ambtenaar@voorbeeld.nl", "municipality", password=PASSWORD)
    assert refused.value.field == "municipality_code"
    assert (
        service.add_staff("ambtenaar@voorbeeld.nl", "municipality", password=PASSWORD, municipality_code="GM0344").municipality_code
        == "GM0344"
    )


def test_a_sign_in_of_staff_ends_after_eight_hours(session, at):
    token = service.start_sign_in(make_staff(), second_factor=True)
    now = clock.now()
    assert queries.live_sign_in(service.hash_of(token), now + rules.STAFF_LIFE - timedelta(seconds=5))
    assert queries.live_sign_in(service.hash_of(token), now + rules.STAFF_LIFE + timedelta(seconds=5)) is None


def test_sign_ins_that_have_ended_are_cleared_at_the_next_one(session, at):
    user = make_user("initiator")
    service.start_sign_in(user, second_factor=False)
    at(clock.now() + timedelta(days=2))
    service.start_sign_in(user, second_factor=False)
    assert session.scalar(select(func.count()).select_from(SignIn).where(SignIn.user_id == user.id)) == 1


def test_a_sign_in_of_somebody_who_was_blocked_is_over(session):
    user = make_user("initiator")
    token = service.start_sign_in(user, second_factor=False)
    session.get(User, user.id).active = False
    session.flush()
    assert queries.live_sign_in(service.hash_of(token), clock.now()) is None
