"""The search that forgives: the same answers on SQLite and PostgreSQL, since each test runs on both."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.builders import make_activity, make_edition
from weekapp.activities import queries, word_index, word_search
from weekapp.activities.filters import Filters
from weekapp.activities.models import ActivityWord, SearchWord
from weekapp.activities.rules import State, folded
from weekapp.activities.words import Known, belongs_to

TITLES = (
    "Groentesoep koken met buren",
    "Soepen en brood",
    "Avondwandeling door het park",
    "Wandelen met Zoë",
    "Café De Brug kookt",
    "Koor zoekt stemmen",
    "Snoep maken",
    "Voorlezen in de bibliotheek",
    "Één taal leren",
    "100% gezellig_samen",
)
ASKED = ("soep", "wandel", "eten", "koor", "zoe", "een", "voor", "lezen", "stem", "brug", "rood", "100", "zzz", "wandelingen")


@pytest.fixture(autouse=True)
def before_the_week(at):
    at(datetime(2027, 9, 1, 12, tzinfo=UTC))


@pytest.fixture
def titles(session):
    return {make_activity(title).id: title for title in TITLES}


def found(titles, q):
    return {titles[number] for number in queries.matching_ids(Filters(q=q))}


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("soep", {"Groentesoep koken met buren", "Soepen en brood"}),
        ("WANDEL", {"Avondwandeling door het park", "Wandelen met Zoë"}),
        ("wandelingen", {"Avondwandeling door het park", "Wandelen met Zoë"}),
        ("koken", {"Groentesoep koken met buren", "Café De Brug kookt"}),
        ("zoë", {"Wandelen met Zoë"}),
        ("zoe", {"Wandelen met Zoë"}),
        ("CAFÉ", {"Café De Brug kookt"}),
        ("één taal", {"Één taal leren"}),
        ("brood met soep", {"Soepen en brood"}),
        ("100%", {"100% gezellig_samen"}),
        ("gezellig", {"100% gezellig_samen"}),
    ],
)
def test_accents_capitals_word_forms_and_small_words_do_not_matter(titles, q, expected):
    assert found(titles, q) == expected


@pytest.mark.parametrize(
    ("typo", "right"), [("sope", "soep"), ("wandelenn", "wandelen"), ("bibiotheek", "bibliotheek"), ("wandelt", "wandelen")]
)
def test_a_typo_finds_what_the_right_word_finds(titles, typo, right):
    assert found(titles, typo) == found(titles, right) != set()


def test_what_was_looked_up_instead_is_told(titles):
    assert [(word.word, word.instead) for word in queries.spelling(Filters(q="sope met brood"))] == [("sope", ("soepen",))]
    assert queries.spelling(Filters(q="soep")) == []


def test_a_word_that_looks_like_nothing_finds_nothing(titles):
    assert found(titles, "xylofoon") == set()


def test_every_word_must_occur(titles):
    assert found(titles, "soep park") == set()


def test_a_typo_in_a_draft_does_not_stand_for_the_right_word(session):
    right = make_activity("Wandelen")
    make_activity("Wandelenn", state=State.SUBMITTED)
    make_activity("Wandelenn", edition=make_edition(2026))
    assert queries.matching_ids(Filters(q="wandelenn")) == [right.id]


def test_the_database_and_the_rule_agree_on_what_belongs_together(session, titles):
    words = [Known(*row) for row in session.execute(select(SearchWord.id, SearchWord.word, SearchWord.stem))]
    for asked in {*ASKED, *(one.word for one in words), *(one.word[:4] for one in words)}:
        expected = {one.id for one in words if belongs_to(asked, one)}
        assert set(word_search.ids_of(word_search.family(asked))) == expected, asked


def test_other_words_of_an_activity_take_the_place_of_the_former_ones(session):
    activity = make_activity("Soep")
    word_index.write_words({activity.id: "taart"})
    assert queries.matching_ids(Filters(q="soep")) == []
    assert queries.matching_ids(Filters(q="taart")) == [activity.id]


def test_activities_from_before_the_words_get_theirs_once(session):
    activity = make_activity("Soep")
    session.query(ActivityWord).delete()
    assert (word_index.write_missing(), word_index.write_missing()) == (1, 0)
    assert queries.matching_ids(Filters(q="soep")) == [activity.id]


def test_a_text_with_thousands_of_words_is_kept_whole(session):
    text = folded(" ".join(f"woord{number}" for number in range(2000)))
    activity = make_activity("Lang", search_text=text)
    assert queries.matching_ids(Filters(q="woord1999")) == [activity.id]
