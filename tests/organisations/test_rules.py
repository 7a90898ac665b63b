"""When two names mean the same organisation."""

import pytest

from weekapp.organisations.rules import name_key


@pytest.mark.parametrize("name", ["Stichting De Linde", "de linde", "DE LINDE!", "De  Línde", "Vereniging de Linde"])
def test_case_accents_signs_and_legal_words_make_no_difference(name):
    assert name_key(name) == "linde"


def test_a_name_of_legal_words_only_keeps_them():
    assert name_key("De Stichting") == "de-stichting"


def test_a_name_that_grows_in_our_letters_still_fits_its_column():
    assert len(name_key("吃" * 120)) <= 120
