"""When a place is kept and for whom, and how long: values in, answer out.

The waiting list is strictly first come first served: when the party in front is larger than what is free, it keeps its turn and nobody
overtakes it, a newcomer neither. Otherwise a family of five would wait for ever behind people who come alone. That the front waits for
more room is written down as a step (`Reason.TOO_LARGE`), so that a list that does not move says why.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, time, timedelta
from enum import StrEnum

import phonenumbers

from weekapp.activities.rules import State as ActivityState
from weekapp.errors import N_

LARGEST_PARTY = 10
HOLD = timedelta(hours=2)  # a place is kept so long for who has not pressed the button in the mail
CONFIRM_LIFE = timedelta(hours=72)  # SEC-12: after that the link from the mail is worth nothing, and the row goes (PRIV-05)
OFFER = timedelta(hours=24)
SHORTEST_OFFER = timedelta(hours=1)
QUIET = timedelta(minutes=30)  # so long nothing has been changed: then the change is told, in one mail
REMIND_AT = time(10)  # Dutch wall time, on the day before
KEEP_AFTER = timedelta(days=30)  # after the moment (PRIV-05)
ALPHABET = "CDFHJKMNPRTWXY34679"  # no vowels, so no words, and nothing that looks like something else on paper
CODE_LENGTH = 6
MAX_WRONG_CODES, WRONG_WITHIN = 20, timedelta(minutes=15)  # for one first name
MAX_FOR_ADDRESS, ADDRESS_WITHIN = 10, timedelta(hours=1)  # sign-ups with one mail address or phone number (SEC-15)
MAX_FOR_ACTIVITY, ACTIVITY_WITHIN = 200, timedelta(minutes=10)  # a run on places, but no machine that takes them all


class State(StrEnum):
    """unconfirmed -> confirmed; or waiting -> offered -> confirmed. Expired people may still come, if there is room."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


NEXT = {
    State.UNCONFIRMED: {State.CONFIRMED, State.EXPIRED, State.CANCELLED},
    State.CONFIRMED: {State.CANCELLED},
    State.WAITING: {State.OFFERED, State.EXPIRED, State.CANCELLED},
    State.OFFERED: {State.CONFIRMED, State.EXPIRED, State.CANCELLED},
    State.EXPIRED: {State.CONFIRMED, State.WAITING, State.CANCELLED},
    State.CANCELLED: set[State](),
}
HELD = frozenset({State.UNCONFIRMED, State.OFFERED})  # a place is kept until `held_until`
GONE = frozenset({ActivityState.CANCELLED, ActivityState.WITHDRAWN})  # such an activity has nobody left
LIVE = frozenset({State.UNCONFIRMED, State.CONFIRMED, State.WAITING, State.OFFERED})

STATE_WORDS = {
    State.UNCONFIRMED: N_("heeft de mail nog niet bevestigd"),
    State.CONFIRMED: N_("komt"),
    State.WAITING: N_("wacht"),
    State.OFFERED: N_("kan een plaats krijgen"),
    State.CANCELLED: N_("afgemeld"),
    State.EXPIRED: N_("niet op tijd bevestigd"),
}


class Reason(StrEnum):
    """Why a step was taken; the initiator reads it in the list."""

    PLACE = "place"
    FULL = "full"
    ON_BEHALF = "on_behalf"
    CONFIRMED = "confirmed"
    LATE = "late"
    TOO_LARGE = "too_large"
    FREE = "free"
    ACCEPTED = "accepted"
    NOT_CONFIRMED = "not_confirmed"
    NO_ANSWER = "no_answer"
    BY_LINK = "by_link"
    BY_CODE = "by_code"
    DECLINED = "declined"
    BY_INITIATOR = "by_initiator"
    REPLACED = "replaced"
    SMALLER = "smaller"
    LARGER = "larger"
    OFF = "off"
    BEGUN = "begun"
    CALLED = "called"


REASON_WORDS = {
    Reason.PLACE: N_("Meldde zich aan. Er was plaats."),
    Reason.FULL: N_("Meldde zich aan. Er was geen plaats, of anderen wachtten al."),
    Reason.ON_BEHALF: N_("Iemand van de organisatie vulde de aanmelding in."),
    Reason.CONFIRMED: N_("Drukte op de knop in de mail."),
    Reason.LATE: N_("Bevestigde te laat, maar er was nog plaats."),
    Reason.TOO_LARGE: N_("Is aan de beurt, maar er is niet genoeg plaats voor iedereen in deze groep. Wacht daarom nog."),
    Reason.FREE: N_("Er kwam plaats vrij. Deze groep was aan de beurt."),
    Reason.ACCEPTED: N_("Nam de vrije plaats aan."),
    Reason.NOT_CONFIRMED: N_("Bevestigde niet op tijd. De plaats is weer vrij."),
    Reason.NO_ANSWER: N_("Antwoordde niet op tijd. De plaats is weer vrij."),
    Reason.BY_LINK: N_("Meldde zich af met de link in de mail."),
    Reason.BY_CODE: N_("Meldde zich af met de code."),
    Reason.DECLINED: N_("Wilde de vrije plaats niet."),
    Reason.BY_INITIATOR: N_("Iemand van de organisatie meldde deze groep af."),
    Reason.REPLACED: N_("Meldde zich opnieuw aan."),
    Reason.SMALLER: N_("Komt met minder mensen."),
    Reason.LARGER: N_("Komt met meer mensen."),
    Reason.OFF: N_("De activiteit gaat niet door."),
    Reason.BEGUN: N_("De activiteit begon. Er kwam geen plaats meer vrij."),
    Reason.CALLED: N_("Iemand van de organisatie belde."),
}


class Call(StrEnum):
    """What somebody whom we cannot mail must hear by phone."""

    NONE = "none"
    OFFER = "offer"
    ADDRESS = "address"
    CHANGED = "changed"
    OFF = "off"


CALL_WORDS = {
    Call.OFFER: N_("Er is een plaats vrij. Vraag of deze groep komt."),
    Call.ADDRESS: N_("Vertel het adres. Dat staat niet op de website."),
    Call.CHANGED: N_("De tijd of plaats is anders. Vertel wat er nu klopt."),
    Call.OFF: N_("De activiteit gaat niet door. Vertel dat."),
}


def can_become(now: State, then: State) -> bool:
    """Whether a sign-up may go from one state to the other."""
    return then in NEXT[now]


def places_left(places: int | None, taken: int) -> int | None:
    """Places that nobody has; None when there is no limit. Fewer places than people are no minus."""
    return None if places is None else max(0, places - taken)


def fits(party_size: int, left: int | None) -> bool:
    """Whether a party has room."""
    return left is None or party_size <= left


def has_place(party_size: int, left: int | None, waiting: int) -> bool:
    """Whether a newcomer gets a place: there is room, and nobody who came earlier waits for it."""
    return waiting == 0 and fits(party_size, left)


def offer_until(now: datetime, starts_at: datetime) -> datetime:
    """How long a freed place is kept for who is next: a day, a quarter of the time left when the moment is near, never past its start."""
    life = max(SHORTEST_OFFER, min(OFFER, (starts_at - now) / 4))
    return min(now + life, starts_at)


def hold_until(now: datetime, starts_at: datetime) -> datetime:
    """How long a place is kept for who has to confirm."""
    return min(now + HOLD, starts_at)


def new_code() -> str:
    """A code to write down: 47 million possibilities, and useless without the first name that goes with it."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """A code as it is kept, however somebody wrote it: 'k3d 7fm' becomes 'K3D7FM'."""
    return "".join(c for c in typed.upper() if c.isalnum())


def spoken_code(code: str) -> str:
    """A code as people read it out: K3D 7FM"""
    return f"{code[:3]} {code[3:]}"


def spoken_phone(phone: str) -> str:
    """A kept phone number as Dutch people dial it: 06 12345678"""
    return phonenumbers.format_number(phonenumbers.parse(phone, "NL"), phonenumbers.PhoneNumberFormat.NATIONAL)


def send_key(send_id: str, *content: object) -> str:
    """The same form sent twice with the same content has the same key; sent again with another name or moment it has another."""
    return hashlib.sha256("\n".join([send_id, *map(str, content)]).encode()).hexdigest()


def token(purpose: str, send_key: str, secret_key: str) -> str:
    """A token of 192 bits for a link in a mail (SEC-11).

    Every mail about a sign-up carries the same link, so the token is made anew each time and only its hash is kept; nobody can
    make one without the secret key of the site.
    """
    digest = hmac.new(secret_key.encode(), f"sign-up {purpose} {send_key}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
