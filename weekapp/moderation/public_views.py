"""Readers say what is wrong: no account, no cookie, nothing about who they are."""

from flask import Blueprint, Response, make_response, render_template, request

from weekapp.access import public_form
from weekapp.accounts.lockout import lockout
from weekapp.activities import queries as activities
from weekapp.db import transaction
from weekapp.moderation import rules, service
from weekapp.moderation.forms import ReportForm
from weekapp.moderation.rules import Mistake
from weekapp.web import found

bp = Blueprint("reports", __name__)


@bp.route("/activiteiten/<int:activity_id>/fout-melden", methods=["GET", "POST"])
@public_form
def report_mistake(activity_id: int) -> Response:
    """A fixed reason and a few words; then thanks, whatever we do with it."""
    activity = found(activities.one_public(activity_id))
    form = ReportForm()
    if request.method == "POST" and form.validate():
        lockout().limit("reports", str(activity.id), rules.MOST_REPORTS, rules.REPORTS_WITHIN)
        with transaction():
            service.report(activity.id, Mistake(form.mistake.data), form.words.data or "", send_id=form.send_id)
        return make_response(render_template("moderation/mistake_reported.html", activity=activity))
    page = render_template("moderation/report_mistake.html", activity=activity, form=form)
    return make_response(page, 400 if form.errors else 200)
