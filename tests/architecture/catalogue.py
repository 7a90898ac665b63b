"""All texts of the catalogue: what stands in `_()`, `N_()` and their kind, with the place where it was written."""

import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent.parent
KEYWORDS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
SOURCES = (("weekapp", "**.py", "python"), ("fulfilment", "**.py", "python"), ("templates", "**", "jinja2"))


@cache
def texts() -> dict[str, str]:
    """Text: file:line of its first use."""
    found: dict[str, str] = {}
    for folder, pattern, method in SOURCES:
        options = {"**": {"extensions": "jinja2.ext.do", "silent": "false"}}
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / folder, method_map=[(pattern, method)], keywords=KEYWORDS, options_map=options
        ):
            for text in message if isinstance(message, tuple) else (message,):
                if text:
                    found.setdefault(text, f"{folder}/{name}:{line}")
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, without markup and with one word for each value."""
    plain = re.sub(r"%\(\w+\)[sd]", "x", re.sub(r"<[^>]+>", " ", text))
    return [sentence for sentence in re.split(r"(?<=[.!?:])\s+|\n", plain) if sentence.strip()]


def words(sentence: str) -> list[str]:
    """The words of a sentence; '10.00' and 'naam@voorbeeld.nl' are one word."""
    return re.findall(r"[^\W_][\w.@/-]*[^\W_]|[^\W_]", sentence)
