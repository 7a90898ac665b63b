"""The form for what a municipality says of itself."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, TextAreaField

from weekapp.desk.fields import at_most
from weekapp.forms import CleanText, StaffForm

LONGEST_NAME, LONGEST_INTRODUCTION = 80, 800  # characters


class MunicipalityForm(StaffForm):
    """Its name for the Week, and an introduction in plain text; both may be empty."""

    local_name = CleanText(
        _l("Eigen naam voor de Week"),
        [at_most(LONGEST_NAME)],
        description=_l("Staat bovenaan de pagina en op het programma. Bijvoorbeeld: Heusden Verbindt. Leeg: Kom erbij met jullie naam."),
    )
    introduction = TextAreaField(
        _l("Eigen tekst"),
        [at_most(LONGEST_INTRODUCTION)],
        description=_l("Een paar zinnen voor inwoners. Schrijf zoals je praat."),
        render_kw={"rows": 5},
    )

    def validate_introduction(self, field: Field) -> None:
        lines = "".join(c if c.isprintable() or c == "\n" else " " for c in (field.data or "").replace("\r\n", "\n")).splitlines()
        field.data = "\n".join(" ".join(line.split()) for line in lines).strip()
