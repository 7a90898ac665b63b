"""Finding or making the organisation that somebody acts for."""

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.db import db, lock
from weekapp.organisations import queries
from weekapp.organisations.models import Membership, Organisation
from weekapp.organisations.rules import Kind, name_key


def organisation_for(name: str, kind: Kind, *, member: User) -> Organisation:
    """The organisation of this name that `member` already acts for, else a new one with `member` as its first person.

    The same name typed by a stranger is another organisation: a name alone must not open somebody else's activities.
    """
    lock(member)  # two registrations confirmed at once must not make two organisations
    key = name_key(name)
    known = queries.of_member_by_key(member.id, key)
    if known:
        return known
    organisation = Organisation(name=name, name_key=key, kind=kind, created_at=clock.now())
    db.session.add(organisation)
    db.session.flush()
    db.session.add(Membership(user_id=member.id, organisation_id=organisation.id, since=organisation.created_at))
    db.session.flush()
    return organisation
