"""When a mail is tried again, when we stop trying, and what may stand in it."""

import re
from datetime import datetime, timedelta
from enum import StrEnum


class MailState(StrEnum):
    """waiting -> sent, or parked after too many tries."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"


MAX_ATTEMPTS = 20  # with the waits below: more than a day
LEASE = timedelta(minutes=5)  # a worker that has taken a mail and died is not waited for longer; beyond any SMTP conversation
TYPED_BY_ANYONE = frozenset(
    {"name", "title", "titles", "inviter", "colleague", "organisation"}
)  # values that come from people whom nobody has checked yet
INSIDE_WEB_ADDRESS = re.compile(r"(?<=\w)\.(?=\w)|(?<=:)/(?=/)")
WORD_JOINER = "\u2060"


def next_try(attempts: int, now: datetime) -> datetime:
    """Wait twice as long after each failure, from half a minute to two hours."""
    return now + timedelta(seconds=min(30 * 2 ** max(attempts - 1, 0), 7200))


def not_a_link(text: str) -> str:
    """The same to the eye, but no mail programme makes a link of it: our mails must not carry what strangers want clicked (SEC-17)."""
    return INSIDE_WEB_ADDRESS.sub(lambda found: WORD_JOINER + found.group() + WORD_JOINER, text)


def is_one_line(text: str) -> bool:
    """Whether a text can stand in a mail header: a line end would start a header of its own."""
    return bool(text) and text.isprintable()
