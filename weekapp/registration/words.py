"""The Dutch words of fixed choices, for the templates of this feature."""

from weekapp.activities.rules import AUDIENCE_WORDS, LANGUAGE_WORDS, STATE_WORDS, STOP_WORDS, THEME_WORDS, WELCOME_WORDS
from weekapp.orders.rules import STATE_WORDS as ORDER_WORDS
from weekapp.organisations.rules import KIND_WORDS

WORDS = {
    "activity_words": STATE_WORDS,
    "audience_words": AUDIENCE_WORDS,
    "kind_words": KIND_WORDS,
    "language_words": LANGUAGE_WORDS,
    "order_words": ORDER_WORDS,
    "stop_words": STOP_WORDS,
    "theme_words": THEME_WORDS,
    "welcome_words": WELCOME_WORDS,
}
