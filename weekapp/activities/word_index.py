"""The words of each activity, kept in step with its text: written with it, and made for what has none yet."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from sqlalchemy import Insert, delete, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from weekapp.activities.models import Activity, ActivityWord, SearchWord
from weekapp.activities.words import stem_of, words_in
from weekapp.db import db

Thing = TypeVar("Thing")
AT_ONCE = 500  # values in one statement


def write_words(texts: Mapping[int, str]) -> None:
    """Make the words of these activities (id: folded text) those of their texts."""
    words = {activity_id: words_in(text) for activity_id, text in texts.items()}
    ids = ids_of_words(sorted({word for some in words.values() for word in some}))
    for some in portions(texts):
        db.session.execute(delete(ActivityWord).where(ActivityWord.activity_id.in_(some)))
    rows = [{"word_id": ids[word], "activity_id": activity_id} for activity_id, some in words.items() for word in some]
    if rows:
        db.session.execute(insert(ActivityWord), rows)


def write_missing() -> int:
    """Give each activity that has no words those of its text; how many there were. Needed once, after an update from before words."""
    has_none = ~exists().where(ActivityWord.activity_id == Activity.id)
    texts = {row.id: row.search_text for row in db.session.execute(select(Activity.id, Activity.search_text).where(has_none))}
    write_words(texts)
    return len(texts)


def ids_of_words(words: list[str]) -> dict[str, int]:
    """The ids of words, new ones included; they go in by alphabet, so that two people who add the same ones never wait for each other."""
    known = known_ids(words)
    new = [{"word": word, "stem": stem_of(word)} for word in words if word not in known]
    if new:
        db.session.execute(new_words(), new)
        known |= known_ids([row["word"] for row in new])
    return known


def known_ids(words: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in portions(words):
        found |= {row.word: row.id for row in db.session.execute(select(SearchWord.word, SearchWord.id).where(SearchWord.word.in_(some)))}
    return found


def new_words() -> Insert:
    """Add words; one that somebody else added meanwhile stays as it is."""
    dialect = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    return dialect.insert(SearchWord.__table__).on_conflict_do_nothing()


def portions(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Lists of at most AT_ONCE things."""
    rest = iter(things)
    while some := list(islice(rest, AT_ONCE)):
        yield some
