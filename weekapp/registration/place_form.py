"""Step 2: where the activity is, and its moments."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form, FormField, SelectField, ValidationError

from weekapp import clock
from weekapp.editions.models import Edition
from weekapp.forms import CleanText, ClockTime, Filled, PublicForm, StaffForm, no_formula
from weekapp.registration.address_form import no_po_box
from weekapp.registration.answers import AboutPlace, Address, Moment
from weekapp.registration.fields import AtMost, Day, OnlyIf, options
from weekapp.registration.forms import ActivityFields
from weekapp.registration.pin_form import PinFields
from weekapp.registration.rules import MOST_MOMENTS, WrongMoment, check_moment
from weekapp.registration.series import RHYTHM_WORDS, Rhythm, WrongSeries, days_after, too_many
from weekapp.web import said


class MomentFields(Form):
    """One moment: a day, a begin and an end."""

    day = Day(_l("Dag"), [Filled(_l("Vul de dag in."))])
    begins = ClockTime(_l("Begint om"), [Filled(_l("Vul in hoe laat het begint. Bijvoorbeeld: 10:00."))])
    ends = ClockTime(_l("Duurt tot"), [Filled(_l("Vul in hoe laat het afgelopen is. Bijvoorbeeld: 12:00."))])

    @property
    def moment(self) -> Moment:
        return Moment(day=self.day.data, begins=self.begins.data, ends=self.ends.data)


def is_pressed(form: Any) -> bool:
    """Whether the button of the series was pressed: else its fields do not matter."""
    pressed: bool = form.is_wanted
    return pressed


class SeriesFields(Form):
    """Several moments at once, after the last one that is filled in."""

    rhythm = SelectField(_l("Hoe vaak komt het terug?"), choices=options(RHYTHM_WORDS), default=Rhythm.WEEKLY.value, validate_choice=False)
    until = Day(_l("Tot en met welke dag?"), [OnlyIf(is_pressed), Filled(_l("Vul de laatste dag in. Bijvoorbeeld: 30-09-2027."))])
    is_wanted = False

    def validate_rhythm(self, field: Field) -> None:
        if self.is_wanted and field.data not in set(Rhythm):
            raise ValidationError(gettext("Kies hoe vaak het terugkomt."))


class PlaceFields(PinFields):
    """Where and when. Call `set_up` after making it."""

    edition: Edition
    days: dict[str, Any]
    added = 0  # moments by the last button
    row_buttons = "add_moment", "remove_moment", "add_series"

    venue = CleanText(
        _l("Hoe heet de plek?"),
        [AtMost(120), no_formula, no_po_box],
        description=_l("Bijvoorbeeld: Buurthuis De Linde."),
    )
    is_home = BooleanField(
        _l("Dit is een huisadres"),
        description=_l("Woont hier iemand? Dan zetten we het adres niet op de website. Mensen horen het adres als ze zich aanmelden."),
    )
    is_ongoing = BooleanField(
        _l("Dit is er het hele jaar door"),
        description=_l("Dan blijft je activiteit het hele jaar op de website. De dagen mogen dan ook buiten de Week vallen."),
    )
    moments = FieldList(FormField(MomentFields), min_entries=1, max_entries=MOST_MOMENTS)
    series = FormField(SeriesFields)

    def set_up(self, edition: Edition, before: Address | None) -> None:
        """Make the date pickers open at the days of the Week."""
        self.edition = edition
        self.set_up_address(before)
        self.days = {"data-min": edition.first_day.isoformat(), "data-max": edition.last_day.isoformat()}
        if not self.is_ongoing.data:
            self.days |= {"min": edition.first_day.isoformat(), "max": edition.last_day.isoformat()}
        for row in [*self.moments, self.series]:
            day = row.form.until if row is self.series else row.form.day
            day.render_kw = self.days

    def change_rows(self, sent: Mapping[str, str]) -> bool:
        """Do what 'Nog een moment', 'Haal weg', 'Vul de dagen in' or a button of the pin asks; False when another button was pressed."""
        if self.press_pin(sent):
            return True
        if "add_series" in sent:
            self.add_series()
        elif "add_moment" in sent and len(self.moments) < MOST_MOMENTS:
            self.add_row()
        elif "remove_moment" in sent:
            self.moments.entries = [row for row in self.moments.entries if row.name != sent["remove_moment"]]
            if not self.moments.entries:
                self.moments.append_entry().form.day.render_kw = self.days
        return any(name in sent for name in self.row_buttons)

    def add_row(self) -> None:
        """One row more, a day later at the same times: that is what most people mean."""
        last = self.moments.entries[-1].form
        data: dict[str, Any] = {"begins": last.begins.data, "ends": last.ends.data}
        if last.day.data and last.day.data < self.edition.last_day:
            data["day"] = last.day.data + timedelta(days=1)
        self.moments.append_entry(data).form.day.render_kw = self.days | {"autofocus": True}

    def add_series(self) -> None:
        """Rows for all days of a series, at the times of the last moment; a sentence at the field when it cannot be."""
        last, wanted = self.moments.entries[-1].form, self.series.form
        wanted.is_wanted = True
        is_whole = last.validate()
        self.moments.errors = [row.form.errors for row in self.moments if row.form.errors]
        if not (wanted.validate() and is_whole):
            return
        try:
            days = days_after(last.day.data, wanted.until.data, Rhythm(wanted.rhythm.data))
            if len(self.moments) + len(days) > MOST_MOMENTS:
                raise too_many()
        except WrongSeries as error:
            wanted.until.errors = [said(error)]
            return
        for day in days:
            data = {"day": day, "begins": last.begins.data, "ends": last.ends.data}
            self.moments.append_entry(data).form.day.render_kw = self.days
        self.added = len(days)
        wanted.until.data = wanted.until.raw_data = None

    def check_place(self) -> bool:
        """Everything that a field cannot know by itself: days of the edition, doubles, the address."""
        seen = set[Moment]()
        for row in self.moments:
            if not row.form.errors:
                self.check_row(row.form, seen)
        self.moments.errors = [row.form.errors for row in self.moments if row.form.errors]
        is_found = self.find_address()
        return self.check_pin() and is_found and not self.moments.errors

    def check_row(self, row: MomentFields, seen: set[Moment]) -> None:
        moment = row.moment
        try:
            days: dict[str, Any] = {"first_day": self.edition.first_day, "last_day": self.edition.last_day, "now": clock.now()}
            check_moment(**asdict(moment), **days, is_ongoing=self.is_ongoing.data)
        except WrongMoment as error:
            row[error.field].errors = [said(error)]
        if moment in seen:
            row.day.errors = [gettext("Dit moment staat er al. Haal het weg of kies een andere tijd.")]
        seen.add(moment)

    def about_place(self) -> AboutPlace:
        """What was answered; only after a validation without errors."""
        assert self.address is not None, "called after a validation without errors"
        moments = sorted((row.form.moment for row in self.moments), key=lambda moment: moment.instants)
        return AboutPlace(
            venue=self.venue.data or "",
            address=self.address,
            pin=self.kept_pin,
            is_home=self.is_home.data,
            moments=tuple(moments),
            is_ongoing=self.is_ongoing.data,
        )

    @staticmethod
    def place_data(given: AboutPlace | None) -> dict[str, Any]:
        """What the fields show when this was answered before."""
        if given is None:
            return {}
        moments = [asdict(moment) for moment in given.moments]
        address = asdict(given.address) | {"house_number": str(given.address.house_number)}
        where = {"venue": given.venue, "is_home": given.is_home, "is_ongoing": given.is_ongoing, "moments": moments}
        return address | where | PinFields.pin_data(given.address, given.pin)


class PlaceForm(PlaceFields, PublicForm):
    """Step 2 of a registration."""

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = super().validate(extra_validators)
        return self.check_place() and fields_are_right


class AllFields(ActivityFields, PlaceFields):
    """All public answers at once."""

    def change_rows(self, sent: Mapping[str, str]) -> bool:
        """As for the place alone; a picture that was chosen goes along."""
        is_pressed = super().change_rows(sent)
        if is_pressed:
            self.keep_sent()
        return is_pressed


class ReviseForm(AllFields, StaffForm):
    """All public answers, for an activity that a moderator sent back."""

    def validate(self, extra_validators: Any = None) -> bool:
        fields_are_right = super().validate(extra_validators)
        return self.check_place() and fields_are_right
