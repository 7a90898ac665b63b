"""What an initiator sees after signing in: own activities and orders (/mijn), and ordering a package afterwards (/bestellen)."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from weekapp import clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.db import transaction
from weekapp.editions import queries as editions
from weekapp.errors import DomainError
from weekapp.forms import Filled, StaffForm
from weekapp.orders import queries as orders
from weekapp.orders import service as order_service
from weekapp.orders.rules import HOLD_WORDS, IN_BATCH, OPEN
from weekapp.packages.models import Package
from weekapp.registration import queries, service, upkeep
from weekapp.registration.fields import AtMost, Paragraphs
from weekapp.registration.forms import ActivityForm
from weekapp.registration.package_form import Around, OrderForm
from weekapp.registration.place_form import PlaceForm, ReviseForm
from weekapp.registration.words import WORDS
from weekapp.web import found, said

bp = Blueprint("mine", __name__)
ordering = Blueprint("ordering", __name__)


class CallOffForm(StaffForm):
    """Why an activity does not take place."""

    reason = Paragraphs(
        _l("Waarom gaat het niet door?"),
        [Filled(_l("Vertel kort waarom het niet doorgaat.")), AtMost(500)],
        description=_l("We mailen dit aan wie zich aanmeldde. Bijvoorbeeld: de zaal is niet vrij."),
    )


@bp.get("")
@needs("mine.see")
def mine() -> str:
    """Own activities with their state in words, their orders, and what to do next."""
    own = queries.own_activities(current_user().id)
    return render_template(
        "registration/mine.html",
        activities=own,
        orders=orders.of_activities([activity.id for activity in own]),
        can_order_for={activity.id for activity in orderable()},
        edition=editions.current(),
        **WORDS,
    )


@bp.get("/activiteiten/<int:activity_id>")
@needs("mine.see")
def own_activity(activity_id: int) -> str:
    """One activity: what was told, its orders with their life so far, and what can still be changed."""
    activity = found(queries.own_activity(activity_id, current_user().id))
    own_orders = orders.of_activity(activity.id)
    return render_template(
        "registration/own_activity.html",
        activity=activity,
        about=upkeep.about_activity(activity),
        place=upkeep.about_place(activity),
        reason=queries.return_reason(activity.id) if activity.state == activities.State.RETURNED else "",
        orders=own_orders,
        lives={order.id: orders.events(order.id) for order in own_orders},
        open_states=OPEN,
        hold_words=HOLD_WORDS,
        can_order=any(one.id == activity.id for one in orderable()),
        **WORDS,
    )


@bp.route("/activiteiten/<int:activity_id>/aanpassen", methods=["GET", "POST"])
@needs("mine.see")
def revise(activity_id: int) -> AnyResponse:
    """Improve an activity that a moderator sent back, and hand it in again."""
    activity = found(queries.own_activity(activity_id, current_user().id))
    upkeep.check_revisable(activity)
    place = upkeep.about_place(activity)
    form = ReviseForm(data=ActivityForm.activity_data(upkeep.about_activity(activity)) | PlaceForm.place_data(place))
    form.set_up(activity.edition, place.address)
    problem = ""
    if form.is_submitted() and not form.change_rows(request.form) and form.validate():
        try:
            with transaction():
                upkeep.revise(activity, form.about_activity(), form.about_place(), by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Je hebt je activiteit aangepast. We kijken er opnieuw naar."))
            return to_activity(activity_id)
    reason = queries.return_reason(activity_id)
    return page("registration/revise.html", form, problem, activity=activity, reason=reason)


@bp.route("/activiteiten/<int:activity_id>/gaat-niet-door", methods=["GET", "POST"])
@needs("mine.see")
def call_off(activity_id: int) -> AnyResponse:
    """Say that an activity does not take place; its package that is not packed yet is released."""
    activity = found(queries.own_activity(activity_id, current_user().id))
    form, problem = CallOffForm(), ""
    if form.validate_on_submit():
        try:
            with transaction():
                upkeep.call_off(activity, form.reason.data, by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Je activiteit gaat niet door. Dat hebben we opgeschreven."))
            return to_activity(activity_id)
    is_public = activity.state in activities.VISIBLE
    packed = [order for order in orders.of_activity(activity_id) if order.state in IN_BATCH]
    return page("registration/call_off.html", form, problem, activity=activity, is_public=is_public, packed=packed)


@bp.post("/bestellingen/<int:order_id>/annuleren")
@needs("mine.see")
def cancel_order(order_id: int) -> AnyResponse:
    """Give up an order that is not packed yet."""
    order = found(queries.own_order(order_id, current_user().id))
    activity_id = order.activity_id
    with transaction():
        order_service.cancel(order, by=current_user())
    flash(gettext("Je bestelling is geannuleerd."))
    return to_activity(activity_id)


@ordering.get("")
@needs("mine.see")
def choose() -> str:
    """Own activities that have no package yet, or why none can be ordered."""
    edition = found(editions.current())
    packages, why_not = service.offer(edition, clock.now())
    return render_template(
        "registration/choose.html",
        edition=edition,
        packages=packages,
        why_not=why_not and said(why_not),
        activities=orderable(),
        **WORDS,
    )


@ordering.route("/<int:activity_id>", methods=["GET", "POST"])
@needs("mine.see")
def order(activity_id: int) -> AnyResponse:
    """The package for one activity: how many, and where to."""
    activity = found(next((one for one in orderable() if one.id == activity_id), None))
    packages, _why_not = service.offer(activity.edition, clock.now())
    form, problem = order_form(activity, packages), ""
    if form.validate_on_submit():
        wanted = form.about_package()
        if not wanted.wanted:
            return to_activity(activity_id)
        try:
            with transaction():
                number = upkeep.order_package(activity, wanted, by=current_user()).number
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Je bestelling is gelukt. Het nummer is %(number)s.", number=number))
            return to_activity(activity_id)
    return page("registration/order.html", form, problem, activity=activity, packages=packages)


def orderable() -> list[Activity]:
    """Own activities for which a package can be ordered today."""
    edition = editions.current()
    if edition is None or not service.offer(edition, clock.now())[0]:
        return []
    return queries.without_package(current_user().id, edition.id)


def order_form(activity: Activity, packages: list[Package]) -> OrderForm:
    """The questions for a package, as they stand for this activity."""
    email, organisation = current_user().email, activity.organisation.name
    around = Around(
        here=upkeep.address_of(activity),
        visitors=activity.expected_visitors,
        offered=packages,
        order_at=lambda address, branch: queries.order_at(activity.edition_id, address, organisation, branch),
        room_in=lambda earlier: service.room_in(earlier, email),
    )
    form = OrderForm(data=OrderForm.package_data(None, around, attention=current_user().name))
    form.set_up(around, None)
    return form


def page(template: str, form: StaffForm, problem: str, **more: object) -> Response:
    """A page with a form; 400 when something must be changed first."""
    answer = render_template(template, form=form, problem=problem, **WORDS, **more)
    return make_response(answer, 400 if form.errors or problem else 200)


def to_activity(activity_id: int) -> AnyResponse:
    """Back to the page of one activity."""
    return redirect(url_for("mine.own_activity", activity_id=activity_id), 303)
