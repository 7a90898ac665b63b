"""Ground of all forms: tokens that need no cookie, fields that clean what was typed, checks with a sentence each (FORM-01..10)."""

import re
import secrets
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from wtforms import Field, Form, SelectMultipleField, StringField, TextAreaField, TimeField, ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from weekapp import clock
from weekapp.formulas import FORMULA_STARTS

FORM_LIFE = 24 * 3600  # seconds
WRITTEN_TIME = re.compile(r"(\d{1,2})(?:[.:u](\d{2}))?\s*(?:uur|u)?", re.IGNORECASE | re.ASCII)
NOT_SENT = lazy_gettext("Je formulier is nog niet verstuurd. Verstuur het nog een keer.")


class SignedToken(CSRF):
    """A signed, dated, random token in the form itself: a public page needs no cookie for it (A11Y-19, SEC-16)."""

    def setup_form(self, form: Any) -> Any:
        self.serializer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="public form")
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        token: str = self.serializer.dumps(f"{secrets.token_urlsafe(16)}.{int(clock.now().timestamp())}")
        return token

    def validate_csrf_token(self, form: Any, field: CSRFTokenField) -> None:
        try:
            form.send_id = self.serializer.loads(field.data or "", max_age=FORM_LIFE)
            form.made_at = int(form.send_id.rpartition(".")[2])
        except (SignatureExpired, BadSignature):
            raise ValidationError(NOT_SENT) from None


class PublicForm(FlaskForm):
    """A form on a page without a session. `send_id` tells two clicks on one button from two intentions."""

    send_id: str = ""
    made_at = 0  # when the page with it was made, in seconds since 1970
    website = StringField()  # hidden from people; only robots fill it

    class Meta(FlaskForm.Meta):
        csrf_class = SignedToken
        csrf_field_name = "form_token"

    def validate_website(self, field: Field) -> None:
        if field.data:
            raise ValidationError(gettext("Laat dit veld leeg."))


class StaffForm(FlaskForm):
    """A form for someone who is signed in; its token belongs to the session."""


class CleanText(StringField):
    """One line of text: outer space, control characters and line ends go, inner runs of space become one."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = " ".join("".join(c if c.isprintable() else " " for c in self.data).split())


class Paragraphs(TextAreaField):
    """Text of several lines: control characters go, spaces at line ends too, and at most one empty line stays."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        lines = ("".join(c if c.isprintable() else " " for c in line).rstrip() for line in (self.data or "").splitlines())
        kept: list[str] = []
        for line in lines:
            if line or (kept and kept[-1]):
                kept.append(line)
        self.data = "\n".join(kept).strip()


class ClockTime(TimeField):
    """A time of day as browsers send it, or as people write it: 10.00, 10 uur, 9u30."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, format=["%H:%M", "%H:%M:%S"], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join(valuelist).strip()
        written = WRITTEN_TIME.fullmatch(text)
        try:
            super().process_formdata([f"{written[1]}:{written[2] or '00'}" if written else text] if valuelist else [])
        except ValueError:
            raise ValueError(gettext("Vul een tijd in. Bijvoorbeeld: 10:00.")) from None


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Filled(InputRequired):
    """Needed, with a sentence of its own per field (FORM-02); marks the label but keeps the browser silent (FORM-03)."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        data = field.data
        if data is None or data == [] or (isinstance(data, str) and not data.strip()):
            if field.raw_data and any(isinstance(raw, str) and raw.strip() for raw in field.raw_data) and field.errors:
                return  # something was typed that could not be read: the field has said so
            field.errors = []
            raise StopValidation(self.message or gettext("Vul dit in."))


def mail_address(_form: Form, field: Field) -> None:
    """A mail address in a form that can be delivered; no look-up in the request."""
    try:
        field.data = validate_email(field.data or "", check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise ValidationError(gettext("Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")) from None


def phone_number(_form: Form, field: Field) -> None:
    """A phone number, Dutch unless it says otherwise; kept as E.164 (DATA-04)."""
    try:
        number = phonenumbers.parse(field.data or "", "NL")
        if not phonenumbers.is_valid_number(number):
            raise ValidationError(wrong_phone())
    except phonenumbers.NumberParseException:
        raise ValidationError(wrong_phone()) from None
    field.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def wrong_phone() -> str:
    return gettext("Dit is geen telefoonnummer. Vul bijvoorbeeld in: 06 12345678.")


def no_formula(_form: Form, field: Field) -> None:
    """Names, streets and companies go to carriers in files: a spreadsheet must not run them (SEC-10 a)."""
    if (field.data or "").startswith(FORMULA_STARTS):
        raise ValidationError(gettext("Begin met een letter of een cijfer, niet met = + - of @."))
