"""Activities of which nobody said that they take place: whom to ring before paper is printed."""

from flask import Blueprint, render_template

from weekapp.accounts.permissions import needs
from weekapp.activities import still_on

bp = Blueprint("unconfirmed_desk", __name__)


@bp.get("")
@needs("moderation.review")
def unconfirmed_list() -> str:
    """All of them, soonest first, with who organises."""
    return render_template("desk/unconfirmed_list.html", activities=still_on.unconfirmed())
