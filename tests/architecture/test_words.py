"""Plain Dutch (TAAL-01..10) in the catalogue and in what templates and code make of it."""

import re
from collections.abc import Iterable

import pytest

from tests.architecture import plain_dutch
from tests.architecture.catalogue import ROOT, all_messages, sentences, texts, words
from tests.architecture.plain_dutch import FORMAL, RULES, SHORTENED, STIFF, is_passive, problems

DIGITS = re.compile(r"strftime\((?!'%H\.%M'\))|\.isoformat\(\)")
LOOSE_PLURAL = re.compile(r"\w\((?:s|en|n)\)")


def wrong(is_wrong: Iterable[tuple[str, str]]) -> str:
    """A message that says where to look."""
    return "".join(f"\n  {place}: {sentence}" for place, sentence in is_wrong)


def all_sentences() -> list[tuple[str, str]]:
    return [(place, sentence) for text, place in texts().items() for sentence in sentences(text)]


def test_the_catalogue_is_found() -> None:
    assert len(texts()) > 300


@pytest.mark.parametrize("rule", RULES)
def test_the_catalogue_is_plain_dutch(rule: str) -> None:
    """TAAL-01 to TAAL-06, each by itself."""
    advice, is_wrong = RULES[rule]
    found = [(place, sentence) for place, sentence in all_sentences() if is_wrong(sentence)]
    assert not found, f"{advice} ({rule}):{wrong(found)}"


def test_the_lint_finds_what_it_is_for() -> None:
    assert is_passive("Je bestelling wordt ingepakt.")
    assert is_passive("Het verzoek werd door ons verwerkt.")
    assert not is_passive("Kinderen worden blij van soep.")
    assert SHORTENED.search("Kies een dag, bijv. maandag.")
    assert FORMAL.search("Wilt u meedoen?")
    assert not FORMAL.search("Dat duurt een uur.")
    assert STIFF.search("Bel ons indien je niet komt.")
    assert len(words("Bel 088 000 0000 of mail naam@voorbeeld.nl om 10.00 uur.")) == 10
    assert [rule for rule, _advice, _sentence in problems("Kom naar de buurtparticipatiebijeenkomst.")] == ["TAAL-06"]
    assert not list(problems("Kom naar de soep in het buurthuis."))


def test_the_allow_list_holds_only_words_that_need_it() -> None:
    """TAAL-06: a word that the list of Dutch words has, or that nobody writes any more, goes."""
    written = {word.lower() for _place, sentence in all_sentences() for word in words(sentence)}
    assert sorted(word for word in plain_dutch.allowed_words() if word in plain_dutch.known_words()) == []
    assert sorted(plain_dutch.allowed_words() - written) == []


def test_templates_write_dates_and_times_with_filters() -> None:
    """TAAL-07: "donderdag 24 september", "10.00 uur"; digits only in attributes that programs read."""
    found = []
    for path in (ROOT / "templates").rglob("*.html"):
        for expression in re.findall(r"(?<![\"'])\{\{([^{}]*)\}\}(?![\"'])", path.read_text(encoding="utf-8")):
            if DIGITS.search(expression):
                found.append((str(path.relative_to(ROOT)), expression))
    assert not found, f"use the filters day, at, period (TAAL-07):{wrong(found)}"


def test_texts_write_no_plural_between_brackets() -> None:
    """TAAL-09: "1 activiteit, 12 activiteiten" by code, never "activiteit(en)"."""
    found = [(place, text) for text, place in texts().items() if LOOSE_PLURAL.search(text)]
    assert not found, f"use ngettext (TAAL-09):{wrong(found)}"


def test_a_plural_names_its_number_in_both_forms() -> None:
    """TAAL-09: a text that counts has a form for one and a form for more."""
    pairs = [message for message in all_messages() if isinstance(message.id, tuple)]
    assert len(pairs) > 10
    uneven = [(m.place, m.id[0]) for m in pairs if ("%(num)s" in m.id[0]) != ("%(num)s" in m.id[1])]
    assert not uneven, f"both forms name %(num)s (TAAL-09):{wrong(uneven)}"


def test_subjects_and_senders_of_mails_do_not_tell_a_housemate_why() -> None:
    subject = re.compile(r"{% block subject %}(.*?){% endblock %}", re.DOTALL)
    telling = [
        path.name for path in (ROOT / "templates" / "mail").glob("*.txt") if "eenza" in "".join(subject.findall(path.read_text())).lower()
    ]
    assert not telling, f"no 'eenzaam' in the subject of (product.md rule 12, TAAL-10): {telling}"


def test_titles_of_pages_do_not_tell_a_housemate_why() -> None:
    title = re.compile(r"{% block title %}(.*?){% endblock %}|<h1[^>]*>(.*?)</h1>", re.DOTALL)
    telling = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if any("eenza" in part.lower() for parts in title.findall(path.read_text()) for part in parts)
    ]
    assert not telling, f"no 'eenzaam' in titles (product.md rule 12): {telling}"
