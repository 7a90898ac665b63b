"""What a Dutch word form is, and what a typo."""

import pytest

from weekapp.activities.words import Known, belongs_to, meant, stem_of, typos_allowed, words_in


def known(*words):
    return [Known(number, word, stem_of(word)) for number, word in enumerate(words)]


def guesses(typed, *words):
    return [[one.word for one in group] for group in meant(typed, known(*words))]


@pytest.mark.parametrize(
    "forms",
    [
        ("wandelen", "wandeling", "wandelingen", "wandel"),
        ("koken", "kookt", "kook", "gekookt"),
        ("soep", "soepen"),
        ("eten", "eet"),
        ("spelletjes", "spelletje", "spel"),
        ("koor", "koren"),
        ("cafe", "cafes"),
        ("huis", "huizen"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem_of(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("soep", "groentesoep"),
        ("soep", "soepkok"),
        ("wandeling", "avondwandelingen"),
        ("koken", "kookclub"),
        ("bieb", "biebcafe"),
        ("wandel", "wandelt"),
        ("koor", "kerkkoren"),
    ],
)
def test_who_asks_for_a_word_is_served_with_its_forms_and_compounds(asked, word):
    assert belongs_to(asked, *known(word))


@pytest.mark.parametrize(
    ("asked", "word"), [("eten", "vergeten"), ("koor", "voor"), ("soep", "snoep"), ("taal", "totaal"), ("kok", "rokken")]
)
def test_a_word_that_merely_holds_the_letters_is_another_word(asked, word):
    assert not belongs_to(asked, *known(word))


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("sope", "soep"),
        ("wandelenn", "wandeling"),
        ("wandelenn", "wandelen"),
        ("kofie", "koffie"),
        ("bibiotheek", "bibliotheek"),
        ("wandelt", "wandelen"),
        ("ontbyt", "ontbijt"),
        ("breyen", "breien"),
        ("schildereyen", "schilderijen"),
    ],
)
def test_a_typo_or_two_is_understood(typed, word):
    assert guesses(typed, word) == [[word]]


def test_the_likeliest_words_come_first_and_people_get_the_first_letter_right():
    assert guesses("wandelenn", "wandeling", "wandelen") == [["wandelen"], ["wandeling"]]
    assert guesses("sope", "hope", "soep", "slope") == [["soep", "slope"], ["hope"]]


@pytest.mark.parametrize(("word", "most"), [("kok", 0), ("soep", 1), ("wandele", 1), ("wandelen", 2), ("2027", 0), ("covid2019", 0)])
def test_a_short_word_or_number_with_a_mistake_is_another_one(word, most):
    assert typos_allowed(word) == most


def test_words_that_say_nothing_are_left_out():
    assert words_in("samen eten in de bieb a en weer samen") == ["bieb", "eten", "samen"]
