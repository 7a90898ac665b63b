"""Pictures under the address of their content, and for a day those that are not public yet, for whoever got the link."""

from flask import Blueprint, Response

from weekapp.access import public, public_form
from weekapp.assets import YEAR
from weekapp.pictures import links, queries
from weekapp.web import found

bp = Blueprint("pictures", __name__)


@bp.get("/<digest>.jpg")
@public
def picture(digest: str) -> Response:
    """One picture, to be kept for ever: other bytes have another address."""
    response = jpeg(found(queries.public_octets(digest)))
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@bp.get("/voorbeeld/<ticket>.jpg")
@public_form
def preview(ticket: str) -> Response:
    """A picture that nobody has approved yet: for who sent it and who judges it, never stored."""
    return jpeg(found(queries.with_octets(links.id_in(ticket, "preview") or 0)).octets)


def jpeg(octets: bytes) -> Response:
    """The bytes as a picture and nothing else."""
    return Response(octets, content_type="image/jpeg")
