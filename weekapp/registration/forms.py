"""The forms of the steps: what is asked, and the sentence that helps when an answer cannot be used (FORM-01..10)."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from weekapp.activities.rules import AUDIENCE_WORDS, LANGUAGE_WORDS, STOP_WORDS, THEME_WORDS, Audience, Language, Stop, Theme
from weekapp.forms import CleanText, Filled, Paragraphs, PublicForm, mail_address, no_formula, phone_number
from weekapp.organisations.rules import KIND_WORDS, Kind
from weekapp.registration.answers import AboutActivity, AboutYou
from weekapp.registration.fields import (
    NO,
    YES,
    AtMost,
    Between,
    MultiCheckboxField,
    OnlyIf,
    WholeNumber,
    options,
    with_letters,
    yes_or_no,
)
from weekapp.registration.picture_form import PictureFields
from weekapp.registration.rules import MOST_VISITORS

WELCOME_BOXES = ("can_come_alone", "wheelchair", "accessible_toilet", "hearing_loop", "quiet", "parking", "sign_up_needed")
CHOOSE = SelectChoice("", _l("Maak een keuze"))


def one_first_name(_form: Form, field: Field) -> None:
    """A first name, and no way to reach somebody: that is asked elsewhere."""
    if any(c.isdigit() or c in "@/" for c in field.data or ""):
        raise ValidationError(gettext("Vul hier alleen een voornaam in. Bijvoorbeeld: Noor."))


class WhatFields(Form):
    """What happens, for whom, and what it costs."""

    title = CleanText(
        _l("Hoe heet je activiteit?"),
        [Filled(_l("Vul een naam in voor je activiteit.")), AtMost(120), no_formula, with_letters],
        description=_l("Kies een korte naam. Bijvoorbeeld: Samen soep eten in de buurt."),
    )
    description = Paragraphs(
        _l("Wat gaan jullie doen?"),
        [Filled(_l("Vertel wat jullie gaan doen.")), AtMost(3000)],
        description=_l("Vertel in een paar zinnen wat mensen kunnen verwachten. Schrijf zoals je praat."),
    )
    theme = SelectField(
        _l("Wat voor activiteit is het?"),
        [Filled(_l("Kies wat voor activiteit het is."))],
        choices=[CHOOSE, *options(THEME_WORDS)],
    )
    audiences = MultiCheckboxField(
        _l("Voor wie is de activiteit?"),
        [Filled(_l("Kies voor wie de activiteit is."))],
        choices=options(AUDIENCE_WORDS),
        description=_l("Je kunt er meer kiezen."),
    )
    expected_visitors = WholeNumber(
        _l("Hoeveel mensen verwacht je ongeveer?"),
        [Filled(_l("Vul in hoeveel mensen je ongeveer verwacht.")), Between(1, MOST_VISITORS)],
    )
    is_free = yes_or_no(_l("Is meedoen gratis?"), Filled(_l("Kies of meedoen gratis is.")))
    cost = CleanText(
        _l("Wat kost het?"),
        [
            OnlyIf(lambda form: form.is_free.data == NO),
            Filled(_l("Vul in wat het kost. Bijvoorbeeld: 2 euro voor de soep.")),
            AtMost(80),
            no_formula,
        ],
        description=_l("Bijvoorbeeld: 2 euro voor de soep."),
    )


class WelcomeFields(Form):
    """The welcome card: what somebody wants to know who has never been there. All of it may stay empty."""

    can_come_alone = BooleanField(_l("Je kunt ook alleen komen"))
    wheelchair = BooleanField(_l("Iemand met een rolstoel kan naar binnen"))
    accessible_toilet = BooleanField(_l("Er is een toilet voor iemand met een rolstoel"))
    hearing_loop = BooleanField(_l("Er is een ringleiding voor wie een hoorapparaat heeft"))
    quiet = BooleanField(_l("Het is er rustig: weinig geluid, fel licht en drukte"))
    parking = BooleanField(_l("Je kunt er parkeren"))
    sign_up_needed = BooleanField(_l("Mensen moeten zich eerst aanmelden"))
    stop = SelectField(
        _l("Is er een halte van bus, tram of trein in de buurt?"),
        choices=[SelectChoice(Stop.UNKNOWN.value, _l("Dat weet ik niet")), *options(STOP_WORDS)[1:]],
        default=Stop.UNKNOWN.value,
    )
    languages = MultiCheckboxField(_l("Spreken jullie nog een andere taal dan Nederlands?"), choices=options(LANGUAGE_WORDS))
    welcomer = CleanText(
        _l("Wie wacht mensen op bij de deur?"),
        [AtMost(40), no_formula, one_first_name],
        description=_l("Alleen een voornaam. Die staat op de website. Vraag het dus eerst aan diegene."),
    )
    public_phone = CleanText(
        _l("Welk telefoonnummer mogen bezoekers bellen?"),
        [OnlyIf(lambda form: form.public_phone.data), phone_number],
        description=_l("Dit nummer staat op de website en op de poster."),
    )
    public_email = CleanText(
        _l("Naar welk mailadres mogen bezoekers mailen?"),
        [OnlyIf(lambda form: form.public_email.data), AtMost(254), mail_address],
        description=_l("Dit mailadres staat op de website."),
    )

    @property
    def boxes(self) -> list[BooleanField]:
        """What can be ticked, in the order of the page."""
        return [self[name] for name in WELCOME_BOXES]

    @property
    def tells_more(self) -> bool:
        """Whether something is told of what is folded away until somebody wants to tell it."""
        said = (self.languages.data, self.welcomer.data, self.public_phone.data, self.public_email.data)
        return any(said) or self.stop.data != Stop.UNKNOWN.value

    def welcome_card(self) -> dict[str, Any]:
        """What was answered; only after a validation without errors."""
        return {name: self[name].data for name in WELCOME_BOXES} | {
            "stop": Stop(self.stop.data),
            "languages": tuple(Language(one) for one in self.languages.data or ()),
            "welcomer": self.welcomer.data or "",
            "public_phone": self.public_phone.data or "",
            "public_email": self.public_email.data or "",
        }


class ActivityFields(WhatFields, WelcomeFields, PictureFields):
    """What happens, and how welcome people are."""

    def about_activity(self) -> AboutActivity:
        """What was answered; only after a validation without errors."""
        return AboutActivity(
            title=self.title.data,
            description=self.description.data,
            theme=Theme(self.theme.data),
            audiences=tuple(Audience(one) for one in self.audiences.data),
            expected_visitors=self.expected_visitors.data,
            is_free=self.is_free.data == YES,
            cost=self.cost.data if self.is_free.data == NO else "",
            **self.welcome_card(),
            picture_id=self.picture_id,
        )

    @staticmethod
    def activity_data(given: AboutActivity | None) -> dict[str, Any]:
        """What the fields show when this was answered before."""
        if given is None:
            return {}
        return given.to_json() | {"is_free": YES if given.is_free else NO} | PictureFields.picture_data(given.picture_id)


class ActivityForm(ActivityFields, PublicForm):
    """Step 1."""


class YouForm(PublicForm):
    """Step 3: who organises, and whom we can reach."""

    organisation = CleanText(
        _l("Wie organiseert de activiteit?"),
        [Filled(_l("Vul in wie de activiteit organiseert.")), AtMost(120), no_formula, with_letters],
        description=_l("De naam van je organisatie of groep. Deze naam staat op de website. Bijvoorbeeld: Buren van de Lindestraat."),
    )
    kind = SelectField(
        _l("Wat voor organisatie is het?"),
        [Filled(_l("Kies wat voor organisatie het is."))],
        choices=[CHOOSE, *options(KIND_WORDS)],
    )
    name = CleanText(_l("Hoe heet je?"), [Filled(_l("Vul je naam in.")), AtMost(120), no_formula, with_letters])
    email = CleanText(
        _l("Wat is je mailadres?"),
        [Filled(_l("Vul je mailadres in. Bijvoorbeeld: naam@voorbeeld.nl.")), AtMost(254), mail_address],
        description=_l("We sturen je een mail met een knop. Daarmee bevestig je je aanmelding."),
    )
    phone = CleanText(_l("Wat is je telefoonnummer?"), [Filled(_l("Vul je telefoonnummer in. Bijvoorbeeld: 06 12345678.")), phone_number])

    def about_you(self) -> AboutYou:
        """What was answered; only after a validation without errors."""
        return AboutYou(
            organisation=self.organisation.data,
            kind=Kind(self.kind.data),
            name=self.name.data,
            email=self.email.data.lower(),
            phone=self.phone.data,
        )


class SendForm(PublicForm):
    """A page with nothing but a button."""
