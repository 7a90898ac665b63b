"""Gatherings as iCalendar: one VEVENT for each session, written like those of activities (calendar-feeds.md, sections 0 to 2)."""

from collections.abc import Iterable

from flask_babel import force_locale, gettext
from icalendar import Event

from weekapp.activities.calendar_text import one_line, plain, shortened
from weekapp.feeds.calendar import calendar, folded, on_the_clock
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import AUDIENCE_WORDS, KIND_WORDS, full_title


def gathering_calendar(name: str, gatherings: Iterable[Gathering], source: str, base_url: str) -> bytes:
    """A whole calendar; `source` is its own absolute address. What was called off stays in it as that."""
    with force_locale("nl"):
        return calendar(name, source, [entry(session, base_url) for gathering in gatherings for session in gathering.programme])


def entry(session: Session, base_url: str) -> bytes:
    """One session. The link to take part online is not in it: only who has a place gets that."""
    gathering, moment = session.gathering, session.moment
    changed = max(gathering.changed_at, moment.changed_at)
    event = Event()
    event.add("uid", moment.uid)
    event.add("dtstamp", changed)
    event.add("created", min(gathering.created_at, changed))
    event.add("last-modified", changed)
    event.add("sequence", moment.sequence)
    event.add("status", "CANCELLED" if session.is_off else "CONFIRMED")
    event.add("dtstart", on_the_clock(moment.starts_at))
    event.add("dtend", on_the_clock(moment.ends_at))
    event.add("summary", ("[AFGELAST] " if session.is_off else "") + one_line(full_title(gathering.title, session.title)))
    event.add("url", base_url + gathering.path)
    event.add("class", "PUBLIC")
    event.add("location", one_line(", ".join([*filter(None, [session.room]), *gathering.place_lines]) or "Online"))
    event.add("categories", [gettext(KIND_WORDS[gathering.kind])])
    event.add("description", description(session, base_url))
    return folded(event)


def description(session: Session, base_url: str) -> str:
    """The beginning of the text, what people need to know, and where the rest is."""
    gathering = session.gathering
    facts = [gettext("Dit gaat niet door.")] * session.is_off
    facts += [gettext("Organisatie: %(name)s.", name=gathering.organiser), gettext(AUDIENCE_WORDS[session.audience]) + "."]
    if gathering.has_place and gathering.step_free:
        facts.append(gettext("Je kunt met een rolstoel naar binnen."))
    if gathering.has_place and gathering.hearing_loop:
        facts.append(gettext("Er is een ringleiding."))
    if gathering.takes_sign_ups and not session.is_off:
        facts.append(gettext("Meld je van tevoren aan."))
    return f"{shortened(plain(gathering.description))}\n\n{' '.join(map(one_line, facts))}\n{base_url}{gathering.path}"
