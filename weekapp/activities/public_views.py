"""Finding an activity: the list with its filters, and the page of one activity."""

import re
from dataclasses import replace

from flask import Blueprint, Response, make_response, redirect, render_template, request

from weekapp import addresses, clock
from weekapp.access import public
from weekapp.activities import elsewhere, queries
from weekapp.activities.chips import chips
from weekapp.activities.choices import choices
from weekapp.activities.event_data import event_data
from weekapp.activities.facets import facets
from weekapp.activities.filters import Filters, Pairs, address, as_pairs, away_from_here, parse
from weekapp.activities.place_search import elsewhere_meant
from weekapp.activities.public import PublicActivity
from weekapp.activities.short import feed_address
from weekapp.editions import queries as editions
from weekapp.errors import N_, InvalidInput
from weekapp.geography import reference
from weekapp.geography.reference import Postcode4
from weekapp.geography.rules import PRECISION_WORDS, distance_km
from weekapp.web import found, may_be_framed, settings

bp = Blueprint("activities", __name__)
ONLY_ON_PAGES = frozenset({"pagina", "sorteer"})
ORDERS = {"tijd", "afstand"}
MOST_PAGES = 100_000
OTHERS = 3  # activities nearby at the end of a page
MOST_IN_CALENDARS = 12  # moments with links of their own; the calendar file has all
FAR_KM = 50.0  # who is farther from any postcode is abroad
NO_PLACE = N_("We vinden geen postcode bij jou in de buurt. Vul zelf een postcode in.")
NO_PAGE = N_("Deze bladzijde is er niet. Begin bij bladzijde 1.")
NO_ORDER = N_("Sorteer op tijd of op afstand.")


@bp.get("/activiteiten")
@public
def index() -> str:
    """A page of what is found. A filter that we do not understand finds nothing and is explained: never silently everything."""
    filters, errors = parse(request.args.items(multi=True), also=ONLY_ON_PAGES)
    number, by_distance, wrong = paging(filters)
    errors += wrong
    page = queries.Page([], 0, 1, 1) if errors else queries.page_of(filters, number, by_distance=by_distance)
    offered = choices(filters, *editions.current_days())
    return render_template(
        "activities/index.html",
        filters=filters,
        errors=errors,
        page=page,
        by_distance=by_distance,
        chips=chips(filters),
        spelling=[] if errors else queries.spelling(filters),
        ways_out=[] if errors or page.total else queries.ways_out(filters),
        spots=[] if errors or page.total or not filters.q else elsewhere_meant(filters),
        choices=offered,
        counts=None if errors else facets(filters, offered.days),
        address=address,
        feed_address=feed_address,
        everything=Filters(),
        elsewhere=as_pairs(away_from_here(filters)),
        host=settings().base_url,
    )


@bp.get("/activiteiten/insluiten")
@public
def embed() -> Response:
    """The list, small, for a frame on any website: no cookie; what does not fit is a link away."""
    filters, errors = parse(request.args.items(multi=True))
    page = queries.Page([], 0, 1, 1) if errors else queries.page_of(filters, by_distance=bool(filters.postcode))
    return may_be_framed(
        make_response(render_template("activities/embed.html", filters=filters, errors=errors, page=page, address=address))
    )


@bp.get("/activiteiten/bij-mij")
@public
def near_me() -> Response:
    """From a rounded place to a search around the nearest postcode. A finer place is refused: nobody needs to know a doorstep."""
    filters, errors = parse(request.args.items(multi=True), also=frozenset({"plek", "naar"}))
    area = area_near(request.args.get("plek", ""))
    if errors or area is None:
        raise InvalidInput(errors or [("plek", NO_PLACE)])
    path = "/kaart" if request.args.get("naar") == "kaart" else "/activiteiten"
    return make_response(redirect(address(path, replace(filters, postcode=area.digits, bbox=None)) + addresses.FOUND))


@bp.get("/activiteiten/<int:activity_id>")
@public
def by_id(activity_id: int) -> Response:
    """The short address leads to the readable one."""
    activity = found(queries.one_public(activity_id))
    return make_response(redirect(activity.path, 301))


@bp.get("/activiteiten/<int:activity_id>-<slug>")
@public
def show(activity_id: int, slug: str) -> Response:
    """What, when, where, for whom, and how welcome you are; an old title in the address leads to the new one."""
    activity = found(queries.one_public(activity_id))
    if slug != addresses.slug(activity.title):
        return make_response(redirect(activity.path, 301))
    base_url, near, today = settings().base_url, around(activity), clock.day_bounds(clock.today())[0]
    coming = [] if activity.is_cancelled else [one for one in activity.moments if not one.is_cancelled and one.ends_at > today]
    page = render_template(
        "activities/show.html",
        activity=activity,
        is_over=activity.is_over(today),
        today_begins=today,
        precision_words=PRECISION_WORDS[activity.precision],
        calendars=[(moment, elsewhere.calendars(activity, moment, base_url)) for moment in coming[:MOST_IN_CALENDARS]],
        routes=elsewhere.routes(activity),
        shares=elsewhere.shares(activity, base_url),
        organisation_feed=f"{base_url}{addresses.organisation(activity.organisation_id, activity.organisation)}.ics",
        short_address=elsewhere.short_address(activity, base_url),
        nearby=address("/activiteiten", near),
        others=queries.others_near(replace(near, van=clock.today()), activity.id, OTHERS),
        on_map=address("/kaart", Filters(bbox=box_around(activity))),
        data=event_data(activity, base_url),
    )
    return make_response(page)


def around(activity: PublicActivity) -> Filters:
    """A search for what else there is near an activity."""
    if activity.postcode and reference.postcode4(activity.postcode[:4]):
        return Filters(postcode=activity.postcode[:4])
    return Filters(gemeente=(activity.municipality,)) if activity.municipality else Filters()


def box_around(activity: PublicActivity) -> tuple[float, float, float, float] | None:
    """A part of the map of some 4 by 4 km with the activity in its middle."""
    if activity.lon is None or activity.lat is None:
        return None
    lon, lat = round(activity.lon, 3), round(activity.lat, 3)
    return lon - 0.03, lat - 0.02, lon + 0.03, lat + 0.02


def area_near(place: str) -> Postcode4 | None:
    """The postcode area nearest to "longitude,latitude" with at most two decimals; None when that is not what it says, or far abroad."""
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?,[0-9]{2}(\.[0-9]{1,2})?", place):
        return None
    lon, lat = map(float, place.split(","))
    nearest = min(reference.postcodes4(), key=lambda one: distance_km(lon, lat, one.lon, one.lat))
    return nearest if distance_km(lon, lat, nearest.lon, nearest.lat) <= FAR_KM else None


def paging(filters: Filters) -> tuple[int, bool, Pairs]:
    """Which page, whether the nearest comes first, and what is wrong. Who gives a postcode sees the nearest first."""
    number, order = request.args.get("pagina", ""), request.args.get("sorteer", "")
    errors: Pairs = []
    if number and not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= MOST_PAGES):
        errors.append(("pagina", NO_PAGE))
    if order and order not in ORDERS:
        errors.append(("sorteer", NO_ORDER))
    return (int(number) if number and not errors else 1), order != "tijd" and bool(filters.postcode), errors
