"""What moderators do with what changed after approval: other texts are judged, other facts are looked at (product.md rule 9)."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import history
from weekapp.activities.rules import HAPPENED_WORDS, TEXT_WORDS
from weekapp.db import transaction
from weekapp.desk import approval
from weekapp.desk.moderation_forms import ReturnForm
from weekapp.errors import N_
from weekapp.moderation import queries, revisions, rules
from weekapp.moderation.models import RevisionState
from weekapp.moderation.service import AlreadyJudged
from weekapp.pictures import links
from weekapp.web import found

bp = Blueprint("revisions", __name__)
JUDGED = N_("Deze tekst is al beoordeeld, of er is net een nieuwe. Bekijk de lijst.")


@bp.get("/moderatie/teksten/<int:revision_id>")
@needs("moderation.review")
def revision(revision_id: int) -> Response:
    """The old and the new text side by side; only what differs is marked."""
    return revision_page(revision_id, ReturnForm(), 200)


def revision_page(revision_id: int, form: ReturnForm, status: int) -> Response:
    one = found(revisions.revision(revision_id))
    is_waiting = one.state == RevisionState.WAITING
    page = render_template(
        "desk/revision.html",
        revision=one,
        version=revisions.version_of(one),
        pictures={"before": one.activity.picture, "after": revisions.picture_of(one)},
        picture_shown=links.shown,
        is_waiting=is_waiting,
        differences=revisions.differences(revisions.texts_of(one.activity), one.texts) if is_waiting else [],
        remarks=rules.remarks(revisions.words_to_read(one)),
        sign_words=rules.SIGN_WORDS,
        text_words=TEXT_WORDS,
        form=form,
    )
    return make_response(page, status)


@bp.post("/moderatie/teksten/<int:revision_id>/goedkeuren")
@needs("moderation.review")
def approve_text(revision_id: int) -> Response:
    """Put the new text on the website, and on to what waits next."""
    one = found(revisions.revision(revision_id))
    try:
        with transaction():
            approval.approve_text(one, request.form.get("version", ""), by=current_user())
    except AlreadyJudged:
        return to_next(gettext(JUDGED))
    return to_next(gettext("De nieuwe tekst staat op de website. De initiatiefnemer krijgt een mail."))


@bp.post("/moderatie/teksten/<int:revision_id>/terugsturen")
@needs("moderation.review")
def return_text(revision_id: int) -> Response:
    """Ask for another text; the old one stays on the website."""
    one = found(revisions.revision(revision_id))
    form = ReturnForm()
    if not form.validate():
        return revision_page(revision_id, form, 400)
    try:
        with transaction():
            approval.send_text_back(one, request.form.get("version", ""), form.reason, by=current_user())
    except AlreadyJudged:
        return to_next(gettext(JUDGED))
    return to_next(gettext("Teruggestuurd. De oude tekst blijft op de website."))


@bp.post("/moderatie/veranderd/<int:activity_id>/gezien")
@needs("moderation.review")
def seen(activity_id: int) -> Response:
    """Somebody looked at what changed; nobody has to look at it again."""
    newest = request.form.get("tot", "")
    if newest.isascii() and newest.isdigit():
        with transaction():
            history.seen(activity_id, int(newest[:9]))
    return make_response(redirect(url_for("moderation.moderation_queue", _anchor="veranderd"), 303))


@bp.get("/activiteiten/<int:activity_id>/geschiedenis")
@needs("moderation.review")
def life(activity_id: int) -> str:
    """All that happened with an activity, with names."""
    activity = found(queries.to_judge(activity_id))
    steps = history.steps_of(activity_id)
    return render_template("desk/life.html", activity=activity, steps=steps, happened_words=HAPPENED_WORDS, names_of_staff=True)


def to_next(message: str) -> Response:
    """To the text that waits longest now, else to the list."""
    flash(message)
    following = revisions.waiting(1)
    address = url_for("revisions.revision", revision_id=following[0].id) if following else url_for("moderation.moderation_queue")
    return make_response(redirect(address, 303))
