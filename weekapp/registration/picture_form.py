"""The question for a picture. What was sent is kept at once, so that it need not be chosen again when another answer is wrong."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, Form, HiddenField, ValidationError

from weekapp.db import transaction
from weekapp.forms import FORM_LIFE, CleanText, Filled
from weekapp.pictures import links, queries, service
from weekapp.pictures.rules import MOST_BYTES, Made, NoPicture, Shown, made_from
from weekapp.registration.fields import AtMost, OnlyIf
from weekapp.web import said


def has_photo(form: Any) -> bool:
    """Whether there is a picture to describe."""
    return bool(form.photo.data or form.picture_id)


class PictureFields(Form):
    """A picture with what it shows in words. Call `keep_photo` in a transaction after validation, right or wrong."""

    made: Made | None = None  # what was sent now

    kept_photo = HiddenField()  # the signed id of what was sent before
    photo = FileField(
        _l("Heb je een foto van de plek of van een eerdere keer?"),
        description=_l("Een foto mag hooguit 10 MB groot zijn. Vraag het eerst aan wie erop staat."),
    )
    photo_alt = CleanText(
        _l("Wat is er op de foto te zien?"),
        [OnlyIf(has_photo), Filled(_l("Vertel kort wat er op de foto te zien is.")), AtMost(250)],
        description=_l("Voor wie de foto niet kan zien. Bijvoorbeeld: een lange tafel met kommen soep."),
    )
    drop_photo = BooleanField(_l("Haal deze foto weg"))

    @property
    def picture_id(self) -> int | None:
        """The picture that was kept and is still wanted."""
        if self.drop_photo.data:
            return None
        return links.id_in(self.kept_photo.data or "", "form", FORM_LIFE)

    @property
    def shown_photo(self) -> Shown | None:
        """The picture that was kept, to look at."""
        picture = queries.picture(self.picture_id) if self.picture_id else None
        return links.shown(picture) if picture else None

    def validate_photo(self, field: Field) -> None:
        """Judged by its content; the file's own name and type say nothing."""
        if not field.data:
            return
        try:
            self.made = made_from(field.data.read(MOST_BYTES + 1))
        except NoPicture as problem:
            raise ValidationError(said(problem)) from None

    def keep_photo(self) -> None:
        """Keep what was sent now, and the words for it."""
        words = "" if self.photo_alt.errors else self.photo_alt.data or ""
        if self.made:
            self.kept_photo.data = ticket(service.keep_made(self.made, words or gettext("Foto")).id)
        elif self.picture_id and words:
            picture = service.with_words(self.picture_id, words)
            self.kept_photo.data = ticket(picture.id) if picture else ""
        elif self.drop_photo.data:
            self.kept_photo.data = self.photo_alt.data = ""

    def validate_and_keep(self) -> bool:
        """Whether all answers are right; a picture is kept either way, in a transaction of its own."""
        is_right: bool = self.validate()
        with transaction():
            self.keep_photo()
        return is_right

    def keep_sent(self) -> None:
        """Keep a picture that came with another button than the last one, so that it need not be chosen again."""
        if self.photo.validate(self, [type(self).validate_photo]):
            with transaction():
                self.keep_photo()

    @staticmethod
    def picture_data(picture_id: int | None) -> dict[str, str]:
        """What the fields show when a picture was given before."""
        picture = queries.picture(picture_id) if picture_id else None
        return {"kept_photo": ticket(picture.id), "photo_alt": picture.alt_text} if picture else {}


def ticket(picture_id: int) -> str:
    """The id of a picture in a form, signed: nobody takes somebody else's."""
    return links.signer("form").dumps(picture_id)
