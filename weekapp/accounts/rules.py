"""Roles, and how long links and sign-ins last: values in, answer out."""

from datetime import datetime, timedelta
from enum import StrEnum

from weekapp.errors import N_

SIGN_IN_LINK_LIFE = timedelta(minutes=10)  # SEC-12, ASVS 6.5.5
STAFF_IDLE, STAFF_LIFE = timedelta(minutes=30), timedelta(hours=8)  # SEC-18
INITIATOR_IDLE, INITIATOR_LIFE = timedelta(hours=2), timedelta(hours=24)
HALF_WAY_LIFE = timedelta(minutes=10)  # between password and code
MAX_TRIES = 5  # wrong passwords or codes for one address within TRIES_WITHIN
TRIES_WITHIN = LOCKED_FOR = timedelta(minutes=15)
MAX_LINKS, LINKS_WITHIN = 5, timedelta(hours=1)  # SEC-15
LONGEST_PATH = 200  # characters of an address to go on to after signing in
SHORTEST_PASSWORD = 12  # characters, ASVS 6.2.1 and 6.2.9


class RoleName(StrEnum):
    """What somebody is to the system; one person may be several."""

    INITIATOR = "initiator"
    MODERATOR = "moderator"
    LOGISTICS = "logistics"
    MUNICIPALITY = "municipality"
    MANAGER = "manager"


STAFF = frozenset({RoleName.MODERATOR, RoleName.LOGISTICS, RoleName.MUNICIPALITY, RoleName.MANAGER})

ROLE_WORDS = {
    RoleName.INITIATOR: N_("initiatiefnemer"),
    RoleName.MODERATOR: N_("moderator"),
    RoleName.LOGISTICS: N_("logistiek"),
    RoleName.MUNICIPALITY: N_("gemeente"),
    RoleName.MANAGER: N_("programmaleider"),
}


def is_usable(expires_at: datetime, used_at: datetime | None, now: datetime) -> bool:
    """Whether a link can still be used: once, and in time."""
    return used_at is None and now < expires_at


def life_of_sign_in(second_factor: bool) -> timedelta:
    """How long somebody stays signed in at most."""
    return STAFF_LIFE if second_factor else INITIATOR_LIFE


def is_idle(seen_at: datetime, second_factor: bool, now: datetime) -> bool:
    """Whether somebody has been away so long that they must sign in again."""
    return now - seen_at > (STAFF_IDLE if second_factor else INITIATOR_IDLE)


def acts_as(roles: frozenset[RoleName], second_factor: bool) -> frozenset[RoleName]:
    """The roles that count: somebody who came in by a mail alone is never staff (SEC-13, ASVS 6.3.6)."""
    return roles if second_factor else roles & {RoleName.INITIATOR}


def is_inside(address: str) -> bool:
    """Whether an address to go on to lies on this site; `//elsewhere` and `/\\elsewhere` do not."""
    return address.startswith("/") and address[1:2] not in {"/", "\\"} and address.isprintable()
