"""Plain Dutch (TAAL-01..06, TAAL-08): what a machine can judge. `python -m tests.architecture.plain_dutch` judges the catalogue.

The same rules judge mails as they are read (tests/browser/test_mails.py). LiNT-II would judge more, but its language model is on no
package index.
"""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from spellchecker import SpellChecker

from tests.architecture.catalogue import sentences, texts, words

LONGEST = 15
ALLOWED = Path(__file__).with_name("allowed_words.txt")
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
DATE_AS_DIGITS = re.compile(r"\b\d{1,2}[-/]\d{1,2}[-/]\d{2,4}\b|\b\d{1,2}:\d{2}\b")
PLAIN_WORD = re.compile(r"[a-zà-ÿ][a-zà-ÿ'’-]*")


def is_long(sentence: str) -> bool:
    return len(words(sentence)) > LONGEST


def is_passive(sentence: str) -> bool:
    return PASSIVE.search(sentence) is not None and any(
        PARTICIPLE.fullmatch(word) for word in words(sentence) if not PASSIVE.fullmatch(word)
    )


def is_stiff(sentence: str) -> bool:
    return STIFF.search(sentence) is not None


def is_shortened(sentence: str) -> bool:
    return SHORTENED.search(sentence) is not None


def is_formal(sentence: str) -> bool:
    return FORMAL.search(sentence) is not None


def is_unknown(word: str) -> bool:
    """Whether a word is neither among the 340,000 most used ones of Dutch nor on our own list; names and numbers are not judged."""
    return PLAIN_WORD.fullmatch(word) is not None and word not in known_words() and word not in allowed_words()


def has_unknown_word(sentence: str) -> bool:
    return bool(unknown_words(sentence))


def unknown_words(sentence: str) -> list[str]:
    """A capital inside a sentence makes a name."""
    first, *others = words(sentence) or [""]
    return [word for word in (first.lower(), *others) if is_unknown(word)]


@cache
def known_words() -> frozenset[str]:
    return frozenset(SpellChecker(language="nl").word_frequency.words())


@cache
def allowed_words() -> frozenset[str]:
    """The words that we need and that no list has: see the file."""
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


RULES: dict[str, tuple[str, Callable[[str], bool]]] = {
    "TAAL-01": ("make two sentences of it", is_long),
    "TAAL-02": ("say who does it", is_passive),
    "TAAL-03": ("use an everyday word", is_stiff),
    "TAAL-04": ("write it in full", is_shortened),
    "TAAL-05": ("say je and jouw", is_formal),
    "TAAL-06": ("use a word that people know, or add it to tests/architecture/allowed_words.txt", has_unknown_word),
}


def problems(text: str) -> Iterator[tuple[str, str, str]]:
    """(rule, what to do, sentence) for all that is not plain in a text."""
    for sentence in sentences(text):
        for rule, (advice, is_wrong) in RULES.items():
            if is_wrong(sentence):
                yield rule, advice, sentence.strip()


def problems_of_catalogue() -> list[str]:
    """One line for each problem, with the place where it is written."""
    return [
        f"{place}: {rule} {advice}: {sentence}" + (f" ({', '.join(unknown_words(sentence))})" if rule == "TAAL-06" else "")
        for text, place in texts().items()
        for rule, advice, sentence in problems(text)
    ]


if __name__ == "__main__":
    found = problems_of_catalogue()
    print(*found, sep="\n")
    print(f"{len(texts())} texts, {len(found)} that are not plain Dutch", file=sys.stderr)
    sys.exit(1 if found else 0)
