"""Fields and checks that the forms of this feature share: whole numbers, days, checks that depend."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, Form, IntegerField, RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

YES, NO = "ja", "nee"


class MultiCheckboxField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WholeNumber(IntegerField):
    """A number without a fraction, with a sentence of our own when it is none."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = "".join(valuelist[0].split()) if valuelist else ""
        if not text:
            self.data = None
            return
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            self.data = None
            raise ValueError(gettext("Vul een getal in. Bijvoorbeeld: 40."))
        self.data = int(text)


class Day(DateField):
    """A date as browsers send it, or as people write it: 30-09-2027."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, format=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([" ".join(valuelist).strip()] if valuelist else [])
        except ValueError:
            raise ValueError(gettext("Vul een dag in. Bijvoorbeeld: 30-09-2027.")) from None


def options(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """The choices of a field from a table value -> words."""
    return [SelectChoice(str(value), _l(text) if isinstance(text, str) else text) for value, text in words.items()]


def yes_or_no(label: str, *validators: Any, description: str = "") -> Any:
    """A question with two answers; the data is YES or NO."""
    return RadioField(label, choices=options({YES: _l("Ja"), NO: _l("Nee")}), validators=list(validators), description=description)


class OnlyIf:
    """What follows counts only when another answer asks for it; else the field is right, whatever it holds."""

    def __init__(self, asked: Callable[[Any], bool]) -> None:
        self.asked = asked

    def __call__(self, form: Form, field: Field) -> None:
        if not self.asked(form):
            field.errors = []
            raise StopValidation()


class AtMost:
    """A longest length, with a sentence that says how much too long it is."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        if len(field.data or "") > self.most:
            raise ValidationError(
                gettext("Maak dit korter. Er passen %(most)s tekens in, je hebt er %(length)s.", most=self.most, length=len(field.data))
            )


class Between:
    """A smallest and a largest number."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is not None and not self.least <= field.data <= self.most:
            raise ValidationError(gettext("Vul een getal in van %(least)s tot en met %(most)s.", least=self.least, most=self.most))


def with_letters(_form: Form, field: Field) -> None:
    """A name has at least one letter or digit."""
    if field.data and not any(c.isalnum() for c in field.data):
        raise ValidationError(gettext("Vul een naam met letters in."))
