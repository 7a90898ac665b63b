from datetime import UTC, datetime, timedelta

import pyotp

from tests.builders import make_user
from weekapp.accounts import proof

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2027, 9, 1, 12, tzinfo=UTC)


def test_a_token_has_256_bits_and_only_its_hash_is_kept():
    token, kept = proof.new_token()
    assert len(token) == 43
    assert kept == proof.hash_of(token)
    assert token not in kept


def test_a_password_is_kept_as_argon2id():
    assert proof.hash_password("een goed wachtwoord").startswith("$argon2id$")


def test_only_the_right_password_is_right(session):
    user = make_user(password=proof.hash_password("een goed wachtwoord"))
    assert proof.is_password(user, "een goed wachtwoord")
    assert not proof.is_password(user, "een ander wachtwoord")


def test_nobody_and_people_without_a_password_have_no_password(session):
    assert not proof.is_password(None, "")
    assert not proof.is_password(make_user(), "")


def test_a_secret_is_kept_unreadable():
    assert SECRET not in proof.Codes("sleutel").sealed(SECRET)


def test_the_code_of_the_moment_fits_once(session, at):
    at(NOON)
    codes, user = proof.Codes("sleutel"), make_user()
    sealed, code = codes.sealed(SECRET), pyotp.TOTP(SECRET).at(NOON)
    assert codes.verify_totp(code, sealed, user, window=proof.CODE_WINDOW)
    assert not codes.verify_totp(code, sealed, user, window=proof.CODE_WINDOW)


def test_a_code_of_two_minutes_ago_does_not_fit(session, at):
    at(NOON)
    codes = proof.Codes("sleutel")
    old = pyotp.TOTP(SECRET).at(NOON - timedelta(minutes=2))
    assert not codes.verify_totp(old, codes.sealed(SECRET), make_user(), window=proof.CODE_WINDOW)


def test_a_secret_sealed_with_another_key_lets_nobody_in(session, at):
    at(NOON)
    sealed = proof.Codes("oude sleutel").sealed(SECRET)
    assert not proof.Codes("nieuwe sleutel").verify_totp(pyotp.TOTP(SECRET).at(NOON), sealed, make_user(), window=proof.CODE_WINDOW)


def test_a_new_secret_fits_an_authenticator_app():
    assert len(pyotp.TOTP(proof.new_totp_secret()).at(NOON)) == 6


def test_recovery_codes_differ_and_can_be_typed():
    made = proof.new_recovery_codes()
    assert len(set(made)) == proof.RECOVERY_CODES
    assert all(len(code) == 19 and code.islower() for code in made)
