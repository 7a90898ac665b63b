"""Public addresses as text, for whoever has no request at hand: mails, feeds, PDF. A test holds them against the routes."""

from slugify import slugify


def slug(title: str) -> str:
    """The readable end of an address, at most 60 characters; never empty."""
    return slugify(title, max_length=60, word_boundary=True) or "activiteit"


def activity(activity_id: int, title: str) -> str:
    """/activiteiten/<id>-<slug>"""
    return f"/activiteiten/{activity_id}-{slug(title)}"


def report_mistake(activity_id: int) -> str:
    """The form on which a reader says what is wrong with an activity."""
    return f"/activiteiten/{activity_id}/fout-melden"


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


MINE = "/mijn"
