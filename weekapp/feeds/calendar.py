"""Activities as iCalendar (RFC 5545, 7986): one VEVENT for each moment, and the frame around them.

The order of what is written and each choice follows calendar-feeds.md, sections 0 to 2.
"""

import hashlib
from datetime import datetime, timedelta
from importlib.metadata import version

from flask_babel import force_locale, gettext
from icalendar import Calendar, Component, Event, Timezone, vText

from weekapp import clock
from weekapp.activities.calendar_text import description, location, one_line, summary
from weekapp.activities.public import Moment, PublicActivity
from weekapp.activities.rules import THEME_WORDS

RECIPE = "3"  # raise it when `entry` writes something else than before
LONGEST_LINE = 75  # octets
REFRESH = timedelta(hours=4)

# With rules, not dates: ical.js and Outlook read only the first of a list of dates and show summer an hour off.
TIMEZONE = Timezone.from_ical(
    """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""
)
END = b"END:VCALENDAR\r\n"


def recipe(base_url: str) -> str:
    """What the bytes of an entry depend on besides its moment and activity."""
    parts = f"{RECIPE} {version('icalendar')} {base_url}"
    return hashlib.blake2s(parts.encode(), digest_size=8).hexdigest()


def calendar(name: str, source: str, entries: list[bytes]) -> bytes:
    """A whole calendar around finished entries; `source` is its own absolute address."""
    frame = Calendar()
    frame.add("prodid", "-//Kom erbij//weekapp//NL")
    frame.add("version", "2.0")
    frame.add("calscale", "GREGORIAN")
    for property_name in ("name", "x-wr-calname"):
        frame.add(property_name, vText(one_line(name)), encode=False)
    frame.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    frame.add("x-published-ttl", "PT4H")
    frame.add("source", source, parameters={"VALUE": "URI"})
    frame.add("color", "sienna")
    head = folded(frame).removesuffix(END)
    return b"".join((head, TIMEZONE.to_ical(sorted=False), *entries, END))


def entry(activity: PublicActivity, moment: Moment, base_url: str) -> bytes:
    """One moment. Of people there is nothing in it, and of a home only the town (PRIV-04, SEC-20).

    Of an activity that was taken away it tells no more than what does not take place and when: nothing else of it is public.
    """
    with force_locale("nl"):
        is_cancelled = activity.is_cancelled or activity.is_withdrawn or moment.is_cancelled
        changed = last_change(activity, moment)
        event = Event()
        event.add("uid", moment.uid)
        event.add("dtstamp", changed)
        event.add("created", min(activity.created_at, changed))
        event.add("last-modified", changed)
        event.add("sequence", moment.sequence)
        event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
        event.add("dtstart", on_the_clock(moment.starts_at))
        event.add("dtend", on_the_clock(moment.ends_at))
        event.add("summary", summary(activity, is_cancelled=is_cancelled))
        event.add("url", base_url + activity.path)
        event.add("class", "PUBLIC")
        if activity.is_withdrawn:
            event.add("description", gettext("Dit gaat niet door."))
        else:
            tell_about(activity, event, description(activity, base_url, is_cancelled=is_cancelled))
        return folded(event)


def tell_about(activity: PublicActivity, event: Event, text: str) -> None:
    """Where it is and what it is like."""
    event.add("location", location(activity))
    if activity.lat is not None and activity.lon is not None:
        event.add("geo", (activity.lat, activity.lon))
    event.add("categories", [gettext(THEME_WORDS[activity.theme])])
    event.add("description", text)


def folded(part: Component) -> bytes:
    """The lines of a part, at most 75 octets each, folded where it harms nobody.

    icalendar 7.3 folds between two backslashes that belong together; Google hides an event that is folded inside an escape.
    """
    return b"".join(fold(line.encode()) + b"\r\n" for line in part.content_lines(sorted=False) if line)


def fold(line: bytes) -> bytes:
    """One line as one or more, none of them longer than 75 octets (RFC 5545, 3.1); letters and escapes stay whole."""
    parts, start = [], 0
    while len(line) - start > (room := LONGEST_LINE - bool(start)):  # a space takes the first octet of each further line
        cut = start + room
        while line[cut] & 0b1100_0000 == 0b1000_0000:  # inside a letter
            cut -= 1
        backslashes = cut - start - len(line[start:cut].rstrip(b"\\"))
        cut -= backslashes % 2  # the last one belongs to what follows
        parts.append(line[start:cut])
        start = cut
    return b"\r\n ".join([*parts, line[start:]])


def last_change(activity: PublicActivity, moment: Moment) -> datetime:
    """When subscribers last had to look again; never the time of asking, which would change the bytes on each poll."""
    return max(activity.changed_at, moment.changed_at)


def on_the_clock(instant: datetime) -> datetime:
    """Wall time in Amsterdam; in the doubled hour of autumn UTC, since programs do not agree on which of the two a wall time means."""
    local = clock.local(instant)
    is_doubled = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return instant if is_doubled else local
