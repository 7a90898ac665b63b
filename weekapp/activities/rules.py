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


def can_become(now: State, then: State) -> bool:
    """Whether an activity may go from one state to the other."""
    return then in NEXT[now]


def folded(text: str) -> str:
    """A text as it is searched: lower case, without accents and signs. What is searched for is folded the same way."""
    return slugify(text, separator=" ")
