"""Which gatherings there are: for everybody those with a session, for the programme team all."""

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from weekapp import clock
from weekapp.db import db
from weekapp.gatherings.models import Gathering, Session

LARGEST_ID = 2**31 - 1


def with_programme() -> Select[Gathering]:
    """All gatherings with all that their pages show."""
    return select(Gathering).options(selectinload(Gathering.sessions).joinedload(Session.moment), joinedload(Gathering.edition))


def public() -> list[Gathering]:
    """Gatherings that everybody may see, in order of time; called off ones too (rule 11)."""
    found = db.session.scalars(with_programme().where(Gathering.sessions.any()))
    return sorted(found, key=lambda one: (one.starts_at, one.id))


def coming_and_been() -> tuple[list[Gathering], list[Gathering]]:
    """What is still to come, the first one first, and what has been, the newest first."""
    begins, found = clock.day_bounds(clock.today())[0], public()
    return [one for one in found if one.ends_at > begins], [one for one in reversed(found) if one.ends_at <= begins]


def one_public(gathering_id: int) -> Gathering | None:
    """One that everybody may see."""
    found = one(gathering_id)
    return found if found and found.sessions else None


def one(gathering_id: int) -> Gathering | None:
    """One, on the website or not yet."""
    if gathering_id > LARGEST_ID:
        return None
    return db.session.scalar(with_programme().where(Gathering.id == gathering_id))


def everything() -> list[Gathering]:
    """All gatherings for the programme team: first those without a day, then the last one first."""
    found = db.session.scalars(with_programme().order_by(Gathering.id.desc()))
    return sorted(found, key=lambda one: (not one.sessions, one.starts_at if one.sessions else one.created_at), reverse=True)


def session_of(gathering_id: int, session_id: int) -> Session | None:
    """One session of a gathering."""
    if max(gathering_id, session_id) > LARGEST_ID:
        return None
    wanted = select(Session).where(Session.id == session_id, Session.gathering_id == gathering_id)
    return db.session.scalar(wanted.options(joinedload(Session.moment), joinedload(Session.gathering)))


def session_at(occurrence_id: int, *, anew: bool = False) -> Session | None:
    """The session that takes place at a moment; `anew`: what was read of it before is worth nothing."""
    wanted = select(Session).where(Session.occurrence_id == occurrence_id).options(joinedload(Session.gathering))
    return db.session.scalar(wanted.execution_options(populate_existing=anew))
