"""Activities as an Atom feed (RFC 4287): what is new or has changed, newest first."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask_babel import gettext

from weekapp.activities.calendar_text import plain
from weekapp.activities.objects import stamp
from weekapp.activities.public import PublicActivity
from weekapp.templating import period

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/elements/1.1/"
register_namespace("", ATOM)
register_namespace("dc", DC)


def atom(name: str, activities: list[PublicActivity], source: str, page: str, base_url: str, changed: datetime) -> bytes:
    """The feed; `source` is its own address, `page` that of the same search for people."""
    feed = Element(f"{{{ATOM}}}feed", {"xml:lang": "nl"})
    text(feed, "id", source)
    text(feed, "title", name)
    text(feed, "updated", stamp(changed))
    SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": source})
    SubElement(feed, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": page})
    text(SubElement(feed, f"{{{ATOM}}}author"), "name", gettext("Kom erbij"))
    for activity in sorted(activities, key=lambda activity: (activity.changed_at, activity.id), reverse=True):
        feed.append(entry(activity, base_url))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="utf-8", xml_declaration=False)


def entry(activity: PublicActivity, base_url: str) -> Element:
    """One activity; its id stays when its title changes, its link follows the title."""
    found = Element(f"{{{ATOM}}}entry")
    text(found, "id", f"{base_url}/activiteiten/{activity.id}")
    SubElement(found, f"{{{DC}}}identifier").text = str(activity.id)
    title = gettext("Gaat niet door: %(title)s", title=activity.title) if activity.is_cancelled else activity.title
    text(found, "title", title)
    SubElement(found, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": base_url + activity.path})
    text(found, "published", stamp(min(activity.created_at, activity.changed_at)))
    text(found, "updated", stamp(activity.changed_at))
    SubElement(found, f"{{{ATOM}}}category", {"term": activity.theme})
    moments = "\n".join(period(moment.starts_at, moment.ends_at) for moment in activity.moments)
    text(found, "summary", "\n".join((moments, ", ".join(activity.place_lines), activity.description)))
    return found


def text(parent: Element, name: str, content: str) -> None:
    """A child element with text that XML can hold."""
    SubElement(parent, f"{{{ATOM}}}{name}").text = plain(content)
