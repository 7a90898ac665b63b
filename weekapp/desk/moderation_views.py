"""What moderators do: see what waits, read it as residents will, approve it or send it back."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import history, public, still_on
from weekapp.activities.models import Activity
from weekapp.activities.rules import HAPPENED_WORDS, STATE_WORDS, TEXT_WORDS
from weekapp.db import transaction
from weekapp.desk import approval
from weekapp.desk.moderation_forms import ReturnForm
from weekapp.geography.rules import PRECISION_WORDS
from weekapp.mail import queries as mails
from weekapp.moderation import queries, revisions, rules
from weekapp.moderation import service as moderation
from weekapp.moderation.service import AlreadyJudged, JustChanged
from weekapp.orders import queries as orders
from weekapp.orders.rules import HOLD_WORDS, SHORT_WORDS
from weekapp.organisations.rules import KIND_WORDS
from weekapp.web import found, said

bp = Blueprint("moderation", __name__)
SHOWN = 200  # in the list of what waits
WORDS = {
    "sign_words": rules.SIGN_WORDS,
    "state_words": STATE_WORDS,
    "kind_words": KIND_WORDS,
    "order_words": SHORT_WORDS,
    "hold_words": HOLD_WORDS,
    "precision_words": PRECISION_WORDS,
}


@bp.get("")
@needs("moderation.review")
def moderation_home() -> str:
    """What waits for whom."""
    return render_template(
        "desk/moderation_home.html",
        queue=queries.queue(),
        texts=revisions.count_waiting(),
        changed=history.count_to_look_at(),
        parked_mails=mails.parked_count(),
        reports=queries.open_report_count(),
        unconfirmed=still_on.count_unconfirmed(),
    )


@bp.get("/moderatie")
@needs("moderation.review")
def moderation_queue() -> str:
    """What waits, oldest first: new activities, new texts of public ones, and other facts that show already."""
    return render_template(
        "desk/moderation_queue.html",
        waiting=queries.waiting(SHOWN),
        queue=queries.queue(),
        texts=revisions.waiting(SHOWN),
        changed=history.to_look_at(SHOWN),
        happened_words=HAPPENED_WORDS,
        remarks=remarks_on,
    )


@bp.get("/moderatie/<int:activity_id>")
@needs("moderation.review")
def review(activity_id: int) -> Response:
    """One activity, as residents will see it and as only we see it."""
    return review_page(activity_id, ReturnForm(), 200)


def review_page(activity_id: int, form: ReturnForm, status: int) -> Response:
    activity = found(queries.to_judge(activity_id))
    page = render_template(
        "desk/moderation_review.html",
        activity=activity,
        shown=public.load([Activity.id == activity.id])[0],
        orders=orders.of_activity(activity.id),
        reviews=queries.reviews(activity.id),
        queue=queries.queue(),
        remarks=remarks_on(activity),
        version=moderation.version_of(activity),
        read_before=read_before(activity),
        text_words=TEXT_WORDS,
        form=form,
        **WORDS,
    )
    return make_response(page, status)


def read_before(activity: Activity) -> list[revisions.Difference] | None:
    """What differs from the texts that somebody read before; None when nobody did. Nobody reads an unchanged text twice."""
    earlier = revisions.last_read(activity.id)
    return revisions.differences(earlier, revisions.texts_of(activity)) if earlier else None


def remarks_on(activity: Activity) -> list[rules.Remark]:
    """What to look at twice in the texts that become public."""
    return rules.remarks(f"{activity.title}\n{activity.description}\n{activity.venue}\n{activity.cost if not activity.is_free else ''}")


@bp.post("/moderatie/<int:activity_id>/goedkeuren")
@needs("moderation.review")
def approve(activity_id: int) -> Response:
    """Publish, and on to the next one."""
    activity = found(queries.to_judge(activity_id))
    try:
        with transaction():
            approval.approve(activity, request.form.get("version"), by=current_user())
    except AlreadyJudged:
        return to_next(gettext("Deze activiteit is al beoordeeld. Je hoeft niets te doen."))
    except JustChanged as error:
        flash(said(error))
        return make_response(redirect(url_for("moderation.review", activity_id=activity_id), 303))
    return to_next(gettext("Goedgekeurd: %(title)s. De initiatiefnemer krijgt een mail.", title=activity.title))


@bp.post("/moderatie/<int:activity_id>/terugsturen")
@needs("moderation.review")
def send_back(activity_id: int) -> Response:
    """Ask for a change, and on to the next one."""
    activity = found(queries.to_judge(activity_id))
    form = ReturnForm()
    if not form.validate():
        return review_page(activity_id, form, 400)
    try:
        with transaction():
            approval.send_back(activity, form.reason, by=current_user())
    except AlreadyJudged:
        return to_next(gettext("Deze activiteit is al beoordeeld. Je hoeft niets te doen."))
    return to_next(gettext("Teruggestuurd: %(title)s. De initiatiefnemer krijgt een mail.", title=activity.title))


def to_next(message: str) -> Response:
    """To the activity that waits longest now, or to the empty list."""
    flash(message)
    following = queries.next_waiting()
    address = url_for("moderation.review", activity_id=following) if following else url_for("moderation.moderation_queue")
    return make_response(redirect(address, 303))
