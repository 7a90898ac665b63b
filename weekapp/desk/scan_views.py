"""The scan field: a scanner types a number and Enter; the order opens and, when it waits to be packed, is marked as packed."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext

from weekapp.accounts.permissions import current_user, needs
from weekapp.db import transaction
from weekapp.desk import logistics_words as words
from weekapp.desk.logistics_forms import ScanForm
from weekapp.orders import packing, queries
from weekapp.orders.models import Order
from weekapp.orders.rules import State
from weekapp.shipments import queries as shipments
from weekapp.web import found

bp = Blueprint("scanning", __name__)


@bp.get("")
@needs("orders.edit")
def scan() -> str:
    """The scan field on a page of its own, also after a reload of an answer."""
    return render_template("desk/scan.html", form=ScanForm(prefix="scan", formdata=None))


@bp.post("")
@needs("orders.edit")
def scanned() -> Response:
    """The number of an order marks it as packed; the barcode of a parcel only opens its order: that one was packed before."""
    form = ScanForm(prefix="scan")
    code = (form.code.data or "") if form.validate() else ""
    order = queries.by_number(words.typed_number(code)) if code else None
    if order is not None:
        return pack(order)
    parcel = shipments.by_barcode(code) if code else None
    if parcel is not None:
        return to_order(parcel.order.number)
    if code:
        form.code.errors = [gettext("We kennen %(code)s niet. Scan het nog een keer, of typ het nummer van de pakbon.", code=code)]
        form.code.data = ""
    return make_response(render_template("desk/scan.html", form=form), 400)


def pack(order: Order) -> Response:
    """Mark an order as packed when it waits for that; say so when it must not be packed."""
    number, state = order.number, order.state
    if state != State.BATCHED:
        flash(gettext("Let op: %(number)s is niet om in te pakken. De stand is: %(state)s.", number=number, state=words.state_of(order)))
        return to_order(number)
    with transaction():
        is_new = packing.pack(order, by=current_user())
    left = queries.count_to_pack(found(order.batch_id))
    flash(
        gettext("%(number)s is ingepakt. Nog in te pakken in deze batch: %(left)s.", number=number, left=left)
        if is_new
        else gettext("Let op: %(number)s was al ingepakt.", number=number)
    )
    return to_order(number)


def to_order(number: str) -> Response:
    """Its page, with the scan field ready for the next one."""
    return make_response(redirect(url_for("logistics.logistics_order", number=number, gescand="ja"), 303))
