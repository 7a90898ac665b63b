"""Forms of gatherings and their sessions, for the programme team."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectChoice, SelectField, ValidationError
from wtforms.validators import AnyOf, NumberRange, Optional

from weekapp import clock
from weekapp.desk.fields import Day, Number, at_most
from weekapp.forms import CleanText, ClockTime, Filled, Paragraphs, StaffForm
from weekapp.gatherings.models import Gathering, Session
from weekapp.gatherings.rules import ATTENDANCE_WORDS, AUDIENCE_WORDS, HAS_LINK, HAS_PLACE, KIND_WORDS, Attendance, Audience, Kind
from weekapp.gatherings.service import NewGathering, NewSession
from weekapp.geography.rules import normalise_postcode

MOST_PLACES = 5000
WRONG_POSTCODE = _l("Een postcode heeft 4 cijfers en 2 letters. Bijvoorbeeld: 1234 AB.")


def choices(words: Any) -> list[SelectChoice]:
    return [SelectChoice(value.value, _l(text)) for value, text in words.items()]


def one_of(values: type[StrEnum], text: Any) -> list[Any]:
    """Needed, and one of a fixed list."""
    return [Filled(text), AnyOf([one.value for one in values], text)]


class GatheringForm(StaffForm):
    """What it is, where it is, who organises it."""

    kind = SelectField(
        _l("Soort bijeenkomst"),
        one_of(Kind, _l("Kies wat voor bijeenkomst het is.")),
        choices=choices(KIND_WORDS),
        validate_choice=False,
    )
    title = CleanText(
        _l("Naam"),
        [Filled(_l("Vul een naam in. Bijvoorbeeld: Opening in de Melkweghal.")), at_most(120)],
        description=_l("Deze naam staat op de website en in de agenda van mensen."),
    )
    description = Paragraphs(
        _l("Wat gaan we doen?"),
        [Filled(_l("Vertel in een paar zinnen wat mensen kunnen verwachten.")), at_most(3000)],
        render_kw={"rows": 6},
    )
    organiser = CleanText(
        _l("Wie organiseert dit?"), [Filled(_l("Vul in wie dit organiseert. Bijvoorbeeld: het programmateam.")), at_most(120)]
    )
    attendance = RadioField(
        _l("Waar doen mensen mee?"),
        one_of(Attendance, _l("Kies waar mensen meedoen.")),
        choices=choices(ATTENDANCE_WORDS),
        default=Attendance.ON_SITE.value,
        validate_choice=False,
    )
    venue = CleanText(_l("Naam van het gebouw"), [at_most(120)])
    street = CleanText(_l("Straat en huisnummer"), [at_most(120)])
    postcode = CleanText(_l("Postcode"))
    town = CleanText(_l("Plaats"), [at_most(80)])
    step_free = BooleanField(_l("Je kunt met een rolstoel naar binnen"))
    hearing_loop = BooleanField(_l("Er is een ringleiding"))
    online_link = CleanText(
        _l("Link om online mee te doen"),
        [at_most(500)],
        description=_l("Alleen wie zich aanmeldt, krijgt deze link in een mail. De link staat niet op de website."),
        render_kw={"inputmode": "url"},
    )
    takes_sign_ups = BooleanField(_l("Mensen kunnen zich aanmelden op deze website"), default=True)

    def validate_postcode(self, field: Field) -> None:
        if field.data:
            found = normalise_postcode(field.data)
            if found is None:
                raise ValidationError(WRONG_POSTCODE)
            field.data = found

    def validate_town(self, field: Field) -> None:
        if self.attendance.data in HAS_PLACE and not field.data:
            raise ValidationError(gettext("Vul de plaats in. Bijvoorbeeld: Utrecht."))

    def validate_online_link(self, field: Field) -> None:
        if field.data and (urlsplit(field.data).scheme != "https" or not urlsplit(field.data).hostname or " " in field.data):
            raise ValidationError(gettext("Een link begint met https://. Kopieer de hele link."))

    def show(self, gathering: Gathering) -> None:
        """Fill in how it is."""
        for name in NewGathering.__dataclass_fields__:
            self[name].data = getattr(gathering, name)

    def asked(self) -> NewGathering:
        """What was filled in; of a place or a link that does not count nothing is kept."""
        attendance = Attendance(self.attendance.data)
        place = {name: self[name].data or "" if attendance in HAS_PLACE else "" for name in ("venue", "street", "postcode", "town")}
        return NewGathering(
            kind=Kind(self.kind.data),
            title=self.title.data,
            description=self.description.data,
            organiser=self.organiser.data,
            attendance=attendance,
            online_link=(self.online_link.data or "") if attendance in HAS_LINK else "",
            step_free=self.step_free.data,
            hearing_loop=self.hearing_loop.data,
            takes_sign_ups=self.takes_sign_ups.data,
            **place,
        )


class SessionForm(StaffForm):
    """A part of a gathering: when, where in the building, for whom, how many."""

    title = CleanText(_l("Naam van de sessie"), [at_most(120)], description=_l("Is er maar één sessie? Dan mag je dit leeg laten."))
    day = Day(_l("Dag"), [Filled(_l("Vul een dag in. Bijvoorbeeld: 30-09-2027."))], render_kw={"type": "date"})
    begins = ClockTime(_l("Begint om"), [Filled(_l("Vul in hoe laat het begint. Bijvoorbeeld: 10:00."))])
    ends = ClockTime(_l("Duurt tot"), [Filled(_l("Vul in hoe laat het afgelopen is. Bijvoorbeeld: 12:00."))])
    room = CleanText(_l("Zaal"), [at_most(80)])
    audience = SelectField(
        _l("Voor wie is de sessie?"),
        one_of(Audience, _l("Kies voor wie de sessie is.")),
        choices=choices(AUDIENCE_WORDS),
        default=Audience.EVERYBODY.value,
        validate_choice=False,
    )
    places = Number(
        _l("Aantal plaatsen"),
        [Optional(), NumberRange(1, MOST_PLACES, _l("Vul een getal in van 1 tot en met 5000. Of laat dit leeg."))],
        description=_l("Laat dit leeg als iedereen erbij past."),
        render_kw={"inputmode": "numeric"},
    )

    def validate_begins(self, field: Field) -> None:
        if self.day.data and field.data and clock.is_skipped(self.day.data, field.data):
            raise ValidationError(gettext("Deze tijd bestaat niet op deze dag: de klok gaat dan een uur vooruit."))

    def validate_ends(self, field: Field) -> None:
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError(gettext("Het einde is voor het begin. Vul een latere tijd in."))

    def show(self, session: Session) -> None:
        """Fill in how it is."""
        starts, ends = clock.local(session.moment.starts_at), clock.local(session.moment.ends_at)
        self.process(
            data={
                "title": session.title,
                "day": starts.date(),
                "begins": starts.time(),
                "ends": ends.time(),
                "room": session.room,
                "audience": session.audience,
                "places": session.moment.places,
            }
        )

    def asked(self) -> NewSession:
        """What was filled in; only after a validation without errors."""
        return NewSession(
            title=self.title.data or "",
            room=self.room.data or "",
            audience=Audience(self.audience.data),
            starts_at=self.at(self.begins),
            ends_at=self.at(self.ends),
            places=self.places.data,
        )

    def at(self, field: ClockTime) -> datetime:
        assert self.day.data is not None, "the form has been validated"
        assert field.data is not None, "the form has been validated"
        return clock.instant(self.day.data, field.data)


class CallOffForm(StaffForm):
    """Why something does not take place."""

    reason = Paragraphs(
        _l("Waarom gaat het niet door?"),
        [at_most(500)],
        description=_l("Wie zich aanmeldde, leest dit in een mail."),
        render_kw={"rows": 3},
    )
