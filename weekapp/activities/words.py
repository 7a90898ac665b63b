"""Words as a search sees them: their stem, which belong together, and which known word somebody meant to type.

The databases only store and compare; what a Dutch word form is, and what a typo, is decided here, so that SQLite and PostgreSQL give
the same answers (docs/decisions: forgiving search).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA
from snowballstemmer import stemmer

LONGEST_WORD = 40  # letters that are kept of a word
PREFIX, STEM_PART, REST = 4, 4, 3  # letters: a beginning that counts, a stem that counts inside a compound, what must be left of it
FIRST_TYPO, SECOND_TYPO = 4, 8  # letters from which on a word may hold so many typos
SMALL_WORDS = """
aan al als bij dan dat de den der die dit door een en er haar had heb hebt heeft het hier hij hoe hun ik in is je jij jou jouw kan kun kunt
maar me met mij mijn na naar niet nog nu of om omdat onder ons onze ook op over te tot uit van voor waar wat we weer wel wie wij word worden
wordt ze zich zij zijn zo zonder
"""
STOP_WORDS = frozenset(SMALL_WORDS.split())


class Known(NamedTuple):
    """A word that occurs in an activity."""

    id: int
    word: str
    stem: str


def words_in(folded_text: str) -> list[str]:
    """The words of a folded text that say something, each once, in alphabetical order (the order in which rows are locked)."""
    return sorted({word[:LONGEST_WORD] for word in folded_text.split() if says_something(word)})


def says_something(word: str) -> bool:
    """Whether a word tells activities apart."""
    return len(word) > 1 and word not in STOP_WORDS


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """wandelen, wandeling and wandelingen have one stem, and so have koken and kookt (Kraaij and Pohlmann's rules for Dutch)."""
    stem: str = stemmer("dutch").stemWord(word)
    return stem


def belongs_to(asked: str, known: Known) -> bool:
    """Whether who asks for one word is served with another: a form of it, a word that begins with it, or a compound.

    `soep` is served with soepen, soepkok and groentesoep. `word_search.family` says the same to a database.
    """
    stem = stem_of(asked)
    if known.stem == stem or (len(asked) >= PREFIX and known.word.startswith(asked)):
        return True
    is_compound = known.stem.startswith(stem) or (known.stem.endswith(stem) and len(known.stem) >= len(stem) + REST)
    return len(stem) >= STEM_PART and is_compound


def typos_allowed(word: str) -> int:
    """How many mistakes a word may hold; a short word with a mistake is another word, and so is a number."""
    if len(word) < FIRST_TYPO or any(letter.isdigit() for letter in word):
        return 0
    return 2 if len(word) >= SECOND_TYPO else 1


def meant(typed: str, known: Sequence[Known]) -> list[list[Known]]:
    """The known words that somebody may have meant, likeliest first; equally likely ones stand together.

    A letter too many, too few, wrong, or two letters that changed places are one mistake each. People rarely get the first letter wrong.
    """
    most = typos_allowed(typed)
    found: dict[tuple[int, bool], list[Known]] = {}
    for one, distance in near(typed, known, most):
        found.setdefault((distance, one.word[0] != typed[0]), []).append(one)
    return [found[rank] for rank in sorted(found)]


def near(typed: str, known: Sequence[Known], most: int) -> Iterable[tuple[Known, int]]:
    """Each known word within `most` mistakes, itself or by its stem, with its distance."""
    best: dict[int, int] = {}
    heard = as_heard(typed)
    for form in ([as_heard(one.word) for one in known], [as_heard(one.stem) for one in known]):
        for _, distance, place in process.extract(heard, form, scorer=OSA.distance, score_cutoff=most, limit=None):
            best[place] = min(int(distance), best.get(place, most))
    return [(known[place], distance) for place, distance in best.items()]


def as_heard(word: str) -> str:
    """A word with one letter for ij, ei and y, which sound the same: `ontbyt` is no mistake to the ear."""
    return word.replace("ij", "y").replace("ei", "y")
