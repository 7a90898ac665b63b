"""Colleagues of one organisation: who they are, inviting one, going away."""

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from weekapp.access import public_form
from weekapp.accounts import queries as accounts
from weekapp.accounts import service as accounts_service
from weekapp.accounts import signed_in
from weekapp.accounts.lockout import lockout
from weekapp.accounts.models import User
from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.errors import DomainError, LinkExpired
from weekapp.organisations import queries, service
from weekapp.organisations.models import Organisation
from weekapp.organisations.rules import MOST_INVITATIONS, STEP_WORDS
from weekapp.registration import colleagues
from weekapp.registration.colleague_forms import InviteForm, JoinForm
from weekapp.web import found, said

bp = Blueprint("colleagues", __name__)
invited = Blueprint("invited", __name__)


def own(organisation_id: int) -> Organisation:
    """One of the own organisations, or 404."""
    return found(queries.own_organisation(organisation_id, current_user().id))


@bp.route("/<int:organisation_id>", methods=["GET", "POST"])
@needs("mine.see")
def show(organisation_id: int) -> AnyResponse:
    """Who acts for it; the form invites one more."""
    organisation, form, problem = own(organisation_id), InviteForm(), ""
    if form.validate_on_submit():
        try:
            lockout().limit("invitations", f"organisation {organisation_id}", MOST_INVITATIONS, timedelta(days=1))
            with transaction():
                service.invite(organisation, form.email.data, by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("We hebben je collega een mail gestuurd."))
            return to_colleagues(organisation_id)
    page = render_template(
        "registration/colleagues.html",
        organisation=organisation,
        members=queries.members(organisation_id),
        invitations=queries.open_invitations(organisation_id),
        steps=queries.steps_of(organisation_id),
        step_words=STEP_WORDS,
        form=form,
        problem=problem,
    )
    return make_response(page, 400 if form.errors or problem else 200)


def to_colleagues(organisation_id: int) -> AnyResponse:
    return redirect(url_for("colleagues.show", organisation_id=organisation_id), 303)


@bp.post("/<int:organisation_id>/uitnodigingen/<int:invitation_id>/intrekken")
@needs("mine.see")
def take_back(organisation_id: int, invitation_id: int) -> AnyResponse:
    """End the link of an invitation."""
    organisation = own(organisation_id)
    invitation = found(next((one for one in queries.open_invitations(organisation.id) if one.id == invitation_id), None))
    with transaction():
        service.take_back(invitation, by=current_user())
    flash(gettext("De uitnodiging werkt niet meer."))
    return to_colleagues(organisation_id)


@bp.post("/<int:organisation_id>/collegas/<int:user_id>/weghalen")
@needs("mine.see")
def remove(organisation_id: int, user_id: int) -> AnyResponse:
    """A colleague acts for it no more; whoever presses the button takes over."""
    organisation = own(organisation_id)
    user = found(next((one.user for one in queries.members(organisation_id) if one.user_id == user_id), None))
    if user.id == current_user().id:
        return redirect(url_for("colleagues.leave", organisation_id=organisation_id), 303)
    with transaction():
        colleagues.remove(organisation, user, by=current_user())
    flash(gettext("Je collega doet niet meer mee."))
    return to_colleagues(organisation_id)


@bp.get("/<int:organisation_id>/weggaan")
@needs("mine.see")
def leave(organisation_id: int) -> str:
    """What happens when somebody goes away, before they do."""
    organisation = own(organisation_id)
    heir = colleagues.heir_of(organisation, current_user())
    coming = [] if heir else colleagues.coming(organisation)
    return render_template("registration/leave.html", organisation=organisation, heir=heir, coming=coming)


@bp.post("/<int:organisation_id>/weggaan")
@needs("mine.see")
def do_leave(organisation_id: int) -> AnyResponse:
    """The button under what happens."""
    organisation = own(organisation_id)
    with transaction():
        colleagues.leave(organisation, by=current_user())
    flash(gettext("Je doet niet meer mee voor %(name)s.", name=organisation.name))
    return redirect(url_for("mine.mine"), 303)


@invited.errorhandler(LinkExpired)
def on_link_expired(error: LinkExpired) -> Response:
    return make_response(render_template("registration/still_on_over.html", text=said(error)), error.status)


def who_are_you(person: User) -> AnyResponse:
    """A link that lives for a week opens no account that exists: that needs a link of 10 minutes (SEC-12), or a password (SEC-13)."""
    if accounts_service.is_staff(person):
        return redirect(url_for("accounts.sign_in", next=url_for("mine.mine")), 303)
    lockout().ask_link(person.email)
    with transaction():
        accounts_service.send_sign_in_link(person.email, url_for("mine.mine"))
    return make_response(render_template("accounts/link_sent.html"))


@invited.route("/<token>", methods=["GET", "POST"])
@public_form
def invitation(token: str) -> AnyResponse:
    """Behind the link of an invitation. Looking uses nothing up, since mail scanners open every link; the button does (SEC-11)."""
    asked = service.invitation_of(token)
    known, form = accounts.by_email(asked.email), JoinForm()
    form.asks_name = not (known and known.name)
    if form.validate_on_submit():
        with transaction():
            person = service.accept(token, form.name.data or "")
            if known is None:
                signed_in.begin(person, second_factor=False)
        if known is not None and signed_in.user() != person:
            return who_are_you(person)
        flash(gettext("Je doet nu mee. Dit zijn de activiteiten van jou en je collega's."))
        return redirect(url_for("mine.mine"), 303)
    page = render_template("registration/invitation.html", form=form, invitation=asked, asks_name=form.asks_name)
    return make_response(page, 400 if form.errors else 200)
