"""Home, the search box that stands there, and the list of pages for search engines."""

import re
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request

from weekapp import addresses, clock
from weekapp.access import public
from weekapp.activities import archive
from weekapp.activities import queries as activities
from weekapp.activities.filters import Filters, address
from weekapp.activities.place_search import spots_meant
from weekapp.editions import queries as editions
from weekapp.editions import rules
from weekapp.gatherings import queries as gatherings
from weekapp.geography import reference
from weekapp.web import settings

bp = Blueprint("pages", __name__)
LONGEST_PLACE = 200


@bp.get("/")
@public
def home() -> str:
    """When the Week is, one search box, three ways to take part."""
    edition = editions.current()
    by_municipality = activities.counts_by_municipality()
    return render_template(
        "pages/home.html",
        edition=edition,
        stage=rules.window(edition.first_day, edition.last_day, clock.today()) if edition else None,
        registration=rules.window(edition.registration_opens, edition.registration_closes, clock.today()) if edition else None,
        ordering=rules.window(edition.ordering_opens, edition.ordering_closes, clock.today()) if edition else None,
        activity_count=activities.count(Filters()),
        coming_count=activities.count(Filters(van=clock.today())),
        today=clock.today(),
        next_days=rules.default_days(rules.upcoming_year(clock.today())),
        municipality_count=len(by_municipality),
        days=activities.counts_by_day(*editions.current_days()),
    )


@bp.get("/zoek")
@public
def search() -> Response:
    """The box on the home page: a postcode or village becomes a search nearby, a municipality one there, other text one for words.

    It leads past the form to what was found; where several places have the name, somebody chooses first.
    """
    place = " ".join(request.args.get("waar", "").split())[:LONGEST_PLACE]
    if not place:
        return make_response(redirect("/activiteiten"))
    spots = spots_meant(place)
    if len(spots) > 1:
        return make_response(render_template("pages/which_place.html", place=place, spots=spots, address=address, words=Filters(q=place)))
    target = address("/activiteiten", spots[0].filters) if spots else f"/activiteiten?{urlencode({words_or_postcode(place): place})}"
    return make_response(redirect(target + addresses.FOUND))


def words_or_postcode(text: str) -> str:
    """The filter for what is no place that we know; four digits are a postcode with a mistake in it, which the list explains."""
    return "postcode" if re.fullmatch(r"(NL-?)?[0-9]{4} ?([A-Za-z]{2})?", text) else "q"


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """What search engines may find: the main pages, all municipalities, all activities, the newest first (sitemaps.org)."""
    paths = [
        "/",
        "/activiteiten",
        "/kaart",
        "/gemeenten",
        "/bijeenkomsten",
        "/archief",
        "/cijfers",
        "/meedoen",
        "/privacy",
        "/toegankelijkheid",
        "/open-data",
    ]
    paths += [f"/archief/{edition.year}" for edition, _many in archive.former_editions(clock.today())]
    paths += [addresses.municipality(row.slug) for row in reference.municipalities()]
    base_url = settings().base_url
    locations = [f"<url><loc>{base_url}{path}</loc></url>" for path in paths]
    dated = [(gathering.path, gathering.changed_at) for gathering in gatherings.public()]
    for path, changed_at in [*dated, *archive.all_addresses()]:
        locations.append(f"<url><loc>{base_url}{path}</loc><lastmod>{changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>")
    del locations[archive.MOST_ADDRESSES :]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return Response(head + "\n".join(locations) + "\n</urlset>\n", content_type="application/xml; charset=utf-8")
