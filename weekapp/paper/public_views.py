"""Posters and programmes as PDF to print."""

from flask import Blueprint, Response, abort, request
from sqlalchemy import select

from weekapp.access import public
from weekapp.activities import queries
from weekapp.activities.filters import Filters
from weekapp.db import db
from weekapp.editions import queries as editions
from weekapp.geography import reference
from weekapp.geography.models import Municipality
from weekapp.paper import poster, programme
from weekapp.web import found, settings

bp = Blueprint("paper", __name__)


@bp.get("/activiteiten/<int:activity_id>/poster-<paper>.pdf")
@public
def activity_poster(activity_id: int, paper: str) -> Response:
    """The poster of an activity that goes on."""
    if paper not in poster.PAPERS:
        abort(404)
    activity = found(queries.one_public(activity_id))
    if activity.is_cancelled:
        abort(404)
    return as_pdf(poster.of_activity(activity, paper, settings()), f"poster-{activity_id}-{paper}.pdf")


@bp.get("/poster-<paper>.pdf")
@public
def empty_poster(paper: str) -> Response:
    """A poster to fill in with a pen."""
    if paper not in poster.PAPERS:
        abort(404)
    return as_pdf(poster.empty(paper, settings()), f"poster-{paper}.pdf")


@bp.get("/gemeenten/<slug>/programma-<paper>.pdf")
@public
def municipality_programme(slug: str, paper: str) -> Response:
    """The programme of a municipality; `?per=buurt` orders it by neighbourhood."""
    by = request.args.get("per", "dag")
    if paper not in programme.PAPERS or by not in programme.ORDERS:
        abort(404)
    municipality = found(db.session.scalar(select(Municipality).where(Municipality.slug == slug)))
    edition = found(editions.current())
    row = found(reference.municipality(municipality.code))
    activities = queries.all_found(Filters(gemeente=(row,)))
    body = programme.of_municipality(municipality, edition, activities, paper, by, settings())
    return as_pdf(body, f"programma-{slug}-{paper}.pdf")


def as_pdf(body: bytes, name: str) -> Response:
    """Shown in the browser; saved under `name`."""
    response = Response(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
