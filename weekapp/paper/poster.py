"""What stands on a poster: the same facts as the page of the activity, in large print."""

from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from weekapp import addresses, clock
from weekapp.activities.public import PublicActivity
from weekapp.config import Settings
from weekapp.paper.facts import place, welcome
from weekapp.templating import period, phone
from weekapp.typesetting import pdf, qr_svg

TEMPLATE = Path(__file__).with_name("poster.typ")
CHAIR = Path(__file__).parent.parent / "static" / "chair.svg"
PAPERS = ("a4", "a3")
MOST_MOMENTS = 5  # more do not fit in large print


def of_activity(activity: PublicActivity, paper: str, settings: Settings) -> bytes:
    """The poster of one activity as tagged PDF; `paper` is one of PAPERS."""
    address = addresses.activity(activity.id, activity.title)
    blocks = [
        {"words": _("Wanneer"), "lines": moments(activity)},
        {"words": _("Waar"), "lines": place(activity)},
        {"words": _("Goed om te weten"), "lines": [" ".join(welcome(activity))]},
        {"words": _("Wie organiseert dit?"), "lines": [activity.organisation]},
    ]
    number = phone(activity.public_phone) if activity.public_phone else settings.contact_phone
    return made(paper, activity.title, blocks, settings.base_url + address, number)


def empty(paper: str, settings: Settings) -> bytes:
    """A poster to fill in with a pen, for who has no package."""
    lines = ["_" * 32]
    blocks = [{"words": words, "lines": lines} for words in (_("Wat"), _("Wanneer"), _("Waar"), _("Bellen"))]
    return made(paper, _("Er is een stoel voor je vrij"), blocks, settings.base_url + "/", settings.contact_phone)


def made(paper: str, title: str, blocks: list[dict[str, Any]], link: str, number: str) -> bytes:
    return pdf(
        TEMPLATE,
        {
            "paper": paper,
            "title": title,
            "call": _("Kom erbij"),
            "chair": CHAIR.read_text(),
            "chair_alt": _("Een lege stoel"),
            "blocks": blocks,
            "foot": [_("Meer weten? Scan de code met je telefoon."), _("Of bel %(phone)s.", phone=number)],
            "qr": qr_svg(link),
            "qr_alt": _("QR-code naar %(address)s", address=link),
        },
    )


def moments(activity: PublicActivity) -> list[str]:
    """The moments that still go on; when there are many, the first ones and where to find the rest."""
    lines = [period(moment.starts_at, moment.ends_at) for moment in activity.moments if not moment.is_cancelled]
    coming = [moment for moment in activity.moments if moment.ends_at >= clock.now() and not moment.is_cancelled]
    if len(lines) > MOST_MOMENTS:
        lines = [period(moment.starts_at, moment.ends_at) for moment in coming[: MOST_MOMENTS - 1]]
        lines.append(_("Er zijn meer momenten. Kijk op de website."))
    return lines
