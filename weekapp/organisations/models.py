"""Tables of organisations and of the people who act for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weekapp.accounts.models import User
from weekapp.db import Base, choice
from weekapp.organisations.rules import Kind


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
