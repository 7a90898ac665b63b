"""Pages for whoever organises: who comes, who waits, whom to call; sign somebody up or off for them. Others get 404."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from weekapp import addresses, clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.activities.models import Activity, Occurrence
from weekapp.activities.rules import State as ActivityState
from weekapp.db import transaction
from weekapp.errors import N_
from weekapp.signups import letters, queries, rules, service
from weekapp.signups.forms import OnBehalfForm, places_form
from weekapp.signups.hosts import of_activity
from weekapp.signups.models import SignUp
from weekapp.signups.rules import Reason, State
from weekapp.web import found, said

bp = Blueprint("sign_ups", __name__)
WORDS = {
    "state_words": rules.STATE_WORDS,
    "reason_words": rules.REASON_WORDS,
    "call_words": rules.CALL_WORDS,
    "states": State,
    "spoken_phone": rules.spoken_phone,
    "when_of": letters.when,
}
ACCEPTED = {
    State.CONFIRMED: N_("%(name)s komt."),
    State.WAITING: N_("De plaats was al weg. %(name)s staat weer op de wachtlijst."),
    State.CANCELLED: N_("%(name)s heeft zich net afgemeld."),
}


def own(activity_id: int) -> Activity:
    """An activity of the own organisation, or 404."""
    return found(queries.own_activity(current_user().id, activity_id))


def own_sign_up(activity_id: int, sign_up_id: int) -> SignUp:
    """A sign-up of the own organisation, or 404."""
    return found(queries.own_sign_up(current_user().id, activity_id, sign_up_id))


@bp.get("/mijn/activiteiten/<int:activity_id>/aanmeldingen")
@needs("mine.see")
def index(activity_id: int) -> str:
    """Per moment who comes, who waits in which order, and what happened."""
    activity = own(activity_id)
    lists, to_call = queries.lists_of(queries.moments(activity_id)), queries.to_call(activity_id)
    can_add = any(can_still_add(activity, one.occurrence) for one in lists)
    page = addresses.activity(activity.id, activity.title)
    return render_template("signups/index.html", activity=activity, lists=lists, to_call=to_call, can_add=can_add, page=page, **WORDS)


def can_still_add(activity: Activity, occurrence: Occurrence) -> bool:
    """Whether the organisation can put somebody on the list of a moment."""
    is_on = activity.state == ActivityState.PUBLISHED and occurrence.cancelled_at is None
    return is_on and occurrence.starts_at > clock.now()


@bp.route("/mijn/activiteiten/<int:activity_id>/aanmeldingen/nieuw", methods=["GET", "POST"])
@needs("mine.see")
def on_behalf(activity_id: int) -> Response:
    """Sign somebody up who has no mail, or no computer."""
    activity, form = own(activity_id), OnBehalfForm()
    moments = [one for one in queries.moments(activity_id) if can_still_add(activity, one)]
    left = queries.places_left(one.id for one in moments)
    form.offer([(one.id, moment_words(one, left[one.id])) for one in moments], request.args.get("moment", type=int))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                made = service.sign_up(form.occurrence_id, form.party, send_id=form.send_id.data, by=current_user()).sign_up
            return to_slip(made, activity_id)
        except (service.TooLate, service.OnTheList) as error:
            form[error.field or "moment"].errors = [said(error)]
    return make_response(render_template("signups/on_behalf.html", form=form, activity=activity), 400 if form.errors else 200)


def moment_words(occurrence: Occurrence, left: int | None) -> str:
    """When it is, and how many places there are."""
    when = letters.when(occurrence)
    return when if left is None else gettext("%(when)s. Vrij: %(places)s.", when=when, places=left)


def to_slip(sign_up: SignUp, activity_id: int) -> Response:
    return make_response(redirect(url_for("sign_ups.slip", activity_id=activity_id, sign_up_id=sign_up.id), 303))


@bp.get("/mijn/activiteiten/<int:activity_id>/aanmeldingen/<int:sign_up_id>")
@needs("mine.see")
def slip(activity_id: int, sign_up_id: int) -> str:
    """One sign-up: a slip with the code to hand over, and what happened."""
    sign_up = own_sign_up(activity_id, sign_up_id)
    activity = letters.activity_of(sign_up)
    host = of_activity(activity)
    return render_template(
        "signups/slip.html",
        sign_up=sign_up,
        activity=activity,
        host=host,
        where=host.full_place,
        party=letters.party(sign_up.party_size),
        position=queries.position(sign_up) if sign_up.state == State.WAITING else 0,
        events=queries.events(sign_up.id),
        **WORDS,
    )


@bp.post("/mijn/activiteiten/<int:activity_id>/aanmeldingen/<int:sign_up_id>/afmelden")
@needs("mine.see")
def cancel(activity_id: int, sign_up_id: int) -> Response:
    """Give somebody's place back for them."""
    with transaction():
        sign_up = service.cancel(own_sign_up(activity_id, sign_up_id), Reason.BY_INITIATOR, by=current_user())
    flash(gettext("%(name)s is afgemeld.", name=sign_up.first_name))
    return to_list(activity_id)


@bp.post("/mijn/activiteiten/<int:activity_id>/aanmeldingen/<int:sign_up_id>/komt")
@needs("mine.see")
def accept(activity_id: int, sign_up_id: int) -> Response:
    """Somebody said on the phone that they come."""
    with transaction():
        sign_up = service.confirm(own_sign_up(activity_id, sign_up_id), by=current_user())
    flash(gettext(ACCEPTED.get(sign_up.state, ACCEPTED[State.CANCELLED]), name=sign_up.first_name))
    return to_list(activity_id)


@bp.post("/mijn/activiteiten/<int:activity_id>/aanmeldingen/<int:sign_up_id>/gebeld")
@needs("mine.see")
def called(activity_id: int, sign_up_id: int) -> Response:
    """Somebody has been told something by phone."""
    with transaction():
        service.called(own_sign_up(activity_id, sign_up_id), by=current_user())
    return to_list(activity_id)


def to_list(activity_id: int) -> Response:
    return make_response(redirect(url_for("sign_ups.index", activity_id=activity_id), 303))


@bp.route("/mijn/activiteiten/<int:activity_id>/aanmeldingen/instellen", methods=["GET", "POST"])
@needs("mine.see")
def places(activity_id: int) -> Response:
    """Whether people can sign up on this site, and how many for each moment."""
    activity = own(activity_id)
    moments = [(one.id, letters.when(one), one.places) for one in queries.moments(activity_id)]
    form = places_form(moments, activity.takes_sign_ups)
    if form.validate_on_submit():
        with transaction():
            service.set_places(own(activity_id), takes_sign_ups=form.takes_sign_ups.data, places=form.places, by=current_user())
        flash(gettext("We hebben het bewaard."))
        return to_list(activity_id)
    return make_response(render_template("signups/places.html", form=form, activity=activity), 400 if form.errors else 200)
