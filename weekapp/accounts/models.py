"""Tables of people, roles, sign-in links and who is signed in."""

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp import languages
from weekapp.db import Base

user_role = Table(
    "user_role",
    Base.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One role; the names are those of `rules.RoleName`."""

    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(200), default="")


class User(Base, UserMixin):
    """A person: an initiator (no password, signs in by mail) or staff (password and second factor)."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # E.164
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_last_counter: Mapped[int | None]  # of the newest code used: a code that somebody read along is worth nothing
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))  # hashes
    municipality_code: Mapped[str | None] = mapped_column(String(6))  # of a municipality officer
    language: Mapped[str] = mapped_column(String(8), default=languages.current, server_default=languages.WRITTEN)  # of our mails to them
    created_at: Mapped[datetime]
    roles: Mapped[list[Role]] = relationship(secondary=user_role, lazy="selectin")  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<User {self.id}>"

    def get_security_payload(self) -> dict[str, Any]:
        return {}


class SignInLink(Base):
    """A link from a mail that signs its person in, once; only its hash is kept (SEC-11)."""

    __tablename__ = "sign_in_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    go_on: Mapped[str] = mapped_column(String(200), default="")  # the page of this site that its person wanted
    user: Mapped[User] = relationship()


class SignIn(Base):
    """One person signed in in one browser. The cookie holds the token, the row its hash: deleting the row ends it (SEC-18)."""

    __tablename__ = "sign_in"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    second_factor: Mapped[bool]  # without it nobody is staff, whatever roles they have
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined")
