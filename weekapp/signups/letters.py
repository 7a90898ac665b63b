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
from weekapp.signups import hosts, queries, rules
from weekapp.signups.hosts import Host
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
    """The activity that a party comes to; only for what activities alone have: somebody who calls people without mail."""
    return db.session.get_one(Activity, sign_up.occurrence.activity_id)


def host_of(sign_up: SignUp) -> Host:
    """What the party comes to."""
    return hosts.host_of(sign_up.occurrence)


def when(occurrence: Occurrence) -> str:
    """donderdag 30 september, 10.00 tot 12.00 uur"""
    return period(occurrence.starts_at, occurrence.ends_at)


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
    values = {
        "name": sign_up.first_name,
        "title": host_of(sign_up).title,
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
    host = host_of(sign_up)
    return {
        "where": host.full_place,
        "online_link": host.online_link,
        "calendar_link": link(host.calendar),
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
    host, has_place = host_of(sign_up), sign_up.state == rules.State.CONFIRMED
    place, online = (host.full_place, host.online_link) if has_place else (host.place, "")
    remark = sign_up.occurrence.remark
    send("signup_changed", sign_up, sign_up.occurrence.sequence, where=place, online_link=online, remark=remark)


@in_their_language
def off(sign_up: SignUp) -> None:
    """It does not take place, or not now."""
    host = host_of(sign_up)
    reason = host.reason or sign_up.occurrence.remark
    if host.is_postponed:
        send("signup_postponed", sign_up, link=link(host.page), reason=reason)
        return
    template = "signup_cancelled_session" if host.is_session else "signup_cancelled_activity"
    send(template, sign_up, link=link(host.elsewhere), reason=reason)


@in_their_language
def cancelled(sign_up: SignUp) -> None:
    """Your place has gone back."""
    send("signup_cancelled", sign_up, link=link(host_of(sign_up).sign_up_page))


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
