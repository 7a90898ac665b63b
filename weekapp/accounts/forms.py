"""Forms of signing in."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, PasswordField, ValidationError
from wtforms.validators import Length, StopValidation

from weekapp.accounts import rules
from weekapp.forms import CleanText, Filled, PublicForm, StaffForm, mail_address

LONGEST_PASSWORD = 200  # characters; hashing a whole book would cost us more than it costs the sender


def inside(address: str | None) -> str:
    """Where to go on to; an address on another site becomes none."""
    return address if address and rules.is_inside(address) else ""


class LinkForm(PublicForm):
    """Ask for a link by mail."""

    email = CleanText(
        _l("Je mailadres"),
        [Filled(_l("Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")), mail_address],
        description=_l("Gebruik het mailadres van je aanmelding."),
        render_kw={"inputmode": "email"},
    )
    next = HiddenField(filters=[inside])


class UseLinkForm(PublicForm):
    """The button behind the link."""


class PasswordForm(PublicForm):
    """First step for staff."""

    email = CleanText(_l("Je mailadres"), [Filled(_l("Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl."))])
    password = PasswordField(
        _l("Je wachtwoord"), [Filled(_l("Vul je wachtwoord in.")), Length(max=LONGEST_PASSWORD, message=_l("Dit wachtwoord is te lang."))]
    )
    next = HiddenField(filters=[inside])


class EitherCode:
    """One of two fields must be filled in; when neither is, the first one says so."""

    field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        if field is form.code and not form.code.data and not form.recovery.data:
            raise StopValidation(wrong_code())


def wrong_code() -> str:
    return gettext("Vul de code van 6 cijfers in. Die staat in de app op je telefoon.")


class CodeForm(PublicForm):
    """Second step for staff: the code of the moment, or one from paper."""

    code = CleanText(
        _l("Code van 6 cijfers"),
        [EitherCode()],
        description=_l("Open de app op je telefoon. Daar staat de code."),
        render_kw={"inputmode": "numeric"},
    )
    recovery = CleanText(_l("Herstelcode"), [EitherCode()])

    def validate_code(self, field: Field) -> None:
        digits = "".join((field.data or "").split())
        if digits and not (digits.isascii() and digits.isdigit() and len(digits) == 6):
            raise ValidationError(wrong_code())
        field.data = digits


class RecoveryCodesForm(StaffForm):
    """The button that makes new codes on paper."""
