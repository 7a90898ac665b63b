"""Changing an order that is not packed yet."""

from flask import Blueprint, flash
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from weekapp import clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.errors import DomainError, WrongState
from weekapp.orders.models import Order
from weekapp.packages.models import Package
from weekapp.registration import queries, repeat, service, upkeep
from weekapp.registration.answers import AboutPackage
from weekapp.registration.package_form import Around, OrderForm
from weekapp.registration.pages import form_page, to_activity
from weekapp.web import found, said

bp = Blueprint("own_orders", __name__)


@bp.route("/bestellingen/<int:order_id>/wijzigen", methods=["GET", "POST"])
@needs("mine.see")
def change(order_id: int) -> AnyResponse:
    """How many, which package, where to; once it is packed, back to the page that says what can be done."""
    order = found(queries.own_order(order_id, current_user().id))
    try:
        upkeep.check_order_open(order)
    except WrongState as error:
        flash(said(error))
        return to_activity(order.activity_id)
    activity_id, offered, why_not = order.activity_id, *choices(order)
    form, problem = change_form(order, offered), ""
    if form.validate_on_submit():
        try:
            with transaction():
                upkeep.change_order(order, form.about_package(), by=current_user())
        except DomainError as error:
            problem = said(error)
        else:
            flash(gettext("Je bestelling is aangepast."))
            return to_activity(activity_id)
    return form_page("registration/change_order.html", form, problem, activity=order.activity, order=order, why_not=why_not)


def choices(order: Order) -> tuple[list[Package], str]:
    """What can be chosen, the package of the order first; and why there is no more, '' when everything can be chosen."""
    offered, why_not = service.offer(order.activity.edition, clock.now())
    others = [one for one in offered if one.name != order.package.name]
    return [order.package, *others], said(why_not) if why_not else ""


def change_form(order: Order, offered: list[Package]) -> OrderForm:
    """The questions of an order with what was answered; the order itself stands in nobody's way."""
    here = upkeep.address_of(order.activity)
    around = Around(
        here=here,
        visitors=order.activity.expected_visitors,
        offered=offered,
        order_at=lambda _address, _branch: None,
        room_in=lambda _order: 0,
    )
    elsewhere = None if order.place_key == upkeep.key_of(here) else repeat.address_of_order(order)
    given = AboutPackage(wanted=True, name=order.package.name, quantity=order.quantity, elsewhere=elsewhere, attention=order.attention)
    form = OrderForm(data=OrderForm.package_data(given, around, attention=order.attention))
    form.set_up(around, given)
    return form
