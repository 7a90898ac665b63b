"""What a calendar says of an activity, as plain text: its feed writes it, and who registers sees it beforehand."""

from flask_babel import gettext

from weekapp.activities.public import PublicActivity

LONGEST_DESCRIPTION = 200  # characters; the page has the whole text, and Google refuses large calendars


def summary(activity: PublicActivity, *, is_cancelled: bool) -> str:
    """The name of the entry; calendars hide STATUS:CANCELLED, so the name says it too."""
    mark = "[VERPLAATST] " if activity.is_postponed else "[AFGELAST] " if is_cancelled else ""
    return mark + one_line(activity.title)


def location(activity: PublicActivity) -> str:
    """Where it is, on one line; of a home only the town (PRIV-04)."""
    return one_line(", ".join(activity.place_lines))


def description(activity: PublicActivity, base_url: str, *, is_cancelled: bool) -> str:
    """The beginning of the text, the welcome card in words, and where the rest is."""
    facts = [gettext("Organisatie: %(name)s.", name=activity.organisation)]
    if is_cancelled:
        facts.insert(0, gettext("Verplaatst, nieuwe datum volgt.") if activity.is_postponed else gettext("Dit gaat niet door."))
    facts.append(gettext("Gratis.") if activity.is_free else gettext("Kosten: %(cost)s.", cost=activity.cost))
    if activity.can_come_alone:
        facts.append(gettext("Je kunt gewoon alleen komen."))
    if activity.wheelchair:
        facts.append(gettext("Je kunt met een rolstoel naar binnen."))
    if activity.hearing_loop:
        facts.append(gettext("Er is een ringleiding."))
    facts.append(gettext("Meld je van tevoren aan.") if activity.sign_up_needed else gettext("Aanmelden hoeft niet."))
    if activity.is_home:
        facts.append(gettext("Je krijgt het adres als je je aanmeldt."))
    return f"{shortened(plain(activity.description))}\n\n{' '.join(one_line(fact) for fact in facts)}\n{base_url}{activity.path}"


def plain(text: str) -> str:
    """Text without control characters, with one kind of line end (RFC 5545, 3.1 and 3.3.11)."""
    for line_end in ("\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"):
        text = text.replace(line_end, "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or sign.isspace()).strip()


def one_line(text: str) -> str:
    """Text on a single line."""
    return " ".join(plain(text).split())


def shortened(text: str) -> str:
    """At most LONGEST_DESCRIPTION characters, cut between words."""
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[:LONGEST_DESCRIPTION].rsplit(maxsplit=1)[0] + " …"
