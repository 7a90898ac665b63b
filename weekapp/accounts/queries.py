"""Who somebody is."""

from datetime import datetime

from sqlalchemy import func, select

from weekapp.accounts.models import Role, SignIn, SignInLink, User
from weekapp.accounts.rules import RoleName
from weekapp.db import db


def by_email(email: str) -> User | None:
    """The person with this address, however it is written."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def role(name: RoleName) -> Role | None:
    """The row of a role."""
    return db.session.scalar(select(Role).where(Role.name == name))


def live_sign_in(token_hash: str, now: datetime) -> SignIn | None:
    """A sign-in that has not ended, with its person."""
    wanted = select(SignIn).join(SignIn.user).where(SignIn.token_hash == token_hash, SignIn.ends_at > now, User.active.is_(True))
    return db.session.scalar(wanted)


def usable_link(token_hash: str, now: datetime) -> SignInLink | None:
    """A link that has not been used and is not too old."""
    wanted = select(SignInLink).where(SignInLink.token_hash == token_hash, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    return db.session.scalar(wanted)


def staff_count() -> int:
    """How many people have a password."""
    return db.session.execute(select(func.count()).select_from(User).where(User.password.is_not(None))).scalar_one()
