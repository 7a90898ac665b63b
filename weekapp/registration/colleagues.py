"""Going away from an organisation: what somebody organised is handed over first, so that nobody's activity is without people."""

from sqlalchemy import select

from weekapp import addresses, clock
from weekapp.accounts.models import User
from weekapp.activities import service as activities
from weekapp.activities import still_on
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import GOES_ON
from weekapp.core import settings
from weekapp.db import db, lock
from weekapp.errors import N_, WrongState
from weekapp.languages import speaking
from weekapp.mail.service import queue_mail
from weekapp.orders import service as orders
from weekapp.organisations import queries, service
from weekapp.organisations.models import Organisation


def heir_of(organisation: Organisation, user: User) -> User | None:
    """The colleague who has been there longest, besides this person."""
    return next((one.user for one in queries.members(organisation.id) if one.user_id != user.id), None)


def coming(organisation: Organisation) -> list[Activity]:
    """What is meant to take place still."""
    ahead = select(Occurrence.id).where(Occurrence.activity_id == Activity.id, Occurrence.ends_at > clock.now())
    ahead = ahead.where(Occurrence.cancelled_at.is_(None))
    rows = select(Activity).where(Activity.organisation_id == organisation.id, Activity.state.in_(GOES_ON), ahead.exists())
    return list(db.session.scalars(rows.order_by(Activity.id)))


def leave(organisation: Organisation, *, by: User) -> None:
    """Go away; the colleague who has been there longest takes over. Raises WrongState for the last one while something is coming."""
    lock(organisation)
    check_member(organisation, by)
    heir = heir_of(organisation, by)
    if heir is None and coming(organisation):
        raise WrongState(N_("Je bent de enige van deze organisatie, en er komt nog een activiteit. Nodig eerst een collega uit."))
    if heir is not None:
        hand_over(organisation, by, heir, by=by)
    service.end_membership(organisation, by, by=by)


def remove(organisation: Organisation, user: User, *, by: User) -> None:
    """A colleague acts for it no more; `by` takes over what they organised."""
    lock(organisation)
    check_member(organisation, by)
    check_member(organisation, user)
    hand_over(organisation, user, by, by=by)
    service.end_membership(organisation, user, by=by)


def check_member(organisation: Organisation, user: User) -> None:
    """Raises WrongState when somebody went away in the meantime."""
    if not queries.is_member(organisation.id, user.id):
        raise WrongState(N_("Deze collega doet al niet meer mee."))


def hand_over(organisation: Organisation, old: User, new: User, *, by: User) -> None:
    """Activities and orders of one person become those of another, who hears it when it was somebody else's idea."""
    handed = activities.hand_over(organisation.id, old, new, by=by)
    still_on.hand_over(handed)
    orders.hand_over(organisation.id, old, new)
    titles = [one.title for one in handed if one.state in GOES_ON]
    if not titles or new.id == by.id:
        return
    with speaking(new.language):
        queue_mail(
            f"colleague-left {organisation.id} {old.id} {clock.now():%Y%m%d%H%M%S%f}",
            "colleague_left",
            new.email,
            name=new.name,
            colleague=old.name or old.email,
            organisation=organisation.name,
            titles="\n".join(titles),
            link=settings().base_url + addresses.MINE,
        )
