"""Tables of organisations and of the people who act for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.db import Base, choice
from weekapp.organisations.rules import Kind, OrganisationStep


class Organisation(Base):
    """Who organises. `name_key` recognises the same name written differently."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120), index=True)
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    created_at: Mapped[datetime]


class Membership(Base):
    """A person who acts for an organisation."""

    __tablename__ = "membership"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Invitation(Base):
    """Somebody is asked by mail to act for an organisation, once; only the hash of the link is kept (SEC-11). A new one ends the old."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))  # lower case
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    organisation: Mapped[Organisation] = relationship()
    invited_by: Mapped[User] = relationship()


class OrganisationEvent(Base):
    """One step among colleagues: what, when, by whom, and about whom where that is somebody else."""

    __tablename__ = "organisation_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int]
    what: Mapped[OrganisationStep] = mapped_column(choice(OrganisationStep))
    about_id: Mapped[int | None]
