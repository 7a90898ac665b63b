"""The check before packing: what would go into the next batch, what does not fit, and mending it in place."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.batches import checks, service
from weekapp.batches.checks import Checked
from weekapp.db import transaction
from weekapp.desk import logistics_words as words
from weekapp.desk.logistics_forms import HoldForm
from weekapp.desk.preflight_forms import FixForm, hold_form
from weekapp.editions import queries as editions
from weekapp.geography.geocoder import Query
from weekapp.geography.web import geocoder
from weekapp.orders import queries as orders
from weekapp.orders import service as ordering
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold
from weekapp.orders.service import PlaceTaken
from weekapp.web import found, said

bp = Blueprint("preflight", __name__)
CARDS = 20  # of each kind on the page; the others come when these are done


@bp.get("")
@needs("logistics.see")
def preflight() -> Response:
    """What would go into a batch now."""
    return preflight_page({}, {}, 200)


def preflight_page(fixes: dict[int, FixForm], holds: dict[int, HoldForm], status: int, *problems: str) -> Response:
    """`fixes` and `holds` are forms that were sent and must be looked at once more, by the id of their order."""
    edition = found(editions.current())
    shown = checks.of_next_batch(edition)
    page = render_template(
        "desk/preflight.html",
        shown=shown,
        cards=CARDS,
        fix_of=lambda one: fixes.get(one.order.id) or FixForm.of(one.order, one.fields),
        hold_of=lambda one: holds.get(one.order.id) or hold_form(one),
        sent=[*fixes.values(), *holds.values()],
        problems=problems,
        click=words.new_click(),
        **words.ALL,
    )
    return make_response(page, status)


@bp.post("/<number>/adres")
@needs("orders.edit")
def fix(number: str) -> Response:
    """Mend what was the matter; when it fits now, the order goes along."""
    order, by = found(orders.by_number(number)), current_user()
    form = FixForm.sent(order)
    if not form.validate():
        return preflight_page({order.id: form}, {}, 400)
    delivery = form.mended(order, geocoder().find(query_of(form, order)) if form.has_place() else None)
    try:
        with transaction():
            now = checks.correct(order, delivery, form.text("branch", order), by=by)
    except PlaceTaken as error:
        return preflight_page({found(orders.by_number(number)).id: form}, {}, 400, said(error))
    flash(outcome(now))
    return to_check()


def query_of(form: FixForm, order: Order) -> Query:
    house = form.house(order)
    return Query(form.text("postcode", order), house.number, house.letter, house.addition)


def outcome(now: Checked) -> str:
    """What is left after mending."""
    if now.is_wrong:
        return gettext("Bewaard. Bestelling %(number)s past nog niet.", number=now.order.number)
    return gettext("Bewaard. Bestelling %(number)s kan mee.", number=now.order.number)


@bp.post("/<number>/akkoord")
@needs("orders.edit")
def accept(number: str) -> Response:
    """Somebody looked at the warnings."""
    order = found(orders.by_number(number))
    with transaction():
        checks.accept(order, by=current_user())
    flash(gettext("Bestelling %(number)s gaat mee.", number=order.number))
    return to_check()


@bp.post("/<number>/vrijgeven")
@needs("orders.edit")
def release(number: str) -> Response:
    """An order that an earlier check held, and that fits now."""
    order = found(orders.by_number(number))
    with transaction():
        ordering.release_hold(order, by=current_user())
    flash(gettext("Bestelling %(number)s gaat mee.", number=order.number))
    return to_check()


@bp.post("/<number>/vasthouden")
@needs("orders.edit")
def take_out(number: str) -> Response:
    """Not this time: held, with the reason."""
    order, by = found(orders.by_number(number)), current_user()
    form = HoldForm(prefix=f"{order.number}-uit")
    if not form.validate():
        return preflight_page({}, {order.id: form}, 400)
    with transaction():
        service.out_of_batch(order, by=by, then=lambda: ordering.hold(order, Hold(form.reason.data), form.note.data or "", by=by))
    flash(gettext("Bestelling %(number)s staat in de wacht.", number=order.number))
    return to_check()


def to_check() -> Response:
    return make_response(redirect(url_for("preflight.preflight"), 303))
