"""The desk of logistics: today's work, orders and their lives. Batches and stock have files of their own."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.batches import queries as batches
from weekapp.batches import service as batching
from weekapp.db import transaction
from weekapp.desk import logistics_words as words
from weekapp.desk.logistics_forms import AddressForm, HoldForm, ScanForm, SearchForm
from weekapp.desk.order_track import milestones
from weekapp.editions import queries as editions
from weekapp.geography.geocoder import Query
from weekapp.geography.rules import split_house_number
from weekapp.geography.web import geocoder
from weekapp.orders import queries, service
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold, State
from weekapp.packages import queries as packages
from weekapp.shipments import queries as shipments
from weekapp.shipments.rules import CARRIER_WORDS, STATUS_WORDS
from weekapp.web import found, page_number, said

bp = Blueprint("logistics", __name__)
PAGE = 50  # orders on one page
FIRST = 8  # of them on the screen of today


@bp.get("")
@needs("logistics.see")
def logistics_home() -> str:
    """Everything that waits for somebody, on one screen."""
    edition = editions.current()
    if edition is None:
        return render_template("desk/logistics_empty.html")
    return render_template(
        "desk/logistics_home.html",
        edition=edition,
        counts=queries.counts(edition.id),
        ready_count=queries.count_ready(edition.id),
        ready=queries.ready(edition.id, most=FIRST),
        batches=batches.newest(edition.id, most=5),
        batch_counts=batches.count_in_state(edition.id),
        packages=packages.of_edition(edition.id),
        short=queries.short(edition.id),
        click=words.new_click(),
        form=SearchForm(),
        scanning=ScanForm(prefix="scan"),
        **words.ALL,
    )


@bp.get("/bestellingen")
@needs("logistics.see")
def logistics_orders() -> str:
    """The orders in one state, earliest need first."""
    edition = found(editions.current())
    state = State(request.args.get("staat", "")) if request.args.get("staat", "") in set(State) else State.APPROVED
    page = page_number()
    orders = queries.in_state(edition.id, state, most=PAGE, after=(page - 1) * PAGE)
    counts = queries.counts(edition.id)
    return render_template(
        "desk/logistics_orders.html", state=state, orders=orders, page=page, pages=-(-counts[state] // PAGE), counts=counts, **words.ALL
    )


@bp.get("/zoeken")
@needs("logistics.see")
def logistics_search() -> str:
    """The search field on a page of its own, also after a reload of the answer."""
    return render_template("desk/logistics_search.html", form=SearchForm(), orders=None, **words.ALL)


@bp.post("/zoeken")
@needs("logistics.see")
def logistics_search_answer() -> Response:
    """A number goes to its order; a name or a postcode gives a list, in an answer that is not stored."""
    form = SearchForm()
    if not form.validate():
        return make_response(render_template("desk/logistics_search.html", form=form, orders=None, **words.ALL), 400)
    exact = exactly(form.words.data or "")
    if exact is not None:
        return to_order(exact)
    orders = queries.search(form.words.data or "", most=PAGE)
    return make_response(render_template("desk/logistics_search.html", form=form, orders=orders, **words.ALL))


def exactly(typed: str) -> Order | None:
    """The order with this number, or the one of the parcel with this barcode."""
    order = queries.by_number(words.typed_number(typed))
    parcel = None if order else shipments.by_barcode(typed)
    return parcel.order if parcel else order


@bp.get("/bestellingen/<number>")
@needs("logistics.see")
def logistics_order(number: str) -> Response:
    """The whole life of an order."""
    return order_page(number, HoldForm(), 200)


def order_page(number: str, form: HoldForm, status: int) -> Response:
    order = found(queries.by_number(number))
    steps = queries.events(order.id)
    page = render_template(
        "desk/logistics_order.html",
        order=order,
        steps=steps,
        way=milestones(order, steps),
        parcels=shipments.boxes_of(order),
        scanning=ScanForm(prefix="scan") if "gescand" in request.args else None,
        batches=batches.of_order(order.id),
        send_by=words.hand_over_by(order),
        form=form,
        carrier_words=CARRIER_WORDS,
        status_words=STATUS_WORDS,
        **words.ALL,
    )
    return make_response(page, status)


@bp.post("/bestellingen/<number>/vasthouden")
@needs("orders.edit")
def hold_order(number: str) -> Response:
    """Keep it out of the next batch, or take it out of the one in which it is."""
    order, form = found(queries.by_number(number)), HoldForm()
    if not form.validate():
        return order_page(number, form, 400)
    reason, note, by = Hold(form.reason.data), form.note.data or "", current_user()
    with transaction():
        batching.out_of_batch(order, by=by, then=lambda: service.hold(order, reason, note, by=by))
    flash(gettext("De bestelling staat in de wacht."))
    return to_order(order)


@bp.post("/bestellingen/<number>/vrijgeven")
@needs("orders.edit")
def release_order(number: str) -> Response:
    """Looked at, and on with it."""
    order = found(queries.by_number(number))
    with transaction():
        service.release_hold(order, by=current_user())
    flash(gettext("De bestelling gaat verder."))
    return to_order(order)


@bp.post("/bestellingen/<number>/annuleren")
@needs("orders.edit")
def cancel_order(number: str) -> Response:
    """Its packages go to who waits longest."""
    order = found(queries.by_number(number))
    with transaction():
        batching.cancel_order(order, by=current_user(), note=gettext("Door logistiek."))
    flash(gettext("De bestelling is geannuleerd."))
    return to_order(order)


@bp.get("/bestellingen/<number>/adres")
@needs("orders.edit")
def order_address(number: str) -> Response:
    """The address as it is, to be corrected."""
    order, form = found(queries.by_number(number)), AddressForm()
    form.show(order)
    return address_page(order, form, 200)


@bp.post("/bestellingen/<number>/adres")
@needs("orders.edit")
def change_address(number: str) -> Response:
    """Another address; of a packed order the parcel comes on the recall list."""
    order, form, by = found(queries.by_number(number)), AddressForm(), current_user()
    if not form.validate():
        return address_page(order, form, 400)
    house = found(split_house_number(form.house_number.data or ""))
    delivery = form.delivery(geocoder().find(Query(form.postcode.data or "", house.number, house.letter, house.addition)))
    try:
        with transaction():
            batching.out_of_batch(order, by=by, then=lambda: service.change_delivery(order, delivery, by=by))
    except service.PlaceTaken as error:
        return address_page(found(queries.by_number(number)), form, 400, said(error))
    flash(gettext("Het nieuwe adres staat erin."))
    return to_order(order)


def address_page(order: Order, form: AddressForm, status: int, *problems: str) -> Response:
    page = render_template("desk/logistics_address.html", order=order, form=form, problems=problems)
    return make_response(page, status)


def to_order(order: Order) -> Response:
    """The page of an order; its number says nothing about anybody."""
    return make_response(redirect(url_for("logistics.logistics_order", number=order.number), 303))
