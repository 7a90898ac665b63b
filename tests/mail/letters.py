"""Values for every mail there is, so that tests can go through them all: a new mail is tried without being named here."""

import re
from pathlib import Path

from jinja2 import Environment, meta

from weekapp.core import ROOT

FOLDER = Path(ROOT, "templates/mail")
OPTIONAL = {"name", "online_link"}  # the greeting does without; only gatherings have a link to take part
GIVEN_BY_SITE = {"_", "language", "ngettext", "settings", "subject"}
TYPICAL = {
    "name": "Sam",
    "title": "Samen soep eten",
    "reason": "Controleer het adres.\nVertel wat meer.",
    "number": "KE27-00001",
    "valid_until": "donderdag 5 augustus",
    "order_words": "Bestelling KE27-00001: Je bestelling is goed.",
}


def values_of(template: str) -> dict[str, str]:
    """Something believable for each value that either part of a mail asks for; what the HTML links to is a web address."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.filters["as_written"] = str
    plain, html = ((FOLDER / f"{template}.{ending}").read_text() for ending in ("txt", "html"))
    names = {name for text in (plain, html) for name in meta.find_undeclared_variables(environment.parse(text))} - GIVEN_BY_SITE
    addresses = {name: f"https://komerbij.example/{name}" for name in re.findall(r'href="{{ (\w+) }}"', html)}
    return {name: addresses.get(name) or TYPICAL.get(name) or f"waarde van {name}" for name in sorted(names)}


LETTERS = {path.stem: values_of(path.stem) for path in sorted(FOLDER.glob("*.txt")) if not path.stem.startswith("_")}
