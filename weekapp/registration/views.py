"""What an initiator sees after signing in: own activities and orders (/mijn), and ordering a package afterwards (/bestellen)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from weekapp import clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.activities import changes, history
from weekapp.activities import rules as activities
from weekapp.activities.models import Activity
from weekapp.activities.rules import names_loneliness
from weekapp.db import transaction
from weekapp.editions import queries as editions
from weekapp.errors import DomainError
from weekapp.moderation import revisions
from weekapp.moderation.models import Revision, RevisionState
from weekapp.orders import queries as orders
from weekapp.orders import service as order_service
from weekapp.orders.rules import HOLD_WORDS, OPEN
from weekapp.organisations import queries as organisations
from weekapp.packages.models import Package
from weekapp.registration import overview, queries, repeat, service, upkeep
from weekapp.registration.forms import ActivityForm
from weekapp.registration.next_step import is_over, next_of
from weekapp.registration.package_form import Around, OrderForm
from weekapp.registration.pages import form_page, photo_too_large, to_activity
from weekapp.registration.place_form import PlaceForm, ReviseForm
from weekapp.registration.words import WORDS
from weekapp.web import found, said

bp = Blueprint("mine", __name__)
bp.register_error_handler(RequestEntityTooLarge, photo_too_large)
ordering = Blueprint("ordering", __name__)


@bp.get("")
@needs("mine.see")
def mine() -> str:
    """Own activities with their state in words, their orders, and what to do next."""
    own, edition = queries.own_activities(current_user().id), editions.current()
    seen, can_order = overview.around(own), {activity.id for activity in orderable()}
    return render_template(
        "registration/mine.html",
        activities=own,
        overview=seen,
        drafts=overview.drafts_of(current_user()),
        organisations=organisations.with_people(current_user().id),
        next_of={one.id: next_of(one, seen, can_order=one.id in can_order, can_repeat=repeat.can_repeat(one, edition)) for one in own},
        edition=edition,
        **WORDS,
    )


@bp.get("/activiteiten/<int:activity_id>")
@needs("mine.see")
def own_activity(activity_id: int) -> str:
    """One activity: what was told, its orders with their life so far, and what can still be changed."""
    activity = found(queries.own_activity(activity_id, current_user().id))
    own_orders = orders.of_activity(activity.id)
    revision = revisions.newest_of(activity.id)
    return render_template(
        "registration/own_activity.html",
        activity=activity,
        about=upkeep.about_activity(activity),
        place=upkeep.about_place(activity),
        reason=queries.return_reason(activity.id) if activity.state == activities.State.RETURNED else "",
        orders=own_orders,
        overview=overview.around([activity]),
        can_repeat=repeat.can_repeat(activity, editions.current()),
        lives={order.id: orders.events(order.id) for order in own_orders},
        open_states=OPEN,
        hold_words=HOLD_WORDS,
        can_order=any(one.id == activity.id for one in orderable()),
        can_change=can_change(activity),
        is_over=is_over(activity),
        coming=changes.coming(activity) if activity.state is activities.State.PUBLISHED else [],
        revision=revision,
        is_lonely=names_loneliness(*unread_words(activity, revision)),
        steps=history.steps_of(activity.id),
        **WORDS,
    )


def can_change(activity: Activity) -> bool:
    """Whether its Week is still to come and something of it can be changed here; former editions are an archive."""
    if activity.edition.last_day < clock.today():
        return False
    return activity.state is activities.State.SUBMITTED or changes.can_change(activity)


def unread_words(activity: Activity, revision: Revision | None) -> list[str]:
    """Title and text that no moderator has read yet: somebody may still choose other words."""
    if revision is not None and revision.state is RevisionState.WAITING:
        return [str(revision.texts.get(name, "")) for name in ("title", "description")]
    return [activity.title, activity.description] if activity.state is activities.State.SUBMITTED else []


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
    if form.is_submitted() and not form.change_rows(request.form) and form.validate_and_keep():
        try:
            with transaction():
                upkeep.revise(activity, form.about_activity(), form.about_place(), by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Je hebt je activiteit aangepast. We kijken er opnieuw naar."))
            return to_activity(activity_id)
    reason = queries.return_reason(activity_id)
    return form_page("registration/revise.html", form, problem, activity=activity, reason=reason)


@bp.post("/activiteiten/<int:activity_id>/opnieuw")
@needs("mine.see")
def again(activity_id: int) -> AnyResponse:
    """Take part again: a draft with all that was told for a former Week."""
    activity = found(queries.own_activity(activity_id, current_user().id))
    with transaction():
        _draft, token = repeat.repeat(activity, found(editions.current()), by=current_user())
    return redirect(url_for("registration.place", token=token), 303)


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
    return form_page("registration/order.html", form, problem, activity=activity, packages=packages)


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
