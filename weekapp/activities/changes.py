"""Changing an activity that is public: practical facts show at once, in pages and calendars; a moderator looks afterwards (rule 9).

Texts are not changed here: those wait for a moderator first (`weekapp.moderation.revisions`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask_babel import gettext

from weekapp import clock
from weekapp.accounts.models import User
from weekapp.activities import history, rules, still_on
from weekapp.activities.models import Activity, ActivityAudience, ActivityLanguage, Occurrence
from weekapp.activities.rules import TEXTS, Happened, State
from weekapp.activities.service import NewActivity, place_to_keep, publish
from weekapp.activities.word_index import write_words
from weekapp.db import db, lock
from weekapp.editions import service as editions
from weekapp.errors import N_, WrongState
from weekapp.geography.pins import LonLat, metres_between, rounded
from weekapp.geography.rules import Precision
from weekapp.pictures import service as pictures
from weekapp.templating import period

DOOR = ("postcode", "house_number", "letter", "addition", "street", "town")
POINT = ("lon", "lat", "precision", "bag_id", "municipality_code")
LISTS = ("audiences", "languages", "moments")
PLACE = (*DOOR, "venue", "is_home")
FACTS = tuple(field.name for field in fields(NewActivity) if field.name not in {*TEXTS, *PLACE, *POINT, *LISTS})
CHANGED = N_("Dit kan niet meer. De activiteit is net veranderd. Bekijk haar nog een keer.")


@dataclass(frozen=True, kw_only=True)
class WantedMoment:
    """A moment as it should be; `id` is that of the moment that it was, None for a new one."""

    id: int | None
    starts_at: datetime
    ends_at: datetime


def touch(occurrence: Occurrence, now: datetime) -> None:
    """Let calendars replace this moment; its UID stays (RFC 5545, 3.8.7.4). Who signed up hears it after a quiet half hour."""
    occurrence.sequence += 1
    occurrence.changed_at = now


def coming(activity: Activity) -> list[Occurrence]:
    """The moments that can still be changed: not begun, and not called off."""
    now = clock.now()
    return [one for one in activity.occurrences if one.starts_at > now and one.cancelled_at is None]


def can_change(activity: Activity) -> bool:
    """Whether it is public and meant to take place, or postponed until its new dates are filled in."""
    return activity.state is State.PUBLISHED or activity.postponed_at is not None


def change(
    activity: Activity, new: NewActivity, moments: Iterable[WantedMoment], dropped: Collection[int] = (), remark: str = "", *, by: User
) -> bool:
    """Give a public activity other facts, another place, other moments; its texts stay. Whether anything was different.

    `dropped` are ids of moments to call off: they were public, so they stay visible as that. What is in neither list stays as it is: a
    colleague may have added it just now. `remark` is for who signed up. What was postponed goes on again with its new dates. Raises
    WrongState.
    """
    lock(activity)
    if not can_change(activity):
        raise WrongState(CHANGED)
    still_on.heard(activity)
    now, known = clock.now(), {one.id: one.sequence for one in activity.occurrences}
    if activity.state is State.CANCELLED:
        publish(activity, by=by)
    is_elsewhere = change_place(activity, new, by=by)
    done = [is_elsewhere, change_facts(activity, new, by=by), change_moments(activity, moments, dropped, now, by=by)]
    if is_elsewhere:
        for occurrence in coming(activity):
            touch(occurrence, now)
    for occurrence in activity.occurrences:
        if occurrence.sequence != known.get(occurrence.id, 0):
            occurrence.remark = remark
    if any(done):
        publish_change(activity, now)
    return any(done)


def publish_change(activity: Activity, now: datetime) -> None:
    """Let pages, searches and calendars see what is different."""
    activity.changed_at = now
    refresh_search(activity)
    db.session.flush()
    editions.touch(activity.edition_id)


def refresh_search(activity: Activity) -> None:
    """Let searches find what is told now."""
    texts = (activity.title, activity.description, activity.venue, activity.town, activity.organisation.name)
    activity.search_text = rules.folded(" ".join(texts))
    write_words({activity.id: activity.search_text})


def change_place(activity: Activity, new: NewActivity, *, by: User) -> bool:
    """Another address, building or point. While the address stays, only somebody's hand moves the point: there, or back."""
    before, pin_before = place_line(activity), (activity.lon, activity.lat)
    is_elsewhere = any(getattr(activity, name) != getattr(new, name) for name in (*DOOR, "is_home"))
    is_put_right = not new.is_home and by_hand(new) != by_hand(activity)
    if not (is_elsewhere or is_put_right or activity.venue != new.venue):
        return False
    for name in PLACE:
        setattr(activity, name, getattr(new, name))
    if is_elsewhere or is_put_right:
        activity.municipality_code = new.municipality_code
        activity.lon, activity.lat, activity.precision, activity.bag_id = place_to_keep(new)
    after = place_line(activity)
    told = {"before": before, "after": after} if before != after else {"after": pin_words(pin_before, (activity.lon, activity.lat))}
    history.note(activity, Happened.PLACE_MOVED, by=by, **told)
    return True


def pin_words(before: tuple[float | None, float | None], after: tuple[float | None, float | None]) -> str:
    """What a history says of a pin that moved while the address stayed."""
    if None in before or None in after:
        return gettext("Alleen de pin op de kaart.")
    metres = metres_between(before, after)  # type: ignore[arg-type]
    return gettext("Alleen de pin op de kaart, %(metres)s meter.", metres=metres)


def by_hand(place: Activity | NewActivity) -> LonLat | None:
    """Where somebody put its pin; None when nobody did."""
    if place.precision is not Precision.BY_HAND or place.lon is None or place.lat is None:
        return None
    return rounded((place.lon, place.lat))


def place_line(activity: Activity) -> str:
    """Where it is, on one line; of a home, too: a history is for the organisation and the programme team only."""
    number = f"{activity.house_number}{activity.letter} {activity.addition}".strip()
    parts = (activity.venue, f"{activity.street} {number}".strip(), f"{activity.postcode} {activity.town}")
    return ", ".join(part for part in parts if part)


def change_facts(activity: Activity, new: NewActivity, *, by: User) -> bool:
    """The welcome card, whom it is for and what kind of activity it is."""
    audiences, languages = {row.audience: row for row in activity.audiences}, {row.language: row for row in activity.languages}
    different = [name for name in FACTS if getattr(activity, name) != getattr(new, name)]
    if not different and set(audiences) == set(new.audiences) and set(languages) == set(new.languages):
        return False
    for name in different:
        setattr(activity, name, getattr(new, name))
    activity.takes_sign_ups = activity.takes_sign_ups or new.sign_up_needed
    activity.audiences = [audiences.get(one) or ActivityAudience(audience=one) for one in dict.fromkeys(new.audiences)]
    activity.languages = [languages.get(one) or ActivityLanguage(language=one) for one in dict.fromkeys(new.languages)]
    history.note(activity, Happened.FACTS_CHANGED, by=by)
    return True


def change_moments(activity: Activity, moments: Iterable[WantedMoment], dropped: Collection[int], now: datetime, *, by: User) -> bool:
    """Move, add and call off moments. A moment keeps its UID however far it moves."""
    known = {one.id: one for one in coming(activity)}
    done = False
    for wanted in moments:
        if wanted.id in known:
            done |= move(activity, known[wanted.id], wanted, now, by=by)
        elif wanted.id is None:
            done |= add(activity, wanted, now, by=by)
    for key in known.keys() & set(dropped):
        call_off_moment(activity, known[key], "", now, by=by)
        done = True
    return done


def move(activity: Activity, occurrence: Occurrence, wanted: WantedMoment, now: datetime, *, by: User) -> bool:
    if (occurrence.starts_at, occurrence.ends_at) == (wanted.starts_at, wanted.ends_at):
        return False
    before = period(occurrence.starts_at, occurrence.ends_at)
    first = occurrence.moved_from or occurrence.starts_at
    occurrence.moved_from = first if first != wanted.starts_at else None
    occurrence.starts_at, occurrence.ends_at = wanted.starts_at, wanted.ends_at
    touch(occurrence, now)
    history.note(activity, Happened.MOMENT_MOVED, by=by, before=before, after=period(wanted.starts_at, wanted.ends_at))
    return True


def add(activity: Activity, wanted: WantedMoment, now: datetime, *, by: User) -> bool:
    new = Occurrence(starts_at=wanted.starts_at, ends_at=wanted.ends_at, uid=str(uuid4()), sequence=0, changed_at=now)
    activity.occurrences.append(new)
    history.note(activity, Happened.MOMENT_ADDED, by=by, after=period(wanted.starts_at, wanted.ends_at))
    return True


def call_off_moment(activity: Activity, occurrence: Occurrence, reason: str, now: datetime, *, by: User) -> None:
    """One moment does not take place; it stays visible as that (rule 11)."""
    occurrence.cancelled_at, occurrence.remark = now, reason
    touch(occurrence, now)
    history.note(activity, Happened.MOMENT_OFF, by=by, before=period(occurrence.starts_at, occurrence.ends_at), after=reason)


def cancel_moment(activity: Activity, occurrence: Occurrence, reason: str, *, by: User) -> None:
    """One moment of a public activity does not take place; the others do. Raises WrongState when it has begun or was called off before."""
    lock(activity)
    lock(occurrence)
    if activity.state is not State.PUBLISHED or occurrence not in coming(activity):
        raise WrongState(CHANGED)
    still_on.heard(activity)
    now = clock.now()
    call_off_moment(activity, occurrence, reason, now, by=by)
    publish_change(activity, now)


def set_texts(activity: Activity, texts: Mapping[str, Any], now: datetime) -> None:
    """Other texts that a moderator has approved, and another picture, which everybody may see from now on."""
    assert set(texts) <= set(TEXTS), "only texts wait for a moderator"
    for name, text in texts.items():
        setattr(activity, name, text)
    db.session.flush()
    db.session.expire(activity, ["picture"])
    pictures.show(activity.picture)
    publish_change(activity, now)
