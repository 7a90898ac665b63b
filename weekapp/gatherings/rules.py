"""Kinds of gatherings, whom a session is for, and where people take part: values in, answer out."""

from enum import StrEnum

from weekapp.errors import N_


class Kind(StrEnum):
    """What sort of gathering it is."""

    OPENING = "opening"
    REGIONAL = "regionaal"
    MASTERCLASS = "masterclass"
    OTHER = "anders"


KIND_WORDS = {
    Kind.OPENING: N_("Landelijke opening"),
    Kind.REGIONAL: N_("Bijeenkomst in de regio"),
    Kind.MASTERCLASS: N_("Masterclass"),
    Kind.OTHER: N_("Andere bijeenkomst"),
}


class Audience(StrEnum):
    """Whom a session is for. Nobody is checked at the door of the website: the page and the form say it."""

    EVERYBODY = "iedereen"
    INITIATORS = "initiatiefnemers"
    MUNICIPALITIES = "gemeenten"
    PROFESSIONALS = "professionals"


AUDIENCE_WORDS = {
    Audience.EVERYBODY: N_("Voor iedereen"),
    Audience.INITIATORS: N_("Voor mensen die een activiteit organiseren"),
    Audience.MUNICIPALITIES: N_("Voor gemeenten"),
    Audience.PROFESSIONALS: N_("Voor mensen die in zorg of welzijn werken"),
}


class Attendance(StrEnum):
    """Where people take part."""

    ON_SITE = "plek"
    ONLINE = "online"
    MIXED = "allebei"


ATTENDANCE_WORDS = {
    Attendance.ON_SITE: N_("Op een plek"),
    Attendance.ONLINE: N_("Online"),
    Attendance.MIXED: N_("Op een plek, en ook online"),
}
HAS_PLACE = frozenset({Attendance.ON_SITE, Attendance.MIXED})
HAS_LINK = frozenset({Attendance.ONLINE, Attendance.MIXED})


def full_title(gathering: str, session: str) -> str:
    """What somebody signs up for, in one line; a session without a name of its own is the gathering."""
    return f"{gathering}: {session}" if session else gathering
