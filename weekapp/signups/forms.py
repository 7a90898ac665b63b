"""Forms of signing up: a first name, one way to reach somebody, and how many come. Never a reason (PRIV-02, PRIV-03)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, StopValidation

from weekapp.forms import CleanText, Filled, PublicForm, StaffForm, mail_address, no_formula, phone_number
from weekapp.signups.rules import LARGEST_PARTY
from weekapp.signups.service import Party

MOST_PLACES = 5000
MORE = [SelectChoice(str(many), str(many)) for many in range(2, LARGEST_PARTY + 1)]
SIZES = [SelectChoice("1", _l("1, ik kom alleen")), *MORE]


class OnlyWhenFilled:
    """An empty field is right; what follows looks at what was typed."""

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation()


def with_a_letter(_form: Form, field: Field) -> None:
    """A name has a letter; a number or a row of dots is none."""
    if not any(c.isalpha() for c in field.data or ""):
        raise ValidationError(gettext("Vul een voornaam met letters in."))


class PartyFields(Form):
    """Who comes to which moment, with a mail address. The moments are those of the activity or gathering: see `offer`."""

    moment = RadioField(_l("Wanneer kom je?"), [Filled(_l("Kies een moment."))], validate_choice=False)
    first_name = CleanText(
        _l("Wat is je voornaam?"),
        [
            Filled(_l("Vul je voornaam in.")),
            Length(max=40, message=_l("Maak je voornaam korter. Er passen 40 letters in.")),
            no_formula,
            with_a_letter,
        ],
    )
    email = CleanText(
        _l("Mailadres"), [OnlyWhenFilled(), Length(max=254, message=_l("Dit mailadres is te lang. Controleer het.")), mail_address]
    )
    party_size = SelectField(
        _l("Met hoeveel mensen kom je?"),
        [Filled(_l("Kies met hoeveel mensen je komt."))],
        choices=SIZES,
        default="1",
        description=_l("Tel jezelf mee."),
        validate_choice=False,
    )

    def offer(self, choices: Sequence[tuple[int, str]], chosen: int | None = None) -> None:
        """The moments to choose from, by id; a single one is chosen already."""
        self.moment.choices = [SelectChoice(str(number), words) for number, words in choices]
        if self.moment.data is None:
            first = chosen if chosen is not None else choices[0][0] if len(choices) == 1 else None
            self.moment.data = str(first) if first is not None else None

    def validate_moment(self, field: Field) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(gettext("Kies een moment."))

    def validate_party_size(self, field: Field) -> None:
        if field.data not in [choice.value for choice in SIZES]:
            raise ValidationError(gettext("Kies met hoeveel mensen je komt: van 1 tot en met 10."))

    @property
    def occurrence_id(self) -> int:
        """The chosen moment; only after a validation without errors."""
        return int(self.moment.data)

    @property
    def party(self) -> Party:
        """What was filled in."""
        return Party(first_name=self.first_name.data or "", email=(self.email.data or "").lower(), phone="", size=int(self.party_size.data))


class MailOrPhoneFields(PartyFields):
    """One way to reach somebody is needed, whichever it is; of two only the mail address is kept."""

    phone = CleanText(_l("Of je telefoonnummer"), [OnlyWhenFilled(), phone_number], description=_l("Bijvoorbeeld: 06 12345678."))

    def validate(self, *args: Any, **more: Any) -> bool:
        right = super().validate(*args, **more)
        if not self.email.data and not self.phone.data and not self.email.errors and not self.phone.errors:
            self.email.errors = [gettext("Vul je mailadres in. Of vul je telefoonnummer in.")]
            return False
        return right

    @property
    def party(self) -> Party:
        party = super().party
        return party if party.email else replace(party, phone=self.phone.data or "")


class SignUpForm(MailOrPhoneFields, PublicForm):
    """What a resident fills in for an activity."""


class SessionForm(PartyFields, PublicForm):
    """What somebody fills in for a session of a gathering. Nobody calls people there, so it takes a mail address."""

    moment = RadioField(_l("Naar welke sessie kom je?"), [Filled(_l("Kies een sessie."))], validate_choice=False)
    email = CleanText(
        _l("Wat is je mailadres?"),
        [
            Filled(_l("Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")),
            Length(max=254, message=_l("Dit mailadres is te lang. Controleer het.")),
            mail_address,
        ],
        render_kw={"inputmode": "email"},
    )


class OnBehalfForm(MailOrPhoneFields, StaffForm):
    """What somebody of the organisation fills in for somebody who cannot."""

    send_id = HiddenField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.send_id.data = (self.send_id.data or secrets.token_urlsafe(16))[:100]
        self.moment.label.text = gettext("Wanneer komt deze persoon?")
        self.first_name.label.text = gettext("Voornaam")
        self.phone.label.text = gettext("Of telefoonnummer")
        self.party_size.label.text = gettext("Met hoeveel mensen?")
        self.party_size.description = gettext("Tel deze persoon mee.")
        self.party_size.choices = [SelectChoice("1", "1"), *MORE]


class AnswerForm(PublicForm):
    """A page with nothing but a button."""


class CodeForm(PublicForm):
    """Give a place back with the code on paper."""

    code = CleanText(
        _l("Wat is je code?"),
        [Filled(_l("Vul je code in. Die heeft 6 letters en cijfers.")), Length(max=40, message=_l("Een code heeft 6 letters en cijfers."))],
        description=_l("Bijvoorbeeld: K3D 7FM."),
    )
    first_name = CleanText(
        _l("Wat is je voornaam?"),
        [Filled(_l("Vul je voornaam in.")), Length(max=40, message=_l("Maak je voornaam korter. Er passen 40 letters in."))],
    )


class Places(StringField):
    """A number of places; empty: no limit."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = "".join("".join(valuelist).split())

    def pre_validate(self, form: Form) -> None:
        if self.data and not (self.data.isascii() and self.data.isdigit() and 1 <= int(self.data[:9]) <= MOST_PLACES):
            raise ValidationError(gettext("Vul een getal in van 1 tot en met %(most)s. Of laat dit leeg.", most=MOST_PLACES))

    @property
    def number(self) -> int | None:
        """The limit, if there is one."""
        return int(self.data) if self.data else None


class PlacesForm(StaffForm):
    """Whether people can sign up here. `form_for` adds a field for each moment."""

    takes_sign_ups = BooleanField(_l("Mensen kunnen zich aanmelden op deze website"))

    @property
    def places(self) -> dict[int, int | None]:
        """The limit of each moment, by id."""
        return {int(field.name.removeprefix("places_")): field.number for field in self if isinstance(field, Places)}


def places_form(moments: Sequence[tuple[int, str, int | None]], takes_sign_ups: bool) -> PlacesForm:
    """The form for these moments: id, when it is, and how many places it has."""
    fields = {f"places_{number}": Places(when) for number, when, _places in moments}
    form: PlacesForm = type("PlacesForm", (PlacesForm,), fields)(
        data={"takes_sign_ups": takes_sign_ups} | {f"places_{number}": str(places or "") for number, _when, places in moments}
    )
    return form
