"""People, their sign-in links and their sign-ins: making, using, ending."""

import binascii
import secrets
from base64 import b32decode

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from weekapp import addresses, audit, clock, languages
from weekapp.accounts import proof, queries, rules
from weekapp.accounts.models import Role, SignIn, SignInLink, User
from weekapp.accounts.proof import hash_of, new_token
from weekapp.accounts.rules import RoleName
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.errors import N_, InvalidInput, LinkExpired
from weekapp.mail import service as mail

__all__ = ["add_staff", "hash_of", "initiator_for", "new_token", "send_sign_in_link", "use_link"]


def initiator_for(email: str, name: str, phone: str) -> User:
    """The person with this address as initiator, made when new. What is newest counts, but never for staff."""
    user = queries.by_email(email) or made(email)
    if not is_staff(user):
        user.name, user.phone, user.language = name, phone, languages.current()
    give_role(user, RoleName.INITIATOR)
    db.session.flush()
    return user


def colleague_for(email: str, name: str) -> User:
    """The person with this address as initiator, made when new; a name that we know stays."""
    user = queries.by_email(email) or made(email)
    user.name = user.name or name
    give_role(user, RoleName.INITIATOR)
    db.session.flush()
    return user


def made(email: str) -> User:
    """A new person; when somebody else makes the same one at the same moment, theirs."""
    user = User(email=email.strip().lower(), fs_uniquifier=secrets.token_hex(16), created_at=clock.now())
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        theirs = queries.by_email(email)
        if theirs is None:
            raise
        return theirs
    return user


def give_role(user: User, name: RoleName) -> None:
    if name not in roles_of(user):
        user.roles.append(queries.role(name) or made_role(name))


def made_role(name: RoleName) -> Role:
    """A role that nobody had before; when somebody else makes it at the same moment, theirs."""
    try:
        with db.session.begin_nested():
            role = Role(name=name, description=rules.ROLE_WORDS[name])
            db.session.add(role)
    except IntegrityError:
        theirs = queries.role(name)
        if theirs is None:
            raise
        return theirs
    return role


def roles_of(user: User) -> frozenset[RoleName]:
    """What somebody is."""
    return frozenset(RoleName(role.name) for role in user.roles)


def is_staff(user: User) -> bool:
    """Whether a mail alone must never let this person in (SEC-13)."""
    return bool(roles_of(user) & rules.STAFF)


def add_staff(
    email: str, role: str, *, password: str, totp_secret: str | None = None, municipality_code: str | None = None, by_id: int = 0
) -> User:
    """Give somebody a staff role, a password and, in base32, the secret of their authenticator app; ends where they were signed in.

    Without a secret they keep the one they have; who has none cannot sign in. Raises InvalidInput with all that is wrong.
    """
    refuse_wrong_staff(email, role, password, totp_secret, municipality_code)
    user = queries.by_email(email) or made(email)
    user.password = proof.hash_password(password)
    user.municipality_code = municipality_code or user.municipality_code
    if totp_secret:
        user.tf_totp_secret, user.tf_primary_method = codes().sealed(totp_secret), "authenticator"
        user.tf_last_counter, user.mf_recovery_codes = None, None
    give_role(user, RoleName(role))
    db.session.flush()
    end_sign_ins(user)
    audit.note("staff added", f"user {user.id}", user_id=by_id)
    return user


def refuse_wrong_staff(email: str, role: str, password: str, totp_secret: str | None, municipality_code: str | None) -> None:
    errors = []
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        errors.append(("email", N_("Vul een mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")))
    if role not in rules.STAFF:
        errors.append(("role", N_("Kies een rol: moderator, logistics, municipality of manager.")))
    if role == RoleName.MUNICIPALITY and not municipality_code:
        errors.append(("municipality_code", N_("Zeg ook welke gemeente. Bijvoorbeeld: GM0344.")))
    if len(password) < rules.SHORTEST_PASSWORD:
        errors.append(("password", N_("Kies een wachtwoord van 12 tekens of meer.")))
    if totp_secret and not is_base32(totp_secret):
        errors.append(("totp_secret", N_("De sleutel van de tweede stap klopt niet. Laat er een maken.")))
    if errors:
        raise InvalidInput(errors)


def is_base32(secret: str) -> bool:
    try:
        return len(b32decode(secret)) >= 10
    except binascii.Error:
        return False


def codes() -> proof.Codes:
    """The authenticator codes of this installation."""
    return proof.Codes(settings().secret_key)


def send_sign_in_link(email: str, go_on: str = "") -> None:
    """Mail a link to sign in with, and to `go_on` to a page. Every address gets a mail, and the mail tells the difference (SEC-14)."""
    user = queries.by_email(email)
    token, token_hash = new_token()
    base, event = settings().base_url, f"sign-in-link {token_hash[:40]}"
    if user is None or not user.active:
        mail.queue_mail(event, "sign_in_unknown", email, link=f"{base}/meedoen")
    elif is_staff(user):
        mail.queue_mail(event, "sign_in_staff", user.email, link=f"{base}/inloggen#medewerkers")
    else:
        add_link(user, token_hash, go_on)
        mail.queue_mail(event, "sign_in_link", user.email, name=user.name, link=base + addresses.sign_in(token))


def add_link(user: User, token_hash: str, go_on: str = "") -> SignInLink:
    """A new link; it ends the ones before."""
    db.session.execute(delete(SignInLink).where(SignInLink.user_id == user.id))
    now = clock.now()
    wanted = go_on if rules.is_inside(go_on) and len(go_on) <= rules.LONGEST_PATH else ""
    ends = now + rules.SIGN_IN_LINK_LIFE
    link = SignInLink(user_id=user.id, token_hash=token_hash, created_at=now, expires_at=ends, go_on=wanted)
    db.session.add(link)
    db.session.flush()
    return link


def use_link(token: str) -> User:
    """Use a link up and say whose it was; the database lets one of two simultaneous tries win. Raises LinkExpired."""
    now = clock.now()
    unused = (SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    user_id = db.session.scalar(update(SignInLink).where(*unused).values(used_at=now).returning(SignInLink.user_id))
    user = db.session.get(User, user_id) if user_id else None
    if user is None or not user.active or is_staff(user):
        raise LinkExpired()
    return user


def staff_with_password(email: str, password: str) -> User | None:
    """The member of staff whose password this is, and who has a second factor; equally slow whatever is wrong."""
    user = queries.by_email(email)
    fits = proof.is_password(user, password)
    return user if fits and user and user.active and user.tf_totp_secret and is_staff(user) else None


def use_code(user: User, code: str) -> bool:
    """Whether this is the code of the moment, or a recovery code; either is used up by it."""
    user = lock(user)
    if not user.active or not user.tf_totp_secret:
        return False
    left = proof.without_code(user.mf_recovery_codes, code)
    if left is not None:
        user.mf_recovery_codes = left
        return True
    return bool(codes().verify_totp("".join(code.split()), user.tf_totp_secret, user, window=proof.CODE_WINDOW))


def renew_recovery_codes(user: User) -> list[str]:
    """New codes on paper; the old ones end. Only hashes stay with us."""
    new = proof.new_recovery_codes()
    user.mf_recovery_codes = [hash_of(code) for code in new]
    audit.note("recovery codes made", f"user {user.id}", user_id=user.id)
    return new


def start_sign_in(user: User, *, second_factor: bool) -> str:
    """Somebody is in: the token for the cookie. Rows of theirs that have ended go."""
    now = clock.now()
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.ends_at <= now))
    token, token_hash = new_token()
    life = rules.life_of_sign_in(second_factor)
    db.session.add(SignIn(user_id=user.id, token_hash=token_hash, second_factor=second_factor, started_at=now, ends_at=now + life))
    audit.note("signed in", f"user {user.id}", user_id=user.id)
    return token


def end_sign_in(token: str) -> None:
    """Somebody signs out in one browser."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def end_sign_ins(user: User) -> None:
    """Sign somebody out everywhere."""
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
