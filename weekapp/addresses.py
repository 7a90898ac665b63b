"""Public addresses as text, for whoever has no request at hand: mails, feeds, PDF. A test holds them against the routes."""

import re
from collections.abc import Collection
from functools import lru_cache

from slugify import slugify

DUTCH_ONLY = frozenset({"beheer", "logistiek", "demo", "api", "assets", "healthz", "readyz", "metrics", ".well-known"})
FOUND = "#gevonden"  # where the list and the map say how many they found
FILE = re.compile(r"\.(ics|json|geojson|csv|atom|xml|txt|js|css|svg|ico|png|jpg|webp|pdf|zip|xlsx)$")


@lru_cache(maxsize=20_000)  # a list of all activities names thousands of them each time
def slug(title: str) -> str:
    """The readable end of an address, at most 60 characters; never empty."""
    return slugify(title, max_length=60, word_boundary=True) or "activiteit"


def activity(activity_id: int, title: str) -> str:
    """/activiteiten/<id>-<slug>"""
    return f"/activiteiten/{activity_id}-{slug(title)}"


def report_mistake(activity_id: int) -> str:
    """The form on which a reader says what is wrong with an activity."""
    return f"/activiteiten/{activity_id}/fout-melden"


def short_activity(activity_id: int) -> str:
    """/activiteiten/<id>, which leads to the readable one."""
    return f"/activiteiten/{activity_id}"


def municipality(municipality_slug: str) -> str:
    """/gemeenten/<slug>"""
    return f"/gemeenten/{municipality_slug}"


def province(name: str) -> str:
    """/provincies/<slug>: the start of the addresses of its feeds; so are the three that follow."""
    return f"/provincies/{slugify(name)}"


def theme(value: str) -> str:
    """/themas/<thema>"""
    return f"/themas/{value}"


def audience(value: str) -> str:
    """/doelgroepen/<doelgroep>"""
    return f"/doelgroepen/{value}"


def organisation(organisation_id: int, name: str) -> str:
    """/organisaties/<id>-<slug>"""
    return f"/organisaties/{organisation_id}-{slugify(name, max_length=60, word_boundary=True) or 'organisatie'}"


def confirm_registration(token: str) -> str:
    """The page behind the link in the mail after registering."""
    return f"/meedoen/bevestigen/{token}"


def sign_in(token: str) -> str:
    """The page behind the sign-in link; only its button uses it up."""
    return f"/inloggen/link/{token}"


def invitation(token: str) -> str:
    """The page behind the link with which somebody becomes a colleague."""
    return f"/uitnodiging/{token}"


def colleagues(organisation_id: int) -> str:
    """Who acts for an organisation, for its own people."""
    return f"{MINE}/organisaties/{organisation_id}"


def still_on(token: str) -> str:
    """The page behind the link in the mail that asks whether an activity takes place."""
    return f"/gaat-het-door/{token}"


def sign_up(activity_id: int) -> str:
    """The form to sign up for an activity; `?moment=<id>` chooses the moment."""
    return f"/activiteiten/{activity_id}/aanmelden"


def confirm_sign_up(token: str) -> str:
    """The page behind the link that asks whether somebody comes."""
    return f"/aanmelding/{token}"


def cancel_sign_up(token: str) -> str:
    """The page behind the link to give a place back."""
    return f"/afmelden/{token}"


def sign_ups(activity_id: int) -> str:
    """The list of sign-ups, for whoever organises."""
    return f"{MINE}/activiteiten/{activity_id}/aanmeldingen"


def gathering(gathering_id: int, title: str) -> str:
    """/bijeenkomsten/<id>-<slug>"""
    return f"{GATHERINGS}/{gathering_id}-{slugify(title, max_length=60, word_boundary=True) or 'bijeenkomst'}"


def gathering_sign_up(gathering_id: int) -> str:
    """The form to sign up for a session of a gathering; `?moment=<id>` chooses the session by its moment."""
    return f"{GATHERINGS}/{gathering_id}/aanmelden"


def has_languages(path: str) -> bool:
    """Whether a path is a page for everybody: those exist in every language. Staff works in Dutch; programs read one language."""
    return path.split("/")[1] not in DUTCH_ONLY and not FILE.search(path)


def in_language(address: str, code: str) -> str:
    """The address of the same page in a language: `/en/activiteiten?dag=...`; Dutch, and what is Dutch only, has no prefix."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    return f"/{code}{address}" if code != "nl" and has_languages(path) else address


def without_language(path: str, codes: Collection[str]) -> tuple[str, str]:
    """(code, path without it); the code is empty where the path names no language, or one in which it does not exist."""
    code, _, rest = path[1:].partition("/")
    if code in codes and has_languages(f"/{rest}"):
        return code, f"/{rest}"
    return "", path


def call_off(activity_id: int) -> str:
    """The form to say that an activity does not take place, for whoever organises."""
    return f"{MINE}/activiteiten/{activity_id}/gaat-niet-door"


def change_activity(activity_id: int) -> str:
    """The form to change an activity, for whoever organises."""
    return f"{MINE}/activiteiten/{activity_id}/wijzigen"


MINE = "/mijn"
GATHERINGS = "/bijeenkomsten"


def revise_activity(activity_id: int) -> str:
    """Where an initiator improves what a moderator sent back."""
    return f"{MINE}/activiteiten/{activity_id}/aanpassen"


def repeat_activity(activity_id: int) -> str:
    """What an initiator presses to take part again."""
    return f"{MINE}/activiteiten/{activity_id}/opnieuw"


def order_package(activity_id: int) -> str:
    """Where the package of an activity is ordered."""
    return f"/bestellen/{activity_id}"


def poster(activity_id: int | None = None, paper: str = "a4") -> str:
    """The poster of an activity, to print; without an activity one to fill in with a pen."""
    return f"/activiteiten/{activity_id}/poster-{paper}.pdf" if activity_id else f"/poster-{paper}.pdf"
