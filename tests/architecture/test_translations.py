"""Each catalogue holds every text that a reader in its language can meet, with the same values in it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.architecture.catalogue import messages
from weekapp.languages import FOLDER

VALUE = re.compile(r"%\((\w+)\)[sd]")
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def translations(path: Path) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """First form of a text and its context: the translation in all its forms."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    return {(forms(one.id)[0], one.context): forms(one.string) for one in catalogue if one.id}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_every_text_that_residents_and_initiators_read_is_translated(path: Path) -> None:
    known = translations(path)
    missing = [f"{one.place}:{one.line}: {one.id}" for one in messages() if not all(known.get((forms(one.id)[0], one.context), ("",)))]
    assert missing == [], f"`make catalogue` adds these; then translate them by hand in {path.name}:\n" + "\n".join(missing)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)
def test_translations_hold_the_same_values(path: Path) -> None:
    known = translations(path)
    wrong = [
        one.id
        for one in messages()
        for translated in known.get((forms(one.id)[0], one.context), ())
        if set(VALUE.findall(translated)) - set(VALUE.findall(forms(one.id)[-1]))
    ]
    assert wrong == [], "a value that the text does not have breaks the page"
