"""The forms with which an initiator changes what exists: the activity with its moments, and whether it takes place at all."""

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField

from weekapp import clock
from weekapp.activities.changes import WantedMoment
from weekapp.activities.models import Occurrence
from weekapp.forms import Filled, Paragraphs, StaffForm
from weekapp.registration.answers import Moment
from weekapp.registration.fields import AtMost, OnlyIf, options
from weekapp.registration.place_form import AllFields, MomentFields
from weekapp.registration.rules import MOST_MOMENTS

OFF, LATER = "niet", "later"


class KeptMomentFields(MomentFields):
    """A moment that may have been there before."""

    occurrence_id = HiddenField()

    @property
    def kept_id(self) -> int | None:
        typed = self.occurrence_id.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class ChangeForm(AllFields, StaffForm):
    """All answers of an activity. `shown` holds the moments that stood on the page: what is no longer among them is called off."""

    moments = FieldList(FormField(KeptMomentFields), min_entries=1, max_entries=MOST_MOMENTS)
    shown = HiddenField()
    remark = Paragraphs(
        _l("Wil je iets zeggen tegen wie zich al aanmeldde?"),
        [AtMost(500)],
        description=_l("Verandert de tijd of de plek? Dan mailen we hen. Jouw woorden staan in die mail."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = super().validate(extra_validators)
        return self.check_place() and fields_are_right

    def wanted_moments(self) -> list[WantedMoment]:
        """The moments as they should be; only after a validation without errors."""
        rows = [(row.form.kept_id, *row.form.moment.instants) for row in self.moments]
        return [WantedMoment(id=kept, starts_at=starts, ends_at=ends) for kept, starts, ends in rows]

    def dropped(self) -> set[int]:
        """The ids of moments that stood on the page and were taken away."""
        shown = {int(part) for part in (self.shown.data or "").split(",") if part.isascii() and part.isdigit() and len(part) < 10}
        return shown - {row.form.kept_id for row in self.moments if row.form.kept_id}

    @staticmethod
    def moments_data(coming: list[Occurrence]) -> dict[str, Any]:
        """What the fields show of moments that can still be changed."""
        rows = []
        for one in coming:
            begins, ends = clock.local(one.starts_at), clock.local(one.ends_at)
            moment = Moment(day=begins.date(), begins=begins.time(), ends=ends.time())
            rows.append(asdict(moment) | {"occurrence_id": str(one.id)})
        return {"moments": rows, "shown": ",".join(str(one.id) for one in coming)}


class ReasonForm(StaffForm):
    """Why something does not take place."""

    reason = Paragraphs(
        _l("Waarom gaat het niet door?"),
        [Filled(_l("Vertel kort waarom het niet doorgaat.")), AtMost(500)],
        description=_l("We mailen dit aan wie zich aanmeldde. Bijvoorbeeld: de zaal is niet vrij."),
    )


class CallOffForm(ReasonForm):
    """Whether it is over, or comes later."""

    asks_later = True  # only what is public can come later
    what = RadioField(
        _l("Komt er een andere dag?"),
        [OnlyIf(lambda form: form.asks_later), Filled(_l("Kies of er een andere dag komt."))],
        choices=options(
            {
                OFF: _l("Nee, het gaat niet door"),
                LATER: _l("Ja, maar ik weet nog niet welke dag"),
            }
        ),
    )

    @property
    def in_page_order(self) -> list[Any]:
        return [self.csrf_token, self.what, self.reason]

    @property
    def comes_later(self) -> bool:
        return self.asks_later and self.what.data == LATER
