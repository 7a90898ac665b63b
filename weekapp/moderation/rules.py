"""What a moderator should look at twice in a text, and reasons that are ready to use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import phonenumbers

from weekapp.errors import N_


class Sign(StrEnum):
    """What may be wrong with a text; only a person can say whether it is."""

    LONELY = "lonely"
    WEB_ADDRESS = "web_address"
    MAIL_ADDRESS = "mail_address"
    PHONE = "phone"
    PRICE = "price"


SIGN_WORDS = {
    Sign.LONELY: N_("In de tekst staat een woord dat mensen kan afschrikken:"),
    Sign.WEB_ADDRESS: N_("In de tekst staat een webadres:"),
    Sign.MAIL_ADDRESS: N_("In de tekst staat een mailadres:"),
    Sign.PHONE: N_("In de tekst staat een telefoonnummer:"),
    Sign.PRICE: N_("In de tekst staat een prijs:"),
}
ENDINGS = "nl|be|com|org|net|eu|info|amsterdam|frl|nu"
PATTERNS = {
    Sign.LONELY: re.compile(r"\w*eenza(?:am|me)\w*", re.IGNORECASE),
    Sign.MAIL_ADDRESS: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Sign.WEB_ADDRESS: re.compile(
        rf"(?<![@\w.-])(?:https?://\S+|www\.\S+|[\w-]+(?:\.[\w-]+)*\.(?:{ENDINGS})(?:/\S*)?)(?![\w@])", re.IGNORECASE
    ),
    Sign.PRICE: re.compile(r"(?:€|EUR)\s?\d+(?:[.,]\d\d|,-)?|\b\d+(?:[.,]\d\d)?\s?(?:euro|eurootjes)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Remark:
    """A sign, and the words in which it was found."""

    sign: Sign
    found: str


def remarks(text: str) -> list[Remark]:
    """All signs in a text, each place once, in the order of the list of signs."""
    return list(dict.fromkeys(signs_in(text)))


def signs_in(text: str) -> Iterator[Remark]:
    for sign, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield Remark(sign, match.group().rstrip(".,;:!?)"))
    for number in phonenumbers.PhoneNumberMatcher(text, "NL"):
        yield Remark(Sign.PHONE, number.raw_string)


class Reason(StrEnum):
    """Why texts are sent back most often."""

    UNCLEAR = "unclear"
    CONTACT = "contact"
    SELLING = "selling"
    LONELY = "lonely"
    PLACE = "place"
    TIMES = "times"


REASON_WORDS = {
    Reason.UNCLEAR: N_("Vertel wat duidelijker wat mensen kunnen verwachten."),
    Reason.CONTACT: N_("Haal de namen, telefoonnummers en mailadressen uit de tekst."),
    Reason.SELLING: N_("De tekst lijkt op reclame. Vertel vooral wat jullie samen doen."),
    Reason.LONELY: N_("Kies een titel zonder het woord eenzaam. Dan durven meer mensen te komen."),
    Reason.PLACE: N_("Controleer het adres. We twijfelen of het klopt."),
    Reason.TIMES: N_("Controleer de dag en de tijd. We twijfelen of ze kloppen."),
}


class Mistake(StrEnum):
    """What a reader of the website says is wrong."""

    OFF = "off"
    TIME = "time"
    PLACE = "place"
    WELCOME = "welcome"
    IMPROPER = "improper"
    OTHER = "other"


MISTAKE_WORDS = {
    Mistake.OFF: N_("De activiteit gaat niet door"),
    Mistake.TIME: N_("De dag of de tijd klopt niet"),
    Mistake.PLACE: N_("De plaats of het adres klopt niet"),
    Mistake.WELCOME: N_("De prijs of de toegang klopt niet"),
    Mistake.IMPROPER: N_("Er staat iets in wat er niet hoort"),
    Mistake.OTHER: N_("Iets anders"),
}
LONGEST_WORDS = 300  # characters of a report
MOST_REPORTS, REPORTS_WITHIN = 20, timedelta(hours=1)  # about one activity (SEC-15)
MOST_OPEN = 50  # reports about one activity that wait: more of them tell a moderator nothing new
REPORT_LIFE = timedelta(days=90)  # PRIV-05: people may have written something about themselves


class ReportState(StrEnum):
    """open -> mended or unfounded, once."""

    OPEN = "open"
    MENDED = "mended"
    UNFOUNDED = "unfounded"


REPORT_WORDS = {
    ReportState.OPEN: N_("wacht op jou"),
    ReportState.MENDED: N_("verbeterd"),
    ReportState.UNFOUNDED: N_("klopte toch"),
}
