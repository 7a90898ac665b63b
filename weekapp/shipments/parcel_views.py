"""What logistics do with parcels: see what needs somebody, send one anew, and move late orders to the front."""

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from weekapp import clock
from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.errors import InvalidInput
from weekapp.orders.rules import SHORT_WORDS
from weekapp.packages.service import OutOfStock
from weekapp.shipments import in_time, queries, service, tracking
from weekapp.shipments.forms import BarcodeForm, ParcelForm, ReshipForm, StatusForm, carrier_of
from weekapp.shipments.models import Parcel
from weekapp.shipments.rules import CARRIER_WORDS, PROBLEMS, STATUS_WORDS, Status
from weekapp.web import found, said

bp = Blueprint("parcels", __name__)
SHOWN = 200
WORDS = {"carrier_words": CARRIER_WORDS, "status_words": STATUS_WORDS, "state_words": SHORT_WORDS}


@bp.get("/zendingen")
@needs("logistics.see")
def parcels() -> Response:
    """What needs somebody first; any parcel by its barcode or order number."""
    return parcels_page(ParcelForm(formdata=None), 200)


def parcels_page(form: ParcelForm, status: int) -> Response:
    query = request.args.get("q", "").strip()
    page = render_template(
        "shipments/parcels.html",
        form=form,
        query=query,
        hits=queries.search(query, most=SHOWN) if query else None,
        problems=queries.with_problems(most=SHOWN),
        problem_count=queries.count_with_problems(),
        waiting=queries.waiting_for_barcode(most=SHOWN),
        counts=queries.count_by_status(),
        **WORDS,
    )
    return make_response(page, status)


@bp.post("/zendingen")
@needs("orders.edit")
def add() -> Response:
    """A parcel by hand."""
    form = ParcelForm()
    if form.validate():
        try:
            with transaction():
                number, barcode, status = form.number.data, form.barcode.data, Status(form.status.data)
                parcel = service.add_by_hand(number, barcode, carrier_of(form), status, by=current_user())
            return to_parcel(parcel.id)
        except InvalidInput as error:
            say_at_fields(form, error)
    return parcels_page(form, 400)


def say_at_fields(form: Any, error: InvalidInput) -> None:
    """Show what the service refused where it was typed."""
    for field, message in error.errors:
        form[field].errors = [*form[field].errors, gettext(message)]


def to_parcel(parcel_id: int) -> Response:
    return make_response(redirect(url_for("parcels.parcel", parcel_id=parcel_id), 303))


@bp.get("/zendingen/<int:parcel_id>")
@needs("logistics.see")
def parcel(parcel_id: int) -> Response:
    """One parcel: where it is, where it goes, what can be done."""
    return parcel_page(found(queries.parcel(parcel_id)), 200)


def parcel_page(parcel: Parcel, status: int, **forms: Any) -> Response:
    shown = {"barcode_form": BarcodeForm(formdata=None), "status_form": StatusForm.of(parcel), "reship_form": ReshipForm.of(parcel)} | forms
    order = parcel.order
    page = render_template(
        "shipments/parcel.html",
        parcel=parcel,
        order=order,
        others=[one for one in queries.parcels_of([order.id])[order.id] if one.id != parcel.id],
        instead=queries.reship_of(parcel.id),
        follow=tracking.link(parcel.carrier, parcel.barcode or "", order.postcode),
        is_problem=parcel.status in PROBLEMS,
        **shown,
        **WORDS,
    )
    return make_response(page, status)


@bp.post("/zendingen/<int:parcel_id>/barcode")
@needs("orders.edit")
def give_barcode(parcel_id: int) -> Response:
    """The label of a parcel that is sent anew."""
    parcel, form = found(queries.parcel(parcel_id)), BarcodeForm()
    if form.validate():
        try:
            with transaction():
                service.give_barcode(parcel, form.barcode.data, carrier_of(form), by=current_user())
            return to_parcel(parcel_id)
        except InvalidInput as error:
            say_at_fields(form, error)
    return parcel_page(parcel, 400, barcode_form=form)


@bp.post("/zendingen/<int:parcel_id>/status")
@needs("orders.edit")
def set_status(parcel_id: int) -> Response:
    """What staff know of a parcel."""
    parcel = found(queries.parcel(parcel_id))
    form = StatusForm.of(parcel)
    if not form.validate():
        return parcel_page(parcel, 400, status_form=form)
    with transaction():
        service.set_status(parcel, Status(form.status.data), by=current_user())
    return to_parcel(parcel_id)


@bp.post("/zendingen/<int:parcel_id>/opnieuw")
@needs("orders.edit")
def reship(parcel_id: int) -> Response:
    """Send it anew, out of the stock."""
    parcel = found(queries.parcel(parcel_id))
    form = ReshipForm.of(parcel)
    if form.validate():
        try:
            with transaction():
                new_id = service.reship(parcel, form.quantity.data, by=current_user()).id
            flash(gettext("Er is een nieuwe zending gemaakt. Plak er een label op en vul de barcode in."))
            return to_parcel(new_id)
        except (OutOfStock, InvalidInput) as error:
            form.quantity.errors = [said(error)]
    return parcel_page(found(queries.parcel(parcel_id)), 400, reship_form=form)


@bp.post("/zendingen/<int:parcel_id>/afhandelen")
@needs("orders.edit")
def settle(parcel_id: int) -> Response:
    """Nothing more is done about it."""
    parcel = found(queries.parcel(parcel_id))
    with transaction():
        service.settle(parcel, by=current_user())
    flash(gettext("De zending staat niet meer op de lijst."))
    return make_response(redirect(url_for("parcels.parcels"), 303))


@bp.get("/te-laat")
@needs("logistics.see")
def late_orders() -> str:
    """Orders that will not be there in time as things stand."""
    late = in_time.late_orders(clock.now())
    return render_template(
        "shipments/late_orders.html",
        late=late[:SHOWN],
        count=len(late),
        told=in_time.told_orders(late[:SHOWN]),
        movable=sum(1 for one in late if one.can_go_first),
        **WORDS,
    )


@bp.post("/te-laat/vooraan")
@needs("orders.edit")
def move_to_front() -> Response:
    """All of these go first in the next batch."""
    with transaction():
        moved = in_time.move_to_front(clock.now(), by=current_user())
    flash(ngettext("%(num)s bestelling gaat nu voor.", "%(num)s bestellingen gaan nu voor.", len(moved)))
    return make_response(redirect(url_for("parcels.late_orders"), 303))
