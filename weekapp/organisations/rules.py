"""Kinds of organisations, and when two names mean the same one."""

from datetime import timedelta
from enum import StrEnum

from slugify import slugify

from weekapp.errors import N_


class Kind(StrEnum):
    """The kinds of product.md; the values are the words that people choose from."""

    MUNICIPALITY = "gemeente"
    WELFARE = "welzijn"
    LIBRARY = "bibliotheek"
    VOLUNTEERS = "vrijwilligers"
    CARE = "zorg"
    EDUCATION = "onderwijs"
    COMPANY = "bedrijf"
    RESIDENTS = "bewoners"


KIND_WORDS = {
    Kind.MUNICIPALITY: N_("Gemeente"),
    Kind.WELFARE: N_("Welzijnsorganisatie"),
    Kind.LIBRARY: N_("Bibliotheek"),
    Kind.VOLUNTEERS: N_("Vrijwilligers of vereniging"),
    Kind.CARE: N_("Zorg"),
    Kind.EDUCATION: N_("School of opleiding"),
    Kind.COMPANY: N_("Bedrijf"),
    Kind.RESIDENTS: N_("Bewoners of buren"),
}


class OrganisationStep(StrEnum):
    """A step among colleagues."""

    INVITED = "invited"
    TAKEN_BACK = "taken_back"
    JOINED = "joined"
    LEFT = "left"
    REMOVED = "removed"


STEP_WORDS = {
    OrganisationStep.INVITED: N_("Een collega uitgenodigd"),
    OrganisationStep.TAKEN_BACK: N_("Een uitnodiging ingetrokken"),
    OrganisationStep.JOINED: N_("Doet mee"),
    OrganisationStep.LEFT: N_("Doet niet meer mee"),
    OrganisationStep.REMOVED: N_("Een collega weggehaald"),
}
INVITATION_LIFE = timedelta(days=7)
MOST_INVITATIONS = 20  # mails a day for one organisation
LEGAL_WORDS = {"stichting", "vereniging", "de", "het", "bv", "nv"}


def name_key(name: str) -> str:
    """What is left of a name without case, accents, signs and legal words: equal keys mean the same organisation.

    At most 120 characters, the width of its column: a name in another script grows when it is written in ours.
    """
    words = slugify(name).split("-")
    return ("-".join(word for word in words if word not in LEGAL_WORDS) or "-".join(words))[:120]
