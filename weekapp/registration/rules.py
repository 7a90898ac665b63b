"""The steps of a registration, its terms, and what makes a moment or a word wrong: values in, answer out."""

import base64
import hashlib
import hmac
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from babel.dates import format_date, format_datetime

from weekapp import clock
from weekapp.errors import N_, DomainError

MAIL_PAUSE = timedelta(minutes=1)
FARTHEST_AHEAD = timedelta(days=366)  # a moment of what goes on all year
UNCONFIRMED_LIFE = timedelta(hours=72)  # PRIV-05
MOST_MOMENTS = 60  # a year of weeks, and some
MOST_VISITORS = 5000


class Step(StrEnum):
    """The pages of the form in their order; the values stand in addresses and are the keys of the answers."""

    ACTIVITY = "activiteit"
    PLACE = "plaats-en-tijd"
    YOU = "over-jou"
    PACKAGE = "pakket"
    CHECK = "controleren"


STEPS = tuple(Step)
STEP_WORDS = {
    Step.ACTIVITY: N_("Je activiteit"),
    Step.PLACE: N_("Waar en wanneer?"),
    Step.YOU: N_("Over jou"),
    Step.PACKAGE: N_("Het pakket"),
    Step.CHECK: N_("Klopt alles?"),
}


class Again(StrEnum):
    """What to do when this place and organisation already have an order (product.md rule 3)."""

    NONE = ""
    ADD = "erbij"
    BRANCH = "vestiging"
    NO_PACKAGE = "geen"


class WrongMoment(DomainError):
    """A moment that cannot be; `field` says which of day, begins and ends is wrong."""

    status = 400


def number_of(step: Step) -> int:
    """1 for the first step."""
    return STEPS.index(step) + 1


def before(step: Step) -> Step | None:
    """The step before this one."""
    return STEPS[number_of(step) - 2] if number_of(step) > 1 else None


def draft_token(send_id: str, secret_key: str) -> str:
    """The token in the addresses of a draft, made from the first form that was sent.

    The same form sent twice gives the same draft, and nobody can make a token without the secret key of the site.
    """
    digest = hmac.new(secret_key.encode(), b"registration " + send_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def check_moment(
    day: date, begins: time, ends: time, *, first_day: date, last_day: date, now: datetime, is_ongoing: bool = False
) -> tuple[datetime, datetime]:
    """The instants of a moment in Dutch wall time; raises WrongMoment with a sentence that says what to change (A09).

    What goes on all year (`is_ongoing`) may be on any day of the year that comes, in the Week or not.
    """
    if is_ongoing and day > clock.local(now).date() + FARTHEST_AHEAD:
        raise WrongMoment(N_("Dat is meer dan een jaar weg. Kies een eerdere dag."), field="day")
    if not is_ongoing and not first_day <= day <= last_day:
        raise WrongMoment(
            N_("Vul een dag in die in de Week tegen Eenzaamheid valt: van %(first)s tot en met %(last)s."),
            field="day",
            first=spoken(first_day),
            last=spoken(last_day),
        )
    if ends <= begins:
        raise WrongMoment(N_("Het einde komt na het begin. Duurt het tot na middernacht? Vul dan 23:59 in."), field="ends")
    for field, at in (("begins", begins), ("ends", ends)):
        if clock.is_skipped(day, at):
            raise WrongMoment(N_("Die nacht gaat de klok een uur vooruit. Deze tijd bestaat dan niet. Kies een andere tijd."), field=field)
    starts = clock.instant(day, begins)
    if starts <= now:
        raise WrongMoment(N_("Dit moment is al voorbij. Kies een dag die nog komt."), field="day")
    return starts, clock.instant(day, ends)


def spoken(day: date) -> str:
    """30 september"""
    return format_date(day, "d MMMM", locale="nl")


def spoken_instant(moment: datetime) -> str:
    """donderdag 30 september, 10.00 uur"""
    return format_datetime(clock.local(moment), "EEEE d MMMM, HH.mm 'uur'", locale="nl")


def is_over(sent_at: datetime, now: datetime) -> bool:
    """Whether a registration has waited too long for its button."""
    return now >= sent_at + UNCONFIRMED_LIFE
