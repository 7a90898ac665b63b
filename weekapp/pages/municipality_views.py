"""All municipalities, and the programme of one."""

from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from markupsafe import Markup
from slugify import slugify

from weekapp import addresses, clock
from weekapp.access import public
from weekapp.activities import elsewhere
from weekapp.activities import queries as activities
from weekapp.activities.choices import municipalities_by_province
from weekapp.activities.filters import Filters, address
from weekapp.editions import queries as editions
from weekapp.editions import rules
from weekapp.errors import NotFound
from weekapp.geography import queries, reference
from weekapp.geography.places import municipalities_called, municipalities_meant, places_called
from weekapp.web import found, settings

bp = Blueprint("municipalities", __name__)


@bp.get("")
@public
def index() -> str:
    """All of them by province, with how much there is to do; a box to find one by a part of its name, or by a village in it."""
    sought = request.args.get("zoek", "").strip()[:80]
    part, meant = slugify(sought), municipalities_meant(sought)
    provinces = {
        province: [row for row in rows if part in row.slug or row.code in meant] for province, rows in municipalities_by_province().items()
    }
    return render_template(
        "pages/municipalities.html",
        provinces={province: rows for province, rows in provinces.items() if rows},
        total=sum(len(rows) for rows in provinces.values()),
        counts=activities.counts_by_municipality(),
        sought=sought,
        former=reference.former(part),
        villages=[one for one in places_called(sought) if one.name != one.municipality.name],
    )


@bp.get("/<slug>")
@public
def show(slug: str) -> Response:
    """The programme of a municipality by day, and how to subscribe to it."""
    municipality = queries.by_slug(slug)
    if municipality is None:
        return former(slug) if reference.former(slug) else called_otherwise(slug)
    row = found(reference.municipality(municipality.code))
    filters = Filters(gemeente=(row,))
    edition = editions.current()
    feed = f"{settings().base_url}{addresses.municipality(slug)}.ics"
    name = municipality.local_name or municipality.name
    embed = f"{settings().base_url}{address('/kaart/insluiten', filters)}"
    return make_response(
        render_template(
            "pages/municipality.html",
            municipality=municipality,
            programme=activities.programme(filters),
            total=activities.count(filters),
            filters=filters,
            nearby=nearby(row),
            address=address,
            edition=edition,
            registration=rules.window(edition.registration_opens, edition.registration_closes, clock.today()) if edition else None,
            feed=feed,
            subscriptions=elsewhere.subscriptions(feed, name),
            embed=embed,
            embed_code=Markup('<iframe src="{}" title="{}" width="100%" height="640" loading="lazy"></iframe>').format(embed, name),
        )
    )


def nearby(row: reference.MunicipalityRow) -> Filters:
    """A search around a municipality, for when it has nothing itself."""
    return Filters(bbox=(row.lon - 0.3, row.lat - 0.2, row.lon + 0.3, row.lat + 0.2))


def called_otherwise(name: str) -> Response:
    """Written with a capital, by its code or by another name (Den Bosch); of villages, and where two have the name, on to the box."""
    row = reference.municipality(name.upper())
    rows = (row,) if row else municipalities_called(name)
    if len(rows) == 1:
        return make_response(redirect(addresses.municipality(rows[0].slug), 301))
    if rows or places_called(name):
        return make_response(redirect(f"/gemeenten?{urlencode({'zoek': name})}"))
    raise NotFound()


def former(slug: str) -> Response:
    """A municipality that is no more: on to the one that took its place, or a choice where there are several (DATA-07)."""
    gone = found(reference.former(slug))
    successors = [row for code in gone.successors if (row := reference.municipality(code))]
    if len(successors) == 1:
        return make_response(redirect(addresses.municipality(successors[0].slug), 301))
    return make_response(render_template("pages/former_municipality.html", gone=gone, successors=successors))
