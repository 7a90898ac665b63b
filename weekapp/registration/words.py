"""The Dutch words of fixed choices, for the templates of this feature."""

from flask_babel import gettext

from weekapp.activities.models import Activity
from weekapp.activities.rules import (
    AUDIENCE_WORDS,
    HAPPENED_WORDS,
    LANGUAGE_WORDS,
    STATE_WORDS,
    STOP_WORDS,
    THEME_WORDS,
    WELCOME_WORDS,
    State,
)
from weekapp.orders.rules import STATE_WORDS as ORDER_WORDS
from weekapp.organisations.rules import KIND_WORDS
from weekapp.registration.next_step import is_over
from weekapp.shipments.rules import STATUS_WORDS as PARCEL_WORDS


def state_words_of(activity: Activity) -> str:
    """How it stands with an activity, in a sentence."""
    if activity.postponed_at:
        return gettext("Je activiteit komt later.")
    if activity.state is State.PUBLISHED and is_over(activity):
        return gettext("Je activiteit is geweest.")
    if activity.state in {State.SUBMITTED, State.RETURNED} and is_over(activity):
        return gettext("De dag van je activiteit is voorbij.")
    return gettext(STATE_WORDS[activity.state])


WORDS = {
    "activity_words": STATE_WORDS,
    "audience_words": AUDIENCE_WORDS,
    "happened_words": HAPPENED_WORDS,
    "kind_words": KIND_WORDS,
    "language_words": LANGUAGE_WORDS,
    "order_words": ORDER_WORDS,
    "parcel_words": PARCEL_WORDS,
    "state_words_of": state_words_of,
    "stop_words": STOP_WORDS,
    "theme_words": THEME_WORDS,
    "welcome_words": WELCOME_WORDS,
}
