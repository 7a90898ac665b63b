"""Small forms of the check before packing: only the fields that are the matter."""

from collections.abc import Collection

from flask import request
from flask_babel import lazy_gettext as _l

from weekapp.batches.checks import Checked
from weekapp.batches.preflight import Finding
from weekapp.desk.logistics_forms import AddressForm, HoldForm, at_most
from weekapp.forms import CleanText, no_formula
from weekapp.geography.geocoder import Place
from weekapp.geography.rules import HouseNumber, Precision, split_house_number
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import Hold

TEXTS = ("recipient", "attention", "branch", "postcode", "house_number", "street", "town")
PLACE = frozenset({"postcode", "house_number", "street", "town"})
HOLD_FOR = {
    Finding.PO_BOX: Hold.PO_BOX,
    Finding.UNKNOWN_ADDRESS: Hold.UNKNOWN_ADDRESS,
    Finding.DOUBTFUL_ADDRESS: Hold.UNKNOWN_ADDRESS,
    Finding.OTHER_TOWN: Hold.UNKNOWN_ADDRESS,
    Finding.DOUBLE_ADDRESS: Hold.SECOND_ORDER,
}


class FixForm(AddressForm):
    """Some fields of the address of an order; those that are not there stay as they are."""

    branch = CleanText(_l("Afdeling of locatie"), [at_most(80), no_formula])

    @classmethod
    def of(cls, order: Order, fields: Collection[str]) -> "FixForm":
        """The fields to mend, filled with what is known; names begin with the number of the order, since a page holds many."""
        form = cls(formdata=None, prefix=order.number)
        form.show(order)
        form.branch.data = order.branch
        form.keep(fields)
        return form

    @classmethod
    def sent(cls, order: Order) -> "FixForm":
        """What was sent for an order."""
        form = cls(prefix=order.number)
        form.keep([name for name in TEXTS if form[name].name in request.form])
        return form

    def keep(self, fields: Collection[str]) -> None:
        """Leave the others out."""
        for name in TEXTS:
            if name not in fields:
                del self[name]

    def has_place(self) -> bool:
        """Whether the doorstep itself is among the fields."""
        return any(name in self for name in PLACE)

    def text(self, name: str, order: Order) -> str:
        """A field as it was sent, or as it was."""
        return str(self[name].data or "") if name in self else str(getattr(order, name))

    def house(self, order: Order) -> HouseNumber:
        """The house number as it was sent, or as it was."""
        found = split_house_number(self.house_number.data or "") if "house_number" in self else None
        return found or HouseNumber(order.house_number, order.letter, order.addition)

    def mended(self, order: Order, place: Place | None) -> Delivery:
        """The delivery with the fields that were sent. Staff have looked at a place, so one that is not found is known by hand."""
        precision = order.precision
        if self.has_place():
            precision = Precision.ADDRESS if place is not None and place.precision is Precision.ADDRESS else Precision.BY_HAND
        number = self.house(order)
        texts = {name: self.text(name, order) for name in ("recipient", "attention", "street", "postcode", "town")}
        return Delivery(**texts, house_number=number.number, letter=number.letter, addition=number.addition, precision=precision)


def hold_form(one: Checked) -> HoldForm:
    """Out of the batch, with the reason that fits what was found."""
    reason = next((HOLD_FOR[found.kind] for found in one.found if found.kind in HOLD_FOR), Hold.OTHER)
    return HoldForm(formdata=None, prefix=f"{one.order.number}-uit", data={"reason": reason.value})
