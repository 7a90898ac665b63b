"""States, themes and audiences of activities, and what may follow on what."""

from enum import StrEnum

from slugify import slugify

from weekapp.errors import N_


class State(StrEnum):
    """submitted -> published | returned; published -> cancelled | withdrawn; returned -> submitted."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


NEXT = {
    State.SUBMITTED: {State.PUBLISHED, State.RETURNED, State.WITHDRAWN},
    State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
    State.PUBLISHED: {State.CANCELLED, State.WITHDRAWN},
    State.CANCELLED: {State.PUBLISHED},
    State.WITHDRAWN: set[State](),
}
GOES_ON = frozenset({State.SUBMITTED, State.RETURNED, State.PUBLISHED})  # is meant to take place
VISIBLE = frozenset({State.PUBLISHED, State.CANCELLED})  # rule 11: cancelled stays findable as cancelled

STATE_WORDS = {
    State.SUBMITTED: N_("We kijken ernaar. Dat duurt meestal 2 werkdagen."),
    State.RETURNED: N_("Pas je activiteit nog aan. In de mail staat waarom."),
    State.PUBLISHED: N_("Je activiteit staat op de website."),
    State.CANCELLED: N_("Je activiteit gaat niet door. Dat staat ook op de website."),
    State.WITHDRAWN: N_("Je activiteit staat niet meer op de website."),
}


class Happened(StrEnum):
    """A step in the life of an activity, as its history tells it."""

    REGISTERED = "registered"
    RESUBMITTED = "resubmitted"
    IMPROVED = "improved"
    APPROVED = "approved"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    BACK_ON = "back_on"
    WITHDRAWN = "withdrawn"
    TEXT_SENT = "text_sent"
    TEXT_APPROVED = "text_approved"
    TEXT_RETURNED = "text_returned"
    TEXT_TAKEN_BACK = "text_taken_back"
    MOMENT_MOVED = "moment_moved"
    MOMENT_ADDED = "moment_added"
    MOMENT_OFF = "moment_off"
    PLACE_MOVED = "place_moved"
    FACTS_CHANGED = "facts_changed"
    STILL_ON = "still_on"
    UNCONFIRMED = "unconfirmed"
    HANDED_OVER = "handed_over"


HAPPENED_WORDS = {
    Happened.REGISTERED: N_("Aangemeld bij ons"),
    Happened.RESUBMITTED: N_("Aangepast en opnieuw ingestuurd"),
    Happened.IMPROVED: N_("Aangepast voordat wij keken"),
    Happened.APPROVED: N_("Goedgekeurd en op de website"),
    Happened.RETURNED: N_("Teruggestuurd met een vraag"),
    Happened.CANCELLED: N_("Gaat niet door"),
    Happened.POSTPONED: N_("Verplaatst, de nieuwe datum volgt"),
    Happened.BACK_ON: N_("Gaat toch door"),
    Happened.WITHDRAWN: N_("Van de website gehaald"),
    Happened.TEXT_SENT: N_("Nieuwe tekst ingestuurd"),
    Happened.TEXT_APPROVED: N_("Nieuwe tekst goedgekeurd"),
    Happened.TEXT_RETURNED: N_("Nieuwe tekst teruggestuurd met een vraag"),
    Happened.TEXT_TAKEN_BACK: N_("Nieuwe tekst ingetrokken"),
    Happened.MOMENT_MOVED: N_("De tijd is anders"),
    Happened.MOMENT_ADDED: N_("Er is een moment bij"),
    Happened.MOMENT_OFF: N_("Eén moment gaat niet door"),
    Happened.PLACE_MOVED: N_("De plek is anders"),
    Happened.FACTS_CHANGED: N_("Andere informatie voor bezoekers"),
    Happened.STILL_ON: N_("Laten weten dat het doorgaat"),
    Happened.UNCONFIRMED: N_("Nog niet gehoord of het doorgaat"),
    Happened.HANDED_OVER: N_("Een collega is nu het aanspreekpunt"),
}
# shown at once without approval: a moderator looks at them afterwards (product.md rule 9)
LOOKED_AT_LATER = frozenset({Happened.MOMENT_MOVED, Happened.MOMENT_ADDED, Happened.PLACE_MOVED, Happened.FACTS_CHANGED})
TEXT_WORDS = {  # a moderator sees these before they are public
    "title": N_("Naam"),
    "description": N_("Tekst"),
    "welcomer": N_("Wie je ontvangt"),
    "picture_id": N_("Foto"),
}
TEXTS = tuple(TEXT_WORDS)


class Theme(StrEnum):
    """What kind of activity it is; the values stand in addresses (`thema=eten`)."""

    EATING = "eten"
    COFFEE = "koffie"
    WALKING = "wandelen"
    MUSIC = "muziek"
    GAMES = "spelletjes"
    CRAFTS = "creatief"
    SPORT = "bewegen"
    CULTURE = "cultuur"
    TALKING = "gesprek"
    OTHER = "anders"


THEME_WORDS = {
    Theme.EATING: N_("Samen eten"),
    Theme.COFFEE: N_("Koffie en thee"),
    Theme.WALKING: N_("Wandelen"),
    Theme.MUSIC: N_("Muziek en zingen"),
    Theme.GAMES: N_("Spelletjes"),
    Theme.CRAFTS: N_("Creatief"),
    Theme.SPORT: N_("Bewegen en sport"),
    Theme.CULTURE: N_("Cultuur en verhalen"),
    Theme.TALKING: N_("Praten en ontmoeten"),
    Theme.OTHER: N_("Iets anders"),
}


class Audience(StrEnum):
    """For whom it is; the values stand in addresses (`doelgroep=ouderen`)."""

    EVERYONE = "iedereen"
    OLDER = "ouderen"
    YOUNG = "jongeren"
    FAMILIES = "gezinnen"
    CARERS = "mantelzorgers"
    NEWCOMERS = "nieuwkomers"
    DISABILITY = "beperking"


AUDIENCE_WORDS = {
    Audience.EVERYONE: N_("Iedereen"),
    Audience.OLDER: N_("Ouderen"),
    Audience.YOUNG: N_("Jongeren"),
    Audience.FAMILIES: N_("Gezinnen met kinderen"),
    Audience.CARERS: N_("Mantelzorgers"),
    Audience.NEWCOMERS: N_("Mensen die Nederlands leren"),
    Audience.DISABILITY: N_("Mensen met een beperking"),
}


class Language(StrEnum):
    """What people speak besides Dutch; the values are ISO 639 codes (`ngt`: Dutch sign language, ISO 639-3 `dse`)."""

    ENGLISH = "en"
    GERMAN = "de"
    FRENCH = "fr"
    SPANISH = "es"
    TURKISH = "tr"
    ARABIC = "ar"
    POLISH = "pl"
    UKRAINIAN = "uk"
    TIGRINYA = "ti"
    PAPIAMENTO = "pap"
    FRISIAN = "fy"
    SIGN = "ngt"


LANGUAGE_WORDS = {
    Language.ENGLISH: N_("Engels"),
    Language.GERMAN: N_("Duits"),
    Language.FRENCH: N_("Frans"),
    Language.SPANISH: N_("Spaans"),
    Language.TURKISH: N_("Turks"),
    Language.ARABIC: N_("Arabisch"),
    Language.POLISH: N_("Pools"),
    Language.UKRAINIAN: N_("Oekraïens"),
    Language.TIGRINYA: N_("Tigrinya"),
    Language.PAPIAMENTO: N_("Papiaments"),
    Language.FRISIAN: N_("Fries"),
    Language.SIGN: N_("Nederlandse gebarentaal"),
}


class Stop(StrEnum):
    """How far the nearest stop of bus, tram, metro or train is on foot."""

    UNKNOWN = "onbekend"
    NEAR = "dichtbij"
    WALK = "lopen"
    NONE = "geen"


STOP_WORDS = {
    Stop.UNKNOWN: "",
    Stop.NEAR: N_("Er is een halte op minder dan 5 minuten lopen"),
    Stop.WALK: N_("Er is een halte op 5 tot 15 minuten lopen"),
    Stop.NONE: N_("Er is geen halte dichtbij"),
}

# The yes-or-no facts of the welcome card, by their field, in the order in which people want to know them. First the sentence of the page
# and the poster, then the few words of a tag in a list and of a filter.
WELCOME_WORDS = {
    "can_come_alone": (N_("Je kunt gewoon alleen komen"), N_("Kom gerust alleen")),
    "is_free": (N_("Gratis"), N_("Gratis")),
    "wheelchair": (N_("Je kunt met een rolstoel naar binnen"), N_("Rolstoel")),
    "accessible_toilet": (N_("Er is een toilet voor mensen met een rolstoel"), N_("Rolstoeltoilet")),
    "hearing_loop": (N_("Er is een ringleiding"), N_("Ringleiding")),
    "quiet": (N_("Het is er rustig, met weinig prikkels"), N_("Prikkelarm")),
    "parking": (N_("Je kunt er parkeren"), N_("Parkeren")),
}
WELCOMER_WORDS = N_("%(name)s wacht je op bij de deur")
LANGUAGES_WORDS = N_("We spreken ook: %(languages)s")


def can_become(now: State, then: State) -> bool:
    """Whether an activity may go from one state to the other."""
    return then in NEXT[now]


def folded(text: str) -> str:
    """A text as it is searched: lower case, without accents and signs. What is searched for is folded the same way."""
    return slugify(text, separator=" ")


def names_loneliness(*texts: str) -> bool:
    """Whether a text uses the word that keeps people from coming, and that neighbours need not read (product.md rule 12)."""
    return any("eenzaam" in text.lower() for text in texts)
