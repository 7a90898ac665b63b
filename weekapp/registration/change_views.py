"""Changing an activity that exists, and saying that it or one of its moments does not take place."""

from flask import Blueprint, flash, request
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import changes, still_on
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.db import transaction
from weekapp.errors import DomainError
from weekapp.moderation import revisions
from weekapp.orders import queries as orders
from weekapp.orders.rules import IN_BATCH
from weekapp.registration import queries, upkeep
from weekapp.registration.change_form import CallOffForm, ChangeForm, ReasonForm
from weekapp.registration.forms import ActivityForm
from weekapp.registration.pages import form_page, photo_too_large, to_activity
from weekapp.registration.place_form import PlaceForm
from weekapp.registration.upkeep import Changed
from weekapp.web import found, said

bp = Blueprint("changing", __name__)
bp.register_error_handler(RequestEntityTooLarge, photo_too_large)


def own(activity_id: int) -> Activity:
    """One of the own activities, or 404."""
    return found(queries.own_activity(activity_id, current_user().id))


@bp.route("/activiteiten/<int:activity_id>/wijzigen", methods=["GET", "POST"])
@needs("mine.see")
def change(activity_id: int) -> AnyResponse:
    """All answers at once. What residents rely on shows at once, what they read waits for a moderator (product.md rule 9)."""
    activity = own(activity_id)
    upkeep.check_changeable(activity)
    form, problem = change_form(activity), ""
    if form.is_submitted() and not form.change_rows(request.form) and form.validate_and_keep():
        try:
            with transaction():
                done = upkeep.change(
                    activity,
                    form.about_activity(),
                    form.about_place(),
                    form.wanted_moments(),
                    form.dropped(),
                    form.remark.data,
                    by=current_user(),
                )
        except DomainError as error:
            problem = said(error)
        else:
            flash(outcome(done))
            return to_activity(activity_id)
    is_public = activity.state is not activities.State.SUBMITTED
    waiting = revisions.waiting_for(activity_id) if is_public else None
    newest = revisions.newest_of(activity_id) if is_public else None
    return form_page("registration/change.html", form, problem, activity=activity, is_public=is_public, waiting=waiting, newest=newest)


def change_form(activity: Activity) -> ChangeForm:
    """The form with what was told last: texts that still wait, or that came back, rather than the public ones."""
    about, place = upkeep.about_activity(activity), upkeep.about_place(activity)
    data = ActivityForm.activity_data(about) | PlaceForm.place_data(place) | ChangeForm.moments_data(changes.coming(activity))
    newest = revisions.newest_of(activity.id)
    if newest is not None and newest.state in revisions.STILL_WANTED:
        data |= newest.texts
    form = ChangeForm(data=data)
    form.set_up(activity.edition, place.address)
    return form


def outcome(done: Changed) -> str:
    """What somebody who changed something reads."""
    if done.at_once and done.waits:
        return gettext("De nieuwe informatie staat op de website. Je nieuwe tekst lezen we eerst. Dat duurt meestal 2 werkdagen.")
    if done.waits:
        return gettext("Je aanpassing is bij ons. We lezen haar eerst. Dat duurt meestal 2 werkdagen.")
    if done.at_once:
        return gettext("De nieuwe informatie staat op de website.")
    return gettext("Er is niets veranderd.")


@bp.post("/activiteiten/<int:activity_id>/gaat-door")
@needs("mine.see")
def goes_on(activity_id: int) -> AnyResponse:
    """Say that an activity takes place."""
    activity = own(activity_id)
    with transaction():
        still_on.confirm(activity, by=current_user())
    flash(gettext("Dank je wel. We weten nu dat je activiteit doorgaat."))
    return to_activity(activity_id)


@bp.route("/activiteiten/<int:activity_id>/gaat-niet-door", methods=["GET", "POST"])
@needs("mine.see")
def call_off(activity_id: int) -> AnyResponse:
    """Say that an activity does not take place, or later; its package that is not packed yet is released."""
    activity = own(activity_id)
    is_public = activity.state in activities.VISIBLE
    form, problem = CallOffForm(), ""
    form.asks_later = is_public
    if form.validate_on_submit():
        try:
            with transaction():
                do = upkeep.postpone if form.comes_later else upkeep.call_off
                do(activity, form.reason.data, by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Dat hebben we opgeschreven. Wie zich aanmeldde, krijgt een mail."))
            return to_activity(activity_id)
    packed = [order for order in orders.of_activity(activity_id) if order.state in IN_BATCH]
    return form_page("registration/call_off.html", form, problem, activity=activity, is_public=is_public, packed=packed)


@bp.route("/activiteiten/<int:activity_id>/momenten/<int:occurrence_id>/gaat-niet-door", methods=["GET", "POST"])
@needs("mine.see")
def call_off_moment(activity_id: int, occurrence_id: int) -> AnyResponse:
    """Say that one moment does not take place; the others do."""
    activity = own(activity_id)
    occurrence = found(next((one for one in changes.coming(activity) if one.id == occurrence_id), None))
    form, problem = ReasonForm(), ""
    if form.validate_on_submit():
        try:
            with transaction():
                upkeep.call_off_moment(activity, occurrence, form.reason.data, by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Dat hebben we opgeschreven. Wie zich aanmeldde, krijgt een mail."))
            return to_activity(activity_id)
    is_last = len(changes.coming(activity)) == 1
    return form_page("registration/call_off_moment.html", form, problem, activity=activity, occurrence=occurrence, is_last=is_last)
