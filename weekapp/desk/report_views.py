"""The queue of mistakes that readers reported."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.moderation import queries, rules, service
from weekapp.moderation.rules import ReportState
from weekapp.web import found, said

bp = Blueprint("report_desk", __name__)
SHOWN, SETTLED_SHOWN = 100, 20
VERDICTS = {"verbeterd": ReportState.MENDED, "klopt": ReportState.UNFOUNDED}  # last part of the address -> what came of it


@bp.get("")
@needs("moderation.review")
def report_list() -> str:
    """What waits, oldest first, and what was settled lately."""
    return render_template(
        "desk/report_list.html",
        waiting=queries.open_reports(SHOWN),
        total=queries.open_report_count(),
        settled=queries.settled_reports(SETTLED_SHOWN),
        mistake_words=rules.MISTAKE_WORDS,
        report_words=rules.REPORT_WORDS,
    )


@bp.post("/<int:report_id>/<any(verbeterd, klopt):verdict>")
@needs("moderation.review")
def settle(report_id: int, verdict: str) -> Response:
    """One report less."""
    report = found(queries.report(report_id))
    try:
        with transaction():
            service.settle(report, VERDICTS[verdict], by=current_user())
        flash(gettext("De melding is afgehandeld."))
    except service.AlreadySettled as error:
        flash(said(error))
    return make_response(redirect(url_for("report_desk.report_list"), 303))
