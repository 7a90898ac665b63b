"""Who comes to a gathering, for the programme team: first names and numbers, no mail addresses (PRIV-02). Each look is written down."""

from dataclasses import dataclass

from flask_babel import gettext

from weekapp import audit, clock
from weekapp.accounts.models import User
from weekapp.formulas import MARK, csv_line, disarmed
from weekapp.gatherings.models import Gathering, Session
from weekapp.signups import queries
from weekapp.signups.queries import MomentList
from weekapp.signups.rules import STATE_WORDS, spoken_code

COLUMNS = ["sessie", "begin", "zaal", "voornaam", "mensen", "stand", "code"]


@dataclass(frozen=True)
class SessionList:
    """A session with who comes and who waits."""

    session: Session
    people: MomentList


def seen(gathering: Gathering, *, by: User) -> list[SessionList]:
    """The lists of all sessions in order of time."""
    found = lists_of(gathering)
    note("sign-ups seen", gathering, found, by=by)
    return found


def sheet(gathering: Gathering, *, by: User) -> bytes:
    """The same as CSV: first who comes, then who waits, session by session; no cell is run as a formula (SEC-10)."""
    found = lists_of(gathering)
    note("sign-ups taken", gathering, found, by=by)
    return b"".join([MARK.encode(), csv_line(COLUMNS), *(csv_line(row) for one in found for row in rows(one))])


def lists_of(gathering: Gathering) -> list[SessionList]:
    sessions = gathering.programme
    return [SessionList(*pair) for pair in zip(sessions, queries.lists_of([one.moment for one in sessions], steps_each=0), strict=True)]


def rows(one: SessionList) -> list[list[str]]:
    session = one.session
    begins = f"{clock.local(session.moment.starts_at):%Y-%m-%d %H:%M}"
    about = [disarmed(session.title or session.gathering.title), begins, disarmed(session.room)]
    return [
        [*about, disarmed(party.first_name), str(party.party_size), gettext(STATE_WORDS[party.state]), spoken_code(party.code)]
        for party in [*one.people.coming, *one.people.waiting]
    ]


def note(what: str, gathering: Gathering, found: list[SessionList], *, by: User) -> None:
    many = sum(len(one.people.coming) + len(one.people.waiting) for one in found)
    audit.note(what, f"gathering {gathering.id}", user_id=by.id, rows=many)
