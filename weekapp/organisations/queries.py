"""Who acts for which organisation."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.db import db
from weekapp.organisations.models import Invitation, Membership, Organisation, OrganisationEvent


def of_member(user_id: int) -> list[Organisation]:
    """The organisations that a person acts for, by name."""
    chosen = select(Organisation).join(Membership).where(Membership.user_id == user_id).order_by(Organisation.name, Organisation.id)
    return list(db.session.scalars(chosen))


@dataclass(frozen=True, slots=True)
class WithPeople:
    """An organisation and how many act for it."""

    organisation: Organisation
    people: int


def with_people(user_id: int) -> list[WithPeople]:
    """The organisations that a person acts for, by name, with how many others do."""
    mine = select(Membership.organisation_id).where(Membership.user_id == user_id)
    rows = select(Organisation, func.count(User.id)).join(Membership, Membership.organisation_id == Organisation.id)
    rows = rows.join(User, User.id == Membership.user_id).where(Organisation.id.in_(mine), User.active.is_(True))
    rows = rows.group_by(Organisation.id).order_by(Organisation.name, Organisation.id)
    return [WithPeople(organisation, people) for organisation, people in db.session.execute(rows)]


def of_member_by_key(user_id: int, name_key: str) -> Organisation | None:
    """The oldest organisation with this key that the person acts for."""
    chosen = select(Organisation).join(Membership).where(Membership.user_id == user_id, Organisation.name_key == name_key)
    return db.session.scalar(chosen.order_by(Organisation.id).limit(1))


def own_organisation(organisation_id: int, user_id: int) -> Organisation | None:
    """One of the organisations that a person acts for; None when it is another one."""
    return db.session.scalar(select(Organisation).join(Membership).where(Organisation.id == organisation_id, Membership.user_id == user_id))


def is_member(organisation_id: int, user_id: int) -> bool:
    """Whether a person acts for an organisation."""
    rows = select(Membership.user_id).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    return db.session.scalar(rows) is not None


def has_member_with(organisation_id: int, email: str) -> bool:
    """Whether whoever reads this mail address acts for an organisation."""
    rows = select(Membership.user_id).join(Membership.user).where(Membership.organisation_id == organisation_id)
    return db.session.scalar(rows.where(User.email == email.strip().lower())) is not None


def members(organisation_id: int) -> list[Membership]:
    """Who acts for an organisation, longest first."""
    rows = select(Membership).join(Membership.user).where(Membership.organisation_id == organisation_id, User.active.is_(True))
    return list(db.session.scalars(rows.options(joinedload(Membership.user)).order_by(Membership.since, Membership.user_id)))


def invitation(token_hash: str) -> Invitation | None:
    """The invitation of a link that still works."""
    unused = (Invitation.token_hash == token_hash, Invitation.accepted_at.is_(None), Invitation.expires_at > clock.now())
    around = (joinedload(Invitation.organisation), joinedload(Invitation.invited_by))
    return db.session.scalar(select(Invitation).where(*unused).options(*around))


def open_invitations(organisation_id: int) -> list[Invitation]:
    """Who has been invited and has not answered, oldest first."""
    unused = (Invitation.accepted_at.is_(None), Invitation.expires_at > clock.now())
    rows = select(Invitation).where(Invitation.organisation_id == organisation_id, *unused)
    return list(db.session.scalars(rows.options(joinedload(Invitation.organisation)).order_by(Invitation.id)))


@dataclass(frozen=True, slots=True)
class Step:
    """One step with the names of who did it and of whom it is about; '' where there is none."""

    event: OrganisationEvent
    by: str
    about: str


def steps_of(organisation_id: int) -> list[Step]:
    """What happened among colleagues, oldest first."""
    by, about = aliased(User), aliased(User)
    rows = select(OrganisationEvent, by.name, about.name).outerjoin(by, by.id == OrganisationEvent.by_id)
    rows = rows.outerjoin(about, about.id == OrganisationEvent.about_id).where(OrganisationEvent.organisation_id == organisation_id)
    return [Step(event, who or "", whom or "") for event, who, whom in db.session.execute(rows.order_by(OrganisationEvent.id))]
