"""Posters as PDF to print."""

from flask import Blueprint, Response, abort

from weekapp.access import public
from weekapp.activities import rules
from weekapp.activities.models import Activity
from weekapp.db import db
from weekapp.posters import poster
from weekapp.web import found, settings

bp = Blueprint("posters", __name__)


@bp.get("/activiteiten/<int:activity_id>/poster-<paper>.pdf")
@public
def of_activity(activity_id: int, paper: str) -> Response:
    """The poster of a public activity."""
    if paper not in poster.PAPERS:
        abort(404)
    activity = found(db.session.get(Activity, activity_id))
    if activity.state != rules.State.PUBLISHED:
        abort(404)
    return as_pdf(poster.of_activity(activity, paper, settings()), f"poster-{activity_id}-{paper}.pdf")


@bp.get("/poster-<paper>.pdf")
@public
def empty(paper: str) -> Response:
    """A poster to fill in with a pen."""
    if paper not in poster.PAPERS:
        abort(404)
    return as_pdf(poster.empty(paper, settings()), f"poster-{paper}.pdf")


def as_pdf(body: bytes, name: str) -> Response:
    response = Response(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
