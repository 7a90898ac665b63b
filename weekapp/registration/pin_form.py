"""The pin in the form of the place: shown once the address is known, and put right by a name, by steps or by dragging it.

Each button works without JavaScript: the form comes back filled, with the pin where it stands now (static/pin.js does the same at once).
"""

import re
from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField

from weekapp.forms import CleanText
from weekapp.geography import pins
from weekapp.geography.pins import Direction, LonLat, WrongPlace
from weekapp.geography.rules import Precision, normalise_postcode, split_house_number
from weekapp.geography.web import geocoder
from weekapp.registration.address_form import DOOR_FIELDS, AddressFields, address_at
from weekapp.registration.answers import Address
from weekapp.registration.fields import AtMost, options
from weekapp.registration.pin import PIN_WORDS, Picture, Spot, names_around, picture, spot_of
from weekapp.web import said, settings

STEPS = (25, 100, 500)  # metres
POINT = re.compile(r"([0-9]{1,2}\.[0-9]{1,8}),([0-9]{1,2}\.[0-9]{1,8})")
PIN_BUTTONS = "show_pin", "find_pin", "move_pin", "reset_pin"


class PinFields(AddressFields):
    """`pin` is where somebody put the pin ('5.12170,52.09070'), '' while it stands at the address; `pin_for` is the door it belongs to."""

    pressed = ""  # the button of the pin that was pressed
    is_home: object

    pin = HiddenField()
    pin_for = HiddenField()
    pin_words = CleanText(
        _l("Zoek een andere plek"),
        [AtMost(120)],
        description=_l("Typ een postcode of de naam van een plaats. Bijvoorbeeld: 3511 LX."),
    )
    pin_step = SelectField(
        _l("Hoe ver per keer?"),
        choices=options({step: _l("%(metres)s meter", metres=step) for step in STEPS}),
        default="100",
        validate_choice=False,
    )

    @property
    def door(self) -> str:
        """Postcode and house number as typed, in one spelling; '' while they are not both there."""
        postcode, number = normalise_postcode(self.postcode.data or ""), split_house_number(self.house_number.data or "")
        return f"{postcode} {number.number}" if postcode and number else ""

    @property
    def pin_point(self) -> LonLat | None:
        """Where somebody put the pin of this door; a pin of another door does not stay behind."""
        found = POINT.fullmatch(self.pin.data or "")
        return (float(found[1]), float(found[2])) if found and self.door and self.pin_for.data == self.door else None

    @property
    def known_address(self) -> Address | None:
        """The address as it was found now or before."""
        if self.address is not None:
            return self.address
        return self.before if self.before and self.door == f"{self.before.postcode} {self.before.house_number}" else None

    @property
    def spot(self) -> Spot | None:
        """The pin to show; None while the address is not known."""
        return spot_of(self.known_address, self.pin_point) if self.known_address else None

    @property
    def pin_picture(self) -> Picture | None:
        """The same as a picture."""
        return picture(self.spot, settings().tiles_url) if self.spot else None

    @property
    def names_around(self) -> list[tuple[float, float, str]]:
        """Longitude, latitude and words of the postcode areas around the pin, for a map without tiles of others."""
        return names_around(self.spot.point) if self.spot and self.spot.point and not settings().tiles_url else []

    @property
    def pin_texts(self) -> dict[str, str]:
        """What the script says; %s stands for a number."""
        found = gettext(PIN_WORDS[self.known_address.precision]) if self.known_address else ""
        return {
            "byHand": gettext(PIN_WORDS[Precision.BY_HAND]),
            "distance": gettext("Hij staat %(metres)s meter van de plek die wij vonden.", metres="%s"),
            "found": found,
            "pin": gettext("De pin. Met de pijltjes schuif je hem."),
        }

    def press_pin(self, sent: Mapping[str, str]) -> bool:
        """Do what a button of the pin asks; False when another button was pressed."""
        self.pressed = next((name for name in PIN_BUTTONS if name in sent), "")
        if not self.pressed:
            return False
        if self.look_up():
            if self.pressed == "find_pin":
                self.find_pin()
            elif self.pressed == "move_pin" and sent["move_pin"] in set(Direction):
                self.move_pin(Direction(sent["move_pin"]))
            elif self.pressed == "reset_pin":
                self.pin.data = ""
        return True

    def look_up(self) -> bool:
        """Find postcode and house number; False leaves a sentence. The street need not be known yet, and is filled in where we know it."""
        is_right = [self[name].validate(self) for name in DOOR_FIELDS]
        place = self.find_door() if all(is_right) else None
        if place is None:
            return False
        town = place.town if place.precision is Precision.ADDRESS else self.typed_town() or place.town
        self.street.data, self.town.data = place.street or self.street.data, town
        self.address = address_at(place, self.street.data or "", town)
        return True

    def find_pin(self) -> None:
        """Put the pin at the place that is typed."""
        text, spot = self.pin_words.data or "", self.spot
        assert spot is not None, "called after the address was found"
        found = geocoder().search(text, near=spot.address, municipality_code=self.municipality) if text else None
        if found is None:
            self.pin_words.errors = [gettext("We vinden deze plek niet. Typ een postcode of de naam van een plaats.")]
        else:
            self.put_pin(pins.rounded(found))

    def move_pin(self, direction: Direction) -> None:
        """Put the pin one step further."""
        spot, typed = self.spot, self.pin_step.data or ""
        assert spot is not None, "called after the address was found"
        if spot.point is None:
            self.pin_words.errors = [gettext("We weten nog niet waar dit is. Zoek eerst een plaats of een postcode.")]
        else:
            self.put_pin(pins.moved(spot.point, direction, int(typed) if typed in map(str, STEPS) else 100))

    def put_pin(self, point: LonLat) -> None:
        """The pin stands here now, unless it cannot."""
        if self.may_stand(point):
            self.pin.data, self.pin_for.data = f"{point[0]:.5f},{point[1]:.5f}", self.door
            self.pin_words.data = ""

    def may_stand(self, point: LonLat) -> bool:
        """Whether a pin can stand here; False leaves a sentence."""
        try:
            pins.check_pin(point, self.municipality)
        except WrongPlace as error:
            self.pin_words.errors = [said(error)]
            return False
        return True

    @property
    def municipality(self) -> str | None:
        """The code of the municipality of the address, when that is known."""
        return self.known_address.municipality_code if self.known_address else None

    def check_pin(self) -> bool:
        """Before keeping it. A name that was typed and not looked up is looked up now, and the form is shown once more."""
        if self.asks_no_pin:
            return True
        if self.address is None:  # something else must be changed first; the pin stays on the page
            if self.door and not any(self[name].errors for name in DOOR_FIELDS):
                self.look_up()
            return False
        if self.pin_words.data and not self.pin_words.errors:
            self.pressed = "find_pin"
            self.find_pin()
            return False
        return not self.pin_words.errors and (self.pin_point is None or self.may_stand(self.pin_point))

    @property
    def asks_no_pin(self) -> bool:
        """Of a home only the area of its postcode is shown (PRIV-04)."""
        return bool(self["is_home"].data)

    @property
    def kept_pin(self) -> LonLat | None:
        """Where the pin was put; only after a validation without errors."""
        return None if self.asks_no_pin else self.pin_point

    @staticmethod
    def pin_data(address: Address, pin: LonLat | None) -> dict[str, str]:
        """What the hidden fields hold when the pin was put right before."""
        if pin is None:
            return {}
        return {"pin": f"{pin[0]:.5f},{pin[1]:.5f}", "pin_for": f"{address.postcode} {address.house_number}"}
