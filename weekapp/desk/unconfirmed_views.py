"""Activities of which nobody said that they take place: whom to ring before paper is printed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import still_on
from weekapp.activities.models import Activity
from weekapp.db import db, transaction
from weekapp.web import found

bp = Blueprint("unconfirmed_desk", __name__)


@bp.get("")
@needs("moderation.review")
def unconfirmed_list() -> str:
    """All of them, soonest first, with who organises."""
    return render_template("desk/unconfirmed_list.html", activities=still_on.unconfirmed())


@bp.post("/<int:activity_id>")
@needs("moderation.review")
def goes_on(activity_id: int) -> Response:
    """Somebody rang, and heard that it takes place. Raises WrongState when it has begun or was called off."""
    with transaction():
        activity = found(db.session.get(Activity, activity_id))
        still_on.confirm(activity, by=current_user())
    flash(gettext("%(title)s gaat door.", title=activity.title))
    return redirect(url_for("unconfirmed_desk.unconfirmed_list"), 303)
