"""Forms of moderators."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectChoice, TextAreaField, ValidationError
from wtforms.validators import Length

from weekapp.forms import MultiCheckboxField, StaffForm
from weekapp.moderation.rules import REASON_WORDS, Reason

LONGEST_REASON = 1000  # characters


class ReturnForm(StaffForm):
    """Send an activity back: ready reasons, words of one's own, or both. The initiator reads them in a mail."""

    ready = MultiCheckboxField(
        _l("Kies een of meer redenen"), choices=[SelectChoice(reason.value, _l(words)) for reason, words in REASON_WORDS.items()]
    )
    own = TextAreaField(
        _l("Of schrijf zelf wat er anders moet"),
        [Length(max=LONGEST_REASON, message=_l("Maak je tekst korter: hoogstens 1000 tekens."))],
        description=_l("De initiatiefnemer leest dit in een mail. Schrijf zoals je praat."),
        render_kw={"rows": 4},
    )

    def validate_own(self, field: Field) -> None:
        field.data = "\n".join(" ".join(line.split()) for line in (field.data or "").splitlines()).strip()
        if not field.data and not self.ready.data:
            raise ValidationError(gettext("Kies een reden of schrijf er zelf een. Dan weet de initiatiefnemer wat er moet veranderen."))

    @property
    def reason(self) -> str:
        """All reasons as the initiator reads them."""
        chosen: list[Any] = [gettext(REASON_WORDS[Reason(value)]) for value in self.ready.data or []]
        return "\n".join([*chosen, *([self.own.data] if self.own.data else [])])
