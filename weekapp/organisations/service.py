"""Finding or making the organisation that somebody acts for; inviting colleagues to it, and going away from it."""

from sqlalchemy import delete, update

from weekapp import addresses, clock
from weekapp.accounts import queries as people
from weekapp.accounts import service as accounts
from weekapp.accounts.models import User
from weekapp.accounts.proof import hash_of, new_token
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.errors import N_, LinkExpired, WrongState
from weekapp.languages import current, speaking
from weekapp.mail.service import queue_mail
from weekapp.organisations import queries
from weekapp.organisations.models import Invitation, Membership, Organisation, OrganisationEvent
from weekapp.organisations.rules import INVITATION_LIFE, Kind, OrganisationStep, name_key
from weekapp.templating import day

OLD_INVITATION = N_("Deze uitnodiging werkt niet meer. Vraag je collega om een nieuwe.")


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


def invite(organisation: Organisation, email: str, *, by: User) -> Invitation:
    """Mail somebody a link with which they become a colleague; it ends the one before. Raises WrongState for who is one already."""
    email = email.strip().lower()
    lock(organisation)
    if any(one.user.email == email for one in queries.members(organisation.id)):
        raise WrongState(N_("Deze collega doet al mee."))
    db.session.execute(delete(Invitation).where(Invitation.organisation_id == organisation.id, Invitation.email == email))
    token, token_hash = new_token()
    now = clock.now()
    ends = now + INVITATION_LIFE
    invitation = Invitation(
        organisation_id=organisation.id, email=email, token_hash=token_hash, invited_by_id=by.id, created_at=now, expires_at=ends
    )
    db.session.add(invitation)
    note(organisation, OrganisationStep.INVITED, by=by)
    known = people.by_email(email)
    with speaking(known.language if known else current()):
        queue_mail(
            f"colleague-invited {token_hash[:40]}",
            "colleague_invited",
            email,
            name=known.name if known else "",
            inviter=by.name or by.email,
            organisation=organisation.name,
            link=settings().base_url + addresses.invitation(token),
            valid_until=day(ends),
        )
    return invitation


def invitation_of(token: str) -> Invitation:
    """The invitation of a link; raises LinkExpired when it has been used, replaced, taken back or is too old."""
    found = queries.invitation(hash_of(token))
    if found is None:
        raise LinkExpired(OLD_INVITATION)
    return found


def take_back(invitation: Invitation, *, by: User) -> None:
    """The link of an invitation works no more."""
    organisation = lock(invitation.organisation)
    unused = delete(Invitation).where(Invitation.id == invitation.id, Invitation.accepted_at.is_(None))
    if db.session.scalar(unused.returning(Invitation.id)):
        note(organisation, OrganisationStep.TAKEN_BACK, by=by)


def accept(token: str, name: str) -> User:
    """The button behind the link: from now on they act for the organisation. The database lets one of two tries win. Raises LinkExpired."""
    now, asked = clock.now(), invitation_of(token)
    organisation = lock(asked.organisation)  # before the invitation, as whoever takes it back does
    unused = (Invitation.token_hash == hash_of(token), Invitation.accepted_at.is_(None), Invitation.expires_at > now)
    used = db.session.scalar(update(Invitation).where(*unused).values(accepted_at=now).returning(Invitation.id))
    invitation = db.session.get(Invitation, used, populate_existing=True) if used else None
    if invitation is None:
        raise LinkExpired(OLD_INVITATION)
    user = accounts.colleague_for(invitation.email, name)
    if not queries.is_member(organisation.id, user.id):
        db.session.add(Membership(user_id=user.id, organisation_id=organisation.id, since=now))
        note(organisation, OrganisationStep.JOINED, by=user)
        inviter = invitation.invited_by
        if queries.is_member(organisation.id, inviter.id):
            tell("colleague_joined", f"{invitation.id}", inviter, organisation, colleague=user.name or user.email)
    db.session.flush()
    return user


def end_membership(organisation: Organisation, user: User, *, by: User) -> None:
    """Somebody acts for the organisation no more, from this moment on, nor whom they invited and who has not come yet.

    What they organised must have been handed over.
    """
    lock(organisation)
    gone = delete(Membership).where(Membership.organisation_id == organisation.id, Membership.user_id == user.id)
    db.session.execute(gone)
    theirs = (Invitation.email == user.email) | (Invitation.invited_by_id == user.id) & Invitation.accepted_at.is_(None)
    db.session.execute(delete(Invitation).where(Invitation.organisation_id == organisation.id, theirs))
    if by.id == user.id:
        note(organisation, OrganisationStep.LEFT, by=by)
    else:
        event = note(organisation, OrganisationStep.REMOVED, by=by, about=user)
        tell("colleague_removed", f"{event.id}", user, organisation, colleague=by.name or by.email)


def note(organisation: Organisation, what: OrganisationStep, *, by: User, about: User | None = None) -> OrganisationEvent:
    """Write a step down. Of an invitation the address is not kept here: it may be somebody who never answers."""
    event = OrganisationEvent(organisation_id=organisation.id, at=clock.now(), by_id=by.id, what=what, about_id=about.id if about else None)
    db.session.add(event)
    db.session.flush()
    return event


def tell(template: str, about: str, to: User, organisation: Organisation, **more: str) -> None:
    """One mail about colleagues."""
    link = settings().base_url + addresses.colleagues(organisation.id)
    with speaking(to.language):
        queue_mail(
            f"{template.replace('_', '-')} {about}", template, to.email, name=to.name, organisation=organisation.name, link=link, **more
        )
