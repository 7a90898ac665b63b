"""Forms of editions."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, ValidationError
from wtforms.validators import Length, NumberRange

from weekapp.editions.models import Edition
from weekapp.editions.rules import Dates
from weekapp.forms import CleanText, Filled, StaffForm

FIRST_YEAR, LAST_YEAR = 2010, 2100


class Day(DateField):
    """A date as browsers send it, or as people write it: 30-09-2027."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and not valuelist[0].strip():
            return
        try:
            super().process_formdata([" ".join(valuelist).strip()] if valuelist else [])
        except ValueError:
            raise ValueError(gettext("Vul een dag in. Bijvoorbeeld: 30-09-2027.")) from None
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR + 1:
            self.data = None
            raise ValueError(gettext("Controleer het jaar van deze dag."))


def day(label: Any) -> Day:
    return Day(label, [Filled(_l("Vul een dag in. Bijvoorbeeld: 30-09-2027."))])


class EditionForm(StaffForm):
    """The name and all days of an edition."""

    name = CleanText(
        _l("Naam"),
        [
            Filled(_l("Vul een naam in. Bijvoorbeeld: Week tegen Eenzaamheid 2027.")),
            Length(max=80, message=_l("Maak dit korter: hoogstens %(max)d tekens.")),
        ],
    )
    first_day = day(_l("Eerste dag"))
    last_day = day(_l("Laatste dag"))
    registration_opens = day(_l("Aanmelden kan vanaf"))
    registration_closes = day(_l("Aanmelden kan tot en met"))
    ordering_opens = day(_l("Bestellen kan vanaf"))
    ordering_closes = day(_l("Bestellen kan tot en met"))

    def show(self, edition: Edition) -> None:
        """Fill in how it is."""
        for name in ("name", *Dates.__dataclass_fields__):
            self[name].data = getattr(edition, name)

    def dates(self) -> Dates:
        """What was filled in."""
        return Dates(**{name: self[name].data for name in Dates.__dataclass_fields__})


class NewEditionForm(StaffForm):
    """The year of a new edition."""

    year = IntegerField(
        _l("Jaar"),
        [Filled(_l("Vul een jaar in. Bijvoorbeeld: 2027.")), NumberRange(FIRST_YEAR, LAST_YEAR, _l("Vul een jaar in van 2010 tot 2100."))],
        render_kw={"inputmode": "numeric"},
    )

    def validate_year(self, field: IntegerField) -> None:
        if field.data is None:
            raise ValidationError(gettext("Vul een jaar in. Bijvoorbeeld: 2027."))
