"""Forms of staff."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from weekapp.accounts.models import User
from weekapp.accounts.rules import ROLE_WORDS, STAFF, RoleName
from weekapp.desk.fields import at_most
from weekapp.forms import CleanText, Filled, MultiCheckboxField, StaffForm, mail_address

ROLES = [SelectChoice(role.value, _l(ROLE_WORDS[role])) for role in RoleName if role in STAFF]


WRONG_MAIL = _l("Vul een mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")


def their_address(form: Form, field: Field) -> None:
    """As `mail_address`, in words about somebody else."""
    try:
        mail_address(form, field)
    except ValidationError:
        raise ValidationError(WRONG_MAIL) from None


class WithMunicipality(StaffForm):
    """The municipality of an officer."""

    municipality_code = SelectField(_l("Gemeente"), description=_l("Alleen voor de rol gemeente."))

    def offer(self, municipalities: Sequence[Any]) -> None:
        """Set the choices."""
        self.municipality_code.choices = [SelectChoice("", _l("Geen")), *(SelectChoice(one.code, one.name) for one in municipalities)]

    def wants_municipality(self) -> bool:
        raise NotImplementedError

    def validate_municipality_code(self, field: Field) -> None:
        if self.wants_municipality() and not field.data:
            raise ValidationError(gettext("Kies een gemeente."))


class NewPersonForm(WithMunicipality):
    """A new member of staff."""

    name = CleanText(_l("Naam"), [Filled(_l("Vul een naam in.")), at_most(120)])
    email = CleanText(
        _l("Mailadres"),
        [Filled(WRONG_MAIL), their_address],
        render_kw={"inputmode": "email"},
    )
    role = SelectField(_l("Rol"), [Filled(_l("Kies een rol."))], choices=[SelectChoice("", _l("Kies een rol")), *ROLES])

    def wants_municipality(self) -> bool:
        return bool(self.role.data == RoleName.MUNICIPALITY)


class RolesForm(WithMunicipality):
    """The roles of somebody."""

    roles = MultiCheckboxField(_l("Rollen"), [Filled(_l("Kies ten minste één rol."))], choices=ROLES)

    def wants_municipality(self) -> bool:
        return RoleName.MUNICIPALITY in (self.roles.data or [])

    def show(self, user: User) -> None:
        """Fill in how it is."""
        self.roles.data = [role.name for role in user.roles if role.name in STAFF]
        self.municipality_code.data = user.municipality_code or ""
