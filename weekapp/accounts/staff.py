"""What the programme manager does with staff: adding, other roles, a new password, ending sign-ins, shutting out. Never to themselves."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

import pyotp
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from weekapp import audit, clock
from weekapp.accounts import proof, queries, rules, service
from weekapp.accounts.models import Role, SignIn, User
from weekapp.accounts.rules import RoleName
from weekapp.db import db, lock
from weekapp.errors import N_, DomainError, InvalidInput, NotAllowed


@dataclass(frozen=True)
class Keys:
    """What somebody needs to sign in; shown once and never kept in this form."""

    password: str
    totp_secret: str
    app_address: str  # otpauth://..., what the QR code holds


def everyone() -> list[User]:
    """All staff, those who are shut out too, by name."""
    rows = select(User).where(User.roles.any(Role.name.in_(rules.STAFF))).options(selectinload(User.roles))
    return list(db.session.scalars(rows.order_by(func.lower(User.name), User.email)))


def person(user_id: int) -> User | None:
    """One member of staff."""
    user = db.session.get(User, user_id)
    return user if user and service.is_staff(user) else None


def sign_in_counts() -> dict[int, int]:
    """In how many browsers each person is signed in (user id: number)."""
    rows = select(SignIn.user_id, func.count()).where(SignIn.ends_at > clock.now()).group_by(SignIn.user_id)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def add(email: str, name: str, role: RoleName, municipality_code: str | None, *, by: User) -> tuple[User, Keys]:
    """A new member of staff; raises DomainError at `email` for somebody who is staff already."""
    known = queries.by_email(email)
    if known and service.is_staff(known):
        text = N_("Deze persoon is al medewerker. Ga terug naar de lijst en open de persoon daar.")
        raise DomainError(text, field="email")
    keys = new_keys(email)
    user = service.add_staff(
        email, role, password=keys.password, totp_secret=keys.totp_secret, municipality_code=municipality_code, by_id=by.id
    )
    user.name, user.active = name, True
    db.session.flush()
    return user, keys


def new_keys(email: str) -> Keys:
    """A password of 120 bits and a fresh second factor."""
    secret = proof.new_totp_secret()
    address = pyotp.TOTP(secret).provisioning_uri(name=email.strip().lower(), issuer_name=proof.ISSUER)
    return Keys(secrets.token_urlsafe(15), secret, address)


def renew_keys(user: User, *, by: User) -> Keys:
    """A new password and a new second factor; the old ones end, and so does every sign-in."""
    user = locked(user, by)
    keys = new_keys(user.email)
    user.password = proof.hash_password(keys.password)
    user.tf_totp_secret, user.tf_primary_method = service.codes().sealed(keys.totp_secret), "authenticator"
    user.tf_last_counter, user.mf_recovery_codes = None, None
    service.end_sign_ins(user)
    audit.note("staff keys renewed", f"user {user.id}", user_id=by.id)
    db.session.flush()
    return keys


def change_roles(user: User, wanted: Collection[RoleName], municipality_code: str | None, *, by: User) -> User:
    """Other staff roles; that of an initiator stays. It counts from the next click. Raises InvalidInput."""
    user = locked(user, by)
    if not wanted or not rules.STAFF.issuperset(wanted):
        raise InvalidInput([("roles", N_("Kies ten minste één rol."))])
    if RoleName.MUNICIPALITY in wanted and not municipality_code:
        raise InvalidInput([("municipality_code", N_("Kies een gemeente."))])
    user.municipality_code = municipality_code if RoleName.MUNICIPALITY in wanted else None
    for role in list(user.roles):
        if role.name in rules.STAFF and role.name not in wanted:
            user.roles.remove(role)
    for name in wanted:
        service.give_role(user, name)
    audit.note("staff roles changed", f"user {user.id}", user_id=by.id)
    db.session.flush()
    return user


def end_sign_ins(user: User, *, by: User) -> None:
    """Sign somebody out in all browsers."""
    user = locked(user, by)
    service.end_sign_ins(user)
    audit.note("staff signed out", f"user {user.id}", user_id=by.id)


def set_active(user: User, active: bool, *, by: User) -> User:
    """Shut somebody out, or let them in again with the password that they had."""
    user = locked(user, by)
    user.active = active
    service.end_sign_ins(user)
    audit.note("staff let in" if active else "staff shut out", f"user {user.id}", user_id=by.id)
    db.session.flush()
    return user


def locked(user: User, by: User) -> User:
    """The row, locked; raises NotAllowed for one's own, so that somebody always remains who can sign in."""
    if user.id == by.id:
        raise NotAllowed(N_("Je kunt je eigen account niet veranderen. Vraag een andere programmaleider."))
    return lock(user)
