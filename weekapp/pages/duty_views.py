"""Pages that a public site owes its readers and its researchers: privacy, accessibility, security.txt, robots.txt."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, render_template, send_file

from weekapp import clock
from weekapp.access import public
from weekapp.web import settings

bp = Blueprint("duty", __name__)
STATIC = Path(__file__).parent.parent / "static"


@bp.get("/privacy")
@public
def privacy() -> str:
    """Per form: what, why, on which ground, how long, who gets it (PRIV-12)."""
    return render_template("pages/privacy.html")


@bp.get("/toegankelijkheid")
@public
def accessibility() -> str:
    """Status, scope, method, known defects, contact and complaints (A11Y-01)."""
    return render_template("pages/accessibility.html")


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """Where to report a weakness (SEC-04, RFC 9116). It expires on the first day of the month after next: less than a year ahead."""
    first = clock.today().replace(day=1)
    expires = (first + timedelta(days=93)).replace(day=1)
    lines = [
        f"Contact: mailto:{settings().contact_email}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings().base_url}/.well-known/security.txt",
        f"Policy: {settings().base_url}/privacy",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/favicon.ico")
@public
def favicon() -> Response:
    """For browsers that ask for this address whatever the page says; the others take the SVG."""
    return send_file(STATIC / "favicon.ico", mimetype="image/x-icon", max_age=86_400)


@bp.get("/robots.txt")
@public
def robots_txt() -> Response:
    """Work screens stay out of search engines; feeds do not, since Google Calendar obeys this file (calendar-feeds.md, section 3)."""
    private = ["/beheer", "/logistiek", "/mijn", "/inloggen", "/meedoen/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private), f"Sitemap: {settings().base_url}/sitemap.xml"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
