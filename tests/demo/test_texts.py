"""Texts of the demo: as plain as we ask initiators to write."""

import re

import pytest

from weekapp.demo import gatherings
from weekapp.demo.people import names
from weekapp.demo.texts import texts
from weekapp.organisations.rules import Kind


def sentences() -> list[str]:
    said = texts()
    whole = [*(what for recipe in said.recipes for what in recipe.what), *said.how, *said.welcome, *said.several, *said.ongoing]
    whole += [text["description"] for text in gatherings.texts()]
    return [sentence for text in whole for sentence in re.split(r"(?<=[.!?])\s+", text)]


def titles() -> list[str]:
    return [title for recipe in texts().recipes for title in recipe.titles] + [text["title"] for text in gatherings.texts()]


def test_sentences_are_short() -> None:
    assert [sentence for sentence in sentences() if len(sentence.split()) > 15] == []


def test_no_text_uses_the_word_that_residents_should_not_meet() -> None:
    assert [text for text in titles() + sentences() if "eenza" in text.lower()] == []


def test_no_two_kinds_of_activities_share_a_title() -> None:
    assert len(titles()) == len(set(titles()))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_organisation_has_enough_to_do(kind: Kind) -> None:
    assert len(texts().recipes_of(kind)) >= 6
    assert names()["organisations"][kind.value]
