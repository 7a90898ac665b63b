"""All texts of the catalogue: what stands in `_()`, `N_()` and their kind, with the place where it was written."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent.parent
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
WITH_CONTEXT = {"pgettext": ((1, "c"), 2)}
SOURCES = (("weekapp", "**.py", "python"), ("fulfilment", "**.py", "python"), ("templates", "**", "jinja2"))
STAFF = (
    "fulfilment/",
    "weekapp/api/",
    "weekapp/audit",
    "weekapp/batches/",
    "weekapp/demo/",
    "weekapp/desk/",
    "weekapp/feeds/",
    "weekapp/packages/",
    "weekapp/paper/",
    "weekapp/shipments/",
    "templates/desk/",
    "templates/shipments/",
)


class Message(NamedTuple):
    """One text as a catalogue holds it: a pair for a plural, with the file of its first use."""

    id: str | tuple[str, str]
    context: str | None
    place: str
    line: int


@cache
def all_messages() -> tuple[Message, ...]:
    """Every text once for each file that uses it."""
    return tuple(extracted())


def extracted() -> Iterator[Message]:
    options = {"**": {"extensions": "jinja2.ext.do", "silent": "false"}}
    for folder, pattern, method in SOURCES:
        for name, line, text, _comments, context in extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], keywords=KEYWORDS | WITH_CONTEXT, options_map=options
        ):
            parts = tuple(part for part in (text if isinstance(text, tuple) else (text,)) if part)
            if parts:
                yield Message(parts[0] if len(parts) == 1 else parts, context, f"{folder}/{name}", line)


def is_for_staff(place: str) -> bool:
    """Whether only staff or an operator reads a text that is written there: those work in Dutch."""
    return place.startswith(STAFF)


@cache
def messages() -> tuple[Message, ...]:
    """What readers in another language can meet, each once."""
    found = {(message.id, message.context): message for message in reversed(all_messages()) if not is_for_staff(message.place)}
    return tuple(sorted(found.values(), key=lambda message: (str(message.id), message.context or "")))


@cache
def texts() -> dict[str, str]:
    """Text: file:line of its first use."""
    found: dict[str, str] = {}
    for message in all_messages():
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            if message.context is None:
                found.setdefault(text, f"{message.place}:{message.line}")
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, without markup and with one word for each value."""
    plain = re.sub(r"%\(\w+\)[sd]", "x", re.sub(r"<[^>]+>", " ", text))
    return [sentence for sentence in re.split(r"(?<=[.!?:])\s+|\n", plain) if sentence.strip()]


def words(sentence: str) -> list[str]:
    """The words of a sentence; '10.00' and 'naam@voorbeeld.nl' are one word."""
    return re.findall(r"[^\W_][\w.@/-]*[^\W_]|[^\W_]", sentence)
