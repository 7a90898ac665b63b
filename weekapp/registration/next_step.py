"""What somebody can do next with an activity of their own: one sentence, and one button where there is something to press."""

from dataclasses import dataclass

from flask_babel import gettext

from weekapp import addresses, clock
from weekapp.activities.models import Activity
from weekapp.activities.rules import State
from weekapp.registration.overview import Overview
from weekapp.templating import day


@dataclass(frozen=True, slots=True)
class Next:
    """A sentence, and a button that leads to `address`; '' when nothing needs to be pressed. `is_post`: pressing changes something."""

    words: str
    button: str = ""
    address: str = ""
    is_post: bool = False


def is_over(activity: Activity) -> bool:
    """Whether all its moments that went on are past."""
    now, went_on = clock.now(), [one for one in activity.occurrences if one.cancelled_at is None]
    return bool(went_on) and all(one.ends_at <= now for one in went_on)


def next_of(activity: Activity, overview: Overview, *, can_order: bool, can_repeat: bool) -> Next:
    """What comes first for this activity."""
    if can_repeat:
        words = gettext("Doe je weer mee? Bijna alles is al ingevuld.")
        return Next(words, gettext("Doe dit jaar weer mee"), addresses.repeat_activity(activity.id), is_post=True)
    if activity.postponed_at:
        return Next(gettext("Weet je de nieuwe dag?"), gettext("Vul de nieuwe dag in"), addresses.change_activity(activity.id))
    if activity.state is State.RETURNED:
        words = gettext("Verander wat wij vroegen. Daarna kijken we opnieuw.")
        return Next(words, gettext("Pas je activiteit aan"), addresses.revise_activity(activity.id))
    if activity.state in {State.CANCELLED, State.WITHDRAWN}:
        return Next(gettext("Je hoeft niets meer te doen."))
    return next_while_it_goes_on(activity, overview, can_order=can_order)


def next_while_it_goes_on(activity: Activity, overview: Overview, *, can_order: bool) -> Next:
    """The same for what is on the website, or waits for that."""
    if is_over(activity):
        return Next(gettext("Bedankt dat je meedeed."))
    if activity.id in overview.texts_returned:
        words = gettext("Je nieuwe tekst kan zo nog niet op de website. In de mail staat waarom.")
        return Next(words, gettext("Pas je tekst aan"), addresses.change_activity(activity.id))
    if can_order:
        words = gettext("Je hebt nog geen pakket besteld. Dat kan tot en met %(day)s.", day=day(activity.edition.ordering_closes))
        return Next(words, gettext("Bestel het gratis pakket"), addresses.order_package(activity.id))
    if activity.state is State.SUBMITTED:
        return Next(gettext("Je hoeft nu niets te doen. Je krijgt een mail van ons."))
    if overview.takes_sign_ups(activity) and overview.has_people(activity):
        return Next(gettext("Er komen mensen. Kijk wie."), gettext("Bekijk de aanmeldingen"), addresses.sign_ups(activity.id))
    return Next(gettext("Vertel het in de buurt."), gettext("Print een poster"), addresses.poster(activity.id))
