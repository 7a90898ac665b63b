"""Forms of editions."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import NumberRange

from weekapp.desk.fields import FIRST_YEAR, LAST_YEAR, Day, Number, at_most
from weekapp.editions.models import Edition
from weekapp.editions.rules import Dates
from weekapp.forms import CleanText, Filled, StaffForm


def day(label: Any) -> Day:
    return Day(label, [Filled(_l("Vul een dag in. Bijvoorbeeld: 30-09-2027."))])


class EditionForm(StaffForm):
    """The name and all days of an edition."""

    name = CleanText(
        _l("Naam"),
        [
            Filled(_l("Vul een naam in. Bijvoorbeeld: Week tegen Eenzaamheid 2027.")),
            at_most(80),
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

    year = Number(
        _l("Jaar"),
        [Filled(_l("Vul een jaar in. Bijvoorbeeld: 2027.")), NumberRange(FIRST_YEAR, LAST_YEAR, _l("Vul een jaar in van 2010 tot 2100."))],
        render_kw={"inputmode": "numeric"},
    )
