"""The fields of an address, and looking it up: shared by the place of an activity and the address of a package."""

from dataclasses import asdict
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, ValidationError

from weekapp.forms import CleanText, Filled, no_formula
from weekapp.geography.geocoder import Place, Query
from weekapp.geography.rules import Precision, is_po_box, normalise_postcode, split_house_number
from weekapp.geography.web import geocoder
from weekapp.registration.answers import Address
from weekapp.registration.fields import AtMost, OnlyIf
from weekapp.web import settings

DOOR_FIELDS = ("postcode", "house_number", "letter", "addition")
ADDRESS_FIELDS = (*DOOR_FIELDS, "street", "town")


def dutch_postcode(_form: Form, field: Field) -> None:
    """O05; kept as 1234 AB (DATA-03)."""
    postcode = normalise_postcode(field.data or "")
    if postcode is None:
        raise ValidationError(gettext("Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB."))
    field.data = postcode


def house_number(form: Any, field: Field) -> None:
    """Number, letter and addition apart, also when they were typed in one box (DATA-02)."""
    parts = split_house_number(field.data or "")
    if parts is None:
        begins_right = (field.data or "")[:1].isdigit()
        raise ValidationError(
            gettext("Dit huisnummer bestaat niet. Controleer het.")
            if begins_right
            else gettext("Een huisnummer begint met een cijfer. Bijvoorbeeld: 12.")
        )
    typed = (form.letter.data or "").upper(), form.addition.data or ""
    if (parts.letter and typed[0] not in {"", parts.letter}) or (parts.addition and typed[1] not in {"", parts.addition}):
        raise ValidationError(gettext("Zet in dit vak alleen het nummer. De letter en de toevoeging hebben een eigen vak."))
    field.data = str(parts.number)
    form.letter.data, form.addition.data = typed[0] or parts.letter, typed[1] or parts.addition


def one_letter(_form: Form, field: Field) -> None:
    text = (field.data or "").upper()
    if text and not (len(text) == 1 and text.isascii() and text.isalpha()):
        raise ValidationError(gettext("Een huisletter is 1 letter. Bijvoorbeeld: A."))
    field.data = text


def no_po_box(_form: Form, field: Field) -> None:
    """Nobody can come to a PO box, and no parcel either (O04, product.md rule 5)."""
    if is_po_box(field.data or ""):
        raise ValidationError(gettext("Een postbus kan niet. Vul een adres in waar overdag iemand is."))


def is_asked(form: Any) -> bool:
    """Whether this form wants the address: some ask for it only after another answer."""
    asked: bool = form.asks_address
    return asked


def address_at(place: Place, street: str, town: str) -> Address:
    """What was found, with the names that were found or typed."""
    known = {name: value for name, value in asdict(place).items() if name not in {"street", "town", "looked_up_at"}}
    return Address(street=street, town=town, **known)


class AddressFields(Form):
    """An address in the fields of DATA-02. `address` is what was found, after a validation without errors."""

    address: Address | None = None
    before: Address | None = None
    asks_address = True

    postcode = CleanText(
        _l("Postcode"),
        [OnlyIf(is_asked), Filled(_l("Vul de postcode in. Bijvoorbeeld: 1234 AB.")), dutch_postcode],
    )
    house_number = CleanText(_l("Huisnummer"), [OnlyIf(is_asked), Filled(_l("Vul het huisnummer in.")), house_number])
    letter = CleanText(_l("Huisletter"), [OnlyIf(is_asked), one_letter])
    addition = CleanText(_l("Toevoeging"), [OnlyIf(is_asked), AtMost(10), no_formula, no_po_box])
    street = CleanText(_l("Straat"), [OnlyIf(is_asked), AtMost(80), no_formula, no_po_box])
    town = CleanText(_l("Plaats"), [OnlyIf(is_asked), AtMost(80), no_formula])

    def set_up_address(self, before: Address | None) -> None:
        """Say which fields we cannot fill ourselves (the postcode table knows no streets), and what was answered before."""
        self.before = before
        if settings().geocoder == "postcodes":
            self.street.flags.required = True

    @property
    def shows_street(self) -> bool:
        """Whether street and town are asked: not while the address register can fill them in."""
        return bool(settings().geocoder == "postcodes" or self.street.data or self.street.errors or self.town.errors)

    def find_address(self) -> bool:
        """Look up what was typed; False leaves a sentence at the field to change."""
        if not self.asks_address:
            return True
        if any(self[name].errors for name in ADDRESS_FIELDS):
            return False
        place = self.find_door()
        if place is None:
            return False
        street = place.street or self.street.data
        town = place.town if place.precision is Precision.ADDRESS else self.typed_town() or place.town
        if not street:
            self.street.errors = [gettext("Vul de straat in. Wij kunnen hem nu niet vinden.")]
        if not town:
            self.town.errors = [gettext("Vul de plaats in. Wij kennen deze postcode niet.")]
        if not (street and town):
            return False
        self.address = address_at(place, street, town)
        return True

    def find_door(self) -> Place | None:
        """Look up postcode and house number; None leaves a sentence."""
        place = geocoder().find(Query(self.postcode.data, int(self.house_number.data), self.letter.data or "", self.addition.data or ""))
        if place is None:
            self.postcode.errors = [gettext("We vinden dit adres niet. Controleer de postcode en het huisnummer.")]
        return place

    def typed_town(self) -> str:
        """The town as typed; not one that stayed behind from another postcode."""
        typed: str = self.town.data or ""
        stayed_behind = self.before and typed == self.before.town and self.postcode.data != self.before.postcode
        return "" if stayed_behind else typed
