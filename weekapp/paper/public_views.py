"""Posters and programmes as PDF to print, and the pictures of shared pages."""

from flask import Blueprint, Response, abort, request

from weekapp.access import public
from weekapp.activities import queries, still_on
from weekapp.activities.filters import Filters
from weekapp.editions import queries as editions
from weekapp.geography import queries as geography
from weekapp.geography import reference
from weekapp.paper import picture, poster, programme
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
    municipality = found(geography.by_slug(slug))
    edition = found(editions.current())
    row = found(reference.municipality(municipality.code))
    doubtful = still_on.unconfirmed_ids()
    activities = [one for one in queries.all_found(Filters(gemeente=(row,))) if one.id not in doubtful]
    body = programme.of_municipality(municipality, edition, activities, paper, by, settings())
    return as_pdf(body, f"programma-{slug}-{paper}.pdf")


@bp.get("/deelplaatje.png")
@public
def picture_of_site() -> Response:
    """What a shared page shows that has no picture of its own."""
    return as_png(picture.of_site(editions.current()))


@bp.get("/activiteiten/<int:activity_id>/deelplaatje.png")
@public
def picture_of_activity(activity_id: int) -> Response:
    """What a shared activity shows."""
    return as_png(picture.of_activity(found(queries.one_public(activity_id))))


@bp.get("/gemeenten/<slug>/deelplaatje.png")
@public
def picture_of_municipality(slug: str) -> Response:
    """What a shared programme of a municipality shows."""
    return as_png(picture.of_municipality(found(geography.by_slug(slug)), editions.current()))


def as_png(octets: bytes) -> Response:
    """A picture; sites that show a shared page may keep it for an hour."""
    return Response(octets, content_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


def as_pdf(body: bytes, name: str) -> Response:
    """Shown in the browser; saved under `name`."""
    response = Response(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
