"""Forms of logistics about what comes back from carriers."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, IntegerField, RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from weekapp.forms import CleanText, Filled, StaffForm
from weekapp.shipments import rules
from weekapp.shipments.models import CarrierMapping, Parcel, ReturnFile
from weekapp.shipments.rules import CARRIER_WORDS, STATUS_WORDS, Carrier, Columns, Status

CARRIERS = [SelectChoice(carrier.value, _l(words)) for carrier, words in CARRIER_WORDS.items()]
ON_THE_WAY = [SelectChoice(status.value, _l(STATUS_WORDS[status])) for status in Status if status != Status.ANNOUNCED]
GUESSES = {  # names of columns that carriers use, in lower case
    "reference": (
        "referentie, reference, order reference, ordernummer, bestelnummer, klantreferentie, aflever referentie, recipient_reference, "
        "kor_pg_orik1waarde, uw referentie, order number"
    ),
    "barcode": (
        "barcode, zen_col_barcodenl, track & trace, track&trace, track and trace, trackingnummer, tracking number, tracking, "
        "zendingnummer, pakketnummer, parcel number, parcel_number"
    ),
    "status": "status, zendingstatus, status omschrijving, shipment status, parcel status",
    "date": "datum, date, statusdatum, status date, ko_klantorderdatumtijd, laatste update, last update, tijdstip",
}


class UploadForm(StaffForm):
    """A file of a carrier."""

    carrier = RadioField(_l("Van welke vervoerder is het bestand?"), [Filled(_l("Kies de vervoerder."))], choices=CARRIERS)
    file = FileField(
        _l("Het bestand"),
        [Filled(_l("Kies een bestand op je computer."))],
        description=_l("Een CSV-bestand of een Excel-bestand (.xlsx) van hoogstens 25 MB en 50.000 rijen."),
        render_kw={"accept": ".csv,.txt,.xlsx"},
    )

    content: bytes = b""
    ending: str = ""

    def validate_file(self, field: Field) -> None:
        """Read it here once: what an upload holds is known only then."""
        self.content = field.data.stream.read()
        self.ending = (field.data.filename or "").rpartition(".")[2]
        if not self.content:
            raise ValidationError(gettext("Dit bestand is leeg. Kies een ander bestand."))
        if len(self.content) > min(rules.MOST_BYTES, current_app.config["MAX_CONTENT_LENGTH"]):
            raise ValidationError(gettext("Dit bestand is groter dan 25 MB. Splits het in kleinere bestanden."))


class ColumnsForm(StaffForm):
    """Which columns hold what; the choices are the columns of the file itself."""

    reference = SelectField(_l("In welke kolom staat ons bestelnummer?"), description=_l("Bijvoorbeeld: KE27-00042."))
    barcode = SelectField(_l("In welke kolom staat de barcode?"))
    status = SelectField(_l("In welke kolom staat de status?"), description=_l("Kies geen kolom als alles in het bestand onderweg is."))
    date = SelectField(_l("In welke kolom staat de datum van de status?"))

    @classmethod
    def of(cls, file: ReturnFile, mapping: CarrierMapping | None) -> "ColumnsForm":
        """The form with the columns of a file, those that we know or guess chosen."""
        names = list(dict.fromkeys(file.found_columns))
        known = {name: getattr(mapping, name) if mapping else "" for name in GUESSES}
        form = cls(data={field: chosen(known[field], GUESSES[field], names) for field in GUESSES})
        for field in (form.reference, form.barcode):
            field.choices = [SelectChoice("", gettext("Kies een kolom")), *map(SelectChoice, names)]
            field.flags.required = True
        for field in (form.status, form.date):
            field.choices = [SelectChoice("", gettext("Geen kolom")), *map(SelectChoice, names)]
        return form

    def validate_reference(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Kies de kolom met het bestelnummer."))

    def validate_barcode(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(gettext("Kies de kolom met de barcode."))
        if field.data == self.reference.data:
            raise ValidationError(gettext("Kies een andere kolom dan die met het bestelnummer."))

    def columns(self, words: dict[str, Status]) -> Columns:
        """What was chosen."""
        return Columns(self.reference.data, self.barcode.data, self.status.data or "", self.date.data or "", words)


def chosen(known: str, guesses: str, names: Sequence[str]) -> str:
    """The column that was chosen before when the file has it, else one with a name that carriers use; '' for neither."""
    plain = {rules.plain_word(name): name for name in reversed(names)}
    return next((plain[word] for word in (rules.plain_word(known), *guesses.split(", ")) if word in plain), "")


def choices_of(statuses: Iterable[Status]) -> list[SelectChoice]:
    """Statuses as the options of a list."""
    return [SelectChoice(status.value, gettext(STATUS_WORDS[status])) for status in statuses]


def words_form(words: Sequence[str], **data: Any) -> StaffForm:
    """One question for each word that a carrier uses for a status and that we do not know."""

    class WordsForm(StaffForm):
        """What each word means."""

    for number, word in enumerate(words):
        label = gettext("Wat betekent “%(word)s”?", word=word) if word else gettext("Wat betekent een lege status?")
        choices = [SelectChoice("", gettext("Kies wat het betekent")), *choices_of(Status)]
        setattr(WordsForm, f"word_{number}", SelectField(label, [Filled(gettext("Kies wat dit woord betekent."))], choices=choices))
    return WordsForm(**data)


def words_in(form: StaffForm, words: Sequence[str]) -> dict[str, Status]:
    """What was answered: status by word."""
    return {word: Status(form[f"word_{number}"].data) for number, word in enumerate(words)}


def barcode(_form: Any, field: Field) -> None:
    """A barcode as it was scanned or typed."""
    clean = rules.clean_barcode(field.data or "")
    if clean is None:
        raise ValidationError(gettext("Een barcode heeft 6 tot 40 letters en cijfers."))
    field.data = clean


class ParcelForm(StaffForm):
    """A parcel by hand, from a carrier that sends no file."""

    number = CleanText(_l("Bestelnummer"), [Filled(_l("Vul het bestelnummer in. Bijvoorbeeld: KE27-00042."))])
    barcode = CleanText(_l("Barcode"), [Filled(_l("Scan de barcode, of typ hem over.")), barcode])
    carrier = SelectField(_l("Vervoerder"), [Filled(_l("Kies de vervoerder."))], choices=CARRIERS)
    status = SelectField(_l("Status"), [Filled(_l("Kies een status."))], choices=ON_THE_WAY)


class BarcodeForm(StaffForm):
    """The label of a parcel that is sent anew."""

    barcode = CleanText(_l("Barcode"), [Filled(_l("Scan de barcode, of typ hem over.")), barcode])
    carrier = SelectField(_l("Vervoerder"), [Filled(_l("Kies de vervoerder."))], choices=CARRIERS)


class StatusForm(StaffForm):
    """What staff know of a parcel."""

    status = SelectField(_l("Nieuwe status"), [Filled(_l("Kies een status."))])

    @classmethod
    def of(cls, parcel: Parcel) -> "StatusForm":
        """With the statuses that can still follow."""
        form = cls()
        further = [status for status in Status if rules.moves_forward(parcel.status, status)]
        form.status.choices = [SelectChoice("", gettext("Kies een status")), *choices_of(further)]
        return form


class Count(IntegerField):
    """A whole number, with a sentence of its own when it is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Vul een heel getal in, bijvoorbeeld 1.")) from None


class ReshipForm(StaffForm):
    """How many packages go out once more."""

    quantity = Count(_l("Hoeveel pakketten sturen we opnieuw?"), [Filled(_l("Vul een aantal in van 1 of meer."))])

    @classmethod
    def of(cls, parcel: Parcel) -> "ReshipForm":
        """At most the whole order."""
        form = cls(data={"quantity": max(1, parcel.quantity)})
        most = parcel.order.quantity
        message = gettext("Vul een aantal in van 1 tot en met %(most)s.", most=most)
        form.quantity.validators = [*form.quantity.validators, NumberRange(1, most, message)]
        return form


def carrier_of(form: Any) -> Carrier:
    """The carrier that was chosen."""
    return Carrier(form.carrier.data)
