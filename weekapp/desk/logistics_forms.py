"""Forms of logistics."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectChoice, SelectField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange

from weekapp.forms import CleanText, Filled, StaffForm, no_formula
from weekapp.geography.geocoder import Place
from weekapp.geography.rules import Precision, is_po_box, normalise_postcode, split_house_number
from weekapp.orders.delivery import Delivery
from weekapp.orders.models import Order
from weekapp.orders.rules import HOLD_WORDS, Hold

MOST = 100_000  # packages in one line of the ledger
REASONS = (Hold.UNKNOWN_ADDRESS, Hold.PO_BOX, Hold.UNUSUAL_NUMBER, Hold.SECOND_ORDER, Hold.OTHER)


def at_most(length: int) -> Length:
    return Length(max=length, message=_l("Maak dit korter: hoogstens %(max)d tekens."))


class WholeNumber(IntegerField):
    """A number of packages; what is no number gets a sentence of ours."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value.strip().replace(".", "") for value in valuelist])
        except ValueError:
            raise ValueError(gettext("Vul een heel getal in. Bijvoorbeeld: 50.")) from None


class SearchForm(StaffForm):
    """One field for everything; sent by POST, so that a name never stands in an address."""

    words = CleanText(
        _l("Zoek op nummer, barcode, naam of postcode"), [Filled(_l("Vul een nummer, een naam of een postcode in.")), at_most(80)]
    )


class ScanForm(StaffForm):
    """What a scanner types; sent by POST, since it changes the order."""

    code = CleanText(_l("Scan een pakbon"), [Filled(_l("Scan een pakbon, of typ het nummer.")), at_most(80)])


class HoldForm(StaffForm):
    """Keep an order out of the next batch."""

    reason = SelectField(
        _l("Waarom?"), [Filled(_l("Kies een reden."))], choices=[SelectChoice(reason.value, _l(HOLD_WORDS[reason])) for reason in REASONS]
    )
    note = TextAreaField(
        _l("Wat moet er veranderen?"),
        [at_most(280)],
        description=_l("De initiatiefnemer leest dit in een mail. Schrijf zoals je praat."),
        render_kw={"rows": 3},
    )

    def validate_note(self, field: Field) -> None:
        field.data = " ".join((field.data or "").split())
        if self.reason.data == Hold.OTHER and not field.data:
            raise ValidationError(gettext("Schrijf op wat er aan de hand is."))


class AddressForm(StaffForm):
    """Another address for a parcel."""

    recipient = CleanText(
        _l("Organisatie of naam op het pakket"), [Filled(_l("Vul in wat er op het pakket moet staan.")), at_most(120), no_formula]
    )
    attention = CleanText(_l("Wie neemt het pakket aan?"), [Filled(_l("Vul een naam in.")), at_most(120), no_formula])
    postcode = CleanText(_l("Postcode"), [Filled(_l("Vul een postcode in. Bijvoorbeeld: 1234 AB."))])
    house_number = CleanText(
        _l("Huisnummer"),
        [Filled(_l("Vul een huisnummer in. Bijvoorbeeld: 12 of 12A."))],
        description=_l("Met letter of toevoeging, als die er is."),
    )
    street = CleanText(_l("Straat"), [Filled(_l("Vul een straat in.")), at_most(80), no_formula])
    town = CleanText(_l("Plaats"), [Filled(_l("Vul een plaats in.")), at_most(80), no_formula])

    def validate_postcode(self, field: Field) -> None:
        postcode = normalise_postcode(field.data or "")
        if postcode is None:
            raise ValidationError(gettext("Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB."))
        field.data = postcode

    def validate_house_number(self, field: Field) -> None:
        found = split_house_number(field.data or "")
        if found is None or len(found.addition) > 10:
            raise ValidationError(gettext("Vul een huisnummer in dat met een cijfer begint. Bijvoorbeeld: 12 of 12A."))

    def validate_street(self, field: Field) -> None:
        if is_po_box(field.data or ""):
            raise ValidationError(gettext("Een postbus kan geen pakket ontvangen. Vul het adres in van een gebouw."))

    def show(self, order: Order) -> None:
        """Fill in what is known."""
        for name in ("recipient", "attention", "postcode", "street", "town"):
            self[name].data = getattr(order, name)
        addition = f" {order.addition}" if order.addition else ""
        self.house_number.data = f"{order.house_number}{order.letter}{addition}"

    def delivery(self, place: Place | None) -> Delivery:
        """What was typed. Staff have looked at it, so an address that the geocoder does not know is known by hand."""
        number = split_house_number(self.house_number.data or "")
        assert number is not None, "validate_house_number has looked"
        known = place.precision if place is not None else Precision.UNKNOWN
        return Delivery(
            recipient=self.recipient.data or "",
            attention=self.attention.data or "",
            street=self.street.data or "",
            house_number=number.number,
            letter=number.letter,
            addition=number.addition,
            postcode=self.postcode.data or "",
            town=self.town.data or "",
            precision=known if known is Precision.ADDRESS else Precision.BY_HAND,
        )


class ReceiveForm(StaffForm):
    """Packages came in."""

    quantity = WholeNumber(
        _l("Hoeveel pakketten kwamen er binnen?"),
        [Filled(_l("Vul een aantal in.")), NumberRange(1, MOST, _l("Vul een aantal in van 1 tot 100.000."))],
    )
    reason = CleanText(_l("Waar komen ze vandaan?"), [at_most(200)], description=_l("Bijvoorbeeld: levering 2 van de drukker."))


class CountForm(StaffForm):
    """Somebody counted the shelf."""

    counted = WholeNumber(
        _l("Hoeveel pakketten liggen er echt?"),
        [Filled(_l("Vul het aantal in dat je telde.")), NumberRange(0, MOST, _l("Vul een aantal in van 0 tot 100.000."))],
    )
    reason = CleanText(_l("Waarom is het aantal anders?"), [Filled(_l("Schrijf op waarom het aantal anders is.")), at_most(200)])
