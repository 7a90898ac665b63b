"""Behind the link of the mail that asks whether an activity takes place: yes, changed, or no."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from weekapp import addresses
from weekapp.access import public_form
from weekapp.accounts import service as accounts
from weekapp.accounts import signed_in
from weekapp.accounts.lockout import lockout
from weekapp.activities import still_on
from weekapp.activities.models import Activity
from weekapp.db import transaction
from weekapp.errors import LinkExpired
from weekapp.forms import PublicForm
from weekapp.registration import queries
from weekapp.web import said

bp = Blueprint("still_on", __name__)
YES, CHANGED, NO = "ja", "anders", "nee"
LEADS_TO = {CHANGED: addresses.change_activity, NO: addresses.call_off}


class ChoiceForm(PublicForm):
    """Three buttons; `choice` is the value of the one that was pressed."""

    @property
    def choice(self) -> str:
        return request.form.get("keuze", "")


@bp.errorhandler(LinkExpired)
def on_link_expired(error: LinkExpired) -> Response:
    return make_response(render_template("registration/still_on_over.html", text=said(error)), error.status)


@bp.route("/<token>", methods=["GET", "POST"])
@public_form
def answer(token: str) -> AnyResponse:
    """Looking changes nothing, since mail scanners open every link (SEC-11). Only "yes" needs no signing in: narrow rights (SEC-12)."""
    question, form = still_on.asked_with(token), ChoiceForm()
    activity = question.activity
    if request.method == "POST" and form.validate():
        if form.choice == YES:
            with transaction():
                still_on.confirm(activity, by=activity.initiator)
            return redirect(url_for("still_on.answer", token=token), 303)
        if form.choice in LEADS_TO:
            return onward(activity, LEADS_TO[form.choice](activity.id))
        form.form_errors.append(gettext("Kies wat er met je activiteit gebeurt."))
    page = render_template("registration/still_on.html", form=form, activity=activity, question=question)
    return make_response(page, 400 if form.errors else 200)


def onward(activity: Activity, path: str) -> AnyResponse:
    """To the form, for whoever is signed in and may fill it in; else by a link in a mail to the initiator. Raises TooOften."""
    user = signed_in.user()
    if user is not None and queries.own_activity(activity.id, user.id):
        return redirect(path, 303)
    initiator = activity.initiator
    if accounts.is_staff(initiator):
        return redirect(url_for("accounts.sign_in", next=path), 303)
    lockout().ask_link(initiator.email)
    with transaction():
        accounts.send_sign_in_link(initiator.email, path)
    return make_response(render_template("registration/still_on_mailed.html"))
