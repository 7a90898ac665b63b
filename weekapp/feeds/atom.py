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
DECLARATION, END = b'<?xml version="1.0" encoding="utf-8"?>\n', b"</feed>"


def atom(name: str, entries: list[bytes], source: str, page: str, changed: datetime) -> bytes:
    """The feed around finished entries; `source` is its own address, `page` that of the same search for people."""
    feed = Element(f"{{{ATOM}}}feed", {"xml:lang": "nl", "xmlns:dc": DC})
    text(feed, "id", source)
    text(feed, "title", name)
    text(feed, "updated", stamp(changed))
    SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": source})
    SubElement(feed, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": page})
    text(SubElement(feed, f"{{{ATOM}}}author"), "name", gettext("Kom erbij"))
    head = tostring(feed, encoding="utf-8", xml_declaration=False).removesuffix(END)
    return b"".join((DECLARATION, head, *entries, END))


def entry(activity: PublicActivity, base_url: str) -> bytes:
    """One activity; its id stays when its title changes, its link follows the title. Its names are those of the feed around it."""
    feed = Element(f"{{{ATOM}}}feed")
    found = SubElement(feed, f"{{{ATOM}}}entry")
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
    whole = tostring(feed, encoding="utf-8", xml_declaration=False)
    return whole[whole.index(b"<entry>") :].removesuffix(END)


def text(parent: Element, name: str, content: str) -> None:
    """A child element with text that XML can hold."""
    SubElement(parent, f"{{{ATOM}}}{name}").text = plain(content)
