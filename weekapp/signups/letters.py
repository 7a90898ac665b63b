"""What is mailed to who signs up. Subjects and senders never say what it is about (TAAL-10, product.md rule 12)."""

from collections.abc import Callable
from functools import wraps

from flask_babel import ngettext

from weekapp import addresses
from weekapp.accounts.models import User
from weekapp.accounts.proof import hash_of
from weekapp.activities.models import Activity, Occurrence
from weekapp.core import settings
from weekapp.db import db
from weekapp.languages import speaking
from weekapp.mail.service import queue_mail
from weekapp.signups import queries, rules
from weekapp.signups.models import SignUp
from weekapp.templating import day_and_time, period

Letter = Callable[..., None]


def confirm_token(sign_up: SignUp) -> str:
    """The token of the link that asks whether this party comes; another one for each offer."""
    return rules.token(f"confirm {sign_up.round}", sign_up.send_key, settings().secret_key)


def cancel_token(sign_up: SignUp) -> str:
    """The token of the link with which this party gives its place back."""
    return rules.token("cancel", sign_up.send_key, settings().secret_key)


def confirm_hash(sign_up: SignUp) -> str:
    """What the database keeps of the one."""
    return hash_of(confirm_token(sign_up))


def cancel_hash(sign_up: SignUp) -> str:
    """What the database keeps of the other."""
    return hash_of(cancel_token(sign_up))


def activity_of(sign_up: SignUp) -> Activity:
    """What the party comes to."""
    return activity_at(sign_up.occurrence)


def activity_at(occurrence: Occurrence) -> Activity:
    """What happens at a moment."""
    found = db.session.get(Activity, occurrence.activity_id)
    assert found is not None, "a moment belongs to an activity"
    return found


def when(occurrence: Occurrence) -> str:
    """donderdag 30 september, 10.00 tot 12.00 uur"""
    return period(occurrence.starts_at, occurrence.ends_at)


def where(activity: Activity, *, in_full: bool) -> str:
    """Where it is, on one line. Only who has a place hears the address of a home (PRIV-04)."""
    if activity.is_home and not in_full:
        return activity.town
    number = " ".join(part for part in (f"{activity.house_number}{activity.letter}", activity.addition) if part)
    street = f"{activity.street or activity.postcode} {number}"
    town = f"{activity.postcode} {activity.town}" if activity.street else activity.town
    return ", ".join(part for part in (activity.venue, street, town) if part)


def party(size: int) -> str:
    """3 mensen"""
    return ngettext("%(num)s persoon", "%(num)s mensen", size)


def link(path: str) -> str:
    return f"{settings().base_url}{path}"


def in_their_language(letter: Letter) -> Letter:
    """Dates and all else that is written before the mail goes into the outbox."""

    @wraps(letter)
    def written(sign_up: SignUp, *arguments: object) -> None:
        with speaking(sign_up.language):
            letter(sign_up, *arguments)

    return written


def send(template: str, sign_up: SignUp, about: object = "", **more: str) -> None:
    """Mail who has an address, once for each event: `about` tells this event from others of its kind."""
    if not sign_up.email:
        return
    activity = activity_of(sign_up)
    values = {
        "name": sign_up.first_name,
        "title": activity.title,
        "when": when(sign_up.occurrence),
        "party": party(sign_up.party_size),
        "cancel_link": link(addresses.cancel_sign_up(cancel_token(sign_up))),
    }
    queue_mail(f"{template} {sign_up.id} {about}".strip(), template, sign_up.email, **(values | more))


@in_their_language
def ask(sign_up: SignUp, about: str = "") -> None:
    """Press the button, then we know that it is you."""
    assert sign_up.held_until is not None, "a place is kept until some time"
    to_confirm = link(addresses.confirm_sign_up(confirm_token(sign_up)))
    send("signup_confirm", sign_up, about, link=to_confirm, until=day_and_time(sign_up.held_until))


@in_their_language
def confirmed(sign_up: SignUp, about: str = "") -> None:
    """You have a place."""
    send("signup_confirmed", sign_up, about, **details(sign_up))


def details(sign_up: SignUp) -> dict[str, str]:
    """What somebody with a place needs to know."""
    activity = activity_of(sign_up)
    return {
        "where": where(activity, in_full=True),
        "calendar_link": link(f"/activiteiten/{activity.id}.ics"),
        "code": rules.spoken_code(sign_up.code),
    }


@in_their_language
def waiting(sign_up: SignUp, about: str = "") -> None:
    """You are on the waiting list."""
    turn = f"{sign_up.queued_at:%Y%m%d%H%M%S%f} {about}".strip()
    send("signup_waiting", sign_up, turn, position=str(queries.position(sign_up)))


@in_their_language
def offer(sign_up: SignUp, about: str = "") -> None:
    """There is a place, if you say so in time."""
    assert sign_up.held_until is not None, "an offer ends"
    to_confirm = link(addresses.confirm_sign_up(confirm_token(sign_up)))
    until = day_and_time(sign_up.held_until)
    send("signup_offer", sign_up, f"{sign_up.round} {about}".strip(), link=to_confirm, until=until)


@in_their_language
def reminder(sign_up: SignUp) -> None:
    """It is tomorrow."""
    send("signup_reminder", sign_up, f"{sign_up.occurrence.starts_at:%Y%m%d%H%M}", **details(sign_up))


@in_their_language
def changed(sign_up: SignUp) -> None:
    """Time or place is another one."""
    in_full = sign_up.state == rules.State.CONFIRMED
    place = where(activity_of(sign_up), in_full=in_full)
    send("signup_changed", sign_up, sign_up.occurrence.sequence, where=place, remark=sign_up.occurrence.remark)


@in_their_language
def off(sign_up: SignUp) -> None:
    """It does not take place, or not now."""
    activity = activity_of(sign_up)
    reason = activity.cancel_reason or sign_up.occurrence.remark
    if activity.postponed_at:
        send("signup_postponed", sign_up, link=link(addresses.activity(activity.id, activity.title)), reason=reason)
        return
    search = f"/activiteiten?gemeente={activity.municipality.slug}" if activity.municipality else "/activiteiten"
    send("signup_cancelled_activity", sign_up, link=link(search), reason=reason)


@in_their_language
def cancelled(sign_up: SignUp) -> None:
    """Your place has gone back."""
    send("signup_cancelled", sign_up, link=link(addresses.sign_up(activity_of(sign_up).id)))


def please_call(sign_up: SignUp, about: object) -> None:
    """Ask the initiator to call somebody who has no mail; names and numbers stay on the page behind the sign-in."""
    activity = activity_of(sign_up)
    initiator: User = activity.initiator
    page = link(addresses.sign_ups(activity.id))
    queue_mail(
        f"signup_call {activity.id} {about}",
        "signup_call",
        initiator.email,
        language=initiator.language,
        name=initiator.name,
        title=activity.title,
        link=page,
    )
