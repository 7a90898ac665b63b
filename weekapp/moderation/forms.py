"""The form of readers who see a mistake: a fixed reason, and a few words if they like. Who they are is not asked (PRIV-02)."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectChoice, TextAreaField, ValidationError
from wtforms.validators import Length

from weekapp.forms import Filled, PublicForm
from weekapp.moderation.rules import LONGEST_WORDS, MISTAKE_WORDS, Mistake


class ReportForm(PublicForm):
    """What is wrong."""

    mistake = RadioField(
        _l("Wat klopt er niet?"),
        [Filled(_l("Kies wat er niet klopt."))],
        choices=[SelectChoice(mistake.value, _l(words)) for mistake, words in MISTAKE_WORDS.items()],
        validate_choice=False,
    )
    words = TextAreaField(
        _l("Wat moet het zijn?"),
        [Length(max=LONGEST_WORDS, message=_l("Maak je tekst korter: hoogstens 300 tekens."))],
        description=_l("Schrijf hier niets over jezelf. Je naam hoeven we niet te weten."),
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )

    def validate_mistake(self, field: Field) -> None:
        if field.data not in set(Mistake):
            raise ValidationError(gettext("Kies wat er niet klopt."))

    def validate_words(self, field: Field) -> None:
        text = (field.data or "").replace("\x00", "")
        field.data = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if self.mistake.data == Mistake.OTHER and not field.data:
            raise ValidationError(gettext("Schrijf in een paar woorden wat er niet klopt."))
