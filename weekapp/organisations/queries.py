"""Who acts for which organisation."""

from sqlalchemy import select

from weekapp.db import db
from weekapp.organisations.models import Membership, Organisation


def of_member(user_id: int) -> list[Organisation]:
    """The organisations that a person acts for, by name."""
    chosen = select(Organisation).join(Membership).where(Membership.user_id == user_id).order_by(Organisation.name, Organisation.id)
    return list(db.session.scalars(chosen))


def of_member_by_key(user_id: int, name_key: str) -> Organisation | None:
    """The oldest organisation with this key that the person acts for."""
    chosen = select(Organisation).join(Membership).where(Membership.user_id == user_id, Organisation.name_key == name_key)
    return db.session.scalar(chosen.order_by(Organisation.id).limit(1))
