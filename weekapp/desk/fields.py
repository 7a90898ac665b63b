"""Fields that the forms of the programme manager share: whole numbers, days, texts with a longest length."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField
from wtforms.validators import Length, NumberRange, Optional

FIRST_YEAR, LAST_YEAR = 2010, 2100


def at_most(length: int) -> Length:
    """A longest length, in characters."""
    return Length(max=length, message=_l("Maak dit korter: hoogstens %(max)d tekens."))


def between(least: int, most: int, text: Any) -> list[Any]:
    """A smallest and a largest number, or nothing."""
    return [Optional(), NumberRange(least, most, text)]


class Number(IntegerField):
    """A whole number; what is no number gets a sentence of ours."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip().replace(".", "") if valuelist else ""
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) < 8):
            raise ValueError(gettext("Vul een heel getal in. Bijvoorbeeld: 50."))
        if text:
            self.data = int(text)


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
        if self.data and not FIRST_YEAR - 1 <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(gettext("Controleer het jaar van deze dag."))
