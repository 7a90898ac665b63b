"""Plain Dutch (TAAL-01..06): what a machine can judge about the texts of the catalogue."""

import re
from collections.abc import Iterable

from tests.architecture.catalogue import ROOT, sentences, texts, words

LONGEST = 15
STIFF = re.compile(
    r"\b(betreffende|conform|derhalve|dient te|hierbij|indien|inzake|middels|reeds|tevens|teneinde|verwerken|verstrekken"
    r"|aanvraag indienen|alsmede|aangaande|omtrent|desgewenst|gelieve|aldus|ten behoeve van|met betrekking tot|in verband met)\b",
    re.IGNORECASE,
)
SHORTENED = re.compile(
    r"\b(?:bijv|bv|enz|etc|nr|tel|evt|incl|excl|max|min|resp|ca|jl)\.|\b(?:t/m|d\.m\.v|i\.v\.m|o\.a|m\.b\.t|a\.u\.b|z\.s\.m|n\.v\.t|i\.p\.v)",
    re.IGNORECASE,
)
FORMAL = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
PASSIVE = re.compile(r"\b(wordt|worden|werd|werden)\b", re.IGNORECASE)
PARTICIPLE = re.compile(r"(?:\w{0,6}ge\w{2,}(?:d|t|en)|(?:be|ver|ont|her)\w{3,}[dt])", re.IGNORECASE)


def wrong(is_wrong: Iterable[tuple[str, str]]) -> str:
    """A message that says where to look."""
    return "".join(f"\n  {place}: {sentence}" for place, sentence in is_wrong)


def all_sentences() -> list[tuple[str, str]]:
    return [(place, sentence) for text, place in texts().items() for sentence in sentences(text)]


def is_passive(sentence: str) -> bool:
    return PASSIVE.search(sentence) is not None and any(
        PARTICIPLE.fullmatch(word) for word in words(sentence) if not PASSIVE.fullmatch(word)
    )


def test_the_catalogue_is_found() -> None:
    assert len(texts()) > 300


def test_sentences_have_at_most_15_words() -> None:
    long = [(place, sentence) for place, sentence in all_sentences() if len(words(sentence)) > LONGEST]
    assert not long, f"make two sentences of each (TAAL-01):{wrong(long)}"


def test_sentences_say_who_does_it() -> None:
    passive = [(place, sentence) for place, sentence in all_sentences() if is_passive(sentence)]
    assert not passive, f"say who does it (TAAL-02):{wrong(passive)}"


def test_words_are_everyday_words() -> None:
    stiff = [(place, sentence) for place, sentence in all_sentences() if STIFF.search(sentence)]
    assert not stiff, f"use an everyday word (TAAL-03):{wrong(stiff)}"


def test_nothing_is_abbreviated() -> None:
    short = [(place, sentence) for place, sentence in all_sentences() if SHORTENED.search(sentence)]
    assert not short, f"write it in full (TAAL-04):{wrong(short)}"


def test_everybody_is_je() -> None:
    formal = [(place, sentence) for place, sentence in all_sentences() if FORMAL.search(sentence)]
    assert not formal, f"say je and jouw (TAAL-05):{wrong(formal)}"


def test_the_lint_finds_what_it_is_for() -> None:
    assert is_passive("Je bestelling wordt ingepakt.")
    assert is_passive("Het verzoek werd door ons verwerkt.")
    assert not is_passive("Kinderen worden blij van soep.")
    assert SHORTENED.search("Kies een dag, bijv. maandag.")
    assert FORMAL.search("Wilt u meedoen?")
    assert not FORMAL.search("Dat duurt een uur.")
    assert STIFF.search("Bel ons indien je niet komt.")
    assert len(words("Bel 088 000 0000 of mail naam@voorbeeld.nl om 10.00 uur.")) == 10


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
